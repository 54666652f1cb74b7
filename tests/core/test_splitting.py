"""Splits: disjoint, complete, on one grid, the same for the same seed, and LightFM's own where it has one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lightfm.cross_validation import random_train_test_split

from recsys_core.datasets.scaling import scale
from recsys_core.errors import DataError, SettingsError
from recsys_core.splitting import PROTOCOLS, Protocol, Split, leave_k_out, split, split_by_time, split_random
from tests.core.small_data import dataset_of, datasets, random_dataset

METHODS = ("random", "leave_k_out", "time")
shares = st.floats(0.05, 0.95)


def cells(rows):
    return list(zip(rows.user_idx.tolist(), rows.item_idx.tolist(), strict=True))


@pytest.mark.parametrize("method", METHODS)
@given(data=datasets(timestamps=True), share=shares, k=st.integers(1, 5), seed=st.integers(0, 2**32 - 1))
def test_parts_are_disjoint_and_together_are_everything(method, data, share, k, seed):
    rows = data.interactions
    rest, out = {
        "random": lambda: split_random(rows, share, seed),
        "leave_k_out": lambda: leave_k_out(rows, k, seed),
        "time": lambda: split_by_time(rows, share),
    }[method]()
    assert sorted(cells(rest) + cells(out)) == sorted(cells(rows))
    assert not set(cells(rest)) & set(cells(out))
    assert rest.shape == out.shape == rows.shape


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("scaling", ["none", "play_count_scaled", "log", "per_user"])
@given(data=datasets(min_pairs=20, timestamps=True), seed=st.integers(0, 99))
def test_every_protocol_keeps_train_test_and_validation_apart(scaling, method, data, seed):
    protocol = Protocol(scaling=scaling, method=method, validation_share=0.2, held_out=1, seed=seed)
    try:
        parts = split(data, protocol)
    except (DataError, SettingsError):
        assume(False)
    known = scale(data.interactions, scaling)
    together = cells(parts.train) + cells(parts.test) + cells(parts.validation)
    assert sorted(together) == sorted(cells(known))


@given(data=datasets(min_pairs=5), share=shares, seed=st.integers(0, 2**32 - 1))
def test_random_cells_are_lightfms_for_any_seed_and_share(data, share, seed):
    rest, out = split_random(data.interactions, share, seed)
    train, test = random_train_test_split(data.interactions.to_coo(), share, np.random.RandomState(seed))
    assert cells(rest) == list(zip(train.row.tolist(), train.col.tolist(), strict=True))
    assert cells(out) == list(zip(test.row.tolist(), test.col.tolist(), strict=True))


def test_the_drivers_split_of_the_real_data(lastfm, driver_split):
    assert (len(driver_split.train), len(driver_split.test)) == (73_758, 18_440)
    assert driver_split.train.shape == driver_split.test.shape == (1_892, 17_632)
    known = scale(lastfm.interactions, "play_count_scaled")
    assert len(known) == 92_198 == 92_834 - 636
    train, test = random_train_test_split(known.to_coo(), 0.2, np.random.RandomState(42))
    for ours, theirs in ((driver_split.train, train), (driver_split.test, test)):
        np.testing.assert_array_equal(ours.user_idx, theirs.row)
        np.testing.assert_array_equal(ours.item_idx, theirs.col)


@pytest.mark.parametrize("method", ["random", "leave_k_out"])
def test_the_seed_decides(method):
    data = random_dataset()
    one, same, other = (
        cells(split(data, Protocol(scaling="none", method=method, seed=seed)).test) for seed in (7, 7, 8)
    )
    assert one == same != other


@given(data=datasets(), k=st.integers(1, 15), seed=st.integers(0, 99))
def test_leave_k_out_holds_out_k_of_each_user_but_never_all(data, k, seed):
    rest, out = leave_k_out(data.interactions, k, seed)
    had, left, held = (
        np.bincount(rows.user_idx, minlength=data.n_users) for rows in (data.interactions, rest, out)
    )
    assert held.tolist() == [min(k, count - 1) for count in had]
    assert (left >= 1).all()


@given(data=datasets(timestamps=True), share=shares)
def test_by_time_no_train_pair_is_later_than_a_test_pair(data, share):
    rest, out = split_by_time(data.interactions, share)
    assume(len(rest) and len(out))
    assert rest.timestamps.max() <= out.timestamps.min()


def test_without_timestamps_there_is_no_split_by_time():
    with pytest.raises(SettingsError, match="no timestamps: choose a random split or leave-k-out"):
        split(random_dataset(), PROTOCOLS["time"])


def test_a_shared_cell_is_an_error():
    data = random_dataset()
    rows = data.interactions
    with pytest.raises(DataError, match="share cells"):
        Split(data, rows.take(np.arange(0, 30)), rows.take(np.arange(29, 60)), None, Protocol())


def test_an_empty_part_is_an_error():
    with pytest.raises(DataError, match=r"leaves 0 pairs to train on and 2 to test\. Use more data"):
        split(dataset_of([(1, 1), (2, 2)]), Protocol(scaling="none", test_share=0.9))


def test_equal_weights_under_the_drivers_scaling_say_what_to_choose():
    with pytest.raises(SettingsError, match=r'"play_count_scaled" leaves no pair.*scaling "none"'):
        split(dataset_of([(1, 1), (1, 2), (2, 1)]), PROTOCOLS["driver"])


def test_training_sees_everybody_but_only_the_train_pairs():
    data = random_dataset()
    parts = split(data, PROTOCOLS["all-pairs"])
    assert (parts.training.n_users, parts.training.n_items) == (data.n_users, data.n_items)
    assert cells(parts.training.interactions) == cells(parts.train)


def test_tuning_sees_the_validation_part_in_place_of_the_test_part():
    parts = split(random_dataset(), Protocol(scaling="none", validation_share=0.25))
    tuning = parts.for_tuning()
    assert cells(tuning.test) == cells(parts.validation)
    assert cells(tuning.train) == cells(parts.train)
    assert len(parts.validation) == 100  # a quarter of all 400 pairs, not of what the test part left
    with pytest.raises(SettingsError, match="no validation part"):
        split(random_dataset(), PROTOCOLS["driver"]).for_tuning()


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.5, float("nan"), "0.2", True])
def test_a_share_outside_0_to_1_is_refused(share):
    with pytest.raises(SettingsError, match="test_share"):
        split(random_dataset(), Protocol(test_share=share))


def test_shares_that_leave_nothing_to_train_on_are_refused():
    with pytest.raises(SettingsError, match="leave nothing to train on"):
        split(random_dataset(), Protocol(scaling="none", test_share=0.5, validation_share=0.5))
