"""Models of several sources: named features, tag profiles, weighted sums."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from recsys_core.datasets import FeatureMatrix
from recsys_core.errors import RunError, SettingsError
from recsys_core.models import ensemble
from recsys_core.models.blend import standardised
from recsys_core.models.ensemble import climb, ndcg, places
from recsys_core.models.hybrid_features import HybridFeatureSettings, item_features, user_features
from recsys_core.models.neighbourly import FriendsRecommender, TagsRecommender
from recsys_core.models.profiles import profiles_of
from recsys_core.models.registry import create_model
from recsys_core.models.side_information import friend_shares, tag_counts, tagged_pairs
from recsys_core.splitting import Protocol, split
from tests.core.small_data import checkerboard, dataset_of, random_dataset

NOBODY = np.zeros(3, bool)


@pytest.fixture
def small():
    """Three listeners, three artists; the third artist is known by tags only."""
    data = dataset_of([(1, "a"), (1, "b"), (2, "a"), (3, "b"), (3, "c")])
    givers = np.array([0, 0, 1, 2, 2])
    artists, tags = np.array([0, 2, 2, 2, 1]), ["tag:rock", "tag:rock", "tag:pop", "tag:rock", "tag:pop"]
    return replace(
        data,
        item_features=FeatureMatrix.from_pairs(artists, tags, 3, givers),
        user_features=FeatureMatrix.from_pairs(np.array([0, 1, 1]), ["friend:3", "friend:1", "friend:3"], 3),
    )


def test_tags_on_what_is_played_are_no_further_pairs(small):
    assert tagged_pairs(small).toarray().tolist() == [[0, 0, 1], [0, 0, 1], [0, 0, 0]]
    assert tagged_pairs(small, np.array([True, False, False])).toarray().tolist()[0] == [0, 0, 0]


def test_counts_leave_out_whom_they_are_told_to(small):
    assert small.item_features.names == ("tag:pop", "tag:rock")
    assert tag_counts(small).toarray().tolist() == [[0, 1], [1, 0], [1, 2]]
    assert tag_counts(small, np.array([True, False, True])).toarray().tolist() == [[0, 0], [0, 0], [1, 0]]


def test_friends_share_one_vote(small):
    assert friend_shares(small).toarray().tolist() == [[0, 0, 1], [0.5, 0, 0.5], [0, 0, 0]]
    assert FriendsRecommender().fit(small).scores([1]).tolist() == [[0.5, 1.0, 0.5]]


def test_features_carry_their_field(small):
    users = user_features(small, HybridFeatureSettings())
    items = item_features(small, HybridFeatureSettings(), NOBODY)
    assert {name.partition(":")[0] for name in users.names} == {"user", "friend"}
    assert {name.partition(":")[0] for name in items.names} == {"artist", "tag", "tagger"}
    assert len(set(users.names)) == len(users.names)
    assert len(set(items.names)) == len(items.names)


def test_identity_may_be_given_up_but_not_for_nothing(small):
    bare = HybridFeatureSettings(identity=False)
    assert not any(name.startswith("artist:") for name in item_features(small, bare, NOBODY).names)
    without = replace(small, item_features=None, user_features=None)
    assert item_features(without, bare, NOBODY).names[0].startswith("artist:")
    assert user_features(without, bare).names[0].startswith("user:")


def test_tag_profiles_are_those_of_a_loop_over_listeners():
    data = random_dataset(15, 12, 90)
    rng = np.random.default_rng(5)
    givers, artists, tags = np.repeat(np.arange(15), 8), rng.integers(12, size=120), rng.integers(5, size=120)
    data = replace(
        data, item_features=FeatureMatrix.from_pairs(artists, [f"tag:{t}" for t in tags], 12, givers)
    )
    scores = TagsRecommender().fit(data).scores(np.arange(15))
    profiles = profiles_of(data, "log").toarray()
    for user in range(15):
        counts = np.zeros((12, 5))
        np.add.at(counts, (artists[givers != user], tags[givers != user]), 1)
        lengths = np.sqrt(counts.sum(axis=1, keepdims=True))
        vectors = np.sqrt(counts) / np.where(lengths > 0, lengths, 1)
        np.testing.assert_allclose(scores[user], vectors @ (profiles[user] @ vectors), rtol=1e-4, atol=1e-5)


def test_an_artist_nobody_heard_is_reached_by_tags_alone():
    """Artist 0 of the checkerboard loses all its plays; what is left is that it is tagged like even ones."""
    board = checkerboard(12)
    rows = board.interactions
    training = board.with_interactions(rows.take(rows.item_idx != 0))
    colours = [f"tag:{'even' if item % 2 == 0 else 'odd'}" for item in range(12) for _ in range(2)]
    giver = np.array([(item + shift) % 12 for item in range(12) for shift in (2, 4)])
    training = replace(
        training, item_features=FeatureMatrix.from_pairs(np.repeat(np.arange(12), 2), colours, 12, giver)
    )
    for name, settings in {
        "fast-hybrid": {"learning_rate": 0.05, "embedding_size": 8},
        "hybrid": {"warp_size": 8, "regularisation": 1.0, "tags": 1.0},
    }.items():
        model = create_model(name, settings).fit(training, epochs=60)
        scores = model.scores(np.arange(12))[:, 0]
        odd_ones = model.scores(np.arange(12))[:, 1::2].mean(axis=1)
        assert (scores[0::2] > odd_ones[0::2]).all(), name
        assert scores[0::2].mean() > scores[1::2].mean(), name


# ---- sums --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["fast-hybrid", "lightfm-hybrid"])
def test_trainings_taken_together_score_the_mean_of_what_each_scores_alone(name):
    data, everybody = random_dataset(), np.arange(random_dataset().n_users)
    own = {"embedding_size": 4, "tags": 3}
    alone = [create_model(name, {**own, "seed": seed}).fit(data, epochs=3) for seed in (7, 8, 9)]
    together = create_model(name, {**own, "seed": 7, "repeats": 3}).fit(data, epochs=3)
    mean = np.mean([one.scores(everybody) for one in alone], axis=0)
    np.testing.assert_allclose(together.scores(everybody), mean, rtol=1e-4, atol=1e-5)
    assert together.arrays()["0.item_embeddings"].shape == (data.n_items, 12)
    assert np.abs(alone[0].scores(everybody) - mean).max() > 0.01


def test_pairs_may_count_by_their_plays():
    data, everybody = random_dataset(), np.arange(random_dataset().n_users)
    alike, by_plays = (
        create_model("fast-hybrid", {"embedding_size": 4, "sample_weight": one}).fit(data).scores(everybody)
        for one in ("ones", "log")
    )
    assert np.abs(alike - by_plays).max() > 1e-3


def test_a_training_without_features_stands_beside_each_with_them():
    data, everybody = random_dataset(), np.arange(random_dataset().n_users)
    common = {"learning_rate": 0.02, "max_sampled": 200}
    plain = create_model("fast-warp", {**common, "embedding_size": 6}).fit(data, epochs=3)
    own = create_model("fast-hybrid", {"embedding_size": 4}).fit(data, epochs=3)
    both = create_model("fast-hybrid", {"embedding_size": 4, "plain_size": 6}).fit(data, epochs=3)
    mean = (plain.scores(everybody) + own.scores(everybody)) / 2
    np.testing.assert_allclose(both.scores(everybody), mean, rtol=1e-4, atol=1e-5)


def test_scores_are_brought_to_one_scale_and_a_constant_says_nothing():
    block = standardised(np.array([[1, 2, 3], [5, 5, 5]], np.float32))
    np.testing.assert_allclose(block.mean(axis=1), 0, atol=1e-6)
    np.testing.assert_allclose(block.std(axis=1), [1, 0], atol=1e-6)


def test_a_member_that_counts_nothing_is_not_trained():
    model = create_model("hybrid", {"warp": 0.0, "als": 0.0}).fit(random_dataset())
    assert list(model.members) == ["ease", "tags", "friends"]


def test_arrays_of_another_kind_of_member_are_refused():
    arrays = create_model("ensemble", {"members": "quick", "epochs": 1}).fit(random_dataset()).arrays()
    with pytest.raises(RunError):
        create_model("hybrid").restore(random_dataset(), arrays)


def test_strengths_are_learned_on_held_out_train_pairs_only():
    data = random_dataset(30, 25, 300)
    parts = split(data, Protocol(scaling="none"))
    learned = create_model("ensemble", {"members": "quick", "epochs": 2}).fit(parts.training)
    strengths = learned.arrays()["strengths"]
    assert strengths.sum() == pytest.approx(1)
    assert (strengths >= 0).all()
    again = create_model("ensemble", {"members": "quick", "epochs": 2}).fit(
        data.with_interactions(parts.train)
    )
    np.testing.assert_array_equal(again.arrays()["strengths"], strengths)


def test_judges_are_as_many_as_fit_into_memory(monkeypatch):
    data, asked = random_dataset(30, 25, 300), []
    monkeypatch.setattr(ensemble, "MOST_SCORES", 4 * 25 * 7 + 99)  # four members' scores of seven listeners
    monkeypatch.setattr(ensemble, "climb", lambda size, judge: asked.append(judge) or np.ones(size))
    monkeypatch.setattr(ensemble, "ndcg", lambda block, _hidden, _seen: block)
    create_model("ensemble", {"members": "quick", "epochs": 1}).fit(data)
    block = asked[0](np.ones(4))
    assert (block.shape, block.dtype) == ((7, 25), np.float32)


def test_climbing_finds_the_one_good_member():
    found = climb(3, lambda strengths: float(strengths[1] - strengths[0] - strengths[2]))
    assert found[0] == found[2] == 0
    assert found[1] > 0


def test_ndcg_is_one_for_a_perfect_list_and_as_defined_otherwise():
    hidden = sparse.csr_matrix(np.array([[1, 0, 0], [0, 0, 1]], np.float32))
    seen = sparse.csr_matrix(np.array([[0, 1, 0], [0, 0, 0]], np.float32))
    perfect = np.array([[1, 9, 0], [0, 1, 2]], np.float32)
    assert ndcg(perfect, hidden, seen) == pytest.approx(1)
    assert ndcg(-perfect, hidden, seen) == pytest.approx((1 / np.log2(3) + 1 / np.log2(4)) / 2)


def test_places_keep_the_order_and_share_what_is_equal():
    block = np.array([[3.0, 1.0, 1.0, 9.0]], np.float32)
    found = places(block)[0]
    assert found[1] == found[2] < found[0] < found[3]
    np.testing.assert_array_equal(places(np.exp(block)), places(block))


def test_ranks_cannot_be_taken_apart():
    model = create_model("ensemble", {"members": "quick", "epochs": 1, "blend": "ranks"}).fit(
        random_dataset()
    )
    assert np.isfinite(model.scores([0])).all()
    with pytest.raises(SettingsError, match="cannot be taken apart"):
        model.contributions([1], [1.0], [2])
