"""How far an experiment is, and how its last job ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_dashboard.cached import job_queue
from recsys_dashboard.experiment import desk
from recsys_dashboard.experiment.words import step_name
from recsys_dashboard.texts import plain, text, whole

if TYPE_CHECKING:
    from typing import Any

    from recsys_dashboard.experiment.view import ExperimentView

COUNTED = frozenset({"log", "experiment"})  # steps whose progress is in sessions
LONG = {"model": 4, "experiment": 4, "log": 2}
"""How much longer than the others a step takes, for the bar alone."""


def draw_status(view: ExperimentView) -> None:
    """Draw the bar of an experiment that waits or runs."""
    if view.elsewhere:
        st.progress(_share(view, 0.0), text("experiment.running_elsewhere"))
    elif view.job is None or not view.job.live:
        return
    elif view.job.state == "queued":
        st.progress(0.0, _waiting_words(view))
    else:
        event = view.progress
        st.progress(_share(view, _part(event)), _running_words(view, event))
        if view.service_url:
            st.caption(text("experiment.service_at", url=view.service_url))


def draw_outcome(view: ExperimentView) -> None:
    """Say how the last job on an experiment ended, if it did not simply finish, and what to do next."""
    job = view.job
    if job is not None and job.state == "failed":
        st.error(f"{plain(job.error)} {text('experiment.failed_next')}", icon=":material/error:")
    elif not view.moving and not view.finished:
        words = text("experiment.stopped_looked" if view.turns else "experiment.stopped")
        st.info(words, icon=":material/stop_circle:")


def _running_words(view: ExperimentView, event: dict[str, Any] | None) -> str:
    if event is None or view.due is None:
        return text("experiment.loading")
    turn, step = view.due
    place = text("experiment.at_step", step=step_name(step), place=event["place"], of=event["of"])
    parts = [text("experiment.turn_n", n=turn)] if view.request.turns > 1 else []
    parts.append(place)
    if event["kind"] == "progress" and event["step"] == step:
        counts = {"done": whole(event["done"]), "total": whole(event["total"])}
        parts.append(text("experiment.of_sessions" if step in COUNTED else "experiment.of_parts", **counts))
    return " · ".join(parts)


def _waiting_words(view: ExperimentView) -> str:
    running = desk.running()
    if running is None or not job_queue().warm:
        return text("experiment.warming")
    task = text(f"tuning.task_{running.task}")
    return text("experiment.queued", n=view.job.position if view.job is not None else 1, task=task)


def _part(event: dict[str, Any] | None) -> float:
    """Return how much of the step under way is done."""
    if event is None or event["kind"] != "progress" or not event["total"]:
        return 0.0
    return event["done"] / event["total"]


def _share(view: ExperimentView, part: float) -> float:
    """Return how much of the whole is done, long steps weighing more."""
    whole_work = sum(LONG.get(name, 1) for _, name in view.order)
    done = sum(LONG.get(one.name, 1) for one in view.card.steps)
    under_way = LONG.get(view.due[1], 1) * part if view.due is not None else 0.0
    return min(1.0, (done + under_way) / whole_work)
