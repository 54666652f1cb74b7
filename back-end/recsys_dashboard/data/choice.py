"""The data sets on this computer, and a button for each that is not shown yet."""

from __future__ import annotations

import streamlit as st

from recsys_dashboard.controls import DATA, chosen
from recsys_dashboard.data.files import choices, key_of
from recsys_dashboard.texts import plain, text


def draw() -> None:
    """Say which data set all pages show, and offer the others."""
    current = chosen()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(text("datasets.choose", title=plain(current.title)), width="content")
        for choice in choices():
            if key_of(choice) != key_of(current):
                st.button(
                    text("datasets.show", title=plain(choice.title)),
                    key=f"datasets.show.{key_of(choice)}",
                    icon=":material/database:",
                    on_click=show_data,
                    args=(key_of(choice),),
                )


def show_data(key: str) -> None:
    """Let all pages show the data set called ``key``; to be called from a button's callback."""
    st.session_state[DATA] = key
