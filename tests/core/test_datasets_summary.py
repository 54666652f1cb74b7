"""The figures of the data page, on data small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.datasets import Dataset, Source, load_lastfm
from recsys_core.datasets.scaling_summary import compare_scalings, scaling_histograms
from recsys_core.datasets.summary import activity, facts, long_tail, pick_user


def dataset_of(rows):
    return Dataset.from_frame(
        pd.DataFrame(rows, columns=["user_id", "item_id", "weight"]), Source("test", "Test")
    )


@pytest.fixture
def small():
    return dataset_of(
        [(1, "a", 1.0), (1, "b", 3.0), (1, "c", 9.0), (2, "a", 1.0), (2, "b", 101.0), (3, "a", 5.0)]
    )


def test_facts_are_counts_anyone_can_check(small):
    found = facts(small)
    assert (found.n_users, found.n_items, found.n_pairs, found.n_cells) == (3, 3, 6, 9)
    assert found.total_weight == 1 + 3 + 9 + 1 + 101 + 5
    assert found.density == 6 / 9
    assert (found.median_items_per_user, found.largest_items_per_user, found.users_at_largest) == (2, 3, 1)
    assert (found.median_users_per_item, found.items_with_one_user) == (2, 1)
    assert (found.smallest_weight, found.pairs_at_smallest, found.largest_weight) == (1, 2, 101)
    assert found.share_of_top_percent == 3 / 6  # one artist at least
    assert not found.has_times


def test_the_long_tail_counts_every_artist_once(small):
    tail = long_tail(small)
    assert tail.to_dict("list") == {"low": [1, 2, 3], "high": [1, 2, 3], "items": [1, 1, 1]}


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_long_tail_bars_are_disjoint_and_complete(choices):
    rows = [(user, item, 1.0) for user, item in enumerate(choices)]
    tail = long_tail(dataset_of(rows))
    counts = pd.Series(choices).value_counts()
    assert tail["items"].sum() == len(counts)
    for _, bar in tail.iterrows():
        assert bar["items"] == counts.between(bar["low"], bar["high"]).sum()
    assert (tail["low"].to_numpy()[1:] == tail["high"].to_numpy()[:-1] + 1).all()
    assert tail["items"].iloc[-1] > 0


def test_the_busiest_listener_comes_first(small):
    table = activity(small)
    assert table["user_id"].tolist() == [2, 1, 3]
    assert table["items"].tolist() == [2, 3, 1]
    assert table["weights"].tolist() == [102, 13, 5]


@pytest.mark.parametrize("group", ["anyone", "heavy", "light"])
def test_a_picked_listener_belongs_to_the_group_and_is_a_new_one(group):
    table = pd.DataFrame({"user_id": np.arange(100), "weights": np.arange(100)[::-1]})
    members = {"anyone": range(100), "heavy": range(10), "light": range(90, 100)}[group]
    picked = {pick_user(table, group, seed, besides=members[0]) for seed in range(200)}
    assert picked <= set(members) - {members[0]}
    assert len(picked) > 5


def test_the_only_listener_is_picked_again(small):
    only = activity(dataset_of([(7, "a", 1.0)]))
    assert pick_user(only, "anyone", 0, besides=7) == 7


def test_global_min_max_loses_the_smallest_counts_and_crowds_the_rest(small):
    table = compare_scalings(small.interactions).set_index("scaling")
    assert table["lost"].to_dict() == {"play_count_scaled": 2, "log": 0, "per_user": 0}
    assert table["kept"].tolist() == [4, 6, 6]
    # (w - 1) / 100 for w = 1, 1, 3, 5, 9, 101
    assert table.loc["play_count_scaled", "median"] == pytest.approx((0.02 + 0.04) / 2)
    assert table.loc["play_count_scaled", "below_one_percent"] == 2 / 6
    assert table.loc["log", "largest"] == pytest.approx(np.log(102))


def test_each_histogram_holds_every_pair(small):
    slices = scaling_histograms(small.interactions, bins=4)
    assert len(slices) == 3 * 4
    assert slices.groupby("scaling")["share"].sum().to_numpy() == pytest.approx(1.0)


def test_equal_counts_do_not_divide_by_zero():
    same = dataset_of([(1, "a", 2.0), (2, "b", 2.0)])
    assert compare_scalings(same.interactions).set_index("scaling").loc["play_count_scaled", "lost"] == 2
    assert np.isfinite(scaling_histograms(same.interactions)["share"]).all()


def test_real_data_shows_the_figures_of_its_readme(lastfm_dir):
    lastfm = load_lastfm(lastfm_dir)
    found = facts(lastfm)
    assert (found.n_users, found.n_items, found.n_pairs) == (1892, 17632, 92834)
    assert (found.pairs_at_smallest, found.users_at_largest, found.items_with_one_user) == (636, 1829, 10679)
    assert found.share_of_top_percent == pytest.approx(0.316, abs=5e-4)
    assert compare_scalings(lastfm.interactions)["kept"].tolist() == [92198, 92834, 92834]
