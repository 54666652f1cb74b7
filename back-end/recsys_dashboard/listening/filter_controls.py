"""Wishes for a list: how long, how novel, what may not stand on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.listening.ranked_list import Filters
from recsys_dashboard.listening.cached_company import tags_of
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset

LENGTHS = (5, 10, 20, 50)


def pick_length() -> int:
    """Draw the choice of how many suggestions and return it; ``?top=`` names it."""
    return st.segmented_control(
        text("preferences.length"), LENGTHS, default=10, key="top", required=True, bind="query-params"
    )


def pick_filters(dataset: Dataset, *, somebody_new: bool) -> Filters:
    """Draw the filters behind a button and return them; they are part of the address."""
    with st.popover(text("preferences.filters"), icon=":material/tune:"):
        novelty = st.slider(
            text("preferences.novelty"),
            0.0,
            1.0,
            0.0,
            0.1,
            key="novelty",
            bind="query-params",
            help=text("preferences.novelty_help"),
        )
        hide = somebody_new or st.toggle(
            text("preferences.hide_heard"), value=True, key="unheard", bind="query-params"
        )
        tags = tags_of(dataset)
        unwanted = (
            st.multiselect(
                text("preferences.without_tags"),
                tags,
                key="without",
                bind="query-params",
                placeholder=text("preferences.without_tags_placeholder"),
            )
            if tags
            else []
        )
        st.caption(text("preferences.never_hint"))
    return Filters(hide_heard=hide, novelty=novelty, without_tags=tuple(unwanted))
