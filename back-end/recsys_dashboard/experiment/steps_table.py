"""The steps of the loop: which are done, what came of each, which comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_dashboard.experiment.words import step_name, step_words
from recsys_dashboard.texts import seconds, text

if TYPE_CHECKING:
    from recsys_dashboard.experiment.view import ExperimentView

DONE, NOW, NEXT = ":material/check_circle:", ":material/sync:", ":material/radio_button_unchecked:"


def draw_steps(view: ExperimentView) -> None:
    """Draw the steps in order, a line each."""
    done = len(view.card.steps)
    label = text("experiment.steps", done=done, of=len(view.order))
    with st.expander(label, icon=":material/cycle:", expanded=not view.turns, key="experiment.steps"):
        for turn in range(1, view.request.turns + 1):
            if view.request.turns > 1:
                st.markdown(f"**{text('experiment.turn_n', n=turn)}**")
            st.markdown("  \n".join(_line(view, *one) for one in view.order if one[0] == turn))
        st.caption(text("experiment.steps_note"))


def _line(view: ExperimentView, turn: int, name: str) -> str:
    step = view.step(turn, name)
    if step is None:
        icon = NOW if view.moving and view.due == (turn, name) else NEXT
        return f"{icon} {step_name(name)}"
    words = step_words(name, step.found)
    return text(
        "experiment.step_line", icon=DONE, step=step_name(name), words=words, seconds=seconds(step.seconds)
    )
