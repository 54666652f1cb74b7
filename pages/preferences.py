"""Preferences: what does this listener love, what would we suggest next, and why?"""

import streamlit as st

from recsys_core.listening.explain import explain
from recsys_core.listening.list_comparison import compare_lists
from recsys_core.listening.profile import FEWEST_LIKED
from recsys_dashboard import cached
from recsys_dashboard.controls import chosen_dataset
from recsys_dashboard.listening import listener_view, suggestion_rows, why_view
from recsys_dashboard.listening.cached_company import company_of, nearness
from recsys_dashboard.listening.filter_controls import pick_filters, pick_length
from recsys_dashboard.listening.listener_choice import pick_listener, tell_refused
from recsys_dashboard.listening.listening_card import listening_card
from recsys_dashboard.listening.model_comparison import change_table, other_card, pick_other
from recsys_dashboard.listening.opinions import MINE, NOTICES, SAID, Opinions
from recsys_dashboard.listening.profile_editor import profile_editor, said_line
from recsys_dashboard.listening.run_choice import pick_run, runs_or_stop, source_line, tell_why_shown
from recsys_dashboard.listening.subject import Subject, pick_who, tell_limits
from recsys_dashboard.notices import show_notice
from recsys_dashboard.page_frame import footer, how_to_read, page_header, run_badge, split_badge
from recsys_dashboard.texts import text

dataset = chosen_dataset()
top = st.container()
manifests = cached.manifests(dataset)
if not manifests:
    with top:
        page_header("preferences", dataset)
    runs_or_stop(dataset)

with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    somebody_new = pick_who()
    user_id = None if somebody_new else pick_listener(dataset)
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    manifest = pick_run(manifests)
    other = pick_other(manifests, manifest)
    k = pick_length()
    filters = pick_filters(dataset, somebody_new=somebody_new)
tell_why_shown(manifests, manifest)
with top:
    page_header("preferences", dataset, run_badge(manifest), split_badge(manifest))

opinions = Opinions(MINE if somebody_new else SAID, dataset, "" if somebody_new else user_id)
opinions.write_address()
show_notice(NOTICES)
subject = Subject(dataset, user_id, opinions.profile, filters, k)
enough = not somebody_new or len(opinions.profile.liked) >= FEWEST_LIKED

slot = st.container()
with slot.skeleton(height=600):
    suggestions = cached.suggestions(manifest.run_id, dataset)
    ranked = subject.ranked(manifest)
    found, company = ranked.table(k), company_of(dataset)
    why = explain(ranked, ranked.order[:k])
    second = subject.ranked(other) if other is not None and enough else None
with slot:
    source = source_line(dataset, manifest)
    if not somebody_new:
        tell_refused(user_id)
        truth, hits = suggestions.truth(user_id), subject.hits(manifest)
        listener_view.cards(truth, hits)
    tell_limits(subject, ranked)
    columns = st.columns(2 if second is None else [10, 12, 12])
    with columns[0].container(border=True, height="stretch"):
        if somebody_new:
            profile_editor(dataset, opinions, suggestions.listeners)
        else:
            listening_card(truth, user_id, source, narrow=second is not None)
            if second is None:
                listener_view.truth_table(truth, user_id)
    with columns[1].container(border=True, height="stretch"):
        if not enough:
            st.markdown(text("preferences.waiting"))
        else:
            st.markdown(
                text("preferences.for_you")
                if somebody_new
                else listener_view.verdict(hits, found, touched=subject.touched)
            )
            said_line(dataset, opinions, name_them=not somebody_new)
            reasons = suggestion_rows.reason_lines(found, why, company, ranked.taste.user_idx)
            suggestion_rows.suggestion_rows(found, reasons, opinions, narrow=second is not None)
            if found.empty:
                st.info(text("preferences.nothing_left"), icon=":material/filter_alt_off:")
            kind = "new" if somebody_new else "known"
            st.caption(text(f"preferences.note_{kind}") + "  \n" + source)
    if second is not None and other is not None:
        comparison = compare_lists(ranked, second, k)
        with columns[2].container(border=True, height="stretch"):
            other_card(second.table(k), comparison, other, source_line(dataset, other))
    if len(found) and enough:
        bars, terms = st.columns([3, 2])
        with bars.container(border=True, height="stretch"):
            why_view.why_card(why, near=nearness(manifest.run_id, dataset), source=source)
        with terms.container(border=True, height="stretch"):
            why_view.closer_look(why, company, ranked.taste.user_idx, dataset.users.ids, subject.file_stem)
    if second is not None and not somebody_new:
        listener_view.truth_table(truth, user_id)
    if enough:
        listener_view.suggestion_table(found, subject.file_stem, manifest.run_id)
    if second is not None and other is not None:
        st.subheader(text("preferences.changes_title"), anchor=False)
        change_table(comparison, (manifest, other), f"refrain-{subject.file_stem}-two-models.csv")

how_to_read("preferences")
footer(dataset, manifest.protocol.seed)
