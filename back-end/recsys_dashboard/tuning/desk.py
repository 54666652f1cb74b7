"""Which job works on which study: the queue knows jobs, this knows what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec
import streamlit as st

from recsys_dashboard import cached
from recsys_dashboard.visitor import owner

if TYPE_CHECKING:
    from recsys_core.datasets.choice import DatasetChoice
    from recsys_core.tuning import Budget, StudyCard
    from recsys_dashboard.jobs.job import JobSnapshot

Errand = Literal["tune", "adopt"]


class Entry(msgspec.Struct, frozen=True):
    """A job's study, what it does there, and how many trials (or minutes) it was given."""

    study: str
    errand: Errand
    budget: Budget | None = None


@st.cache_resource(show_spinner=False)
def _entries() -> dict[str, Entry]:
    """Return all entries by job: kept as long as the queue keeps its jobs, by the server."""
    return {}


def search(card: StudyCard, choice: DatasetChoice, budget: Budget) -> str:
    """Queue a sitting of the study and return its job; raises SettingsError if there is no room for it."""
    payload = {"request": card.request.to_dict(), "budget": budget.to_dict()}
    return _submit("tune", card.name, choice, payload, budget)


def adopt(card: StudyCard, choice: DatasetChoice, trial: int) -> str:
    """Queue the training of a trial's setting as the default; raises SettingsError if there is no room."""
    return _submit("adopt", card.name, choice, {"trial": trial}, None)


def jobs_of(study: str) -> list[tuple[JobSnapshot, Entry]]:
    """Return the jobs about ``study`` that are still remembered, newest first."""
    known = _entries()
    pairs = [(job, known.get(job.id)) for job in cached.job_queue().recent()]
    return [(job, entry) for job, entry in pairs if entry is not None and entry.study == study]


def mine() -> tuple[JobSnapshot, str | None] | None:
    """Return the job this tab has waiting or running, with its study if it is about one."""
    for job in cached.job_queue().recent():
        if job.live and job.owner == owner():
            entry = _entries().get(job.id)
            return job, entry.study if entry else None
    return None


def in_front() -> tuple[JobSnapshot | None, int]:
    """Return the running job, whoever's it is, and how many wait behind it."""
    live = [job for job in cached.job_queue().recent() if job.live]
    running = next((job for job in live if job.state == "running"), None)
    return running, sum(job.state == "queued" for job in live)


def _submit(
    errand: Errand, study: str, choice: DatasetChoice, payload: dict[str, Any], budget: Budget | None
) -> str:
    whole = {"dataset": msgspec.to_builtins(choice), "study": study, **payload}
    job = cached.job_queue().submit(errand, whole, owner())
    _entries()[job] = Entry(study, errand, budget)
    return job
