"""Most listened against most recommended, on five artists counted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.errors import UnknownIdError
from recsys_core.listening.popularity_shift import popularity_shift
from recsys_core.models.registry import create_model
from tests.core.small_data import dataset_of, datasets, random_dataset

CELLS = {(1, "a"): 1, (1, "b"): 9, (2, "a"): 1, (3, "a"): 1, (3, "c"): 50, (3, "d"): 2, (4, "e"): 3}


def recommended(*rows):
    return pd.DataFrame(rows, columns=["user_id", "item_id", "rank"])


@pytest.fixture
def dataset():
    return dataset_of(CELLS, weights=list(CELLS.values()))


@pytest.fixture
def shift(dataset):
    lists = recommended((1, "c", 1), (1, "d", 2), (1, "e", 3), (2, "c", 1), (2, "b", 2), (3, "b", 1))
    return popularity_shift(dataset, lists, k=2)


def test_the_first_k_of_every_list_are_counted(shift):
    assert shift.recommended.tolist() == [0, 2, 2, 1, 0]


def test_listening_is_counted_in_listeners_or_in_plays(dataset, shift):
    assert shift.listened.tolist() == [3, 1, 1, 1, 1]
    plays = popularity_shift(dataset, recommended((1, "c", 1)), by="plays")
    assert plays.listened.tolist() == [3, 9, 50, 2, 3]


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


def test_the_summary_says_how_far_each_side_spreads(shift):
    summary = shift.summary()
    assert summary["recommended"]["items"] == 3
    assert summary["recommended"]["coverage"] == 3 / 5
    assert summary["listened"]["coverage"] == 1
    assert summary["recommended"]["gini"] > summary["listened"]["gini"]
    assert summary["listened"]["top_1_percent"] == pytest.approx(3 / 7)
    assert summary["recommended"]["items_for_80"] == 2 / 5


def test_the_table_has_both_counts_and_ranks_of_everything_that_happened(shift):
    table = shift.table().set_index("name")
    assert table.loc["b", ["listened", "recommended", "listened_rank", "recommended_rank"]].tolist() == [
        1,
        2,
        2,
        1,
    ]
    assert len(table) == 5


def test_lists_of_strangers_are_an_error(dataset):
    with pytest.raises(UnknownIdError, match="There is no item 'zz'"):
        popularity_shift(dataset, recommended((1, "zz", 1)))


@given(data=datasets(), k=st.integers(1, 6))
def test_recommended_counts_are_a_plain_count_of_rows(data, k):
    model = create_model("popularity").fit(data)
    lists = model.recommend(data.users.ids, 5)
    shift = popularity_shift(data, lists, k=k)
    expected = lists[lists["rank"] <= k]["item_id"].value_counts()
    assert {i: n for i, n in zip(shift.item_ids, shift.recommended, strict=True) if n} == expected.to_dict()


@given(datasets())
def test_shares_by_tenth_add_up_and_fall_on_the_listening_side(data):
    lists = create_model("random").fit(data).recommend(data.users.ids, 5)
    shift = popularity_shift(data, lists)
    deciles = shift.by_decile()
    assert deciles["decile"].tolist() == list(range(1, 11))
    assert deciles["listened"].sum() == pytest.approx(1)
    assert deciles["recommended"].sum() == pytest.approx(1 if len(lists) else 0)


def test_the_first_tenth_is_the_most_listened():
    data = random_dataset(200, 50, 3000)
    deciles = popularity_shift(data, recommended()).by_decile()
    assert deciles["listened"].is_monotonic_decreasing


def test_lorenz_curves_start_at_0_and_end_at_1(shift):
    curves = shift.lorenz_table()
    assert curves.iloc[0].tolist() == [0, 0, 0]
    assert curves.iloc[-1].tolist() == [1, 1, 1]
    assert (np.diff(curves, axis=0) >= -1e-12).all()


def test_the_real_charts(lastfm):
    lists = recommended((2, 51, 1))
    by_listeners = popularity_shift(lastfm, lists).top(3)
    by_plays = popularity_shift(lastfm, lists, by="plays").top(3)
    listened = by_listeners[by_listeners["side"] == "listened"]
    assert listened["name"].tolist() == ["Lady Gaga", "Britney Spears", "Rihanna"]
    assert listened["count"].tolist() == [611, 522, 484]
    played = by_plays[by_plays["side"] == "listened"]
    assert played["name"].tolist() == ["Britney Spears", "Depeche Mode", "Lady Gaga"]
    assert played["count"].tolist() == [2_393_140, 1_301_308, 1_291_387]
