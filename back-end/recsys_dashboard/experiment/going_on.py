"""What stands beside an experiment: what was asked, and the buttons that fit its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_dashboard.experiment.actions import blocked, confirm_deletion, go_on, serve, stop
from recsys_dashboard.experiment.choice import NEW, show
from recsys_dashboard.experiment.words import experiment_name, recommender_name, world_name
from recsys_dashboard.texts import plain, text
from recsys_dashboard.visitor import may_cancel
from recsys_online.loop.serving import last_turn

if TYPE_CHECKING:
    from recsys_dashboard.experiment.view import ExperimentView


def draw_going_on(view: ExperimentView) -> None:
    """Draw the summary and the buttons."""
    _draw_asked(view)
    if view.live:
        _draw_stop(view)
        return
    if view.elsewhere:
        st.info(text("experiment.elsewhere"), icon=":material/terminal:")
        return
    if not view.finished:
        st.button(
            text("experiment.continue"), type="primary", icon=":material/play_arrow:",
            key="experiment.continue", width="stretch", disabled=bool(blocked()), on_click=go_on,
            args=(view.card,), help=text("experiment.continue_help"),
        )  # fmt: skip
    st.button(
        text("experiment.another"), icon=":material/add:", key="experiment.another", width="stretch",
        on_click=show, args=(NEW,), type="primary" if view.finished else "secondary",
    )  # fmt: skip
    st.button(
        text("experiment.serve"), icon=":material/publish:", key="experiment.serve", width="stretch",
        on_click=serve, args=(view.card,), help=text("experiment.serve_help"),
        disabled=not last_turn(view.loop),
    )  # fmt: skip
    if st.button(
        text("experiment.delete"), icon=":material/delete:", key="experiment.delete", width="stretch"
    ):
        confirm_deletion(view.card, plain(experiment_name(view.card)))


def _draw_asked(view: ExperimentView) -> None:
    request = view.request
    lines = [
        text("experiment.asked_world", world=world_name(request)),
        *(
            text("experiment.asked_arm", arm=arm, name=recommender_name(name))
            for arm, name in request.treatments.items()
        ),
        text("experiment.asked_sessions", n=request.sessions, way=text(f"experiment.way_{request.way}")),
        text("experiment.asked_lists", name=plain(request.lists_from))
        if request.lists_from
        else text("experiment.asked_turns", n=request.turns),
        text("experiment.asked_seed", seed=request.seed),
    ]
    st.markdown("\n".join(f"- {line}" for line in lines))


def _draw_stop(view: ExperimentView) -> None:
    if view.job is None or not may_cancel(view.job):
        st.caption(text("experiment.not_yours"))
        return
    st.button(
        text("experiment.stop"), icon=":material/stop:", key="experiment.stop", width="stretch",
        type="primary", on_click=stop, args=(view.job,), help=text("experiment.stop_help"),
    )  # fmt: skip


def draw_busy(view: ExperimentView | None) -> None:
    """Say what keeps a start waiting."""
    if (view is None or not view.live) and (words := blocked()):
        st.caption(f":material/hourglass: {words}")
