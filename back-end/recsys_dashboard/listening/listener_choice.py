"""Which listener a page speaks of: found by id, or drawn at random among all, the busy or the quiet."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from recsys_core.columns import Columns
from recsys_core.datasets.summary import ITEMS, Group, pick_user
from recsys_dashboard.listening.cached_lists import activity_of
from recsys_dashboard.texts import plain, text

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.datasets import Dataset

USER = "user"
LISTED = 20_000  # ids sent to the browser at most; others are typed in full
FEW = 100  # one in so many listeners has few artists
_REFUSED = "listener.refused"
_GROUPS: dict[Group | Literal["few"], str] = {
    "anyone": ":material/shuffle:",
    "heavy": ":material/volume_up:",
    "light": ":material/volume_down:",
    "few": ":material/volume_mute:",
}


def pick_listener(dataset: Dataset) -> Any:
    """Draw the choice and return the user id; ``?user=`` names it, the busiest listener is the default.

    An address that names nobody is told until somebody is chosen.

    Raises
    ------
    UnknownIdError
        If an id was typed that the data set does not know.
    """
    table = activity_of(dataset)
    busiest = table[Columns.USER_ID].iloc[0]
    listed = table[Columns.USER_ID].head(LISTED).sort_values()
    # the default stands first: Streamlit objects to another default once a button has set the state
    ids = [str(one) for one in (busiest, *listed[listed != busiest])]
    asked = st.query_params.get(USER)
    if asked and len(table) <= LISTED and asked not in set(ids):
        st.session_state[_REFUSED] = asked[:40]
    typed = st.selectbox(
        text("listener.label"),
        ids,
        key=USER,
        bind="query-params",
        filter_mode="prefix",
        accept_new_options=len(table) > LISTED,
        on_change=_accept,
        help=text("listener.help_simulated" if dataset.source.simulated else "listener.help"),
        width=160,
    )
    with st.container(horizontal=True, width="content", gap="small"):
        for group, icon in _GROUPS.items():
            st.button(
                text(f"listener.{group}"),
                key=f"listener.{group}",
                icon=icon,
                help=text(f"listener.{group}_help"),
                on_click=_draw,
                args=(table, group, dataset),
            )
    return dataset.users.parse(typed)


def tell_refused(shown: object) -> None:
    """Say that the address named a listener who is not there, and who is shown instead."""
    if _REFUSED in st.session_state:
        words = text("listener.refused", asked=plain(st.session_state[_REFUSED]), shown=plain(shown))
        st.warning(words, icon=":material/person_off:")


def _accept() -> None:
    st.session_state.pop(_REFUSED, None)


def _draw(table: pd.DataFrame, group: Group | Literal["few"], dataset: Dataset) -> None:
    _accept()
    current = dataset.users.parse(st.session_state[USER]) if USER in st.session_state else None
    if group == "few":
        table, group = table.nsmallest(max(2, len(table) // FEW), ITEMS), "anyone"
    st.session_state[USER] = str(pick_user(table, group, secrets.randbits(32), besides=current))
