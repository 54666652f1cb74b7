"""Controls that several pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from recsys_dashboard import cached
from recsys_dashboard.data.files import by_key, choices, key_of
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from recsys_core.datasets import Dataset
    from recsys_core.datasets.choice import DatasetChoice

DATA = "data"
T = TypeVar("T")


def pick_dataset() -> None:
    """Draw the choice of data in the sidebar; drawn by the entry script, it survives changing pages.

    The choice is part of the address (``?data=demo``) unless it is the best there is. Streamlit's own
    binding would write the title there, which two uploads may share.
    """
    known = {key_of(choice): choice for choice in choices()}
    if st.session_state.get(DATA) not in known:
        wanted = st.query_params.get(DATA)
        st.session_state[DATA] = wanted if wanted in known else next(iter(known))
    picked = st.sidebar.selectbox(
        text("controls.data"),
        list(known),
        format_func=lambda key: known[key].title,
        key=DATA,
        help=text("controls.data_help"),
    )
    if picked != next(iter(known)):
        st.query_params[DATA] = picked
    else:
        st.query_params.pop(DATA, None)


def chosen() -> DatasetChoice:
    """Return the choice made in the sidebar, or the best there is."""
    known = choices()
    return by_key(known, st.session_state.get(DATA) or key_of(known[0]))


def chosen_dataset() -> Dataset:
    """Return the data set chosen in the sidebar; raises DataError if it cannot be used."""
    return cached.dataset(chosen())


def turn_to_picked(key: str, options: Collection[T], show: Callable[[T], object]) -> None:
    """Show which of ``options`` was picked in the list ``key``; a list's callback.

    Nothing is shown for a line that is gone, such as "Trial 3, running" once that trial has ended: Streamlit
    takes the new wording for a choice and hands the old one over as it stands.
    """
    value = st.session_state[key]
    if value in options:
        show(value)


def is_dark() -> bool:
    """Return whether the visitor sees the dark theme, for text colours in figures."""
    return st.context.theme.type == "dark"
