"""Preferences below its controls: truth or profile, suggestions, a second model; then why, then tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_dashboard.listening import listener_view, suggestion_rows, why_view
from recsys_dashboard.listening.listening_card import listening_card
from recsys_dashboard.listening.model_comparison import change_table, other_card
from recsys_dashboard.listening.profile_editor import profile_editor, said_line
from recsys_dashboard.listening.subject import tell_limits
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from recsys_dashboard.listening.answer import Answer, Other
    from recsys_dashboard.listening.opinions import Opinions
    from recsys_dashboard.listening.subject import Subject


def draw_answer(subject: Subject, answer: Answer, opinions: Opinions) -> None:
    """Draw everything that is known of a subject."""
    if answer.truth is not None:
        listener_view.cards(answer.truth, subject.hits(answer.manifest))
    tell_limits(subject, answer.ranked)
    columns = st.columns(2 if answer.other is None else [10, 12, 12])
    with columns[0].container(border=True, height="stretch"):
        _who(subject, answer, opinions)
    with columns[1].container(border=True, height="stretch"):
        if subject.enough:
            _suggestions(subject, answer, opinions)
        else:
            st.markdown(text("preferences.waiting"))
    if answer.other is not None:
        with columns[2].container(border=True, height="stretch"):
            other_card(
                answer.other.found, answer.other.comparison, answer.other.manifest, answer.other.source
            )
    if subject.enough:
        _reasons(subject, answer)
        _tables(subject, answer)


def _who(subject: Subject, answer: Answer, opinions: Opinions) -> None:
    """Draw what a listener plays, or what the visitor says."""
    if answer.truth is None:
        profile_editor(subject.dataset, opinions, answer.ranked.suggestions.listeners)
        return
    narrow = answer.other is not None
    listening_card(answer.truth, subject.user_id, answer.source, narrow=narrow)
    if not narrow:
        listener_view.truth_table(answer.truth, subject.user_id)


def _suggestions(subject: Subject, answer: Answer, opinions: Opinions) -> None:
    """Draw the list with a line on how right it was, a reason for each, and buttons that change it."""
    somebody_new, found = answer.truth is None, answer.found
    st.markdown(
        text("preferences.for_you")
        if somebody_new
        else listener_view.verdict(subject.hits(answer.manifest), found, touched=subject.touched)
    )
    said_line(subject.dataset, opinions, name_them=not somebody_new)
    user_idx = answer.ranked.taste.user_idx
    reasons = suggestion_rows.reason_lines(found, answer.why, answer.company, user_idx)
    suggestion_rows.suggestion_rows(found, reasons, opinions, narrow=answer.other is not None)
    if found.empty:
        st.info(text("preferences.nothing_left"), icon=":material/filter_alt_off:")
    kind = "new" if somebody_new else "known"
    st.caption(text(f"preferences.note_{kind}") + "  \n" + answer.source)


def _reasons(subject: Subject, answer: Answer) -> None:
    """Draw why, in bars and term by term; nothing where nothing is suggested."""
    if answer.found.empty:
        return
    bars, terms = st.columns([3, 2])
    with bars.container(border=True, height="stretch"):
        why_view.why_card(answer.why, answer.ranked, near=answer.near, source=answer.source)
    with terms.container(border=True, height="stretch"):
        user_idx, ids = answer.ranked.taste.user_idx, subject.dataset.users.ids
        why_view.closer_look(answer.why, answer.company, user_idx, ids, subject.file_stem)


def _tables(subject: Subject, answer: Answer) -> None:
    """Draw what stands in figures above as tables with downloads."""
    if answer.other is not None and answer.truth is not None:
        listener_view.truth_table(answer.truth, subject.user_id)
    listener_view.suggestion_table(answer.found, subject.file_stem, answer.manifest.run_id)
    if answer.other is not None:
        _changes(subject, answer, answer.other)


def _changes(subject: Subject, answer: Answer, other: Other) -> None:
    st.subheader(text("preferences.changes_title"), anchor=False)
    file_name = f"refrain-{subject.file_stem}-two-models.csv"
    change_table(other.comparison, (answer.manifest, other.manifest), file_name)
