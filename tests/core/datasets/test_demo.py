"""The demo data: real artists, simulated listeners, worth a first look, the same bits each time."""

from __future__ import annotations

import time

import numpy as np
import pytest

from recsys_core.datasets import load_demo
from recsys_core.errors import SettingsError


@pytest.fixture(scope="module")
def demo():
    return load_demo()


def heard(dataset):
    return dataset.interactions.to_csr(binary=True).toarray()


def test_the_same_seed_gives_the_same_bits(demo):
    again = load_demo()
    assert demo.fingerprint == again.fingerprint == "b094d2f3ff633801"
    assert (demo.user_features.values != again.user_features.values).nnz == 0
    assert load_demo(1).fingerprint != demo.fingerprint


def test_it_is_marked_as_simulated(demo):
    assert (demo.source.title, demo.source.simulated) == ("Demo data", True)
    assert "simulated" in demo.source.origin


def test_same_schema_as_lastfm(demo):
    assert demo.users.ids.dtype == demo.items.ids.dtype == np.int64
    assert demo.interactions.timestamps is None
    assert all(name.startswith("tag:") for name in demo.item_features.names)
    assert all(name.startswith("friend:") for name in demo.user_features.names)
    assert demo.item_features.values.shape[0] == demo.n_items
    assert demo.user_features.values.shape[0] == demo.n_users


def test_large_enough_to_be_interesting(demo):
    assert demo.n_users == 1500
    assert 290 <= demo.n_items <= 320
    lengths = np.bincount(demo.interactions.user_idx, minlength=demo.n_users)
    assert lengths.min() >= 1
    assert lengths.max() == 50
    assert 0.01 < (lengths < 10).mean() < 0.06
    assert (lengths[lengths > 9] >= 30).all()


def test_artists_are_distinct_and_each_has_genres_and_listeners(demo):
    assert len(set(demo.names)) == demo.n_items
    assert (np.diff(demo.item_features.values.indptr) >= 1).all()
    assert heard(demo).sum(axis=0).min() >= 5
    assert {"Earth, Wind & Fire", 'Lee "Scratch" Perry', "宇多田ヒカル", "Кино"} <= set(demo.names)


def test_popularity_follows_a_power_law(demo):
    """On log axes, listeners by rank fall along a line; a tenth of the artists holds twice its share."""
    listeners = np.sort(heard(demo).sum(axis=0))[::-1]
    slope, _ = np.polyfit(np.log(np.arange(1, len(listeners) + 1)), np.log(listeners), 1)
    assert -0.9 < slope < -0.4
    assert listeners[: len(listeners) // 10].sum() / listeners.sum() > 0.2


def test_play_counts_resemble_the_real_ones(demo):
    plays = demo.interactions.weights
    assert (plays == np.round(plays)).all()
    assert plays.min() == 1
    assert 0.003 < (plays == 1).mean() < 0.012
    tenth, median, ninetieth = np.percentile(plays, [10, 50, 90])
    assert 25 < tenth < 55
    assert 220 < median < 310
    assert 1000 < ninetieth < 2000


def test_friends_share_taste(demo):
    friends = demo.user_features
    columns = demo.users.to_idx(int(name.removeprefix("friend:")) for name in friends.names)
    pairs = np.zeros((demo.n_users, demo.n_users))
    pairs[:, columns] = friends.values.toarray()
    assert (pairs == pairs.T).all()
    assert not pairs.diagonal().any()
    assert 8 < pairs.sum(axis=1).mean() < 16
    lists = heard(demo) / np.linalg.norm(heard(demo), axis=1, keepdims=True)
    likeness = lists @ lists.T
    assert (likeness * pairs).sum() / pairs.sum() > 1.5 * likeness.mean()


def test_tastes_follow_genres(demo):
    """Two artists that one listener plays share a genre far more often than two at random."""
    genres = demo.item_features.values.toarray()
    share = (genres @ genres.T > 0).astype(float)
    together = heard(demo).T @ heard(demo)
    np.fill_diagonal(together, 0)
    popular = np.outer(together.sum(axis=0), together.sum(axis=0))
    np.fill_diagonal(popular, 0)
    assert (share * together).sum() / together.sum() > 1.4 * (share * popular).sum() / popular.sum()


def auc(scores, train, test):
    """Mean share of unheard artists that score below a held-out one, over listeners."""
    means = []
    for mine, known, wanted in zip(scores, train > 0, test > 0, strict=True):
        if wanted.any():
            others = np.sort(mine[~known & ~wanted])
            means.append(np.searchsorted(others, mine[wanted]).mean() / len(others))
    return np.mean(means)


def test_taste_can_be_learnt_and_beats_popularity_which_beats_chance(demo):
    """A plain truncated SVD of the train part stands for any model that learns taste."""
    rng = np.random.default_rng(0)
    full = heard(demo)
    train = full * (rng.random(full.shape) < 0.8)
    left, values, right = np.linalg.svd(train, full_matrices=False)
    learnt = auc((left[:, :10] * values[:10]) @ right[:10], train, full - train)
    popular = auc(np.broadcast_to(train.sum(axis=0), full.shape), train, full - train)
    chance = auc(rng.random(full.shape), train, full - train)
    assert learnt > popular + 0.1 > chance + 0.2
    assert chance == pytest.approx(0.5, abs=0.02)


def test_loads_in_under_a_second():
    def seconds():
        begin = time.perf_counter()
        load_demo()
        return time.perf_counter() - begin

    assert min(seconds() for _ in range(3)) < 1.0


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, True, "7"])
def test_a_seed_that_is_none(seed):
    with pytest.raises(SettingsError, match="A seed is a whole number"):
        load_demo(seed)


@pytest.mark.parametrize("n_users", [1, 2, 5])
def test_few_listeners(n_users):
    assert load_demo(n_users=n_users).n_users == n_users
