"""What a button's callback has to say, shown once when the page is drawn again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import streamlit as st

from recsys_core.errors import RefrainError
from recsys_dashboard.texts import plain

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = Literal["error", "success"]


def notice(place: str, kind: Kind, words: str) -> None:
    """Keep ``words`` for the ``place`` on the page that will show them."""
    st.session_state[f"notice.{place}"] = (kind, words)


def attempt(place: str, act: Callable[[], object]) -> None:
    """Do what a button asks for; a failure is kept for the ``place`` on the page that will show it."""
    try:
        act()
    except RefrainError as error:
        notice(place, "error", str(error))


def show_notice(place: str) -> None:
    """Draw what was kept for ``place``, if anything, and forget it."""
    kind, words = st.session_state.pop(f"notice.{place}", (None, ""))
    if kind == "error":
        st.error(plain(words), icon=":material/error:")
    elif kind == "success":
        st.success(plain(words), icon=":material/check_circle:")
