"""A score taken apart: two sliders for a taste, six invented artists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.lessons.score import score_table
from recsys_core.plots.lessons import taste_plane
from recsys_dashboard.controls import is_dark
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.learn.toys import toy
from recsys_dashboard.texts import number, text

if TYPE_CHECKING:
    import pandas as pd


def draw() -> None:
    """Draw the section."""
    st.markdown(text("learn.score_text"))
    with toy(text("learn.score_do")):
        left, right = st.columns([1, 2])
        with left:
            electronic = _slider("electronic", 0.6)
            loud = _slider("loud", -0.4)
            biased = st.toggle(
                text("learn.score_bias"), True, key="learn.bias", help=text("learn.score_bias_help")
            )
        with right:
            _plane((electronic, loud), score_table(electronic, loud, with_biases=biased))


def _plane(taste: tuple[float, float], table: pd.DataFrame) -> None:
    """Draw the artists and the taste, headed by who comes first and why."""
    first = table.iloc[0]
    title = text(
        "learn.score_title",
        name=first["name"],
        match=number(first["match"], 2),
        bias=number(first["bias"], 2),
        score=number(first["score"], 2),
    )
    show_figure(
        taste_plane(
            table,
            taste,
            x_title=text("learn.score_x"),
            y_title=text("learn.score_y"),
            you=text("learn.score_you"),
            dark=is_dark(),
        ),
        key="learn.taste",
        title=title,
        alt=title,
        source=text("learn.invented_artists"),
        note=text("learn.score_note"),
    )


def _slider(name: str, value: float) -> float:
    return st.slider(
        text(f"learn.score_{name}"),
        -1.0,
        1.0,
        value,
        0.1,
        key=f"learn.{name}",
        help=text(f"learn.score_{name}_help"),
    )
