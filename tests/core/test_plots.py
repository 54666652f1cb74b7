"""Figures of a comparison: what is drawn, in which style, and that no label covers another."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.models.registry import MODELS
from recsys_core.plots.convergence import Words, convergence_figure
from recsys_core.plots.frame import frame_of
from recsys_core.plots.placing import Box, beside_level, least_crowded, spread
from recsys_core.plots.theme import BACKGROUNDS, MODEL_STYLES, contrast_ratio, readable
from tests.core.comparison_data import curve

NAMES = {model: f"<{model}>" for model in MODELS}
WORDS = Words(
    models=NAMES,
    below={model: f"{model} below" for model in MODELS},
    x="epoch",
    y="AUC",
    hover="%{y}",
    near_best="near the best",
    nearly_best="nearly the best",
    baseline="popular",
    source="where from",
)
CURVES = {
    "popularity": curve(0.78),
    "lightfm-warp": curve(0.80, 0.85, 0.86, 0.87),
    "lightfm-bpr": curve(0.50, 0.70, 0.79, 0.80),
    "svd": curve(0.84),
}


def drawn(figure, name):
    return next(trace for trace in figure.data if trace.name == NAMES[name])


def labels(figure):
    return {note.text: note for note in figure.layout.annotations}


# ---- styles ------------------------------------------------------------------------------


def test_every_model_has_a_style_of_its_own_even_without_colour():
    """Ten colours tell ten models apart, not two dozen: those of one colour differ in dash and marker."""
    assert set(MODEL_STYLES) == set(MODELS)
    styles = list(MODEL_STYLES.values())
    assert max(Counter(style.colour for style in styles).values()) <= 3
    assert len({(style.dash, style.symbol) for style in styles}) == len(styles)
    assert len({(style.colour, style.dash) for style in styles}) == len(styles)


@pytest.mark.parametrize("dark", [False, True])
def test_labels_in_model_colours_can_be_read_on_both_themes(dark):
    for style in MODEL_STYLES.values():
        assert contrast_ratio(readable(style.colour, dark=dark), BACKGROUNDS[dark]) >= 4.5


def test_contrast_is_that_of_the_standard():
    assert contrast_ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast_ratio("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert readable("#000000") == "#000000"


# ---- lines -------------------------------------------------------------------------------


def test_each_model_but_the_baseline_is_a_line_through_its_own_values_in_its_own_style():
    figure = convergence_figure(CURVES, WORDS)
    assert {trace.name for trace in figure.data if trace.name} == {NAMES[m] for m in CURVES} - {
        NAMES["popularity"]
    }
    line = drawn(figure, "lightfm-bpr")
    assert list(line.x) == [1, 2, 3, 4]
    assert list(line.y) == [0.50, 0.70, 0.79, 0.80]
    assert (line.line.color, line.line.dash) == MODEL_STYLES["lightfm-bpr"][:2]


def test_seconds_are_an_axis_too_and_other_metrics_other_lines():
    slow = {**CURVES, "lightfm-warp": curve(0.8, 0.9, seconds=7)}
    figure = convergence_figure(slow, WORDS, metric="precision@10", x="seconds")
    assert list(drawn(figure, "lightfm-warp").x) == [7, 14]


def test_a_star_marks_the_best_epoch_only():
    figure = convergence_figure({**CURVES, "lightfm-warp": curve(0.8, 0.9, 0.85)}, WORDS)
    assert [symbol == "star" for symbol in drawn(figure, "lightfm-warp").marker.symbol] == [
        False,
        True,
        False,
    ]
    assert "star" not in drawn(figure, "svd").marker.symbol


def test_a_finished_line_goes_on_level_to_the_edge_and_an_unfinished_one_does_not():
    def continuations(**options):
        figure = convergence_figure(CURVES, WORDS, epochs=10, **options)
        return [trace for trace in figure.data if trace.name is None]

    assert len(continuations()) == 3
    assert all(list(trace.x) in ([4, 10], [1, 10]) for trace in continuations())
    assert len(continuations(unfinished={"lightfm-bpr"})) == 2


def test_training_lines_are_thin_and_only_there_when_asked_for():
    figure = convergence_figure(CURVES, WORDS, training=True)
    thin = [trace for trace in figure.data if trace.name is None and trace.line.width == 1]
    assert len(thin) == 3
    assert any(np.allclose(trace.y, np.array([0.50, 0.70, 0.79, 0.80]) + 0.1) for trace in thin)


def test_level_lines_are_at_the_baseline_and_at_95_percent_of_the_best():
    figure = convergence_figure(CURVES, WORDS)
    assert sorted(shape.y0 for shape in figure.layout.shapes) == [0.78, 0.95 * 0.87, 0.99 * 0.87]
    assert labels(figure)["popular"].y == 0.78
    assert labels(figure)["near the best"].y == 0.95 * 0.87
    alone = convergence_figure({"svd": curve(0.84)}, WORDS)
    assert "popular" not in labels(alone)


def test_the_figure_says_where_it_comes_from_and_has_no_legend():
    figure = convergence_figure(CURVES, WORDS)
    assert "where from" in labels(figure)
    assert figure.layout.showlegend is False
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("epoch", "AUC")


def test_the_baseline_alone_is_a_figure_too():
    assert not convergence_figure({"popularity": curve(0.78)}, WORDS).data


# ---- frame -------------------------------------------------------------------------------


def test_the_frame_holds_the_end_of_every_curve_but_not_chance():
    frame = frame_of({**CURVES, "random": curve(0.5)}, "auc", "epoch")
    assert frame.y_low < 0.78 < 0.87 < frame.y_high
    assert frame.y_low > 0.5
    figure = convergence_figure({**CURVES, "random": curve(0.5)}, WORDS)
    assert "<b>random below</b>" in labels(figure)


def test_a_live_line_grows_into_a_frame_that_stands_still():
    early = frame_of({"lightfm-warp": curve(0.8)}, "auc", "epoch", epochs=20)
    late = frame_of({"lightfm-warp": curve(*[0.8] * 20)}, "auc", "epoch", epochs=20)
    assert early == late
    assert (early.x_low, early.x_high) == (1, 20)


def test_a_frame_of_equal_values_still_has_a_height():
    frame = frame_of({"svd": curve(0.0)}, "auc", "epoch")
    assert frame.y_low < frame.y_high
    assert frame.x_low < frame.x_high


# ---- labels ------------------------------------------------------------------------------

heights = st.lists(st.floats(0, 340), min_size=1, max_size=12).map(np.array)


@given(heights)
def test_labels_keep_their_distance_their_order_and_the_frame(wanted):
    placed = spread(wanted, 16, 0, 340)
    order = np.argsort(wanted, kind="stable")
    assert (np.diff(placed[order]) >= 16 - 1e-6).all()
    assert placed.min() >= -1e-6
    assert placed.max() <= 340 + 1e-6


@given(heights)
def test_labels_move_only_where_they_must(wanted):
    ordered = np.sort(wanted)
    if len(ordered) < 2 or np.diff(ordered).min() >= 16:
        assert spread(wanted, 16, 0, 340) == pytest.approx(wanted)


def test_two_labels_at_one_height_move_apart_by_the_same_amount():
    assert spread(np.array([100.0, 100.0]), 16, 0, 340).tolist() == [92, 108]
    assert spread(np.array([0.0, 0.0]), 16, 0, 340).tolist() == [0, 16]


def test_too_many_labels_share_the_room_there_is():
    assert np.diff(np.sort(spread(np.full(5, 10.0), 16, 0, 20))) == pytest.approx(5)


def test_no_two_model_names_of_a_figure_overlap():
    close = {model: curve(0.80, 0.80 + 0.0001 * n) for n, model in enumerate(MODELS)}
    notes = [
        note for text, note in labels(convergence_figure(close, WORDS)).items() if text.startswith("<b>")
    ]
    tops = np.sort([note.y for note in notes])
    assert len(notes) == len(MODELS) - 1
    assert (np.diff(tops) * 340 >= 16 - 1e-6).all()


def test_the_emptiest_box_is_chosen_and_taken_ones_are_avoided():
    boxes = [Box(0, 0, 10, 10), Box(20, 0, 30, 10)]
    x, y = np.array([5.0, 6.0]), np.array([5.0, 5.0])
    assert least_crowded(boxes, x, y, []) == 1
    assert least_crowded(boxes, x, y, [Box(25, 5, 26, 6)]) == 0


def test_a_second_name_on_nearly_the_same_level_goes_elsewhere():
    taken: list[Box] = []
    nowhere = (np.empty(0), np.empty(0))
    first = beside_level(100, 150, 16, 640, nowhere, taken)
    second = beside_level(101, 150, 16, 640, nowhere, taken)
    assert first != second
    assert not taken[0].meets(taken[1])
