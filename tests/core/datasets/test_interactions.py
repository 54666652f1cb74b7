"""Interactions are checked once, keep their grid, and are scaled as documented."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.datasets import Dataset, FeatureMatrix, Interactions, Source
from recsys_core.datasets.scaling import SCALINGS, log_scaled, per_user_scaled, play_count_scaled, scale
from recsys_core.errors import DataError


def make(users, items, weights, shape=(3, 4), times=None):
    return Interactions(np.array(users), np.array(items), np.array(weights, float), shape, times)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (([0], [0, 1], [1]), "different lengths"),
        (([3], [0], [1]), "A user index lies outside 0 to 2"),
        (([0], [-1], [1]), "A item index lies outside 0 to 3"),
        (([0], [0], [np.nan]), "negative or not a finite"),
        (([0], [0], [np.inf]), "negative or not a finite"),
        (([0], [0], [-1]), "negative or not a finite"),
        (([0, 0], [1, 1], [1, 1]), "pair appears twice"),
    ],
)
def test_bad_arrays_are_refused(rows, message):
    with pytest.raises(DataError, match=message):
        make(*rows)


def test_taking_rows_keeps_the_grid():
    some = make([0, 1, 2], [3, 2, 1], [1, 2, 3], times=np.array([7, 8, 9])).take(
        np.array([True, False, True])
    )
    assert (some.shape, some.weights.tolist(), some.timestamps.tolist()) == ((3, 4), [1, 3], [7, 9])
    assert some.density == 2 / 12


def test_matrices():
    rows = make([2, 0], [1, 3], [5, 7])
    assert rows.to_csr().toarray().tolist() == [[0, 0, 0, 7], [0, 0, 0, 0], [0, 5, 0, 0]]
    assert rows.to_csr(binary=True).sum() == 2
    coo = rows.to_coo()
    assert (coo.row.tolist(), coo.col.tolist(), coo.dtype) == ([2, 0], [1, 3], np.int32)


COUNTS = st.lists(st.integers(1, 10**6), min_size=1, max_size=30).map(lambda counts: np.array(counts, float))


@given(COUNTS)
def test_play_count_scaled_is_the_drivers_global_min_max(counts):
    scaled = play_count_scaled(counts)
    assert ((scaled >= 0) & (scaled <= 1)).all()
    if counts.min() < counts.max():
        by_hand = [(one - counts.min()) / (counts.max() - counts.min()) for one in counts]
        assert scaled.tolist() == by_hand
    else:
        assert not scaled.any()


@given(COUNTS)
def test_other_scalings_keep_order_and_rows(counts):
    assert (np.argsort(log_scaled(counts), kind="stable") == np.argsort(counts, kind="stable")).all()
    users = np.arange(len(counts)) % 3
    scaled = per_user_scaled(counts, users, 3)
    for user in set(users.tolist()):
        assert scaled[users == user].max() == 1.0


@pytest.mark.parametrize("scaling", SCALINGS)
def test_scaling_drops_zeros_only_if_asked(scaling):
    rows = make([0, 0, 1], [0, 1, 2], [1, 1, 9])
    assert len(scale(rows, scaling, drop_zero=False)) == 3
    assert len(scale(rows, scaling)) == (1 if scaling == "play_count_scaled" else 3)


def test_a_dataset_of_a_frame_is_sorted_and_named():
    frame = pd.DataFrame({"user_id": ["b", "a", "a"], "item_id": [9, 9, 4], "weight": [1, 2, 3]})
    dataset = Dataset.from_frame(frame, Source("test", "Test"), names={4: "Four"})
    assert dataset.interactions.weights.tolist() == [3, 2, 1]
    assert dataset.names.tolist() == ["Four", "9"]
    assert dataset.names_of([9, 4]).tolist() == ["9", "Four"]


def test_the_fingerprint_sees_every_change():
    def fingerprint(**changed):
        columns = {"user_id": [1, 2], "item_id": [3, 4], "weight": [5.0, 6.0], "timestamp": [7, 8], **changed}
        return Dataset.from_frame(pd.DataFrame(columns), Source("test", "Test")).fingerprint

    changes = [{}, {"user_id": [1, 3]}, {"item_id": [4, 3]}, {"weight": [5.0, 6.5]}, {"timestamp": [7, 9]}]
    assert len({fingerprint(**one) for one in changes}) == len(changes)
    assert fingerprint() == fingerprint()


def test_a_dataset_without_rows_is_refused():
    frame = pd.DataFrame({"user_id": [], "item_id": []})
    with pytest.raises(DataError, match="No usable row is left"):
        Dataset.from_frame(frame, Source("test", "Test"))


def test_features_count_pairs_and_carry_their_field():
    features = FeatureMatrix.from_pairs(np.array([0, 2, 2]), ["tag:b", "tag:a", "tag:a"], 3)
    assert features.names == ("tag:a", "tag:b")
    assert features.values.toarray().tolist() == [[0, 1], [0, 0], [2, 0]]
    with pytest.raises(DataError, match="The feature 'rock' has no field"):
        FeatureMatrix.from_pairs(np.array([0]), ["rock"], 1)
