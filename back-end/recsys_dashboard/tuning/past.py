"""All studies there are, those on other data told apart; each to be opened or deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_dashboard.texts import plain, text
from recsys_dashboard.tuning import desk, studies
from recsys_dashboard.tuning.actions import confirm_deletion
from recsys_dashboard.tuning.choice import show_study
from recsys_dashboard.tuning.words import study_name

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_core.tuning import StudyCard

LISTED = 20


def draw_studies(shown: str, dataset: Dataset) -> None:
    """Draw the list, newest first."""
    found = studies.cards()
    if not found:
        return
    with st.expander(text("tuning.past", n=len(found)), icon=":material/history:", key="tuning.past"):
        for card in found[:LISTED]:
            _draw_line(card, card.name == shown, card.dataset.fingerprint == dataset.fingerprint)


def _draw_line(card: StudyCard, shown: bool, same_data: bool) -> None:
    words = text(
        "tuning.past_line" if same_data else "tuning.past_line_other",
        study=plain(study_name(card)),
        data=plain(card.dataset.title),
    )
    busy = any(job.live for job, _ in desk.jobs_of(card.name))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(words, width="stretch")
        if st.button(text("tuning.open"), key=f"tuning.open.{card.name}", disabled=shown):
            show_study(card.name)
            st.rerun()
        if st.button(
            text("tuning.delete"),
            key=f"tuning.delete.{card.name}",
            icon=":material/delete:",
            disabled=busy,
        ):
            confirm_deletion(card, words)
