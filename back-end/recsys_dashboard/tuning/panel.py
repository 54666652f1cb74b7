"""The part of the tuning page that follows a study while it is searched."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec
import streamlit as st

from recsys_core.comparison.progress import Progress
from recsys_dashboard.comparison.words import model_name, roughly, with_names
from recsys_dashboard.texts import plain, text, whole
from recsys_dashboard.tuning import figures
from recsys_dashboard.tuning.best import draw_best, draw_cards
from recsys_dashboard.tuning.trial_table import draw_downloads, draw_trials
from recsys_dashboard.tuning.view import opened
from recsys_dashboard.tuning.words import queue_words, source_words

if TYPE_CHECKING:
    from recsys_dashboard.tuning.view import StudyView

EVERY = 1.0  # seconds between two looks at a study that is being searched


def follow(view: StudyView) -> None:
    """Draw a study, again and again while it moves."""
    st.fragment(_draw, run_every=EVERY if view.moving else None)(view.name, view.moving, view.errand)


def _draw(name: str, moving: bool, errand: str) -> None:
    view, problem = opened(name)
    if view is None:
        if moving:
            st.rerun()
        st.error(plain(problem), icon=":material/error:")
        return
    if (moving, errand) != (view.moving, view.errand):
        st.rerun()  # it has begun or ended: the whole page once more, buttons included
    progress = st.empty()
    with progress.container():
        _draw_status(view)
        _draw_outcome(view)
    draw_cards(view)
    draw_best(view)
    _draw_figures(view)
    if view.found.trials:
        draw_trials(view)
        draw_downloads(view)


def _draw_figures(view: StudyView) -> None:
    source = source_words(view.card)
    if not any(trial.curve for trial in view.found.trials):
        if view.moving:
            st.skeleton(height=360)
        return
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        if view.is_grid:
            figures.draw_grid(view, source)
        else:
            figures.draw_history(view, source)
    with right.container(border=True, height="stretch"):
        figures.draw_trial(view, source)
    if len(view.card.request.objectives) > 1:
        with st.container(border=True):
            figures.draw_front(view, source)
    if view.is_grid:
        return
    with st.container(border=True):
        figures.draw_importances(view, source)
    with st.container(border=True):
        figures.draw_parallel(view, source)


def _draw_status(view: StudyView) -> None:
    job = view.job
    if view.elsewhere:
        st.progress(0.0, text("tuning.running_elsewhere", n=whole(view.counted)))
    elif job is None or not job.live:
        return
    elif job.state == "queued":
        st.progress(0.0, queue_words(view))
    elif view.errand == "adopt":
        _draw_adopting(Progress.from_events(job.events))
    elif not job.raw_events:
        st.progress(0.0, text("tuning.loading"))
    else:
        _draw_searching(view)


def _draw_searching(view: StudyView) -> None:
    """Draw how far the search is: of its trials, or of its minutes."""
    first = msgspec.json.decode(view.job.raw_events[0]) if view.job is not None else {}
    goal, budget = first.get("trials"), view.entry.budget if view.entry is not None else None
    epoch = len(view.running.curve) if view.running is not None else 0
    parts = [
        text("tuning.progress", n=whole(max(1, view.counted)), of=whole(goal))
        if goal and goal >= view.counted
        else text("tuning.progress_open", n=whole(max(1, view.counted))),
        text("tuning.progress_epoch", epoch=whole(epoch), epochs=whole(view.card.request.epochs)),
    ]
    share, left = 0.0, None
    if goal and view.trial_seconds is not None:
        left = max(0, goal - view.counted + 1) * view.trial_seconds
    if goal:
        share = (view.counted - 1) / goal
    if budget is not None and budget.minutes is not None and view.job is not None and view.job.started:
        gone = time.time() - view.job.started
        left, share = max(0.0, 60 * budget.minutes - gone), gone / 60 / budget.minutes
    if left is not None:
        parts.append(text("tuning.left", time=roughly(left)))
    if view.waiting:
        parts.append(text("tuning.asked_waiting", n=view.waiting))
    st.progress(min(1.0, max(0.0, share)), " · ".join(parts))


def _draw_adopting(progress: Progress) -> None:
    if not progress.model:
        st.progress(0.0, text("tuning.loading"))
        return
    st.progress(
        progress.fraction,
        text(
            "tuning.adopting",
            model=model_name(progress.model),
            epoch=whole(min(progress.epoch + 1, progress.epochs)),
            epochs=whole(progress.epochs),
        ),
    )


def _draw_outcome(view: StudyView) -> None:
    """Say how the last job on the study ended, if it did not simply finish, and what to do next."""
    job = view.job
    if job is not None and not job.live and job.state == "failed":
        st.error(f"{plain(with_names(job.error))} {text('tuning.failed_next')}", icon=":material/error:")
    elif job is not None and job.state == "cancelled" and view.entry is not None:
        st.info(text(f"tuning.stopped_{view.entry.errand}"), icon=":material/stop_circle:")
    if view.waiting and not view.moving:
        st.info(text("tuning.waiting_at_rest", n=view.waiting), icon=":material/hourglass:")
    failed = [one for one in view.found.trials if one.state == "failed"]
    if failed:
        words = text("tuning.some_failed", n=len(failed), reason=plain(with_names(failed[-1].reason)))
        st.warning(words, icon=":material/warning:")
