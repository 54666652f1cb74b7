"""The figures of the page that teaches: what is drawn, with a second channel beside colour."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys_core.lessons.feedback import DISLIKED, ONE, UNKNOWN
from recsys_core.lessons.score import score_table
from recsys_core.models.timesvd import FAMILIES, held_out_table, planted_ratings
from recsys_core.models.timesvd.courses import (
    course_days,
    courses_of,
    fit_families,
    most_rated,
    ratings_of,
)
from recsys_core.plots.drift import STYLES, changes_figure, courses_figure
from recsys_core.plots.lesson_training import pushes_figure, resume_figure
from recsys_core.plots.lessons import distances_figure, implicit_figure, taste_plane, value_bars
from recsys_core.plots.peeking import false_alarms_figure
from recsys_core.plots.theme import BACKGROUNDS, contrast_ratio

NAMES = {name: f"<{name}>" for name in FAMILIES}


def notes(figure):
    return [note.text for note in figure.layout.annotations]


@pytest.fixture(scope="module")
def planted():
    return planted_ratings(rng=2, n_items=7, ratings_an_item=120)


def test_a_matrix_has_a_number_in_every_cell_and_hatches_dislikes():
    cells = np.array([[ONE, DISLIKED, UNKNOWN], [UNKNOWN, ONE, ONE]])
    words = {ONE: "one", DISLIKED: "low", UNKNOWN: "nobody knows"}
    figure = implicit_figure(cells, ["a", "b"], ["Some long film title", "x", "y"], words=words)
    assert sorted(notes(figure)) == ["<b>0</b>"] * 3 + ["<b>1</b>"] * 3
    by_kind = dict(zip((ONE, DISLIKED, UNKNOWN), figure.data, strict=True))
    assert by_kind[DISLIKED].marker.pattern.shape == "/"
    assert len(by_kind[ONE].x) == 3


def test_the_first_artist_is_a_star():
    figure = taste_plane(score_table(0.5, 0.5), (0.5, 0.5), x_title="x", y_title="y", you="me")
    assert list(figure.data[0].marker.symbol).count("star") == 1
    assert "<b>me</b>" in notes(figure)


def test_pushes_down_are_hatched_and_hearts_stand_at_the_loved():
    pushes, loved = np.array([0.5, -0.5]), np.array([True, False])
    figure = pushes_figure(pushes, loved, words=("up", "down"), limit=1.0)
    assert list(figure.data[0].marker.pattern.shape) == ["", "/"]
    assert list(figure.layout.yaxis.ticktext) == ["1 ♥", "2"]


def test_a_line_stands_where_training_was_resumed():
    curve = pd.DataFrame(
        {"epoch": [1, 2, 3], "call": [1, 1, 2], "train_auc": [0.6, 0.7, 0.8], "test_auc": [0.6, 0.65, 0.7]}
    )
    figure = resume_figure(curve, x_title="x", y_title="y", train="a", test="b", again="resumed")
    assert [line.x0 for line in figure.layout.shapes] == [2.5]
    assert {"a", "b", "resumed"} <= set(notes(figure))


def test_bars_carry_their_values():
    figure = value_bars(
        ["<a>", "b"], [0.25, 0.5], labels=["0.250", "0.500"], chosen=[False, True], x_title="x"
    )
    assert list(figure.data[0].text) == ["0.250", "<b>0.500</b>"]
    assert list(figure.layout.yaxis.ticktext) == ["&lt;a&gt;", "b"]
    assert figure.layout.xaxis.range[0] == 0


def test_distances_are_written_in_their_cells():
    figure = distances_figure(np.array([[0, 0.6], [0.6, 0]]), ["A", "B"])
    assert notes(figure) == ["–", "0.60", "0.60", "–"]


@pytest.mark.parametrize("dark", [False, True])
def test_courses_are_named_at_their_ends_and_can_be_told_apart(planted, dark):
    models = fit_families(planted.ratings)
    figure = courses_figure(
        ratings_of(0, planted.ratings, models["static"]),
        courses_of(0, planted.ratings, models),
        families=list(FAMILIES),
        names=NAMES,
        y_title="stars",
        truth=planted.truth(0, course_days(0, planted.ratings)),
        truth_words="planted",
        dark=dark,
    )
    assert len(figure.data) == 2 + len(FAMILIES)
    assert len(set(STYLES.values())) == len(FAMILIES)
    heights = sorted(note.y for note in figure.layout.annotations)
    assert min(np.diff(heights)) > 0.1
    for note in figure.layout.annotations:
        assert contrast_ratio(note.font.color, BACKGROUNDS[dark]) >= 4.5


def test_one_film_s_ratings_are_in_order_of_time(planted):
    models = fit_families(planted.ratings)
    points = ratings_of(3, planted.ratings, models["static"])
    assert points["date"].is_monotonic_increasing
    assert len(points) == 120
    habit = points["stars"] - points["adjusted"]
    assert abs(habit).max() < 2
    courses = courses_of(3, planted.ratings, models)
    assert courses["static"].max() == courses["static"].min()
    assert courses["date"].iloc[0] == points["date"].iloc[0]


def test_the_most_rated_come_first(planted):
    some = planted.ratings.take(np.r_[0 : len(planted.ratings) - 50])
    counts = np.bincount(some.item_idx, minlength=7)
    order = most_rated(some)
    assert (np.diff(counts[order]) <= 0).all()


def test_changes_stand_left_of_zero_where_a_drift_helps(planted):
    table = held_out_table(planted.ratings, "random")
    figure = changes_figure(table, NAMES, x_title="x")
    marks = [trace for trace in figure.data if trace.mode == "markers"]
    assert [trace.x[0] for trace in marks] == table["change"].tolist()[1:]
    symbols = [trace.marker.symbol for trace in marks]
    assert symbols[0] == "triangle-left"


def test_two_lines_and_what_was_promised():
    table = pd.DataFrame(
        {"look": [1, 2], "users": [100, 200], "one_look": [0.05, 0.1], "any_time": [0.0, 0.01]}
    )
    figure = false_alarms_figure(
        table, x_title="x", y_title="y", one_look="once", any_time="always", promised="5 %"
    )
    assert [list(trace.y) for trace in figure.data] == [[5.0, 10.0], [0.0, 1.0]]
    assert {"once", "always", "5 %"} == set(notes(figure))
    assert figure.layout.shapes[0].y0 == 5
