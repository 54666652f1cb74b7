"""The leakage rule: what a listener said never enters that listener's scores; of friends only train plays do.

A listener's tags, above all those on held-out artists, are exchanged for others. Whatever was said, the
scores stay; those of the listeners around do not, or the exam would prove nothing.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recsys_core.datasets import FeatureMatrix
from recsys_core.models import als_tags, crossfit, ease_tags, hybrid_features, tag_scores
from recsys_core.models.neighbourly import FriendsRecommender, TagsRecommender
from recsys_core.models.registry import MODELS, create_model
from recsys_core.models.side_information import friend_shares, tag_counts, tagged_pairs
from recsys_core.splitting import Protocol, split
from tests.core.small_data import random_dataset

LISTENER = 7
N_USERS, N_ITEMS = 40, 30
TELLING = "tag:only they say so"
WITH_TAGS = {
    "ease-tags": {"regularisation": 20.0},
    "als-tags": {"embedding_size": 4, "regularisation": 1.0, "parts": 3},
    "lightfm-hybrid": {"embedding_size": 4, "parts": 3},
    "fast-hybrid": {"embedding_size": 4, "parts": 3, "repeats": 2, "plain_size": 3},
    "quick-hybrid": {"regularisation": 20.0},
    "hybrid": {"warp_size": 4, "warp_epochs": 3, "tags": 1.0, "ease": 1.0, "als": 1.0, "friends": 1.0},
}


def said_by_all(seed=3):
    """Return givers, items and tags of random assignments."""
    rng = np.random.default_rng(seed)
    givers = np.repeat(np.arange(N_USERS), 12)
    return givers, rng.integers(N_ITEMS, size=len(givers)), rng.integers(6, size=len(givers))


def with_tags(data, givers, items, tags):
    names = [f"tag:{tag}" if tag >= 0 else TELLING for tag in tags.tolist()]
    friends = FeatureMatrix.from_pairs(
        np.arange(N_USERS), [f"friend:{(user + 1) % N_USERS}" for user in range(N_USERS)], N_USERS
    )
    features = FeatureMatrix.from_pairs(items, names, N_ITEMS, givers)
    return replace(data, item_features=features, user_features=friends)


@pytest.fixture(scope="module")
def worlds():
    """The train part of two worlds that differ in what one listener said of held-out artists."""
    data = random_dataset(N_USERS, N_ITEMS, 480)
    parts = split(data, Protocol(scaling="none", test_share=0.3))
    givers, items, tags = said_by_all()
    others = givers != LISTENER
    held_out = parts.test.item_idx[parts.test.user_idx == LISTENER]
    assert len(held_out) > 2
    betrayed = (
        np.append(givers[others], np.full(len(held_out), LISTENER)),
        np.append(items[others], held_out),
        np.append(tags[others], np.full(len(held_out), -1)),
    )
    training = parts.training
    return with_tags(training, givers, items, tags), with_tags(training, *betrayed)


def make(name):
    if name in ("tags", "friends"):
        return TagsRecommender() if name == "tags" else FriendsRecommender()
    return create_model(name, WITH_TAGS[name])


def moved(name, worlds):
    """Return by how much the scores of each listener differ between the worlds, in deviations."""
    scores = [make(name).fit(world, epochs=3).scores(np.arange(N_USERS)) for world in worlds]
    # only the order counts, so a shift or a stretch of all scores is no difference
    lined_up = [(block - block.mean(1, keepdims=True)) / block.std(1, keepdims=True) for block in scores]
    return np.abs(lined_up[0] - lined_up[1]).max(axis=1)


@pytest.mark.parametrize("name", [*WITH_TAGS, "tags"])
def test_what_a_listener_said_does_not_move_that_listener_s_scores(name, worlds):
    apart = moved(name, worlds)
    assert apart[LISTENER] < 1e-4
    assert np.delete(apart, LISTENER).max() > 0.01


def nobody_left_out(function):
    return lambda data, *_left_out: function(data)


BREAKS = {
    "ease-tags": (ease_tags.TaggedEaseRecommender, "_block", None),
    "als-tags": (als_tags, "tagged_pairs", nobody_left_out(tagged_pairs)),
    "lightfm-hybrid": (hybrid_features, "tag_counts", nobody_left_out(tag_counts)),
    "fast-hybrid": (hybrid_features, "tagged_pairs", nobody_left_out(tagged_pairs)),
    "hybrid": (crossfit, "has_givers", lambda _data: False),
    "quick-hybrid": (
        tag_scores,
        "_products",
        lambda vectors, tastes, users: 9 * np.ones(len(users), np.float32),
    ),
    "tags": (tag_scores, "_products", lambda vectors, tastes, users: 9 * np.ones(len(users), np.float32)),
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_exam_fails_when_the_rule_is_broken(name, worlds, monkeypatch):
    where, what, broken = BREAKS[name]
    if name == "ease-tags":
        rows = ease_tags.TaggedEaseRecommender._rows

        def broken(model, profiles, user_idx):
            return model.weights.scores(rows(model, model.data, profiles)[user_idx])

    if name == "hybrid":  # one copy, and it has heard everybody
        monkeypatch.setattr(hybrid_features, "tag_counts", nobody_left_out(tag_counts))
    monkeypatch.setattr(where, what, broken)
    with pytest.raises(AssertionError):
        test_what_a_listener_said_does_not_move_that_listener_s_scores(name, worlds)


def test_every_model_with_tags_takes_this_exam(worlds):
    """A model whose scores change when all tags go uses them, and has to be in the list above."""
    plain = replace(worlds[0], item_features=None)
    users = np.arange(N_USERS)
    for name in MODELS:
        values = WITH_TAGS.get(name, {"epochs": 2} if name == "ensemble" else {})
        scores = [create_model(name, values).fit(one, epochs=1).scores(users) for one in (worlds[0], plain)]
        assert np.array_equal(*scores) == (name not in WITH_TAGS), name


def test_of_friends_only_the_train_plays_count(worlds):
    """A friend's held-out plays and tags are not there to be used: only ``training`` reaches a model."""
    world = worlds[0]
    shares = friend_shares(world)
    expected = shares @ world.interactions.to_csr(binary=True)
    scores = FriendsRecommender().fit(world).scores(np.arange(N_USERS))
    assert ((scores > 0) == (expected.toarray() > 0)).all()
    np.testing.assert_array_equal(shares.indices, (np.arange(N_USERS) + 1) % N_USERS)
