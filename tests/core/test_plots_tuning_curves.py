"""Curves of trials and what two goals cost each other: what is drawn is what was measured."""

from __future__ import annotations

import pandas as pd
import pytest

from recsys_core.plots.tuning_curves import front_figure, trial_figure


def curve(*values):
    return pd.DataFrame({"epoch": range(1, len(values) + 1), "auc": values})


def drawn(curves, chosen="trial 2", **options):
    return trial_figure(curves, "auc", chosen=chosen, x_title="epoch", y_title="AUC", **options)


def test_the_chosen_curve_is_on_top_and_its_best_epoch_has_a_star():
    figure = drawn({"trial 2": curve(0.5, 0.7, 0.6), "best: trial 1": curve(0.6, 0.8)})
    *_, line, star = figure.data
    assert (list(line.y), line.line.dash) == ([0.5, 0.7, 0.6], "solid")
    assert (list(star.x), list(star.y), star.marker.symbol) == ([2], [0.7], "star")
    assert figure.data[0].line.dash != "solid"


def test_names_stand_at_the_ends_on_different_sides():
    figure = drawn({"trial 2": curve(0.5, 0.6), "best: trial 1": curve(0.6, 0.6001)})
    lower, upper = figure.layout.annotations
    assert (lower.text, upper.text) == ("trial 2", "best: trial 1")
    assert (lower.yanchor, upper.yanchor) == ("top", "bottom")


@pytest.mark.parametrize("dark", [False, True])
def test_a_single_epoch_is_a_dot(dark):
    assert drawn({"trial 2": curve(0.5)}, dark=dark).data[0].mode == "markers"


def test_the_front_joins_what_no_other_beats():
    table = pd.DataFrame(
        {"trial": [0, 1, 2, 3], "auc": [0.7, 0.8, 0.6, None], "seconds": [1.0, 3.0, 2.0, None]}
    )
    figure = front_figure(
        table, table.iloc[[1, 0]], ("auc", "seconds"), x_title="s", y_title="AUC", best_words="unbeaten"
    )
    line, dots = figure.data
    assert (list(line.x), list(line.y)) == ([1.0, 3.0], [0.7, 0.8])
    assert list(dots.customdata) == [0, 1, 2]
    assert list(dots.hovertext) == ["unbeaten", "unbeaten", ""]
