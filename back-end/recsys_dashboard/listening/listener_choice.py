"""Which listener a page speaks of: found by id, or drawn at random among all, the busy or the quiet."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import streamlit as st

from recsys_core.columns import Columns
from recsys_core.datasets.summary import Group, pick_user
from recsys_dashboard.listening.cached_lists import activity_of
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.datasets import Dataset

USER = "user"
LISTED = 20_000  # ids sent to the browser at most; others are typed in full
_GROUPS: dict[Group, str] = {
    "anyone": ":material/shuffle:",
    "heavy": ":material/volume_up:",
    "light": ":material/volume_down:",
}


def pick_listener(dataset: Dataset) -> Any:
    """Draw the choice and return the user id; ``?user=`` names it, the busiest listener is the default.

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
    typed = st.selectbox(
        text("listener.label"),
        ids,
        key=USER,
        bind="query-params",
        filter_mode="prefix",
        accept_new_options=len(table) > LISTED,
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


def _draw(table: pd.DataFrame, group: Group, dataset: Dataset) -> None:
    current = dataset.users.parse(st.session_state[USER]) if USER in st.session_state else None
    st.session_state[USER] = str(pick_user(table, group, secrets.randbits(32), besides=current))
