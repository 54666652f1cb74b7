"""Lists in the address of the map: groups, tags and artists, each as long as an address may be."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Iterable

GROUPS, TAGS, CIRCLED = "groups", "tags", "circled"
LONGEST = 1500  # characters; a longer list stays with the visit
_BETWEEN = "~"


def read_list(name: str) -> list[str]:
    """Return the entries that the address names; anything may stand there."""
    written = st.query_params.get(name, "")[:LONGEST]
    return [unquote(one) for one in written.split(_BETWEEN) if one]


def write_list(name: str, entries: Iterable[object]) -> None:
    """Put a list into the address; an empty one, or one that is too long, leaves it."""
    written = _BETWEEN.join(quote(str(one), safe="").replace(_BETWEEN, "%7E") for one in entries)
    if 0 < len(written) <= LONGEST:
        st.query_params[name] = written
    else:
        st.query_params.pop(name, None)
