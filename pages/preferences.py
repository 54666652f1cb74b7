"""Preferences: what does this listener love, what would we suggest next, and why?"""

import streamlit as st

from recsys_dashboard import cached
from recsys_dashboard.controls import chosen_dataset
from recsys_dashboard.listening.answer import answer_of
from recsys_dashboard.listening.answer_view import draw_answer
from recsys_dashboard.listening.filter_controls import pick_filters, pick_length
from recsys_dashboard.listening.listener_choice import pick_listener, tell_refused
from recsys_dashboard.listening.model_comparison import pick_other
from recsys_dashboard.listening.opinions import MINE, NOTICES, SAID, Opinions
from recsys_dashboard.listening.run_choice import pick_run, runs_or_stop, tell_why_shown
from recsys_dashboard.listening.subject import Subject, pick_who
from recsys_dashboard.notices import show_notice
from recsys_dashboard.page_frame import footer, how_to_read, page_header, run_badge, split_badge

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
    against = pick_other(manifests, manifest)
    k = pick_length()
    filters = pick_filters(dataset, somebody_new=somebody_new)
tell_why_shown(manifests, manifest)
with top:
    page_header("preferences", dataset, run_badge(manifest), split_badge(manifest))

opinions = Opinions(MINE if somebody_new else SAID, dataset, "" if somebody_new else user_id)
opinions.write_address()
show_notice(NOTICES)
subject = Subject(dataset, user_id, opinions.profile, filters, k)

slot = st.container()
with slot.skeleton(height=600):
    answer = answer_of(subject, manifest, against)
with slot:
    if not somebody_new:
        tell_refused(user_id)
    draw_answer(subject, answer, opinions)

how_to_read("preferences")
footer(dataset, manifest.protocol.seed)
