"""Most listened against most recommended, on five artists counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.listening.popularity_shift import PRIOR, PopularityShift, popularity_shift
from tests.core.small_data import dataset_of, datasets

CELLS = {(1, "a"): 1, (1, "b"): 9, (2, "a"): 1, (3, "a"): 1, (3, "c"): 50, (3, "d"): 2, (4, "e"): 3}
# a, b, c, d, e are items 0 to 4: four users, of whom one has only one left to recommend and one none
LISTS = np.array([[2, 3], [2, 1], [1, -1], [-1, -1]], np.int32)


@pytest.fixture
def dataset():
    return dataset_of(CELLS, weights=list(CELLS.values()))


@pytest.fixture
def shift(dataset):
    return popularity_shift(dataset, LISTS)


def test_every_place_in_a_list_is_counted_and_an_empty_one_is_not(shift):
    assert shift.recommended.tolist() == [0, 2, 2, 1, 0]


def test_listening_is_counted_in_listeners_or_in_plays(dataset, shift):
    assert shift.listened.tolist() == [3, 1, 1, 1, 1]
    assert popularity_shift(dataset, LISTS, by="plays").listened.tolist() == [3, 9, 50, 2, 3]


def test_the_tops_of_both_sides_equal_counts_in_catalogue_order(shift):
    top = shift.top(3)
    sides = {side: list(rows["name"]) for side, rows in top.groupby("side")}
    assert sides == {"listened": ["a", "b", "c"], "recommended": ["b", "c", "d"]}
    assert top["rank"].tolist() == [1, 2, 3, 1, 2, 3]
    assert top["count"].tolist() == [3, 1, 1, 2, 2, 1]


def test_artists_nobody_gets_are_in_no_top(shift):
    assert len(shift.top(10)) == 5 + 3


def test_how_many_are_in_both_tops(shift):
    assert shift.in_both(3) == len({"b", "c"})
    assert shift.in_both(1) == 0


def test_the_table_has_both_counts_and_ranks_of_everything_that_happened(shift):
    table = shift.table().set_index("name")
    columns = ["listened", "recommended", "listened_rank", "recommended_rank"]
    assert table.loc["b", columns].tolist() == [1, 2, 2, 1]
    assert len(table) == 5


def test_expected_is_the_share_of_listening_times_all_recommendations(shift):
    assert shift.expected.tolist() == pytest.approx([3 / 7 * 5, 1 / 7 * 5, 1 / 7 * 5, 1 / 7 * 5, 1 / 7 * 5])
    table = shift.table().set_index("name")
    assert table.loc["b", "ratio"] == pytest.approx((2 + PRIOR) / (5 / 7 + PRIOR))
    assert table.loc["b", "raw_ratio"] == pytest.approx(2 / (5 / 7))
    assert table.loc["a", "raw_ratio"] == 0


def test_over_and_under_are_sorted_by_how_far_from_1_they_are(shift):
    assert shift.over()["name"].tolist() == ["b", "c", "d"]
    assert shift.under()["name"].tolist() == ["a", "e"]


def test_one_recommendation_of_a_rarity_does_not_beat_a_hundred_of_a_star():
    listened, recommended = np.array([1.0, 400.0, 599.0]), np.array([1.0, 99.0, 0.0])
    shift = PopularityShift(np.array(list("xyz"), object), np.arange(3), listened, recommended)
    table = shift.table().set_index("name")
    assert table.loc["x", "raw_ratio"] > table.loc["y", "raw_ratio"]
    assert table.loc["x", "ratio"] < table.loc["y", "ratio"]


@given(datasets(), st.data())
def test_all_artists_are_over_under_or_exactly_as_expected(data, draw):
    cells = st.integers(-1, data.n_items - 1)
    lists = draw.draw(st.lists(cells, min_size=3 * data.n_users, max_size=3 * data.n_users))
    shift = popularity_shift(data, np.array(lists, np.int32).reshape(-1, 3))
    table = shift.table()
    assert len(shift.over()) + len(shift.under()) + (table["ratio"] == 1).sum() == len(table)
    assert shift.expected.sum() == pytest.approx(shift.recommended.sum())
    assert table["recommended"].sum() == sum(one >= 0 for one in lists)


def test_the_real_charts(lastfm):
    nothing = np.full((lastfm.n_users, 1), -1, np.int32)
    by_listeners = popularity_shift(lastfm, nothing).top(3)
    by_plays = popularity_shift(lastfm, nothing, by="plays").top(3)
    assert by_listeners["name"].tolist() == ["Lady Gaga", "Britney Spears", "Rihanna"]
    assert by_listeners["count"].tolist() == [611, 522, 484]
    assert by_plays["name"].tolist() == ["Britney Spears", "Depeche Mode", "Lady Gaga"]
    assert by_plays["count"].tolist() == [2_393_140, 1_301_308, 1_291_387]
