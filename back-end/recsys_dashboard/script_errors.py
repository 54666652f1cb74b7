"""What a visitor sees when a page breaks: a sentence and an id; the traceback goes to the terminal."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from recsys_core.errors import RefrainError
from recsys_dashboard.texts import plain, text

log = logging.getLogger(__name__)


def show(error: Exception) -> bool:
    """Draw a card for ``error`` and return True, so that Streamlit draws nothing of its own."""
    if isinstance(error, RefrainError):
        st.error(plain(error), icon=":material/error:")
        return True
    error_id = secrets.token_hex(3)
    log.error("Error %s is the %s above.", error_id, type(error).__name__)  # Streamlit logs its traceback
    st.error(text("app.unexpected", error_id=error_id), icon=":material/error:")
    return True
