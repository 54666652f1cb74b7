"""One planned duel, models measured against a pinned one, settings of the past and those tuned."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys_core.comparison import ComparisonRequest
from recsys_core.comparison.history import differences, settings_used
from recsys_core.comparison.past import past_comparisons
from recsys_core.comparison.quality_in_time import best_against
from recsys_core.comparison.rivals import LIGHTFM, lightfm_against_svd
from recsys_core.comparison.table import pinned, results_table
from recsys_core.models.registry import MODELS, create_model
from recsys_core.models.tuned import as_tuned, tuned_settings
from recsys_core.statistics import differences_of_pairs, paired_difference
from tests.core.comparison_data import curve, small_comparison


def test_the_best_lightfm_meets_svd_on_the_same_users():
    runs = small_comparison("lightfm-warp", "lightfm-bpr", "svd")[1]
    found = lightfm_against_svd(runs, "auc")
    means = {run.manifest.model: run.manifest.metrics["test"]["auc"]["mean"] for run in runs}
    assert found.first == max((name for name in means if name in LIGHTFM), key=means.get)
    assert found.second == "svd"
    assert found.difference.mean == pytest.approx(means[found.first] - means["svd"])
    assert found.n_users == runs[0].manifest.n_test_users


def test_without_either_there_is_no_duel():
    assert lightfm_against_svd(small_comparison("svd")[1], "auc") is None
    assert lightfm_against_svd(small_comparison("lightfm-warp")[1], "auc") is None


def test_all_pairs_from_one_set_of_draws_are_the_pairs_one_by_one():
    values = dict(zip("abc", np.random.default_rng(3).normal(size=(3, 40)), strict=True))
    found = differences_of_pairs(values, resamples=300)
    assert list(found) == [("a", "b"), ("a", "c"), ("b", "c")]
    for (one, other), pair in found.items():
        alone = paired_difference(values[one], values[other], resamples=300)
        assert pair.mean == pytest.approx(alone.mean)
        assert (pair.low, pair.high) == (pytest.approx(alone.low), pytest.approx(alone.high))
        assert pair.p_value == pytest.approx(alone.p_value)


def test_the_pinned_model_stands_first_and_all_are_measured_against_it():
    table = results_table({"popularity": curve(0.7), "svd": curve(0.9), "als": curve(0.8)})
    shown = pinned(table, "als")
    assert shown["model"].tolist() == ["als", "svd", "popularity"]
    assert shown["vs_pinned"].tolist() == pytest.approx([0.0, 0.1, -0.1])


def test_on_the_front_of_breadth_stands_who_is_not_beaten_on_both():
    lists = pd.DataFrame({"model": ["a", "b", "c"], "coverage": [0.1, 0.3, 0.2], "popularity": [5, 9, 9.5]})
    verdicts = pd.DataFrame({"model": ["a", "b", "c"], "mean": [0.9, 0.8, 0.7]})
    assert best_against(lists, verdicts, "coverage")["on_front"].tolist() == [True, True, False]
    assert best_against(lists, verdicts, "popularity")["on_front"].tolist() == [True, False, False]


def test_past_comparisons_tell_only_the_settings_in_which_they_differ():
    short, long = (small_comparison("lightfm-warp", "svd", epochs=epochs)[1] for epochs in (2, 3))
    pasts = [
        past_comparisons(run.manifest for run in runs)[0].__class__(name, tuple(run.manifest for run in runs))
        for name, runs in (("short", short), ("long", long))
    ]
    assert differences(pasts) == {"short": {"epochs": 2}, "long": {"epochs": 3}}
    used = settings_used(pasts[0].manifests)
    assert (used["seed"], used["list_length"], used["embedding_size"]) == (42, 10, 10)


def test_settings_of_models_that_differ_stand_side_by_side():
    runs = small_comparison("lightfm-hybrid", "svd", epochs=1)[1]
    manifests = tuple(run.manifest for run in runs)
    sizes = {one.parameters["embedding_size"] for one in manifests if one.parameters}
    used = settings_used(manifests)["embedding_size"]
    assert set(used if isinstance(used, tuple) else (used,)) == sizes


def test_every_model_has_tuned_settings_that_it_accepts():
    assert set(tuned_settings()) == set(MODELS)
    for name, tuned in tuned_settings().items():
        assert create_model(name, tuned.parameters).settings.to_dict() == tuned.parameters


def test_a_request_as_tuned_leaves_untuned_models_to_the_common_settings():
    models = ("lightfm-warp", "lightfm-bpr", "ease")
    request = ComparisonRequest.from_dict({"models": models, "epochs": 7, **as_tuned(models, seed=5)})
    warp, bpr = request.parameters("lightfm-warp"), request.parameters("lightfm-bpr")
    assert (warp["embedding_size"], warp["seed"], request.epochs_for("lightfm-warp")) == (128, 5, 46)
    assert (bpr["embedding_size"], request.epochs_for("lightfm-bpr")) == (10, 7)
    assert request.parameters("ease")["values"] == "log"
    assert request.epochs_for("ease") == 1
