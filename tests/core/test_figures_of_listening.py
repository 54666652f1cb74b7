"""Figures show what their tables say, all of it, and never run names as markup."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys_core.listening.popularity_shift import PopularityShift
from recsys_core.plots.charts import facing_charts
from recsys_core.plots.datasets import corner_figure, long_tail_figure, scaling_figure
from recsys_core.plots.labels import MAX_LENGTH, shortened
from recsys_core.plots.preferences import listening_figure
from recsys_core.plots.theme import LISTENING, RECOMMENDATIONS

whole = "{:,.0f}".format


@pytest.fixture
def shift():
    names = np.array([f"artist {at}" for at in range(30)], dtype=object)
    names[0] = "<b>Bold</b> & Sons"
    counts = np.arange(60, 0, -2.0)
    return PopularityShift(names, np.arange(30), counts, np.where(np.arange(30) % 2, 0.0, counts))


def annotations(figure):
    return [note.text for note in figure.layout.annotations]


def test_a_long_name_is_cut_and_a_short_one_is_not():
    assert len(shortened("x" * 100)) == MAX_LENGTH
    assert shortened("Air") == "Air"
    assert shortened("two  spaces\nand a line") == "two spaces and a line"


def test_a_listeners_bars_say_the_plays_and_stripe_what_was_hidden():
    truth = pd.DataFrame(
        {"name": ["U2", "Air", "<i>"], "weight": [1000.0, 10.0, 1.0], "held_out": [False, True, False]}
    )
    bars = listening_figure(truth, amount=whole, x_title="plays", hidden="hidden").data[0]
    assert list(bars.text) == ["1", "10", "1,000"]  # drawn bottom up
    assert list(bars.marker.pattern.shape) == ["", "/", ""]
    assert "hidden" in bars.hovertext[1]
    assert "hidden" not in bars.hovertext[2]
    assert bars.hovertext[0].startswith("&lt;i&gt;")
    assert bars.marker.color == LISTENING


def test_on_a_log_scale_dots_stand_in_for_bars_and_hollow_ones_were_hidden():
    truth = pd.DataFrame({"name": ["U2", "Air"], "weight": [1000.0, 10.0], "held_out": [False, True]})
    figure = listening_figure(truth, amount=whole, x_title="plays", hidden="hidden", log=True)
    (dots,) = figure.data
    assert dots.type == "scatter"
    assert list(dots.marker.symbol) == ["circle-open", "circle"]
    assert list(dots.text) == ["10", "1,000"]


@pytest.mark.parametrize("weights", [[1.0], [0.5, 0.25], [7.0, 7.0], [3.0, 2.0]])
def test_an_axis_in_steps_of_ten_has_a_step_to_show(weights):
    truth = pd.DataFrame({"name": "A", "weight": weights, "held_out": False})
    figure = listening_figure(truth, amount=whole, x_title="plays", hidden="hidden", log=True)
    low, high = figure.layout.xaxis.range
    assert np.ceil(low) <= high


@pytest.mark.parametrize("weights", [[1.0], [0.5, 0.25], [7.0, 7.0]])
def test_bars_can_be_seen_whatever_the_weights(weights):
    truth = pd.DataFrame({"name": "A", "weight": weights, "held_out": False})
    figure = listening_figure(truth, amount=whole, x_title="plays", hidden="hidden", log=True)
    low, high = figure.layout.xaxis.range
    assert low < min(np.log10(weights))
    assert high > max(np.log10(weights))


def test_facing_charts_name_ten_on_each_side_and_join_those_on_both(shift):
    figure = facing_charts(shift.top(10), heads=("listeners", "in a top 5"), amount=whole)
    listened, recommended, lines = figure.data
    assert (listened.marker.color, recommended.marker.color) == (LISTENING, RECOMMENDATIONS)
    assert len(listened.x) == len(recommended.x) == 10
    assert sum(x is None for x in lines.x) == shift.in_both(10) == 5
    words = annotations(figure)
    assert "1  &lt;b&gt;Bold&lt;/b&gt; &amp; Sons" in words
    assert len(words) == 10 + 10 + 2


def test_a_line_ends_at_the_ranks_on_both_sides(shift):
    lines = facing_charts(shift.top(10), heads=("", ""), amount=whole).data[2]
    ends = [(lines.y[at], lines.y[at + 1]) for at in range(0, len(lines.y), 3)]
    assert ends == [(1, 1), (3, 2), (5, 3), (7, 4), (9, 5)]


def test_charts_without_any_recommendation_are_drawn_all_the_same(shift):
    nothing = PopularityShift(shift.names, shift.item_ids, shift.listened, np.zeros(30))
    assert len(facing_charts(nothing.top(10), heads=("", ""), amount=whole).data[1].x) == 0


def test_the_long_tail_writes_every_count():
    tail = pd.DataFrame({"low": [1, 2, 3], "high": [1, 2, 1005], "items": [1200, 5, 0]})
    figure = long_tail_figure(tail, whole=whole, x_title="artists", y_title="listeners")
    assert list(figure.data[0].text) == ["1,200", "5", "0"]
    assert list(figure.layout.yaxis.ticktext) == ["1", "2", "3–1,005"]


def test_each_scaling_has_a_panel_in_the_order_asked_for():
    slices = pd.DataFrame(
        {
            "scaling": ["a", "a", "b", "b"],
            "low": [0, 0.5] * 2,
            "high": [0.5, 1] * 2,
            "share": [1, 0, 0.4, 0.6],
        }
    )
    figure = scaling_figure(slices, names={"b": "second", "a": "first"}, x_title="")
    assert [list(trace.y) for trace in figure.data] == [[0.4, 0.6], [1, 0]]
    assert annotations(figure) == ["<b>second</b>", "<b>first</b>"]


def test_both_matrices_show_their_own_cells_and_the_others_in_grey():
    train, test = np.array([[True, False, False]]), np.array([[False, True, False]])
    first, second = corner_figure(train, test, names=("train", "test")).data
    assert first.z.tolist() == [[2, 1, 0]]
    assert second.z.tolist() == [[1, 2, 0]]
