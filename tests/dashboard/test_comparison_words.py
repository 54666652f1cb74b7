"""Sentences of a comparison, from numbers chosen by hand."""

from __future__ import annotations

import math

import pytest

from recsys_core.comparison.table import results_table
from recsys_dashboard.comparison.words import (
    finding,
    metric_name,
    milestone_sentence,
    p_words,
    roughly,
    sentences,
    settings_line,
    source_line,
    verdict,
    with_names,
)
from tests.core.comparison_data import curve, small_comparison

BASE = {"popularity": curve(0.7)}
WARP, BPR = "lightfm-warp", "lightfm-bpr"


@pytest.mark.parametrize(
    ("curves", "live", "expected"),
    [
        ({}, False, "The baseline is in; the models follow"),
        ({"svd": curve(0.8)}, False, "SVD reaches AUC 0.800"),
        ({WARP: curve(0.8, 0.9)}, True, "WARP is at AUC 0.900 so far"),
        ({WARP: curve(0.8, 0.9)}, False, "WARP reaches AUC 0.900 and is still gaining"),
        (
            {WARP: curve(0.7, 0.9, 0.9), BPR: curve(0.8, 0.8)},
            False,
            "WARP leads by AUC from epoch 2 on and has levelled off",
        ),
        (
            {WARP: curve(0.95, 0.9), BPR: curve(0.8)},
            False,
            "WARP leads by AUC from the start but was best at epoch 1",
        ),
        ({WARP: curve(0.9), BPR: curve(0.9)}, False, "WARP and BPR are level by AUC"),
    ],
)  # fmt: skip
def test_the_title_says_what_there_is_to_see(curves, live, expected):
    assert finding(BASE | curves, "auc", "epoch", live=live) == expected


def test_over_time_the_lead_is_told_in_seconds():
    curves = {WARP: curve(0.7, 0.9, seconds=3), BPR: curve(0.8)}
    assert "after 6.0 s of training" in finding(curves, "recall@10", "seconds", live=False)


def test_verdicts_are_words():
    assert verdict(math.nan, math.nan) == "best"
    assert verdict(-0.03, 0.0004) == "behind"
    assert verdict(-0.001, 0.2) == "could be luck"
    assert p_words(0.012) == "p = 0.012"


def test_loved_artists_popularity_and_speed_are_told_in_sentences():
    curves = {"popularity": curve(0.6), WARP: curve(0.5, 0.79, 0.8)}
    loved, popular, speed = sentences(curves, results_table(curves))
    assert "Of 10 suggestions by WARP, 8.0 were really listened to" in loved
    assert "gives 6.0" in loved
    assert "reaches 75% of the best AUC (0.600 of 0.800)" in popular
    assert "95% of its best AUC after 2 epochs (2.0 s) and 99% after 3 epochs (3.0 s)" in speed


def test_a_model_without_any_hit_is_said_to_have_none():
    curves = {"popularity": curve(0.0), WARP: curve(0.0, 0.0)}
    assert milestone_sentence(results_table(curves).iloc[1]).startswith("WARP has no test AUC above 0")
    assert len(sentences(curves, results_table(curves))) == 1  # of loved artists, and of no share of nothing


def test_a_rival_with_the_better_top_of_the_list_is_named():
    rival = curve(0.7)
    rival["test_precision@10"] = 0.9
    curves = {"popularity": curve(0.6), "svd": rival, WARP: curve(0.8)}
    assert "For the first 10 suggestions alone SVD is better (9.0 really listened to)" in sentences(
        curves, results_table(curves)
    )[-1]  # fmt: skip


def test_the_lead_of_real_runs_comes_first_with_its_interval():
    runs = small_comparison(WARP, "svd")[1]
    curves = {run.manifest.model: run.curve for run in runs}
    first = sentences(curves, results_table(curves, runs))[0]
    assert "95% interval" in first
    assert "could be luck" in first


def test_every_figure_names_data_protocol_share_seed_and_settings():
    manifests = tuple(run.manifest for run in small_comparison(WARP, "svd")[1])
    line = source_line(manifests[0])
    assert "Random, all, 20% held out · seed 42" in line
    assert settings_line(manifests) == "3 epochs · k = 10 · learning rate 0.05"


def test_names_and_forecasts_are_those_of_people():
    assert metric_name("precision@5") == "Precision@5"
    assert with_names("lightfm-warp-kos and lightfm-warp, not svd2") == "k-OS WARP and WARP, not svd2"
    assert [roughly(time) for time in (0.2, 4.2, 200)] == ["1 s", "5 s", "3 min 20 s"]
