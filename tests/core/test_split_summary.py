"""The sentence "same shape, different cells", counted from the matrices."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys_core.datasets import Dataset, Source, load_lastfm
from recsys_core.split_summary import corner, split_facts
from recsys_core.splitting import PROTOCOLS, Protocol, split


@pytest.fixture
def dataset():
    rng = np.random.default_rng(3)
    users, items = np.nonzero(rng.random((40, 60)) < 0.2)
    weights = rng.integers(1, 50, len(users)).astype(float)
    frame = pd.DataFrame({"user_id": users, "item_id": items, "weight": weights})
    return Dataset.from_frame(frame, Source("test", "Test"))


@pytest.mark.parametrize("name", ["driver", "all-pairs", "leave-k-out"])
def test_every_known_pair_is_trained_on_tested_or_vanished(dataset, name):
    parts = split(dataset, PROTOCOLS[name])
    found = split_facts(parts)
    smallest = (dataset.interactions.weights == dataset.interactions.weights.min()).sum()
    assert found.vanished == (smallest if name == "driver" else 0)
    assert found.train + found.test + found.vanished == found.known
    assert (found.n_users, found.n_items) == dataset.interactions.shape
    assert found.shared == 0
    assert found.test_users == len(np.unique(parts.test.user_idx))


def test_a_validation_part_has_not_vanished(dataset):
    protocol = Protocol(scaling="none", validation_share=0.1)
    assert split_facts(split(dataset, protocol)).vanished == 0


def test_artists_without_a_training_listener_are_counted_by_hand(dataset):
    parts = split(dataset, PROTOCOLS["leave-k-out"])
    strangers = set(parts.test.item_idx) - set(parts.train.item_idx)
    found = split_facts(parts)
    assert found.items_only_in_test == len(strangers)
    assert found.test_pairs_of_those == sum(item in strangers for item in parts.test.item_idx)


def test_the_corner_is_a_window_of_both_matrices_with_no_cell_in_both(dataset):
    parts = split(dataset, PROTOCOLS["all-pairs"])
    train, test = corner(parts, 10, 12)
    assert train.shape == test.shape == (10, 12)
    assert not (train & test).any()
    density = (train | test).mean()
    assert density > dataset.interactions.density  # chosen to show something


def test_a_corner_larger_than_the_data_is_the_data(dataset):
    parts = split(dataset, PROTOCOLS["all-pairs"])
    train, test = corner(parts, 1000, 1000)
    assert (train.sum(), test.sum()) == (len(parts.train), len(parts.test))


def test_real_data_under_the_driver_protocol(lastfm_dir):
    lastfm = load_lastfm(lastfm_dir)
    found = split_facts(split(lastfm, PROTOCOLS["driver"]))
    assert (found.known, found.vanished, found.train, found.test, found.shared) == (
        92834,
        636,
        73758,
        18440,
        0,
    )
    assert (found.test_users, found.items_only_in_test, found.test_pairs_of_those) == (1873, 2191, 2305)
