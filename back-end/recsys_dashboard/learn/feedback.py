"""Chapter 1: stars and clicks. A small matrix to change, and what becomes of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from recsys_core.lessons import feedback as lesson
from recsys_core.plots.lessons import implicit_figure
from recsys_dashboard.controls import is_dark
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.learn.toys import toy
from recsys_dashboard.texts import number, text

PEOPLE, N_FILMS = ("Ana", "Ben", "Chloé", "Dev", "Eve"), 6
_EMPTY = np.nan
STARS = (
    (5.0, 4.5, _EMPTY, 1.0, _EMPTY, _EMPTY),
    (4.0, _EMPTY, _EMPTY, 1.5, 5.0, _EMPTY),
    (_EMPTY, 5.0, 4.5, _EMPTY, _EMPTY, _EMPTY),
    (2.0, _EMPTY, 5.0, 4.0, _EMPTY, _EMPTY),
    (_EMPTY, 3.0, _EMPTY, _EMPTY, 4.5, 5.0),
)


def draw() -> None:
    """Draw the chapter."""
    st.markdown(text("learn.feedback_text"))
    films = [text(f"learn.film_{place}") for place in range(1, N_FILMS + 1)]
    with toy(text("learn.feedback_do")):
        left, right = st.columns([5, 4])
        with left:
            stars = _edited(films)
            rule = _rule()
        with right:
            _figure(stars, films, rule)
        st.markdown(_consequence(stars, films))
    st.markdown(text("learn.feedback_after"))


def _edited(films: list[str]) -> np.ndarray:
    """Draw the matrix of stars and return it as changed, NaN where a cell is empty."""
    column = st.column_config.NumberColumn(min_value=0.5, max_value=5.0, step=0.5, width=74)
    table = st.data_editor(
        pd.DataFrame(STARS, index=pd.Index(PEOPLE), columns=films),
        key="learn.stars",
        placeholder="",
        column_config=dict.fromkeys(films, column),
        alt=text("learn.feedback_table_alt"),
    )
    return table.to_numpy(np.float64)


def _rule() -> lesson.Rule:
    rules: tuple[lesson.Rule, ...] = ("rated", "liked")
    return st.segmented_control(
        text("learn.feedback_rule"),
        rules,
        default=rules[0],
        required=True,
        format_func=lambda rule: text(f"learn.feedback_rule_{rule}"),
        key="learn.rule",
        help=text("learn.feedback_rule_help"),
    )


def _figure(stars: np.ndarray, films: list[str], rule: lesson.Rule) -> None:
    cells = lesson.implicit_cells(stars, rule)
    zeros = lesson.count_zeros(cells)
    words = {
        lesson.ONE: text("learn.cell_one"),
        lesson.DISLIKED: text("learn.cell_disliked"),
        lesson.UNKNOWN: text("learn.cell_unknown"),
    }
    title = text(
        f"learn.feedback_title_{rule}",
        ones=zeros.ones,
        zeros=zeros.disliked + zeros.unknown,
        disliked=zeros.disliked,
        unknown=zeros.unknown,
    )
    show_figure(
        implicit_figure(cells, PEOPLE, films, words=words, dark=is_dark()),
        key="learn.implicit",
        title=title,
        alt=title,
        source=text("learn.invented"),
        note=text("learn.feedback_note"),
    )


def _consequence(stars: np.ndarray, films: list[str]) -> str:
    """Return what happens to the film that suffers most from empty cells taken for no stars."""
    if not np.isfinite(stars).any():
        return text("learn.feedback_nothing")
    row = lesson.most_wronged(lesson.means_by_reading(stars, films))
    if row is None:
        return text("learn.feedback_no_gaps")
    return text(
        "learn.feedback_wronged",
        film=row["item"],
        n=int(row["raters"]),
        known=number(row["mean_known"], 2),
        filled=number(row["mean_zero_filled"], 2),
    )
