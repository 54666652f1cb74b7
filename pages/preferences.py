"""Preferences: what does this listener love, and what would we suggest next?"""

import streamlit as st

from recsys_core.listening.hits import listener_hits
from recsys_core.plots.preferences import listening_figure
from recsys_dashboard import cached
from recsys_dashboard.controls import chosen_dataset, is_dark
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.listening import listener_view
from recsys_dashboard.listening.cached_lists import hits_of
from recsys_dashboard.listening.listener_choice import pick_listener
from recsys_dashboard.listening.run_choice import pick_run, runs_or_stop, source_line
from recsys_dashboard.page_frame import footer, how_to_read, page_header, run_badge, split_badge
from recsys_dashboard.texts import amount, text, whole

SHOWN = 15

dataset = chosen_dataset()
top = st.container()
manifests = cached.manifests(dataset)
if not manifests:
    with top:
        page_header("preferences", dataset)
    runs_or_stop(dataset)

with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    user_id = pick_listener(dataset)
    manifest = pick_run(manifests)
    k = st.segmented_control(
        text("preferences.length"), [5, 10, 20], default=10, key="top", required=True, bind="query-params"
    )
with top:
    page_header("preferences", dataset, run_badge(manifest), split_badge(manifest))

slot = st.container()
with slot.skeleton(height=600):
    suggestions = cached.suggestions(manifest.run_id, dataset)
    truth, suggested = suggestions.truth(user_id), suggestions.suggest(user_id, k)
    hits = listener_hits(hits_of(manifest.run_id, dataset, k), user_id, k)
with slot:
    listener_view.cards(truth, hits)
    source = source_line(dataset, manifest)
    heard, offered = st.columns(2)
    with heard.container(border=True, height="stretch"):
        show_figure(
            listening_figure(
                truth,
                amount=amount,
                x_title=text("preferences.x_title"),
                hidden=text("preferences.hidden"),
                n=SHOWN,
                dark=is_dark(),
            ),
            key="preferences.listening",
            title=listener_view.listening_title(truth),
            alt=text("preferences.listening_alt", user=user_id),
            note=text("preferences.listening_note", shown=whole(min(SHOWN, len(truth))), n=len(truth)),
            source=source,
        )
    with offered.container(border=True, height="stretch"):
        st.markdown(listener_view.verdict(hits))
        st.markdown(listener_view.suggestion_list(suggested))
        st.caption(text("preferences.suggestions_note") + "  \n" + source)
    left, right = st.columns(2)
    with left:
        listener_view.truth_table(truth, user_id)
    with right:
        listener_view.suggestion_table(suggested, user_id, manifest.run_id)

how_to_read("preferences")
footer(dataset, manifest.protocol.seed)
