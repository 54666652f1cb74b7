"""Several models at once: Holm's correction and mean ranks, with statsmodels and scipy as oracles."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata
from statsmodels.stats.multitest import multipletests

from recsys_core.statistics import holm, mean_ranks


@pytest.fixture(autouse=True, scope="module")
def what_was_there_before_is_not_searched() -> Iterator[None]:
    """statsmodels collects garbage on every call: slow among all that other tests have imported."""
    gc.freeze()
    yield
    gc.unfreeze()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_that_of_statsmodels(p_values):
    ours = holm({str(at): one for at, one in enumerate(p_values)})
    assert list(ours.values()) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_holm_by_hand():
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06})
    assert holm({"a": 0.9, "b": 0.8}) == {"a": 1.0, "b": 1.0}
    assert holm({}) == {}


def test_a_comparison_that_was_not_made_does_not_count():
    found = holm({"best": np.nan, "a": 0.01, "b": 0.02})
    assert np.isnan(found.pop("best"))
    assert found == {"a": 0.02, "b": 0.02}


@given(
    st.integers(1, 5).flatmap(
        lambda m: st.lists(st.lists(st.integers(0, 3), min_size=m, max_size=m), min_size=1, max_size=20)
    )
)
def test_mean_ranks_are_those_of_scipy(rows):
    table = np.array(rows, np.float64)
    ours = mean_ranks({str(at): column for at, column in enumerate(table.T)})
    theirs = rankdata(-table, axis=1).mean(axis=0)
    assert [one.mean for one in ours.values()] == pytest.approx(list(theirs))
    assert all(one.low <= one.mean + 1e-9 and one.mean - 1e-9 <= one.high for one in ours.values())


def test_ranks_of_a_clear_order_leave_no_doubt():
    found = mean_ranks({"good": np.full(9, 0.9), "bad": np.full(9, 0.1), "same": np.full(9, 0.1)})
    assert (found["good"].mean, found["good"].low, found["good"].high) == (1, 1, 1)
    assert found["bad"].mean == found["same"].mean == 2.5
