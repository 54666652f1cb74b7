"""Which experiment the page shows: that of the address, this visit's, or the newest."""

from __future__ import annotations

import streamlit as st

from recsys_dashboard.controls import turn_to_picked
from recsys_dashboard.experiment import desk, shelf
from recsys_dashboard.experiment.words import experiment_name
from recsys_dashboard.texts import text

EXPERIMENT = "experiment"
NEW, LIVE = "", "service"
_PICKED = "experiment.picked"


def wanted() -> str:
    """Return the experiment to show, ``NEW`` for none, ``LIVE`` for the running service's own log."""
    if asked := st.query_params.get(EXPERIMENT):
        st.session_state[_PICKED] = asked
        return asked
    if _PICKED not in st.session_state:
        known = shelf.cards()
        mine = [card.loop_id for card in known if (job := desk.job_of(card.loop_id)) and job.live]
        newest = known[0].loop_id if known else NEW
        st.session_state[_PICKED] = mine[0] if mine else newest
    if st.session_state[_PICKED]:
        st.query_params[EXPERIMENT] = st.session_state[_PICKED]
    return st.session_state[_PICKED]


def show(name: str) -> None:
    """Put an experiment into the address (or none, for a new one), where a reload finds it again."""
    st.session_state[_PICKED] = name
    if name:
        st.query_params[EXPERIMENT] = name
    else:
        st.query_params.pop(EXPERIMENT, None)


def pick(shown: str) -> None:
    """Draw the choice: experiments newest first, a new one, the running service."""
    names = {card.loop_id: experiment_name(card) for card in shelf.cards()}
    if shown and shown not in (*names, LIVE):
        names = {shown: text("experiment.option_unknown", name=shown), **names}
    names |= {NEW: text("experiment.new"), LIVE: text("experiment.live")}
    options = list(names)
    key = f"experiment.choice.{shown}"
    st.selectbox(
        text("experiment.pick"),
        options,
        options.index(shown),
        format_func=names.__getitem__,
        key=key,
        help=text("experiment.pick_help"),
        on_change=turn_to_picked,
        args=(key, options, show),
    )
