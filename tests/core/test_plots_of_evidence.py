"""Figures of the evidence: the front, names beside points, a line per model over segments."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys_core.models.registry import MODELS
from recsys_core.plots.convergence import Words
from recsys_core.plots.model_points import model_points_figure
from recsys_core.plots.segments import segments_figure
from recsys_core.plots.theme import style_of
from recsys_core.plots.time_quality import SHORTEST, time_quality_figure
from tests.core.comparison_data import curve

NAMES = {name: name for name in MODELS}
WORDS = Words(NAMES, NAMES, "s", "y", "", "95%", "99%", "base")


def test_the_front_is_drawn_first_over_the_logarithm_of_seconds():
    curves = {"popularity": curve(0.5, seconds=0.0), "als": curve(0.7, 0.9, seconds=10), "svd": curve(0.8)}
    figure = time_quality_figure(curves, WORDS, metric="auc", front="front")
    front = figure.data[0]
    assert front.name == "front"
    assert 10 ** np.array(front.x) == pytest.approx([SHORTEST, 1, 20, 20])
    assert list(front.y) == [0.5, 0.8, 0.9, 0.9]
    assert 10 ** figure.layout.xaxis.tickvals[3] == pytest.approx(float(figure.layout.xaxis.ticktext[3]))


def test_a_model_quicker_than_the_axis_is_drawn_at_its_start():
    figure = time_quality_figure(
        {"popularity": curve(0.5, seconds=0.0), "svd": curve(0.8, seconds=1e-5)},
        WORDS,
        metric="auc",
        front="f",
    )
    assert min(min(line.x) for line in figure.data) == pytest.approx(np.log10(SHORTEST))


@pytest.mark.parametrize("dark", [False, True])
def test_all_models_are_points_in_their_own_style_with_a_name_inside_the_figure(dark):
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {"model": list(MODELS), "x": rng.random(len(MODELS)), "y": rng.random(len(MODELS)), "on_front": False}
    )
    figure = model_points_figure(
        table, x="x", y="y", names=NAMES, x_title="x", y_title="y", front="front", dark=dark
    )
    assert [point.marker.symbol for point in figure.data[1:]] == [style_of(name).symbol for name in MODELS]
    assert len(figure.layout.annotations) == len(MODELS)


def test_names_of_distant_points_do_not_move():
    table = pd.DataFrame({"model": ["als", "svd"], "x": [0.0, 1.0], "y": [0.0, 1.0], "on_front": True})
    figure = model_points_figure(table, x="x", y="y", names=NAMES, x_title="", y_title="")
    assert figure.layout.annotations[0].xanchor == "left"
    assert len(figure.data) == 2, "without a word for it there is no front"


def segment_rows(model, *means):
    return [
        {
            "model": model,
            "segment": part,
            "metric": "auc",
            "mean": mean,
            "low": mean - 0.1,
            "high": mean + 0.1,
            "n": 9,
        }
        for part, mean in zip(("light", "medium", "heavy"), means, strict=True)
    ]


def test_a_model_is_a_line_over_the_segments_with_intervals_while_they_are_few():
    table = pd.DataFrame(segment_rows("als", 0.5, 0.6, 0.7) + segment_rows("svd", 0.4, 0.5, np.nan))
    segments = {"light": "Light", "medium": "Medium", "heavy": "Heavy"}
    figure = segments_figure(
        table, metric="auc", segments=segments, names=NAMES, models=["als", "svd"], y_title="AUC"
    )
    assert list(figure.data[0].x) == ["Light", "Medium", "Heavy"]
    assert list(figure.data[0].y) == [0.5, 0.6, 0.7]
    assert figure.data[0].line.dash == style_of("als").dash
    assert figure.data[0].error_y.visible
    low, high = figure.layout.yaxis.range
    assert low < 0.3
    assert high > 0.8
