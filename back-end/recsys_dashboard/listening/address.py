"""Choices that stand in the address by their own name: Streamlit's binding would write their translation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def pick_addressed(key: str, options: Sequence[str], *, label: str, words: Callable[[str], str]) -> str:
    """Draw a choice among ``options``, the first by default, and return it; ``?key=`` names it."""
    if st.session_state.get(key) not in options:
        asked = st.query_params.get(key)
        st.session_state[key] = asked if asked in options else options[0]
    picked = st.segmented_control(label, list(options), format_func=words, key=key, required=True)
    chosen = picked or options[0]
    if chosen == options[0]:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = chosen
    return chosen
