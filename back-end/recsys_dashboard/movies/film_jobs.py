"""Long work about films in the worker: asked for, followed with its progress, stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from recsys_core.errors import SettingsError
from recsys_dashboard.cached import job_queue
from recsys_dashboard.notices import notice
from recsys_dashboard.texts import percent, plain, text
from recsys_dashboard.visitor import may_cancel, owner

if TYPE_CHECKING:
    from collections.abc import Callable

    from recsys_dashboard.jobs.job import JobSnapshot

EVERY = 0.5  # seconds between two looks at a live job


@st.cache_resource(show_spinner=False)
def _last_jobs() -> dict[tuple[str, str], str]:
    """Return the last job of each task and subject, shared by all visits: a reload finds it again."""
    return {}


def job_of(task: str, subject: str) -> JobSnapshot | None:
    """Return the last job of ``task`` about ``subject``, if it is still remembered."""
    job_id = _last_jobs().get((task, subject))
    return None if job_id is None else job_queue().snapshot(job_id)


def start(task: str, subject: str, payload: dict[str, Any]) -> None:
    """Ask for a job, for a button's callback; what stands against it is told at the place ``task``."""
    try:
        _last_jobs()[task, subject] = job_queue().submit(task, payload, owner())
    except SettingsError as error:
        notice(task, "error", str(error))


def show_outcome(job: JobSnapshot | None) -> None:
    """Say to whoever asked for a job that it was stopped, and to everybody what it failed on."""
    if job is not None and job.state == "cancelled" and job.owner == owner():
        st.info(text("movies.job_cancelled"), icon=":material/stop_circle:")
    elif job is not None and job.state == "failed":
        st.error(plain(job.error), icon=":material/error:")


def follow(task: str, subject: str, words: Callable[[int, int | None], str]) -> bool:
    """Draw the progress of a live job until it ends; return whether there is one.

    ``words`` says how far it is, from what is done and the total of its last event.
    """
    job = job_of(task, subject)
    if job is None or not job.live:
        return False
    st.fragment(_progress, run_every=EVERY)(task, subject, words)
    return True


def _progress(task: str, subject: str, words: Callable[[int, int | None], str]) -> None:
    job = job_of(task, subject)
    if job is None or not job.live:
        st.rerun(scope="app")
    done, total = _last_step(job)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(done / total if total else 0.0, _waiting(job) or words(done, total))
        if may_cancel(job):
            st.button(
                text("movies.job_cancel"),
                key=f"movies.cancel.{task}",
                icon=":material/stop:",
                on_click=_cancel,
                args=(task, job),
            )


def _waiting(job: JobSnapshot) -> str:
    if job.state != "queued":
        return ""
    return text("movies.job_queued", n=job.position) if job_queue().warm else text("movies.job_warming")


def _last_step(job: JobSnapshot) -> tuple[int, int | None]:
    steps = [event for event in job.events if event.get("kind") == "progress"]
    return (steps[-1]["done"], steps[-1]["total"]) if steps else (0, None)


def part(done: int, total: int | None) -> str:
    """Return how much of a download is here."""
    return (
        text("movies.download_part", part=percent(done / total)) if total else text("movies.download_begins")
    )


def _cancel(task: str, job: JobSnapshot) -> None:
    try:
        job_queue().cancel(job.id, job.owner)
    except SettingsError as error:
        notice(task, "error", str(error))
