"""Choices that stand in the address by their own name: Streamlit's binding would write their translation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def pick_addressed(
    key: str,
    options: Sequence[str],
    *,
    label: str,
    words: Callable[[str], str],
    about: str | None = None,
    bare: bool = False,
) -> str:
    """Draw a choice among ``options``, the first by default, and return it; ``?key=`` names it.

    ``about`` is its help; ``bare`` leaves the label to screen readers.
    """
    if st.session_state.get(key) not in options:
        asked = st.query_params.get(key)
        st.session_state[key] = asked if asked in options else options[0]
    picked = st.segmented_control(
        label,
        list(options),
        format_func=words,
        key=key,
        required=True,
        help=about,
        label_visibility="collapsed" if bare else "visible",
    )
    chosen = picked or options[0]
    if chosen == options[0]:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = chosen
    return chosen
