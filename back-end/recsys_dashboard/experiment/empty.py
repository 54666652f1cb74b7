"""What stands beside the form when no experiment is shown: what one is, and a button for a small one."""

from __future__ import annotations

import streamlit as st

from recsys_dashboard.experiment import shelf
from recsys_dashboard.experiment.actions import begin, blocked
from recsys_dashboard.experiment.new_form import forecast, small_request
from recsys_dashboard.texts import text, whole


def draw_empty() -> None:
    """Draw the explanation and the button."""
    request, first = small_request(), not shelf.cards()
    with st.container(border=True):
        if first:
            st.markdown(f"**{text('experiment.empty_title')}**")
        st.markdown(text("experiment.empty"))
        st.button(
            text("experiment.start_small", sessions=whole(request.sessions)),
            icon=":material/play_arrow:", key="experiment.start_small",
            type="primary" if first else "secondary", disabled=bool(blocked()), on_click=begin,
            args=(request,),
        )  # fmt: skip
        st.caption(text("experiment.forecast", time=forecast(request)))
