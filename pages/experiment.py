"""Experiment: do simulated listeners stay longer with a new recommender, and how sure is that?"""

import streamlit as st

from recsys_dashboard.experiment.actions import NOTICE
from recsys_dashboard.experiment.choice import LIVE, pick, wanted
from recsys_dashboard.experiment.empty import draw_empty
from recsys_dashboard.experiment.going_on import draw_busy, draw_going_on
from recsys_dashboard.experiment.new_form import draw_new_form
from recsys_dashboard.experiment.panel import follow
from recsys_dashboard.experiment.view import opened
from recsys_dashboard.experiment.watching import watch_service
from recsys_dashboard.notices import show_notice
from recsys_dashboard.page_frame import Badge, footer, how_to_read, page_header
from recsys_dashboard.texts import plain, text

shown = wanted()
service = shown == LIVE
view, problem = opened(shown) if shown and not service else (None, "")

badge = text("experiment.badge_service" if service else "experiment.badge")
page_header("experiment", None, Badge(badge, "orange", ":material/science:"))
st.warning(text("experiment.banner_service" if service else "experiment.banner"), icon=":material/science:")
show_notice(NOTICE)

pick(shown)
if problem:
    st.error(plain(problem), icon=":material/error:")
if service:
    watch_service()
else:
    left, right = st.columns([2, 5])
    with left.container(border=True):
        if view is not None:
            draw_going_on(view)
        else:
            draw_new_form()
        draw_busy(view)
    with right:
        if view is not None:
            follow(view)
        else:
            draw_empty()

how_to_read("experiment")
footer(None, view.request.seed if view is not None else None)
