"""The server's job manager: one for all visits, started with the server."""

from __future__ import annotations

import streamlit as st

from recsys_dashboard.jobs.queue import JobQueue


@st.cache_resource(show_spinner=False, on_release=JobQueue.close)
def job_queue() -> JobQueue:
    """Return the server's only job manager; its worker process starts warming up at the first call."""
    return JobQueue()
