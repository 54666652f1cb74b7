"""How attention is spread: every figure beside a slow count of its own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from recsys_core.listening.popularity_spread import (
    counts_of,
    decile_table,
    listening_counts,
    long_tail_table,
    lorenz_table,
    shares_by_decile,
    spread_of_listening,
    spread_of_lists,
)
from recsys_core.metrics.catalogue import gini
from tests.core.small_data import dataset_of, datasets, random_dataset

counts = hnp.arrays(np.float64, st.integers(1, 40), elements=st.integers(0, 100))


@st.composite
def lists_of(draw, data, k=3):
    cells = st.integers(-1, data.n_items - 1)
    size = data.n_users * k
    return np.array(draw(st.lists(cells, min_size=size, max_size=size)), np.int32).reshape(-1, k)


@given(st.data())
def test_figures_of_lists_are_those_of_a_plain_count(draw):
    data = draw.draw(datasets())
    lists = draw.draw(lists_of(data))
    spread = spread_of_lists(data, lists, "listeners")
    tally = {item: sum(int(item in row[row >= 0]) * int((row == item).sum()) for row in lists)
             for item in range(data.n_items)}  # fmt: skip
    listeners = {item: len({u for u, i in zip(data.interactions.user_idx, data.interactions.item_idx,
                                               strict=True) if i == item}) for item in tally}  # fmt: skip
    assert spread.items == sum(count > 0 for count in tally.values())
    assert spread.coverage == pytest.approx(spread.items / data.n_items)
    assert spread.gini == pytest.approx(gini(np.array(list(tally.values()))))
    means = [np.mean([listeners[i] for i in row[row >= 0]]) for row in lists if (row >= 0).any()]
    assert spread.average_popularity == pytest.approx(np.mean(means) if means else 0)
    bits = [np.mean([np.log2(data.n_users / listeners[i]) for i in row[row >= 0]])
            for row in lists if (row >= 0).any()]  # fmt: skip
    assert spread.novelty == pytest.approx(np.mean(bits) if bits else 0, abs=1e-12)


def test_listening_is_a_list_of_all_that_somebody_plays():
    data = dataset_of({(1, "a"): 1, (1, "b"): 1, (2, "a"): 8}, weights=[1, 1, 8])
    spread = spread_of_listening(data, "listeners")
    assert spread.average_popularity == np.mean([(2 + 1) / 2, 2])
    assert spread.novelty == np.mean([(np.log2(2 / 2) + np.log2(2 / 1)) / 2, np.log2(2 / 2)])
    assert spread_of_listening(data, "plays").top_1_percent == 9 / 10


def test_the_less_popular_half_is_by_listening_whatever_is_counted():
    listening = np.arange(20, 0, -1.0)
    recommended = np.where(np.arange(20) < 10, 3.0, 1.0)
    assert shares_by_decile(listening, listening)[5:].sum() == pytest.approx(sum(range(1, 11)) / 210)
    assert shares_by_decile(recommended, listening)[5:].sum() == pytest.approx(10 / 40)


@given(counts)
def test_shares_by_tenth_add_up(x):
    shares = shares_by_decile(x, x)
    assert shares.shape == (10,)
    assert shares.sum() == pytest.approx(1 if x.sum() else 0)


def test_the_first_tenth_is_the_most_listened():
    data = random_dataset(200, 50, 3000)
    listened = listening_counts(data, "listeners")
    table = decile_table({"listened": listened}, listened)
    assert table["decile"].tolist() == list(range(1, 11))
    assert table["listened"].is_monotonic_decreasing


def test_lorenz_curves_share_their_axis_and_end_at_1():
    table = lorenz_table({"one": np.array([1.0, 2, 3]), "other": np.array([0.0, 0, 9])})
    assert table.iloc[0].tolist() == [0, 0, 0]
    assert table.iloc[-1].tolist() == [1, 1, 1]
    assert (np.diff(table, axis=0) >= -1e-12).all()


def test_the_long_tail_falls_from_the_first_to_the_last_that_has_anything():
    table = long_tail_table({"one": np.array([0.0, 2, 6, 0, 2]), "none": np.zeros(5)})
    assert table["series"].unique().tolist() == ["one"]
    assert table["place"].tolist() == [1, 2, 3]
    assert table["share"].tolist() == [6 / 10, 2 / 10, 2 / 10]
    assert len(long_tail_table({"none": np.zeros(5)})) == 0


@given(counts)
def test_places_of_the_long_tail_are_few_and_keep_both_ends(x):
    table = long_tail_table({"x": x})
    descending = np.sort(x[x > 0])[::-1]
    assert len(table) <= 120
    if len(descending):
        assert (table["place"].iloc[0], table["place"].iloc[-1]) == (1, len(descending))
        np.testing.assert_allclose(table["share"], descending[table["place"] - 1] / x.sum())


def test_nothing_is_counted_as_nothing():
    assert counts_of(np.full((3, 2), -1, np.int32), 4).tolist() == [0, 0, 0, 0]
