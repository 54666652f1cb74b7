"""The job that draws a map: started by itself on the first visit of a run, followed, cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import streamlit as st

from recsys_core.artist_map import MapSettings
from recsys_core.artist_map.progress import STEPS
from recsys_core.errors import SettingsError
from recsys_dashboard import cached
from recsys_dashboard.artist_map.address import show_map
from recsys_dashboard.artist_map.pictures import key_of, shelf_of
from recsys_dashboard.controls import chosen
from recsys_dashboard.notices import notice
from recsys_dashboard.texts import percent, plain, text
from recsys_dashboard.visitor import may_cancel, owner

if TYPE_CHECKING:
    from recsys_core.artist_map.progress import Event
    from recsys_dashboard.jobs.job import JobSnapshot

EVERY = 0.5  # seconds between two looks at a live job
NOTICES = "artist_map"
_WAITED_FOR = "artist_map.waited_for"


@st.cache_resource(show_spinner=False)
def _last_jobs() -> dict[str, str]:
    """Return the last job of each run, shared by all visits: a reload finds the same job again."""
    return {}


def job_of(run_id: str) -> JobSnapshot | None:
    """Return the last job that drew this run, if it is still remembered."""
    job_id = _last_jobs().get(run_id)
    return None if job_id is None else cached.job_queue().snapshot(job_id)


def draw(run_id: str, changes: dict[str, Any]) -> None:
    """Ask for a map of a run; says so where that is not possible now. Fit for a button's callback."""
    try:
        _submit(run_id, changes)
    except SettingsError as error:
        notice(NOTICES, "error", str(error))


def draw_once(run_id: str) -> None:
    """Ask for a first map of a run, unless somebody did: what was stopped is begun again by a button only."""
    job = job_of(run_id)
    if job is None:
        try:
            _submit(run_id, {})
        except SettingsError as error:
            st.info(plain(error), icon=":material/hourglass_top:")
    elif not job.live:
        st.button(
            text("artist_map.draw"),
            type="primary",
            key="artist_map.draw",
            icon=":material/scatter_plot:",
            on_click=draw,
            args=(run_id, {}),
        )


def show_outcome(run_id: str) -> None:
    """Turn to the map this visitor waited for once it is there; say what became of it otherwise.

    Others are told only where they miss a map: where none is stored.
    """
    job = job_of(run_id)
    if job is None or job.live:
        return
    waited = st.session_state.get(_WAITED_FOR) == job.id
    if job.state == "done":
        if waited:
            del st.session_state[_WAITED_FOR]
            show_map(key_of(MapSettings.from_dict(job.events[-1]["settings"])))
    elif not waited and shelf_of(run_id).cards:
        return
    elif job.state == "cancelled":
        st.info(text("artist_map.cancelled"), icon=":material/stop_circle:")
    else:
        st.error(plain(text("artist_map.failed", why=job.error)), icon=":material/error:")


def follow(run_id: str, job: JobSnapshot | None) -> None:
    """Draw the progress of a live job with a button to stop it, again and again until it ends.

    ``job`` is as it was before the picture was chosen: if it ended since, the page begins anew.
    """
    if job is not None and job.live:
        st.fragment(_draw_progress, run_every=EVERY)(run_id)


def _draw_progress(run_id: str) -> None:
    job = job_of(run_id)
    if job is None or not job.live:
        st.rerun()  # the whole page once more, with the map
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(*_progress(job))
        if may_cancel(job):
            st.button(
                text("artist_map.cancel"),
                key="artist_map.cancel",
                icon=":material/stop:",
                on_click=_cancel,
                args=(job,),
                help=text("artist_map.cancel_help"),
            )


def _progress(job: JobSnapshot) -> tuple[float, str]:
    if job.state == "queued":
        warm = cached.job_queue().warm
        return 0.0, text("artist_map.queued", n=job.position) if warm else text("artist_map.warming")
    last: Event | None = job.events[-1] if job.events else None
    if last is None or last.get("step") not in STEPS:
        return 0.0, text("artist_map.loading")
    return last["share"], text(f"artist_map.step_{last['step']}", share=percent(last["share"]))


def _cancel(job: JobSnapshot) -> None:
    try:
        cached.job_queue().cancel(job.id, job.owner)
    except SettingsError as error:
        notice(NOTICES, "error", str(error))


def _submit(run_id: str, changes: dict[str, Any]) -> None:
    payload = {"run_id": run_id, "settings": changes, "dataset": msgspec.to_builtins(chosen())}
    job_id = cached.job_queue().submit("map", payload, owner())
    _last_jobs()[run_id] = st.session_state[_WAITED_FOR] = job_id
