"""The part of the page that follows an experiment while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_dashboard.experiment.findings import Findings, draw_findings
from recsys_dashboard.experiment.status import draw_outcome, draw_status
from recsys_dashboard.experiment.steps_table import draw_steps
from recsys_dashboard.experiment.view import opened
from recsys_dashboard.texts import plain, text

if TYPE_CHECKING:
    from recsys_dashboard.experiment.view import ExperimentView

EVERY = 1.0  # seconds between two looks at an experiment that runs


def follow(view: ExperimentView) -> None:
    """Draw an experiment, again and again while it moves."""
    st.fragment(_draw, run_every=EVERY if view.moving else None)(view.name, view.moving)


def _draw(name: str, moving: bool) -> None:
    view, problem = opened(name)
    if view is None:
        if moving:
            st.rerun()
        st.error(plain(problem), icon=":material/error:")
        return
    if moving != view.moving:
        st.rerun()  # it has begun or ended: the whole page once more, buttons included
    draw_status(view)
    draw_outcome(view)
    turn = _pick_turn(view)
    look = view.look(turn) if turn else None
    if turn and look is not None:
        draw_findings(
            Findings(
                key=f"{view.name}-turn-{turn}",
                look=look,
                treatments=view.request.treatments,
                settled=view.settled(turn),
                networked=view.request.way == "http",
                moving=view.moving,
                loop=view.loop,
                turn=turn,
                improvements=tuple(view.improvements(turn)),
            )
        )
    elif view.moving:
        st.skeleton(height=220)
    draw_steps(view)


def _pick_turn(view: ExperimentView) -> int:
    """Return the turn to show, the newest unless the visitor says otherwise; 0 for none yet."""
    if len(view.turns) < 2:
        return view.turns[0] if view.turns else 0
    return st.segmented_control(
        text("experiment.turn"), view.turns, default=view.turns[-1], required=True,
        key=f"e_turn_{view.name}_{len(view.turns)}", format_func=lambda one: text("experiment.turn_n", n=one),
        label_visibility="collapsed",
    )  # fmt: skip
