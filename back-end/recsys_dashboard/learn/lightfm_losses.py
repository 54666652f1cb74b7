"""The four losses, one picture each: whom a training step pushes up or down, and how hard."""

from __future__ import annotations

import numpy as np
import streamlit as st

from recsys_core.lessons.losses import LOSSES, expected_pushes
from recsys_core.plots.lesson_training import pushes_figure
from recsys_dashboard.controls import is_dark
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.learn.toys import toy
from recsys_dashboard.texts import text

PLACES, FIXED = 12, (0, 3)
HIGHEST, LOWEST = 1.5, -1.5


def draw() -> None:
    """Draw the section."""
    st.markdown(text("learn.losses_text"))
    with toy(text("learn.losses_do")):
        place = st.slider(text("learn.losses_place"), 5, PLACES, 9, key="learn.place")
        scores, loved = _toy_list(place)
        pushes = {loss: expected_pushes(scores, loved, loss) for loss in LOSSES}
        limit = max(float(np.abs(one).max()) for one in pushes.values())
        with st.grid(2, min_column_width=300):
            for loss in LOSSES:
                _picture(loss, pushes[loss], loved, limit)
    st.caption(text("learn.losses_source"))


def _toy_list(place: int) -> tuple[np.ndarray, np.ndarray]:
    """Return evenly falling scores, and which places are loved: two that stay and one that moves."""
    loved = np.zeros(PLACES, bool)
    loved[[*FIXED, place - 1]] = True
    return np.linspace(HIGHEST, LOWEST, PLACES), loved


def _picture(loss: str, pushes: np.ndarray, loved: np.ndarray, limit: float) -> None:
    with st.container(border=True, height="stretch"):
        words = (text("learn.pushed_up"), text("learn.pushed_down"))
        show_figure(
            pushes_figure(pushes, loved, words=words, limit=limit, dark=is_dark()),
            key=f"learn.loss.{loss}",
            title=text(f"learn.loss_{loss}"),
            alt=text(f"learn.loss_{loss}_note"),
            source=text(f"learn.loss_{loss}_note"),
        )
