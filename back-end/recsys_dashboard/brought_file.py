"""A file that a visitor brings: what it seems to hold is found once, not at every run of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.runtime.uploaded_file_manager import UploadedFile

Guess = TypeVar("Guess")


def guess_once(place: str, upload: UploadedFile, guess: Callable[[str, bytes], Guess]) -> Guess:
    """Return ``guess(name, content)``, kept for the ``place`` while the same file is shown."""
    kept = st.session_state.get(place)
    if kept is None or kept[0] != upload.file_id:
        kept = (upload.file_id, guess(upload.name, upload.getvalue()))
        st.session_state[place] = kept
    found: Guess = kept[1]
    return found
