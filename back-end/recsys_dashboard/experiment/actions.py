"""What one can do: begin an experiment, go on with it, stop it, delete it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from recsys_dashboard import cached
from recsys_dashboard.experiment import desk, shelf
from recsys_dashboard.experiment.choice import NEW, show
from recsys_dashboard.notices import attempt, notice
from recsys_dashboard.texts import text
from recsys_online.loop import serve_lists
from recsys_online.settings import read_settings

if TYPE_CHECKING:
    from recsys_dashboard.jobs.job import JobSnapshot
    from recsys_online.loop import LoopCard, LoopRequest

NOTICE = "experiment"


def begin(request: LoopRequest) -> None:
    """Store an experiment, show it from now on, and queue it; a failure is said on the page."""

    def act() -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        loop = shelf.store().create(_free_name(), request, now)
        show(loop.card.loop_id)
        desk.go_on(loop.card.loop_id)

    attempt(NOTICE, act)


def go_on(card: LoopCard) -> None:
    """Do what is left; a failure is said on the page."""
    attempt(NOTICE, lambda: desk.go_on(card.loop_id))


def stop(job: JobSnapshot) -> None:
    """Stop a job; finished steps stay, and what the experiment has logged."""
    attempt(NOTICE, lambda: cached.job_queue().cancel(job.id, job.owner))


def serve(card: LoopCard) -> None:
    """Hand the lists of the last turn to the service, and say so."""

    def act() -> None:
        manifest = serve_lists(shelf.opened(card.loop_id), read_settings())
        notice(NOTICE, "success", text("experiment.served", version=manifest.version))

    attempt(NOTICE, act)


def delete(card: LoopCard) -> None:
    """Delete an experiment with its logs."""
    attempt(NOTICE, lambda: shelf.store().delete(card.loop_id))
    show(NEW)


@st.dialog(text("experiment.delete_title"))
def confirm_deletion(card: LoopCard, words: str) -> None:
    """Ask before an experiment goes for good."""
    st.markdown(words)
    st.caption(text("experiment.delete_words"))
    with st.container(horizontal=True):
        gone = st.button(
            text("experiment.delete_yes"), type="primary", key="experiment.delete_yes", on_click=delete,
            args=(card,),
        )  # fmt: skip
        keep = st.button(text("experiment.delete_no"), key="experiment.delete_no")
    if gone or keep:
        st.rerun()


def blocked() -> str:
    """Return why this tab cannot start anything now; empty if it can."""
    mine = desk.mine()
    return "" if mine is None else text("experiment.blocked", task=text(f"tuning.task_{mine.task}"))


def _free_name() -> str:
    """Return ``experiment-1``, or with the first larger number that is free."""
    used = [re.fullmatch(r"experiment-(\d{1,6})", one.name) for one in _folders()]
    return f"experiment-{max((int(one[1]) for one in used if one), default=0) + 1}"


def _folders() -> list:
    root = shelf.store().root
    return list(root.iterdir()) if root.is_dir() else []
