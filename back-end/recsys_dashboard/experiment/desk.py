"""Which job works on which experiment: the queue knows jobs, this knows what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_dashboard import cached
from recsys_dashboard.visitor import owner

if TYPE_CHECKING:
    from recsys_dashboard.jobs.job import JobSnapshot

TASK = "loop"


@st.cache_resource(show_spinner=False)
def _loops() -> dict[str, str]:
    """Return the loop of each job: kept as long as the queue keeps its jobs, by the server."""
    return {}


def go_on(loop_id: str) -> None:
    """Queue what is left of a loop; raises SettingsError if there is no room for it."""
    _loops()[cached.job_queue().submit(TASK, {"loop": loop_id}, owner())] = loop_id


def job_of(loop_id: str) -> JobSnapshot | None:
    """Return the newest job about a loop that is still remembered."""
    known = _loops()
    return next((job for job in cached.job_queue().recent() if known.get(job.id) == loop_id), None)


def mine() -> JobSnapshot | None:
    """Return the job this tab has waiting or running, whatever it is about."""
    return next((job for job in cached.job_queue().recent() if job.live and job.owner == owner()), None)


def running() -> JobSnapshot | None:
    """Return the running job, whoever's it is."""
    return next((job for job in cached.job_queue().recent() if job.state == "running"), None)
