"""A figure on a page: a title that says what was found, the figure, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_dashboard.texts import spoken

if TYPE_CHECKING:
    import plotly.graph_objects as go

_CONFIG = {"displayModeBar": False, "scrollZoom": False}


def show_figure(figure: go.Figure, *, key: str, title: str, alt: str, source: str, note: str = "") -> None:
    """Draw ``figure`` between its finding ``title`` and a line on what to see in it and its ``source``.

    ``alt`` says the same to those who do not see the figure.
    """
    st.markdown(f"**{title}**")
    st.plotly_chart(figure, config=_CONFIG, key=key, alt=spoken(alt))
    st.caption(f"{note}  \n{source}" if note else source)
