"""The parts of the page, one at a time; the address says which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_dashboard.movies import address
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

VIEWS = ("similar", "charts", "cost", "catalogue")
_KEY = "movies.tabs"


def open_view() -> tuple[str, DeltaGenerator]:
    """Draw the tabs and return the name of the open one with its place."""
    labels = {text(f"movies.view_{view}"): view for view in VIEWS}
    wanted = address.asked(address.VIEW)
    shown = wanted if wanted in VIEWS else VIEWS[0]
    st.session_state[_KEY] = text(f"movies.view_{shown}")
    places = st.tabs(list(labels), key=_KEY, on_change=_turn, args=(labels,))
    return shown, places[VIEWS.index(shown)]


def _turn(labels: dict[str, str]) -> None:
    view = labels.get(st.session_state[_KEY], VIEWS[0])
    address.change(view=None if view == VIEWS[0] else view)
