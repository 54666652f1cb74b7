"""Figures about films: what they draw is what the tables hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys_core.movies.chart import chart
from recsys_core.movies.content import ContentModel, FilmTexts
from recsys_core.movies.loaders.demo import load_demo_movies
from recsys_core.movies.reason_groups import GROUP_ORDER, grouped
from recsys_core.plots.movies import Line, chart_figure, reason_figure, sizes_figure

DEMO = load_demo_movies()
NAMES = {group: group for group in GROUP_ORDER}


@pytest.mark.parametrize("dark", [False, True])
def test_the_pieces_of_a_bar_are_the_groups_of_reasons(dark):
    groups = grouped(ContentModel(FilmTexts(DEMO)).similar_movies(1, 5))
    figure = reason_figure(groups, names=NAMES, percent=str, dark=dark)
    bars = {bar.name: bar for bar in figure.data if bar.type == "bar"}
    assert set(bars) == {name for name in GROUP_ORDER if groups[name].any()}
    for name, bar in bars.items():
        assert list(bar.x) == groups[name].tolist()[::-1], "the first film is on top"
    assert len({(bar.marker.color, bar.marker.pattern.shape) for bar in bars.values()}) == len(bars)


def test_titles_are_shown_letter_by_letter():
    groups = pd.DataFrame({"rank": [1], "title": ["<b>A & B</b>"], **{name: [0.1] for name in GROUP_ORDER}})
    figure = reason_figure(groups, names=NAMES, percent=str)
    assert figure.layout.yaxis.ticktext == ("&lt;b&gt;A &amp; B&lt;/b&gt;",)


def test_a_chart_draws_mean_votes_and_weighted_ratings():
    made = chart(DEMO, 8)
    figure = chart_figure(
        made.table,
        made.scale.mean_vote,
        number=str,
        names=("mean", "weighted"),
        mean_words="C",
        x_title="vote",
    )
    drawn = {trace.name: list(trace.x) for trace in figure.data if trace.mode == "markers"}
    assert drawn["mean"] == made.table["vote_average"].tolist()[::-1]
    assert drawn["weighted"] == made.table["score"].tolist()[::-1]
    low, high = figure.layout.xaxis.range
    assert low < min(made.scale.mean_vote, *drawn["mean"], *drawn["weighted"])
    assert max(*drawn["mean"], *drawn["weighted"]) < high


@pytest.mark.parametrize("log", [False, True])
def test_ends_of_lines_are_named_apart_and_inside(log):
    table = pd.DataFrame({"components": [50, 100], "a": [0.1, 0.5], "b": [0.1, 0.501]})
    lines = [Line("a", "one", "#0072B2", "solid", "circle"), Line("b", "two", "#D55E00", "dash", "x")]
    figure = sizes_figure(
        table, lines, level=(0.8, "enough"), write=str, x_title="size", y_title="share", log=log
    )
    low, high = figure.layout.yaxis.range
    named = {one.text: one.y for one in figure.layout.annotations}
    assert abs(named["one"] - named["two"]) >= 0.07 * (high - low)
    assert all(low <= named[name] <= high for name in ("one", "two"))
    level = np.log10(0.8) if log else 0.8
    assert low <= level <= high
    assert named["enough"] == pytest.approx(level)


def test_films_of_one_series_keep_names_of_their_own():
    series = ["The Two Towers", "The Return of the King", "The Fellowship of the Ring"]
    table = pd.DataFrame(
        {
            "title": [f"The Lord of the Rings: {one}" for one in series] + ["Heat", "Heat"],
            "vote_average": [8.0, 8.1, 8.2, 7.0, 6.0],
            "score": [7.0, 7.1, 7.2, 6.5, 6.0],
        }
    )
    drawn = chart_figure(table, 6.0, number=str, names=("mean", "rating"), mean_words="C", x_title="vote")
    shown = drawn.layout.yaxis.ticktext
    assert len(set(shown[2:])) == 3
    assert [name[-5:] for name in shown[2:]] == [" Ring", " King", "owers"]
    assert all(len(name) <= 26 for name in shown)
    assert list(shown[:2]) == ["Heat", "Heat"], "remakes have nothing to keep apart but their year"
