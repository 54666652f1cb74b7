"""Spread over the catalogue: every figure beside its definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from recsys_core.metrics.catalogue import (
    average_popularity,
    coverage,
    gini,
    items_for_share,
    lorenz,
    novelty,
    share_of_top,
)

counts = hnp.arrays(np.int64, st.integers(1, 40), elements=st.integers(0, 100))


@given(counts)
def test_gini_is_half_the_relative_mean_difference_of_all_pairs(x):
    total = x.sum()
    pairwise = np.abs(x[:, None] - x[None, :]).sum()
    expected = pairwise / (2 * len(x) * total) if total else 0.0
    assert gini(x) == pytest.approx(expected, abs=1e-12)


def test_gini_of_equal_shares_is_0_and_of_one_winner_nearly_1():
    assert gini(np.full(10, 7)) == pytest.approx(0)
    assert gini(np.array([0] * 99 + [5])) == pytest.approx(1 - 1 / 100)


@given(counts, st.integers(1, 9))
def test_gini_and_lorenz_do_not_depend_on_unit_or_order(x, factor):
    assert gini(x) == pytest.approx(gini(factor * x[::-1]), abs=1e-12)
    np.testing.assert_allclose(lorenz(x)[1], lorenz(factor * x[::-1])[1])


@given(counts)
def test_lorenz_rises_from_0_to_1_below_the_diagonal(x):
    items, share = lorenz(x)
    assert (items[0], items[-1], share[0]) == (0, 1, 0)
    assert share[-1] == pytest.approx(1.0 if x.sum() else 0.0)
    assert (np.diff(share) >= -1e-12).all()
    assert (share <= items + 1e-12).all()


@given(counts)
def test_gini_is_twice_the_area_between_diagonal_and_lorenz_curve(x):
    items, share = lorenz(x, points=len(x) + 1)
    expected = 1 - 2 * np.trapezoid(share, items) if x.sum() else 0.0
    assert gini(x) == pytest.approx(expected, abs=1e-12)


def test_share_of_top_counts_at_least_one_item():
    assert share_of_top(np.array([6, 3, 1]), 0.01) == pytest.approx(6 / 10)
    assert share_of_top(np.arange(200), 0.01) == pytest.approx((199 + 198) / sum(range(200)))
    assert share_of_top(np.zeros(5)) == 0


@given(counts, st.floats(0.01, 1))
def test_items_for_share_is_the_shortest_list_of_favourites_that_suffices(x, share):
    descending = np.sort(x)[::-1]
    bar = share * x.sum() * (1 - 1e-12)
    expected = next((n / len(x) for n in range(1, len(x) + 1) if descending[:n].sum() >= bar), 0.0)
    assert items_for_share(x, share) == pytest.approx(expected if x.sum() else 0.0)


def test_coverage_is_the_share_of_items_with_any_count():
    assert coverage(np.array([0, 1, 5, 0])) == pytest.approx(2 / 4)
    assert coverage(np.zeros(0)) == 0


def test_average_popularity_counts_every_list_once():
    lists, items, listeners = np.array([0, 0, 2]), np.array([0, 1, 2]), np.array([10, 20, 4])
    assert average_popularity(lists, items, listeners) == np.mean([(10 + 20) / 2, 4])
    assert average_popularity(lists[:0], items[:0], listeners) == 0


def test_novelty_is_in_bits_and_an_item_nobody_has_counts_as_had_by_one():
    lists, items = np.array([0, 0, 1]), np.array([0, 1, 2])
    listeners = np.array([8, 4, 0])
    assert novelty(lists, items, listeners, 8) == np.mean([(0 + 1) / 2, 3])
    assert novelty(lists[:0], items[:0], listeners, 8) == 0


@given(counts, st.integers(1, 5))
def test_the_more_listeners_the_less_novelty(x, more):
    lists, items = np.zeros(len(x), int), np.arange(len(x))
    assert novelty(lists, items, x + more, 200) <= novelty(lists, items, x, 200) + 1e-12
