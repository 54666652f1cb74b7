"""What the address of the map says: artist, listener, map, second map. What it cannot mean is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from recsys_core.errors import UnknownIdError
from recsys_dashboard.listening.cached_company import search_of
from recsys_dashboard.listening.run_choice import MODEL
from recsys_dashboard.texts import plain, text

if TYPE_CHECKING:
    from collections.abc import Collection

    from recsys_core.datasets import Dataset

ARTIST, LISTENER, MAP, WITH, COLOUR, RUN = "artist", "listener", "map", "with", "colour", "run"
SELECTED, CHOSEN_TAGS = "artist_map.selected", "artist_map.tags"
"""Where a visit keeps the circled artists and the tags in colour."""
LONGEST = 60
_ZOOM, _OF, _REFUSED = "artist_map.zoom", "artist_map.of", "artist_map.refused"


def kept(name: str) -> str | None:
    """Return what this visit chose under ``name``; the address decides when the page is opened."""
    key = f"artist_map.{name}"
    if key not in st.session_state:
        st.session_state[key] = st.query_params.get(name)
    return st.session_state[key]


def keep(name: str, value: str | None) -> None:
    """Choose ``value`` under ``name``; it is in the address from the next drawing on.

    What was refused before is not told any more: the visitor has gone on.
    """
    _set(name, value)
    st.session_state.pop(_REFUSED, None)


def write(name: str) -> None:
    """Put what was chosen into the address."""
    if value := st.session_state.get(f"artist_map.{name}"):
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def take_run(known: Collection[str]) -> None:
    """Take the run from the address (``?run=`` or ``?model=``) and tell if it cannot be mapped."""
    asked = st.query_params.get(RUN) or (None if MODEL in st.session_state else st.query_params.get(MODEL))
    if RUN in st.query_params:
        del st.query_params[RUN]
    if asked is None:
        return
    if asked in known:
        st.session_state[MODEL] = asked
    else:
        refuse("run", asked)


def show_map(key: str | None) -> None:
    """Turn to a stored map of the run; None for the usual one."""
    keep(MAP, key)


def show_artist(item: object, *, zoom: bool = False) -> None:
    """Ring an artist, and show its surroundings only if ``zoom``; None for nobody."""
    keep(ARTIST, None if item is None else str(item))
    st.session_state[_ZOOM] = zoom


def zoomed() -> bool:
    """Return whether the surroundings of the artist are shown; a link to an artist begins so."""
    return bool(st.session_state.get(_ZOOM, True))


def asked_artist(dataset: Dataset) -> int | None:
    """Return the artist asked for by id or name; tells and drops what names none."""
    asked = kept(ARTIST)
    if not asked:
        return None
    try:
        item = _item(asked, dataset)
    except UnknownIdError:
        refuse(ARTIST, asked)
        return None
    _set(ARTIST, str(dataset.items.ids[item]))
    return item


def asked_listener(dataset: Dataset) -> Any | None:
    """Return the id of the listener asked for; tells and drops what names nobody."""
    asked = kept(LISTENER)
    if not asked:
        return None
    try:
        return dataset.users.parse(asked)
    except UnknownIdError:
        refuse(LISTENER, asked)
        return None


def forget_other(fingerprint: str, run_id: str) -> None:
    """Drop what was chosen on other data, and the map of another run."""
    before = st.session_state.get(_OF)
    st.session_state[_OF] = (fingerprint, run_id)
    if before is None or before == (fingerprint, run_id):
        return
    keep(MAP, None)
    if before[0] != fingerprint:
        for name in (ARTIST, LISTENER, WITH):
            keep(name, None)
        for key in (SELECTED, CHOSEN_TAGS):
            st.session_state[key] = []


def _item(asked: str, dataset: Dataset) -> int:
    """Return the artist of that id, which is what we write, or of that name, which people do."""
    try:
        return int(dataset.items.to_idx([dataset.items.parse(asked)])[0])
    except UnknownIdError:
        return search_of(dataset).resolve(asked)


def refuse(name: str, asked: str) -> None:
    """Forget what the address named and is not there; it is told until the visitor chooses something."""
    _set(name, None)
    st.session_state.setdefault(_REFUSED, {})[name] = asked[:LONGEST]


def tell_refused() -> None:
    """Say what the address named that is not there, and what is shown instead."""
    for name, asked in st.session_state.get(_REFUSED, {}).items():
        st.warning(text(f"artist_map.bad_{name}", asked=plain(asked)), icon=":material/search_off:")


def _set(name: str, value: str | None) -> None:
    st.session_state[f"artist_map.{name}"] = value
