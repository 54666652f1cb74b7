"""Your own file: brought, columns guessed and confirmed, checked row by row, then one of the data sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import streamlit as st

from recsys_core.datasets import ColumnChoice, store_upload
from recsys_core.datasets.sample_file import sample_table
from recsys_core.datasets.uploads import guess_upload
from recsys_core.errors import RefrainError
from recsys_dashboard.brought_file import guess_once
from recsys_dashboard.data.choice import show_data
from recsys_dashboard.data.files import key_of
from recsys_dashboard.downloads import csv_button
from recsys_dashboard.notices import notice, show_notice
from recsys_dashboard.settings import read_settings
from recsys_dashboard.texts import plain, text

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from recsys_core.datasets import ColumnGuess

ROLES = ("user", "item", "weight", "timestamp")
_OPTIONAL = ("weight", "timestamp")
_UPLOAD, _GUESS, _PLACE = "datasets.upload", "datasets.guess", "upload"


def draw() -> None:
    """Draw the way from a file to a data set."""
    st.markdown(f"**{text('datasets.upload_title')}**")
    st.markdown(text("datasets.upload_words"))
    csv_button(sample_table(), "refrain-sample.csv", key="datasets.sample", label=text("datasets.sample"))
    upload = st.file_uploader(
        text("datasets.upload"),
        type=["csv", "tsv", "txt", "dat", "parquet"],
        key=_UPLOAD,
        help=text("datasets.upload_help"),
    )
    if upload is None:
        return
    try:
        guess = guess_once(_GUESS, upload, guess_upload)
    except RefrainError as error:
        st.error(plain(error), icon=":material/error:")
        return
    st.markdown(text("datasets.upload_found", n=len(guess.columns)))
    st.dataframe(
        guess.preview.head(8), hide_index=True, key="datasets.preview", alt=text("datasets.preview_alt")
    )
    _pick_columns(guess, upload.file_id)
    show_notice(_PLACE)  # beside the button that caused it
    st.button(
        text("datasets.upload_use"),
        key="datasets.upload_use",
        type="primary",
        icon=":material/check:",
        on_click=_store,
        args=(upload, guess),
    )


def _pick_columns(guess: ColumnGuess, file_id: str) -> None:
    for column, role in zip(st.columns(2) * 2, ROLES, strict=True):
        options = [None, *guess.columns] if role in _OPTIONAL else list(guess.columns)
        guessed = getattr(guess, role)
        column.selectbox(
            text(f"datasets.role_{role}"),
            options,
            index=options.index(guessed) if guessed in options else None,
            format_func=lambda name: text("datasets.no_column") if name is None else name,
            key=_role_key(role, file_id),
            placeholder=text("datasets.choose_column"),
            help=text(f"datasets.role_{role}_help"),
        )


def _store(upload: UploadedFile, guess: ColumnGuess) -> None:
    chosen = {role: st.session_state.get(_role_key(role, upload.file_id)) for role in ROLES}
    missing = next((role for role in ("user", "item") if chosen[role] is None), None)
    if missing:
        notice(_PLACE, "error", text("datasets.role_missing", role=text(f"datasets.role_{missing}")))
        return
    columns = msgspec.convert({**chosen, "separator": guess.separator, "header": guess.header}, ColumnChoice)
    try:
        choice = store_upload(read_settings().data_root, upload.name, upload.getvalue(), columns)
    except (RefrainError, OSError) as error:
        notice(_PLACE, "error", str(error))
        return
    show_data(key_of(choice))
    notice(_PLACE, "success", text("datasets.upload_done", file=upload.name))


def _role_key(role: str, file_id: str) -> str:
    return f"datasets.role.{role}.{file_id}"
