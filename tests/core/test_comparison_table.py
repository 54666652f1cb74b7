"""The table of a comparison: best first, intervals and verdicts from users in pairs."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from recsys_core.comparison.table import (
    RESAMPLES,
    against_best,
    curves_table,
    list_length,
    metric_columns,
    results_table,
)
from recsys_core.statistics import paired_difference
from tests.core.comparison_data import curve, small_comparison


@pytest.fixture(scope="module")
def runs():
    return small_comparison("lightfm-warp", "svd", "random")[1]


def test_rows_are_sorted_by_the_last_test_auc_not_by_the_highest():
    table = results_table({"svd": curve(0.7), "lightfm-warp": curve(0.9, 0.6), "popularity": curve(0.65)})
    assert table["model"].tolist() == ["svd", "popularity", "lightfm-warp"]
    assert table["test_auc"].tolist() == [0.7, 0.65, 0.6]
    assert table["train_auc"].tolist() == pytest.approx([0.8, 0.75, 0.7])


def test_epochs_to_a_share_of_the_best_count_from_one():
    row = results_table({"lightfm-warp": curve(0.5, 0.94, 0.96, 0.985, 1.0, seconds=2)}).iloc[0]
    assert (row["epochs_to_95"], row["seconds_to_95"]) == (3, 6)
    assert (row["epochs_to_99"], row["seconds_to_99"]) == (5, 10)
    assert (row["epochs"], row["fit_seconds"]) == (5, 10)
    assert row["curve"] == [0.5, 0.94, 0.96, 0.985, 1.0]


def test_a_model_that_never_leaves_zero_has_no_epoch_to_tell():
    row = results_table({"lightfm-warp": curve(0.0, 0.0)}).iloc[0]
    assert all(np.isnan(row[f"{what}_to_{share}"]) for what in ("epochs", "seconds") for share in (95, 99))


def test_intervals_and_verdicts_appear_with_the_runs(runs):
    curves = {run.manifest.model: run.curve for run in runs}
    assert "p_value" not in results_table(curves)
    table = results_table(curves, runs)
    assert table["test_auc"].is_monotonic_decreasing
    assert np.isnan(table["p_value"].iloc[0])
    assert (table["vs_best"].iloc[1:] <= 0).all()
    for row in table.itertuples():
        assert row.test_auc_low <= row.test_auc <= row.test_auc_high


def test_the_distance_from_the_best_is_that_of_the_same_users_in_pairs(runs):
    users = {run.manifest.model: run.per_user.query("part == 'test'") for run in runs}
    means = {model: frame["auc"].mean() for model, frame in users.items()}
    best = max(means, key=means.get)
    found = against_best(runs)
    assert set(found) == set(means) - {best}
    for model, difference in found.items():
        paired = users[model].merge(users[best], on="user_id", suffixes=("", "_best"))
        assert len(paired) == len(users[best])
        slow = paired_difference(paired["auc"].to_numpy(), paired["auc_best"].to_numpy(), resamples=RESAMPLES)
        assert astuple(difference) == pytest.approx(astuple(slow))
        assert difference.mean == pytest.approx(means[model] - means[best])


def test_a_model_that_was_stopped_has_a_row_without_an_interval(runs):
    curves = {run.manifest.model: run.curve for run in runs} | {"lightfm-bpr": curve(0.3)}
    table = results_table(curves, runs).set_index("model")
    assert np.isnan(table.loc["lightfm-bpr", "test_auc_low"])


def test_columns_are_named_by_part_with_auc_first():
    frame = curve(0.5)
    assert metric_columns(frame, "test") == [
        "test_auc", "test_precision@10", "test_recall@10", "test_ndcg@10", "test_mrr", "test_map",
    ]  # fmt: skip
    assert metric_columns(frame, "train")[0] == "train_auc"
    assert list_length(frame) == 10


def test_all_curves_fit_into_one_long_table():
    table = curves_table({"svd": curve(0.5), "lightfm-warp": curve(0.6, 0.7)})
    assert table[["model", "epoch", "test_auc"]].to_numpy().tolist() == [
        ["svd", 1, 0.5], ["lightfm-warp", 1, 0.6], ["lightfm-warp", 2, 0.7],
    ]  # fmt: skip
