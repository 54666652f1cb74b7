"""Getting the real Last.fm data: found already, fetched from the official address, or from a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.datasets.adopt import adopt_lastfm
from recsys_core.datasets.choice import DOWNLOADS, DatasetChoice
from recsys_core.datasets.download import OFFICIAL_URL
from recsys_core.datasets.lastfm import CITATION, LICENCE
from recsys_core.datasets.named_path import named_path
from recsys_core.errors import RefrainError
from recsys_dashboard.cached import job_queue
from recsys_dashboard.controls import chosen
from recsys_dashboard.data.choice import show_data
from recsys_dashboard.data.files import choices, key_of
from recsys_dashboard.notices import attempt, notice, show_notice
from recsys_dashboard.settings import read_settings
from recsys_dashboard.texts import percent, plain, text, whole
from recsys_dashboard.visitor import may_cancel, owner

if TYPE_CHECKING:
    from recsys_dashboard.jobs.job import JobSnapshot

TASK, POLL = "download", 0.5
_PLACE = "lastfm"


def draw() -> None:
    """Draw what is known of the Last.fm data and the ways to get them."""
    st.markdown(f"**{text('datasets.lastfm_title')}**")
    show_notice(_PLACE)
    here = next((choice for choice in choices() if choice.name == "lastfm"), None)
    if here is not None:
        _draw_present(here)
        return
    st.markdown(text("datasets.lastfm_words", licence=plain(LICENCE)))
    _draw_download()
    st.text_input(
        text("datasets.folder"),
        key="datasets.folder",
        placeholder=text("datasets.folder_placeholder"),
        help=text("datasets.folder_help"),
    )
    st.button(
        text("datasets.folder_use"), key="datasets.folder_use", icon=":material/folder_open:", on_click=_adopt
    )
    st.caption(plain(CITATION))


def _draw_present(here: DatasetChoice) -> None:
    st.markdown(text("datasets.lastfm_here", path=plain(here.path)))
    if key_of(chosen()) == key_of(here):
        st.markdown(text("datasets.lastfm_shown"))
    else:
        st.button(
            text("datasets.lastfm_use"),
            key="datasets.lastfm_use",
            type="primary",
            icon=":material/check:",
            on_click=show_data,
            args=(key_of(here),),
        )
    st.caption(plain(CITATION))


def _draw_download() -> None:
    job = _last_download()
    if job is not None and job.live:
        st.fragment(_follow, run_every=POLL)(job.id)
        return
    if job is not None and job.state == "failed" and may_cancel(job):
        st.error(plain(job.error), icon=":material/cloud_off:")
    if job is not None and job.state == "cancelled" and may_cancel(job):
        st.info(text("datasets.download_cancelled"), icon=":material/cancel:")
    st.button(
        text("datasets.download"),
        key="datasets.download",
        icon=":material/download:",
        type="primary",
        help=text("datasets.download_help", url=OFFICIAL_URL),
        on_click=_start,
    )


def _follow(job_id: str) -> None:
    """Draw the progress of a download; runs again and again while it lasts."""
    job = job_queue().snapshot(job_id)
    if job is None or not job.live:
        st.rerun(scope="app")
    progress = [event for event in job.events if event.get("kind") == "progress"]
    done, total = (progress[-1]["done"], progress[-1]["total"]) if progress else (0, None)
    if total:
        st.progress(done / total, text("datasets.download_part", part=percent(done / total)))
    elif done:
        st.progress(0.0, text("datasets.download_some", kilobytes=whole(done / 1000)))
    else:
        st.progress(0.0, text("datasets.download_waiting"))
    if may_cancel(job):
        st.button(
            text("datasets.download_cancel"),
            key="datasets.download_cancel",
            icon=":material/cancel:",
            on_click=job_queue().cancel,
            args=(job.id, job.owner),
        )


def _last_download() -> JobSnapshot | None:
    return next((job for job in job_queue().recent() if job.task == TASK), None)


def _start() -> None:
    attempt(_PLACE, lambda: job_queue().submit(TASK, {}, owner()))


def _adopt() -> None:
    folder = str(st.session_state.get("datasets.folder", "")).strip().strip('"')
    if not folder:
        notice(_PLACE, "error", text("datasets.folder_empty"))
        return
    try:
        adopt_lastfm(named_path(folder), read_settings().data_root / DOWNLOADS)
    except RefrainError as error:
        notice(_PLACE, "error", str(error))
    else:
        show_data("lastfm")
        notice(_PLACE, "success", text("datasets.lastfm_adopted"))
