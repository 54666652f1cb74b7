"""The figures of an experiment say what the tables say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys_core.plots.experiment import effect_intervals, effect_over_time

EFFECTS = pd.DataFrame(
    {
        "metric": ["time", "sessions", "latency"],
        "effect": [0.77, -0.012, -0.3],
        "low": [0.67, -0.039, np.nan],
        "high": [0.87, 0.015, np.nan],
        "always_low": [0.6, -0.06, np.nan],
        "always_high": [0.94, 0.04, np.nan],
    }
)
NAMES = {"time": "Listening <time>", "sessions": "Sessions", "latency": "Latency"}
COURSE = pd.DataFrame(
    {
        "sessions": [10, 200, 400, 800, 1600],
        "effect": [2.0, 0.5, 0.7, 0.8, 0.77],
        "low": [np.nan, 0.1, 0.5, 0.65, 0.67],
        "high": [np.nan, 0.9, 0.9, 0.95, 0.87],
        "always_low": [-np.inf, -np.inf, 0.3, 0.55, 0.6],
        "always_high": [np.inf, np.inf, 1.1, 1.05, 0.94],
    }
)
WORDS = {"fixed_words": "one look", "always_words": "any time"}


@pytest.mark.parametrize("dark", [False, True])
def test_a_row_per_metric_with_both_intervals(dark):
    figure = effect_intervals(EFFECTS, names=NAMES, x_title="Effect", dark=dark, **WORDS)
    marks = [trace for trace in figure.data if trace.mode == "markers"]
    assert [mark.x[0] for mark in marks] == pytest.approx([77, -1.2, -30])
    assert [mark.marker.symbol for mark in marks] == ["triangle-up", "circle", "circle"]
    lines = [tuple(trace.x) for trace in figure.data if trace.mode == "lines"]
    assert lines == [pytest.approx(ends) for ends in ((60, 94), (67, 87), (-6, 4), (-3.9, 1.5))]
    assert figure.layout.yaxis.ticktext == ("Listening &lt;time&gt;", "Sessions", "Latency")
    assert figure.layout.xaxis.range[0] < -30
    assert figure.layout.xaxis.range[1] > 94
    assert "?" in marks[2].hovertemplate


@pytest.mark.parametrize("dark", [False, True])
def test_the_band_shrinks_and_what_has_no_interval_is_not_drawn(dark):
    figure = effect_over_time(COURSE, x_title="Sessions", y_title="Effect", dark=dark, **WORDS)
    effect = figure.data[-1]
    assert list(effect.x) == [200, 400, 800, 1600]
    assert list(effect.y) == pytest.approx([50, 70, 80, 77])
    outer_low, outer_high, inner_low, inner_high = figure.data[:4]
    assert list(outer_low.x) == [400, 800, 1600]
    assert (outer_high.y[-1], inner_high.y[-1]) == pytest.approx((94, 87))
    assert {one.text for one in figure.layout.annotations} == {"one look", "any time"}
    assert len(inner_low.x) == 4


def test_no_sessions_yet_is_an_empty_figure():
    figure = effect_over_time(COURSE.iloc[:1], x_title="Sessions", y_title="Effect", **WORDS)
    assert len(figure.data[-1].x) == 0


def test_green_is_for_the_better():
    worse = EFFECTS.iloc[:1]
    colours = [
        effect_intervals(worse, names=NAMES, x_title="", less_is_better=less, **WORDS).data[-1].marker.color
        for less in ((), {"time"})
    ]
    assert colours[0] != colours[1]
