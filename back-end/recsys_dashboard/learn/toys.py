"""The frame of every toy: a box with what to do in it, so that reading and touching look different."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator


def toy(what_to_do: str) -> DeltaGenerator:
    """Return a bordered box headed "Try it", with ``what_to_do`` in it."""
    box = st.container(border=True)
    box.markdown(f":blue-badge[:material/touch_app: {text('learn.try_it')}] {what_to_do}")
    return box
