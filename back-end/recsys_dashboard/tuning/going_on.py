"""What one can do with the study shown: stop it, go on, try a setting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.tuning import Budget
from recsys_dashboard.comparison.words import roughly
from recsys_dashboard.texts import plain, text
from recsys_dashboard.tuning import desk
from recsys_dashboard.tuning.actions import blocked, go_on, stop, try_setting
from recsys_dashboard.tuning.new_study import draw_budget, forecast
from recsys_dashboard.tuning.sliders import draw_sliders
from recsys_dashboard.tuning.words import asked_words
from recsys_dashboard.visitor import may_cancel

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_dashboard.tuning.view import StudyView

USUAL_MORE = 20


def draw_going_on(view: StudyView, dataset: Dataset) -> None:
    """Draw the buttons that fit the state of the study."""
    st.caption(asked_words(view.card))
    if view.card.dataset.fingerprint != dataset.fingerprint:
        st.info(text("tuning.other_data", data=plain(view.card.dataset.title)), icon=":material/database:")
        return
    if view.elsewhere:
        st.info(text("tuning.elsewhere"), icon=":material/terminal:")
        return
    if view.live:
        _draw_stop(view)
    else:
        _draw_continue(view)
    if view.errand != "adopt":
        _draw_sliders(view, dataset)


def draw_busy(view: StudyView | None) -> None:
    """Say what keeps a search waiting: one worker does one job at a time."""
    if words := blocked(view):
        st.caption(f":material/hourglass: {words}")
        return
    running, waiting = desk.in_front()
    if running is not None and (view is None or not view.live):
        task = text(f"tuning.task_{running.task}")
        st.caption(f":material/hourglass: {text('tuning.busy', task=task, n=waiting + 1)}")


def _draw_stop(view: StudyView) -> None:
    if view.job is None or not may_cancel(view.job):
        st.caption(text("tuning.not_yours"))
        return
    st.button(
        text("tuning.stop"), icon=":material/stop:", key="tuning.stop", width="stretch", on_click=stop,
        args=(view.job,), help=text(f"tuning.stop_{view.errand}_help"),
    )  # fmt: skip


def _draw_continue(view: StudyView) -> None:
    if view.is_grid:
        if view.cells_left:
            _continue_button(view, Budget(), text("tuning.fill", n=view.cells_left), view.cells_left)
        else:
            st.caption(text("tuning.grid_full"))
        return
    trials, minutes = draw_budget(f"t_more_{view.name}", _left_of_last(view))
    total = None if trials is None else view.counted + trials
    budget = Budget.from_dict({"trials": total, "minutes": minutes})
    _continue_button(view, budget, text("tuning.continue"), trials)


def _continue_button(view: StudyView, budget: Budget, label: str, trials: int | None) -> None:
    if trials is not None and view.trial_seconds is not None:
        st.caption(text("tuning.forecast_seen", time=roughly(trials * view.trial_seconds)))
    st.button(
        label, type="primary", icon=":material/play_arrow:", key="tuning.continue", width="stretch",
        disabled=bool(blocked(view)), on_click=go_on, args=(view.card, budget),
        help=text("tuning.continue_help"),
    )  # fmt: skip


def _left_of_last(view: StudyView) -> int:
    """Return how many trials the last sitting was still to try, as far as this server remembers."""
    goal = view.entry.budget.trials if view.entry is not None and view.entry.budget is not None else None
    left = (goal or 0) - view.counted
    return left if left > 0 else USUAL_MORE


def _draw_sliders(view: StudyView, dataset: Dataset) -> None:
    request = view.card.request
    st.markdown(f"**{text('tuning.by_hand')}**")
    draw_sliders(
        request,
        view.found.trials,
        rough=lambda: forecast(dataset, request, 1),
        disabled=bool(blocked(view)),
        act=lambda parameters: try_setting(view.card, parameters),
    )
