"""When a curve is nearly at its best."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.convergence import Curve, Milestone, first_reaching
from recsys_core.evaluation import Report, UserMetrics


def curve_of(values):
    n = len(values)
    return pd.DataFrame({"epoch": range(1, n + 1), "seconds": np.arange(1, n + 1) / 10, "test_auc": values})


def test_the_first_epoch_at_or_above_the_share_of_the_best():
    curve = curve_of([0.5, 0.94, 0.95, 1.0, 0.2])
    assert first_reaching(curve, 0.95) == Milestone(0.95, 0.95, 3, pytest.approx(0.3))
    assert first_reaching(curve, 0.99).epoch == 4


def test_a_curve_that_never_rises_is_there_at_once():
    assert first_reaching(curve_of([0.7, 0.7, 0.6]), 0.99).epoch == 1


@pytest.mark.parametrize("values", [[0.0, 0.0], [-0.2, -0.1], [np.nan, np.nan], [np.nan, 0.0]])
def test_a_share_of_nothing_is_reached_by_nothing(values):
    assert first_reaching(curve_of(values), 0.95) is None


def test_epochs_without_a_value_reach_nothing():
    assert first_reaching(curve_of([np.nan, 0.5, 1.0]), 0.95).epoch == 3


def test_any_column_may_be_asked_about():
    curve = curve_of([0.5, 1.0]).assign(**{"test_precision@10": [0.2, 0.1]})
    assert first_reaching(curve, 0.95, metric="test_precision@10").epoch == 1


@given(values=st.lists(st.floats(0.01, 1), min_size=1, max_size=30), share=st.floats(0.01, 1))
def test_agrees_with_looking_at_one_epoch_after_another(values, share):
    bar = share * max(values)
    expected = next(epoch for epoch, value in enumerate(values, start=1) if value >= bar)
    assert first_reaching(curve_of(values), share).epoch == expected


def test_a_curve_has_a_row_per_epoch_with_both_parts():
    part = UserMetrics(np.array([0, 1], np.int32), {"auc": np.array([0.5, 1.0])})
    other = UserMetrics(np.array([0], np.int32), {"auc": np.array([0.25])})
    curve = Curve()
    for epoch in (1, 2):
        curve.add(epoch, epoch * 1.5, 0.5, Report(test=part, train=other))
    expected = {"seconds": [1.5, 3.0], "evaluation_seconds": 0.5, "test_auc": 0.75, "train_auc": 0.25}
    pd.testing.assert_frame_equal(curve.to_frame(), pd.DataFrame({"epoch": [1, 2], **expected}))
