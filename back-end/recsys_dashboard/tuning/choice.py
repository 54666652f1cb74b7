"""Which study the page shows: that of the address, this visit's, or the newest on these data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_dashboard.controls import turn_to_picked
from recsys_dashboard.texts import text
from recsys_dashboard.tuning import desk, studies
from recsys_dashboard.tuning.words import study_name

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset

STUDY, TRIAL = "study", "trial"
NEW = ""
_PICKED, _DATA = "tuning.picked", "tuning.data"


def wanted_study(dataset: Dataset) -> str:
    """Return the study to show, ``NEW`` for none; it stands in the address.

    A study on other data is let go when the visitor changes the data set.
    """
    if st.session_state.get(_DATA, dataset.fingerprint) != dataset.fingerprint:
        _forget()
    st.session_state[_DATA] = dataset.fingerprint
    if asked := st.query_params.get(STUDY):
        st.session_state[_PICKED] = asked
        return asked
    if _PICKED not in st.session_state:
        mine = desk.mine()
        own = studies.cards(dataset)
        st.session_state[_PICKED] = (mine[1] if mine else None) or (own[0].name if own else NEW)
    if st.session_state[_PICKED]:
        st.query_params[STUDY] = st.session_state[_PICKED]
    return st.session_state[_PICKED]


def show_study(name: str) -> None:
    """Put a study into the address (or none, for a new one), where a reload finds it again."""
    if st.query_params.get(STUDY) != name:
        st.query_params.pop(TRIAL, None)
        st.session_state.pop(TRIAL, None)
    st.session_state[_PICKED] = name
    if name:
        st.query_params[STUDY] = name
    else:
        st.query_params.pop(STUDY, None)


def forget_study(name: str) -> None:
    """Let go of a study that is no more."""
    if st.session_state.get(_PICKED) == name:
        _forget()


def pick_study(dataset: Dataset, shown: str) -> None:
    """Draw the choice among the studies on these data, a new one at the end."""
    names = {card.name: study_name(card) for card in studies.cards(dataset)}
    if shown and shown not in names:
        names = {shown: _foreign(shown), **names}
    options = [*names, NEW]
    key = f"tuning.choice.{shown}"
    st.selectbox(
        text("tuning.study"),
        options,
        options.index(shown),
        format_func=lambda name: names.get(name) or text("tuning.new"),
        key=key,
        help=text("tuning.study_help"),
        on_change=turn_to_picked,
        args=(key, options, show_study),
    )


def _foreign(name: str) -> str:
    """Return what to call a study that is not one of these data."""
    for card in studies.cards():
        if card.name == name:
            return text("tuning.option_other", study=study_name(card), data=card.dataset.title)
    return text("tuning.option_unknown", name=name)


def wanted_trial() -> int | None:
    """Return the trial named in the address, if one is."""
    asked = st.query_params.get(TRIAL, "")
    return int(asked) - 1 if asked.isascii() and asked.isdigit() and len(asked) < 7 else None


def show_trial(number: int | None) -> None:
    """Put a trial into the address; None lets the page choose again."""
    if number is None:
        st.query_params.pop(TRIAL, None)
    else:
        st.query_params[TRIAL] = str(number + 1)


def _forget() -> None:
    for key in (STUDY, TRIAL):
        st.query_params.pop(key, None)
    for key in (_PICKED, TRIAL):
        st.session_state.pop(key, None)
