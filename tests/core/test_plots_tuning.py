"""Figures of a study: what is drawn is what was found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys_core.plots.tuning import heat_map_figure, history_figure, importance_figure, parallel_figure
from recsys_core.tuning import HeatMap

SIZES, RATES = [8, 16], [0.05, 0.1, 0.2]


def grid(best=(16, 0.1)):
    values = pd.DataFrame([[0.1, 0.2, np.nan], [0.3, 0.4, np.nan]], index=SIZES, columns=RATES)
    numbers = pd.DataFrame([[0, 1, -1], [2, 3, -1]], index=SIZES, columns=RATES)
    return HeatMap(values, numbers, best, "auc")


def heat_map(**values):
    return heat_map_figure(
        grid(**values), x_title="rate", y_title="size", value="AUC", waiting="not yet tried"
    )


def test_every_cell_has_its_value_its_trial_and_its_words():
    cells = heat_map().data[0]
    assert np.array_equal(cells.z, grid().values.to_numpy(), equal_nan=True)
    assert cells.text[1][1] == "0.400"
    assert cells.text[0][2] == ""
    assert cells.customdata.tolist() == [[0, 1, -1], [2, 3, -1]]
    assert "rate 0.1<br>size 16<br>AUC 0.4000" in cells.hovertext[1]
    assert "not yet tried" in cells.hovertext[0][2]
    assert (list(cells.x), list(cells.y)) == (["0.05", "0.1", "0.2"], ["8", "16"])


def test_every_cell_can_be_selected_and_leads_to_its_trial():
    cells, marks = heat_map().data
    assert list(zip(marks.y, marks.x, strict=True))[:3] == [("8", "0.05"), ("8", "0.1"), ("8", "0.2")]
    assert list(marks.customdata) == [0, 1, -1, 2, 3, -1]
    assert list(marks.hovertext) == [words for row in cells.hovertext for words in row]
    assert marks.marker.opacity == 0


def test_the_best_cell_is_outlined_once_there_is_one():
    rim, outline = heat_map().layout.shapes
    for one in (rim, outline):
        assert (one.x0, one.x1, one.y0, one.y1) == (0.5, 1.5, 0.5, 1.5)
    assert rim.line.width > outline.line.width
    assert not heat_map(best=None).layout.shapes


HISTORY = pd.DataFrame(
    {
        "trial": [0, 1, 2, 3],
        "state": ["pruned", "complete", "lost", "complete"],
        "value": [0.5, 0.7, np.nan, 0.6],
        "best_so_far": [np.nan, 0.7, 0.7, 0.7],
    }
)
WORDS = {"complete": "finished", "pruned": "given up"}


def test_history_steps_up_and_shows_every_trial_with_a_value():
    figure = history_figure(HISTORY, x_title="trial", y_title="AUC", states=WORDS)
    line, finished, given_up = figure.data
    assert line.line.shape == "hv"
    assert (list(line.x), list(line.y)) == ([2, 3, 4], [0.7] * 3)
    assert (list(finished.x), list(finished.customdata)) == ([2, 4], [1, 3])
    assert (list(given_up.x), given_up.marker.symbol) == ([1], "line-ew-open")
    assert finished.marker.symbol != given_up.marker.symbol


def test_an_empty_history_is_a_figure():
    assert history_figure(HISTORY.iloc[:0], x_title="", y_title="", states=WORDS).data


def test_importances_have_the_largest_on_top():
    table = pd.DataFrame({"parameter": ["rate", "size <k>"], "importance": [0.8, 0.2]})
    (bars,) = importance_figure(table, {"rate": "Learning rate"}, x_title="share").data
    assert list(bars.y) == ["size &lt;k&gt;", "Learning rate"]
    assert list(bars.x) == [0.2, 0.8]
    assert list(bars.text) == ["20%", "80%"]


def settings():
    return pd.DataFrame(
        {
            "trial": [3, 1],
            "schedule": ["adagrad", "adadelta"],
            "rate": [0.01, np.nan],
            "size": [8, 256],
            "rho": [None, 0.9],
            "value": [0.9, 0.8],
        }
    )


@pytest.mark.parametrize("dark", [False, True])
def test_parallel_axes_hold_every_parameter_and_the_value(dark):
    (figure,) = parallel_figure(settings(), {"rate": "Rate"}, value="AUC", dark=dark).data
    axes = {axis.label: axis for axis in figure.dimensions}
    assert list(axes) == ["schedule", "Rate", "size", "rho", "AUC"]
    assert list(axes["AUC"]["values"]) == [0.9, 0.8] == list(figure.line.color)
    assert list(axes["schedule"].ticktext) == ["adadelta", "adagrad"]
    assert list(axes["schedule"]["values"]) == [1, 0]


def test_wide_ranges_go_by_powers_of_ten_and_missing_ones_stand_at_the_foot():
    axes = {axis.label: axis for axis in parallel_figure(settings(), {}, value="AUC").data[0].dimensions}
    assert list(axes["size"]["values"]) == pytest.approx([np.log10(8), np.log10(256)])
    assert (axes["size"].ticktext[0], axes["size"].ticktext[-1]) == ("8", "256")
    for name, row in (("rate", 1), ("rho", 0)):
        axis = axes[name]
        assert axis.ticktext[0] == "–"
        assert axis["values"][row] == axis.tickvals[0] < axis.tickvals[1]
        assert np.isfinite(axis["values"]).all()
