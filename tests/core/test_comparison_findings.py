"""Who leads, since when, and what is still to come."""

from __future__ import annotations

import numpy as np
import pytest

from recsys_core.comparison.findings import lead, share_of_best, trend
from tests.core.comparison_data import curve


def test_the_leader_is_the_one_that_ends_highest():
    found = lead({"svd": curve(0.7), "lightfm-warp": curve(0.6, 0.8)}, "test_auc")
    assert (found.model, found.value, found.runner_up, found.runner_up_value) == (
        "lightfm-warp", 0.8, "svd", 0.7,
    )  # fmt: skip


def test_since_is_the_first_epoch_after_the_last_one_behind():
    curves = {"lightfm-warp": curve(0.5, 0.8, 0.6, 0.9), "lightfm-bpr": curve(0.4, 0.7, 0.7, 0.7)}
    assert lead(curves, "test_auc").since == 4


def test_a_curve_that_has_ended_keeps_its_last_value():
    curves = {"lightfm-warp": curve(0.5, 0.6, 0.8), "svd": curve(0.7)}
    assert lead(curves, "test_auc").since == 3


def test_nobody_is_ahead_before_having_started():
    curves = {"lightfm-warp": curve(0.9, 0.9, seconds=2), "svd": curve(0.7, seconds=0.5)}
    assert lead(curves, "test_auc", x="seconds").since == 2


def test_one_curve_alone_leads_from_the_start():
    found = lead({"svd": curve(0.7)}, "test_auc")
    assert (found.since, found.runner_up) == (1, None)


def test_nobody_leads_by_a_hair():
    assert lead({"svd": curve(0.800), "lightfm-bpr": curve(0.801)}, "test_auc").level
    assert not lead({"svd": curve(0.800), "lightfm-bpr": curve(0.81)}, "test_auc").level
    assert not lead({"svd": curve(0.800)}, "test_auc").level


def test_no_curve_at_all_is_an_error():
    with pytest.raises(ValueError, match="no curve"):
        lead({}, "test_auc")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.5, 0.6, 0.7, 0.8], "gaining"),
        ([0.5, 0.8, 0.8, 0.801], "level"),
        ([0.5, 0.9, 0.85, 0.8], "falling"),
        ([0.5], "level"),
        ([0.0, 0.0], "level"),
    ],
)
def test_the_trend_is_that_of_the_last_quarter(values, expected):
    assert trend(np.array(values)) == expected


def test_the_share_of_the_best_compares_last_values():
    assert share_of_best({"popularity": curve(0.6), "svd": curve(0.9, 0.8)}, "popularity") == 0.6 / 0.8
