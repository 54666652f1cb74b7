"""Figures about spread and its price show what their tables say, told apart by more than colour."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys_core.listening.popularity_spread import decile_table, long_tail_table, lorenz_table
from recsys_core.plots.popularity import (
    SERIES,
    decile_figure,
    lorenz_figure,
    popularity_figure,
    tail_figure,
)
from recsys_core.plots.tradeoff import Point, tradeoff_figure

NAMES = {
    "listened": "plays",
    "recommended": "<b>tips</b>",
    "other1": "A",
    "other2": "B",
    "baseline": "charts",
}
COUNTS = {key: np.arange(40.0) ** power for power, key in enumerate(NAMES, start=1)}


def whole(value):
    return f"{value:,.0f}"


def percent(value):
    return f"{100 * value:g}%"


def names_in_legend(figure):
    return [trace.name for trace in figure.data if trace.showlegend is not False]


def test_every_series_differs_from_every_other_in_colour_dash_pattern_and_marker():
    for channel in zip(*SERIES.values(), strict=True):
        assert len(set(channel)) == len(SERIES)


def test_lorenz_curves_are_all_there_beside_equality():
    figure = lorenz_figure(lorenz_table(COUNTS), NAMES, equal="equal", x_title="", y_title="")
    assert names_in_legend(figure) == ["equal", "plays", "&lt;b&gt;tips&lt;/b&gt;", "A", "B", "charts"]
    assert [trace.line.dash for trace in figure.data[1:]] == [SERIES[key].dash for key in NAMES]
    assert all(trace.y[-1] == 1 for trace in figure.data)


def test_every_tenth_has_a_bar_for_each_series():
    table = decile_table(COUNTS, COUNTS["listened"])
    figure = decile_figure(table, NAMES, x_title="", y_title="")
    assert [len(trace.y) for trace in figure.data] == [10] * 5
    assert [trace.marker.pattern.shape for trace in figure.data] == [SERIES[key].pattern for key in NAMES]
    assert figure.layout.yaxis.range[1] > table[list(NAMES)].to_numpy().max()


def test_the_long_tail_has_ticks_in_plain_numbers():
    figure = tail_figure(long_tail_table(COUNTS), NAMES, whole=whole, percent=percent, x_title="", y_title="")
    assert figure.layout.xaxis.type == figure.layout.yaxis.type == "log"
    assert list(figure.layout.xaxis.ticktext) == ["1", "10", "100"]
    assert "1%" in figure.layout.yaxis.ticktext
    assert figure.data[0].hovertext[0].startswith("1: 5%")  # the 39 of 780


def test_a_long_tail_of_nothing_is_drawn_all_the_same():
    nothing = long_tail_table({key: np.zeros(3) for key in NAMES})
    figure = tail_figure(nothing, NAMES, whole=whole, percent=percent, x_title="", y_title="")
    assert len(figure.data) == 5


@pytest.mark.parametrize("values", [{"listened": 86.0, "baseline": 490.0}, {"listened": 0.0}])
def test_bars_of_popularity_carry_their_words(values):
    names = {key: NAMES[key] for key in values}
    figure = popularity_figure(values, names, remarks=dict.fromkeys(values, "so many"), x_title="")
    assert [note.text for note in figure.layout.annotations] == [f"{NAMES[key]}: so many" for key in values]
    assert [trace.x[0] for trace in figure.data] == list(values.values())


@pytest.fixture
def table():
    rows = [
        {"method": method, "strength": strength, "precision": 0.2 - strength / 10, "items": 100 + at,
         "gini": 0.9 - strength / 5}
        for method in ("penalty", "own-taste") for at, strength in enumerate((0.0, 0.5, 1.0))
    ]  # fmt: skip
    return pd.DataFrame(rows)


def drawn(table, axis, chosen):
    return tradeoff_figure(
        table,
        axis=axis,
        methods={"penalty": "penalty", "own-taste": "taste"},
        chosen=chosen,
        chosen_words="here",
        others=[Point("baseline", "charts", 0.08, 19, 0.99)],
        percent=percent,
        amount=whole,
        x_title="",
        y_title="",
    )


@pytest.mark.parametrize("chosen", [("penalty", 0.0), ("own-taste", 0.5)])
def test_the_chosen_point_is_ringed(table, chosen):
    figure = drawn(table, "items", chosen)
    ring = figure.data[-1]
    row = table[(table["method"] == chosen[0]) & (table["strength"] == chosen[1])].iloc[0]
    assert (ring.x[0], ring.y[0]) == (row["items"], row["precision"])
    assert figure.layout.annotations[0].text == "here"
    assert names_in_legend(figure) == ["penalty", "taste", "charts"]


@pytest.mark.parametrize(
    ("axis", "strength", "anchor"),
    [("items", 0.0, "right"), ("items", 1.0, "right"), ("gini", 0.0, "left"), ("gini", 1.0, "right")],
)
def test_the_words_beside_the_ring_stay_inside(table, axis, strength, anchor):
    figure = drawn(table, axis, ("penalty", strength))
    assert figure.layout.annotations[0].xanchor == anchor


def test_more_diverse_is_always_to_the_right(table):
    low, high = drawn(table, "items", ("penalty", 0.0)).layout.xaxis.range
    assert low < 19 < 102 < high
    left, right = drawn(table, "gini", ("penalty", 0.0)).layout.xaxis.range
    assert left > 0.99 > 0.7 > right
