"""What the page that teaches computes is right: counted by hand, by enumeration, or by drawing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.comparison.ties import ties_table
from recsys_core.datasets.demo import load_demo
from recsys_core.lessons import resume
from recsys_core.lessons.feedback import (
    DISLIKED,
    ONE,
    UNKNOWN,
    count_zeros,
    implicit_cells,
    means_by_reading,
    most_wronged,
)
from recsys_core.lessons.hand_list import judge, moved
from recsys_core.lessons.losses import LOSSES, MAX_SAMPLED, K, N, expected_pushes
from recsys_core.lessons.lures import SEMINAR
from recsys_core.lessons.measured import METRICS, MODELS, measured
from recsys_core.lessons.one_listener import with_one_listener_artists
from recsys_core.lessons.resume import ResumedTraining, small_split
from recsys_core.lessons.score import ARTISTS, score_table
from recsys_core.lessons.tastes import ITEMS, PEOPLE, STARS, nearest_pair, neighbours_table
from recsys_core.lessons.words import by_normalisation, winner_changes
from recsys_core.models.registry import create_model
from recsys_core.movies.jaccard import jaccard_distances
from recsys_core.splitting import PROTOCOLS, split

NAN = np.nan


# ---- stars and clicks ------------------------------------------------------------------------


def test_a_zero_may_be_a_dislike_or_an_unknown():
    stars = [[5, 2, NAN], [NAN, 4, 3.5]]
    np.testing.assert_array_equal(
        implicit_cells(stars, "liked"), [[ONE, DISLIKED, UNKNOWN], [UNKNOWN, ONE, DISLIKED]]
    )
    cells = implicit_cells(stars, "rated")
    np.testing.assert_array_equal(cells, [[ONE, ONE, UNKNOWN], [UNKNOWN, ONE, ONE]])
    assert count_zeros(implicit_cells(stars, "liked")) == (2, 2, 2)
    assert count_zeros(cells) == (4, 0, 2)


def test_zeros_for_empty_cells_punish_the_little_known():
    means = means_by_reading([[5, 4, NAN], [NAN, 4, NAN], [NAN, 4, NAN]], ["rare", "common", "never"])
    assert means["mean_known"].tolist()[:2] == [5, 4]
    assert np.isnan(means["mean_known"][2])
    assert means["mean_zero_filled"].tolist() == [5 / 3, 4, 0]
    assert most_wronged(means)["item"] == "rare"
    assert most_wronged(means_by_reading([[NAN]], ["never"])) is None


def test_where_all_is_rated_nobody_is_wronged():
    assert most_wronged(means_by_reading([[4, 5], [4, 3]], ["one", "other"])) is None


# ---- the score ---------------------------------------------------------------------------------


@given(st.floats(-1, 1), st.floats(-1, 1), st.booleans())
def test_the_score_is_match_plus_head_start(electronic, loud, biased):
    table = score_table(electronic, loud, with_biases=biased).set_index("name")
    assert table["rank"].tolist() == list(range(1, len(ARTISTS) + 1))
    assert (np.diff(table["score"]) <= 1e-6).all()
    for one in ARTISTS:
        match = electronic * one.electronic + loud * one.loud
        assert table.loc[one.name, "match"] == pytest.approx(match, abs=1e-9)
        assert table.loc[one.name, "score"] == pytest.approx(match + one.bias * biased, abs=1e-6)


def test_who_has_no_taste_gets_the_charts():
    assert score_table(0, 0).iloc[0]["name"] == max(ARTISTS, key=lambda one: one.bias).name


# ---- the losses --------------------------------------------------------------------------------


def one_step(scores, loved, loss, rng):
    """LightFM's step, drawn: the slow twin."""
    pushes, others, chosen = np.zeros(len(scores)), np.flatnonzero(~loved), np.flatnonzero(loved)
    if loss == "warp-kos":
        drawn = min(N, len(chosen))
        picks = rng.choice(chosen, drawn)
        item = picks[np.argsort(-scores[picks], kind="stable")][min(K, drawn) - 1]
    else:
        item = rng.choice(chosen)
    if loss == "logistic":
        pushes[item] = 1 - 1 / (1 + np.exp(-scores[item]))
    elif loss == "bpr":
        other = rng.choice(others)
        push = 1 - 1 / (1 + np.exp(-(scores[item] - scores[other])))
        pushes[item], pushes[other] = push, -push
    else:
        for draws in range(1, MAX_SAMPLED + 1):
            other = rng.integers(len(scores))
            if scores[other] > scores[item] - 1 and not loved[other]:
                push = np.log(max(1, (len(scores) - 1) // draws))
                pushes[item], pushes[other] = push, -push
                break
    return pushes


@pytest.mark.parametrize("loss", LOSSES)
def test_the_expected_pushes_are_the_mean_of_many_steps(loss):
    scores, loved = np.linspace(1.5, -1.5, 8), np.zeros(8, bool)
    loved[[0, 3, 6]] = True
    rng = np.random.default_rng(0)
    drawn = np.mean([one_step(scores, loved, loss, rng) for _ in range(20_000)], axis=0)
    np.testing.assert_allclose(expected_pushes(scores, loved, loss), drawn, atol=0.025)


def test_what_the_pictures_say_of_the_losses_is_so():
    scores = np.linspace(1.5, -1.5, 12)

    def pushes(loss, *places):
        loved = np.zeros(12, bool)
        loved[list(places)] = True
        return expected_pushes(scores, loved, loss)

    assert (pushes("logistic", 0, 3, 8) >= 0).all()
    for loss in ("bpr", "warp", "warp-kos"):
        assert pushes(loss, 0, 3, 8).sum() == pytest.approx(0)
    # WARP leaves in peace who stands far above all others, BPR does not
    apart = np.array([5.0, 1.0, 0.0, -1.0])
    first = np.array([True, False, False, False])
    assert not expected_pushes(apart, first, "warp").any()
    assert expected_pushes(apart, first, "bpr")[0] > 0
    # the lower the loved one, the harder WARP pushes
    up = [pushes("warp", place)[place] for place in (1, 5, 11)]
    assert up == sorted(up)
    # k-OS cares most about the loved one that stands lowest
    assert np.argmax(pushes("warp-kos", 0, 3, 8)) == 8


# ---- training on -------------------------------------------------------------------------------


def test_training_on_is_training_in_one_go_and_asked_once_per_call(monkeypatch):
    parts = small_split(120)
    training = ResumedTraining(parts)
    training.more(2)
    training.more(3)
    assert (training.epochs, training.calls) == (5, (2, 3))
    curve = training.curve()
    assert curve["epoch"].tolist() == [1, 2, 3, 4, 5]
    assert curve["call"].tolist() == [1, 1, 2, 2, 2]
    made = []
    monkeypatch.setattr(resume, "create_model", lambda *one: made.append(one) or create_model(*one))
    assert [training.same_in_one_go() for _ in range(3)] == [True] * 3
    assert len(made) == 1, "every look trained a second model"
    training.more(1)
    assert training.same_in_one_go()
    assert len(made) == 2
    assert parts.dataset.source.name == load_demo().source.name


# ---- the list by hand --------------------------------------------------------------------------


def pairs_in_order(loved):
    return sum(one and not other for place, one in enumerate(loved) for other in loved[place + 1 :])


@given(st.lists(st.booleans(), min_size=2, max_size=9), st.integers(1, 9))
def test_a_list_is_judged_as_one_counts(loved, k):
    if not any(loved) or all(loved):
        return
    found = judge(loved, k)
    assert found.hits == sum(loved[:k])
    assert found.precision == pytest.approx(sum(loved[:k]) / k)
    assert found.recall == pytest.approx(sum(loved[:k]) / sum(loved))
    assert found.pairs == sum(loved) * (len(loved) - sum(loved))
    assert found.right == pytest.approx(pairs_in_order(loved))
    assert found.auc == pytest.approx(pairs_in_order(loved) / found.pairs)


def test_of_equals_the_loved_one_is_last_or_counts_half():
    loved = [True, False, False]
    assert judge(loved, 1).precision == 1
    assert judge(loved, 1, tied=3).auc == 0
    assert judge(loved, 1, tied=3, ties="half").auc == 0.5


def test_moving_stops_at_the_ends():
    assert moved((0, 1, 2), 0, 1) == (1, 0, 2)
    assert moved((0, 1, 2), 2, -1) == (0, 2, 1)
    assert moved((0, 1, 2), 0, -1) == moved((0, 1, 2), 2, 1) == (0, 1, 2)


# ---- words and neighbours ----------------------------------------------------------------------


def test_the_table_of_normalisations_has_the_seminar_s_answers():
    table = by_normalisation(*SEMINAR)
    winners = {(row.stems, row.stop_words_out): row.winners for row in table.itertuples()}
    assert winners == {(True, True): (2,), (True, False): (2,), (False, True): (1, 2), (False, False): (3,)}
    assert winner_changes(table)


def test_nothing_in_common_has_no_winner():
    table = by_normalisation(["dog"], ["cat", "cow"], "english", ())
    assert table["winners"].tolist() == [()] * 4
    assert not winner_changes(table)


def test_the_seminar_s_neighbours():
    table = neighbours_table(PEOPLE, ITEMS, np.array(STARS))
    assert table["neighbour"].tolist() == ["B", "A", "A"]
    assert table["distance"].tolist() == pytest.approx([0.6, 0.6, 2 / 3])
    assert list(zip(table["shared"], table["either"], strict=True)) == [(2, 5), (2, 5), (2, 6)]
    assert table["suggested"].tolist() == [("c",), ("a",), ("b",)]


def test_who_shares_nothing_has_no_neighbour():
    table = neighbours_table(("A", "B"), "ab", np.array([[5, NAN], [NAN, 5]]))
    assert table["neighbour"].tolist() == ["", ""]


@pytest.mark.parametrize(("positive", "pair"), [(3, (0, 1)), (4, None), (5, None), (2, (0, 2))])
def test_the_nearest_pair_is_none_where_nobody_shares_a_liking(positive, pair):
    distances = jaccard_distances(STARS, positive)
    assert nearest_pair(distances) == pair
    alone = set(neighbours_table(PEOPLE, ITEMS, np.array(STARS), positive)["neighbour"]) == {""}
    assert alone == (pair is None)


def test_one_person_has_no_nearest():
    assert nearest_pair(np.zeros((1, 1))) is None


# ---- the rule for equal scores -------------------------------------------------------------------


def test_artists_with_one_listener_join_the_others():
    few = load_demo(n_users=40)
    tail = with_one_listener_artists(few, per_listener=3)
    assert (tail.n_users, tail.n_items) == (40, few.n_items + 3 * 40)
    listeners = np.bincount(tail.interactions.item_idx, minlength=tail.n_items)
    assert (listeners[few.n_items :] == 1).all()
    old = tail.interactions.take(tail.interactions.item_idx < few.n_items)
    np.testing.assert_array_equal(old.item_idx, few.interactions.item_idx)
    np.testing.assert_array_equal(old.weights, few.interactions.weights)
    counts = np.bincount(tail.interactions.user_idx) - np.bincount(few.interactions.user_idx)
    assert (counts == 3).all()
    assert tail.source.simulated


def test_with_such_a_tail_the_rule_for_ties_decides_who_wins():
    tail = with_one_listener_artists(load_demo())
    protocol = PROTOCOLS["driver"]
    request = ComparisonRequest(
        models=("lightfm-warp", "svd"), epochs=10, protocol=protocol, settings={"svd": {"embedding_size": 10}}
    )
    runs = compare(tail, request, created="2026-01-02T03:04:05+00:00")
    table = ties_table(runs, split(tail, protocol), "auc").set_index("model")
    warp, svd = table.loc["lightfm-warp"], table.loc["svd"]
    assert warp["pessimistic"] > svd["pessimistic"]
    assert warp["half"] < svd["half"]
    assert svd["difference"] > 0.01 > warp["difference"]


# ---- what was measured ---------------------------------------------------------------------------


def test_the_measured_figures_are_whole():
    found = measured()
    assert {one.model for one in found.models} == {*MODELS, "popularity"}
    ndcg = [one.ndcg.mean for one in found.models]
    assert ndcg == sorted(ndcg, reverse=True)
    for one in found.models:
        for figure in (one.precision, one.recall, one.ndcg, one.auc):
            assert 0 <= figure.low <= figure.mean <= figure.high <= 1
    assert len(METRICS) == 4
    assert found.dataset.startswith("Last.fm")
