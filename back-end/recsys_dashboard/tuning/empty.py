"""What stands beside the form when no study is shown: what a study is, and a button for a small one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.tuning import Budget
from recsys_dashboard.comparison.words import model_name
from recsys_dashboard.texts import plain, text
from recsys_dashboard.tuning import studies
from recsys_dashboard.tuning.actions import begin_search, blocked
from recsys_dashboard.tuning.new_study import SMALL_TRIALS, forecast, small_search

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset


def draw_empty(dataset: Dataset) -> None:
    """Draw the explanation and the button."""
    request = small_search()
    first = not studies.cards(dataset)
    with st.container(border=True):
        if first:
            st.markdown(f"**{text('tuning.empty_title', data=plain(dataset.source.title))}**")
        st.markdown(text("tuning.empty"))
        st.button(
            text("tuning.start_small", n=SMALL_TRIALS, model=model_name(request.model)),
            icon=":material/play_arrow:", key="tuning.start_small", type="primary" if first else "secondary",
            disabled=bool(blocked(None)),
            on_click=begin_search, args=(dataset, request, Budget(trials=SMALL_TRIALS)),
        )  # fmt: skip
        st.caption(text("tuning.forecast", time=forecast(dataset, request, SMALL_TRIALS)))
