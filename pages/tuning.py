"""Tuning: which settings of a model are worth having, and what finding them took."""

import streamlit as st

from recsys_dashboard.controls import chosen_dataset
from recsys_dashboard.notices import show_notice
from recsys_dashboard.page_frame import Badge, footer, how_to_read, page_header
from recsys_dashboard.texts import plain
from recsys_dashboard.tuning.actions import NOTICE
from recsys_dashboard.tuning.choice import pick_study, wanted_study
from recsys_dashboard.tuning.empty import draw_empty
from recsys_dashboard.tuning.going_on import draw_busy, draw_going_on
from recsys_dashboard.tuning.new_study import draw_new_study
from recsys_dashboard.tuning.panel import follow
from recsys_dashboard.tuning.past import draw_studies
from recsys_dashboard.tuning.view import opened
from recsys_dashboard.tuning.words import split_words

dataset = chosen_dataset()
wanted = wanted_study(dataset)
view, problem = opened(wanted) if wanted else (None, "")

badge = [Badge(split_words(view.card), "gray", ":material/splitscreen:")] if view is not None else []
page_header("tuning", dataset, *badge)
show_notice(NOTICE)

pick_study(dataset, wanted)
left, right = st.columns([2, 5])
with left.container(border=True):
    if view is not None:
        draw_going_on(view, dataset)
    else:
        draw_new_study(dataset)
    draw_busy(view)
with right:
    if problem:
        st.error(plain(problem), icon=":material/error:")
    if view is not None:
        follow(view)
    else:
        draw_empty(dataset)

draw_studies(wanted, dataset)
how_to_read("tuning")
footer(dataset, view.card.request.seed if view is not None else None)
