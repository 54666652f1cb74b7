"""Your own table of films: brought, its columns guessed and confirmed, then a catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import streamlit as st

from recsys_core.errors import RefrainError
from recsys_core.movies import FilmColumns, guess_film_upload, store_movies
from recsys_dashboard.brought_file import guess_once
from recsys_dashboard.movies.choice import show_catalogue
from recsys_dashboard.notices import notice, show_notice
from recsys_dashboard.settings import read_settings
from recsys_dashboard.texts import plain, text

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from recsys_core.movies import FilmColumnGuess

ROLES = (
    "title", "movie_id", "year", "genres", "keywords", "cast", "director", "overview",
    "vote_average", "vote_count", "language",
)  # fmt: skip
SHOWN_ROWS = 6
_GUESS, _PLACE = "movies.guess", "film_upload"


def upload_card() -> None:
    """Draw the way from a file to a catalogue."""
    st.markdown(f"**{text('movies.upload_title')}**")
    st.markdown(text("movies.upload_words"))
    upload = st.file_uploader(
        text("movies.upload"), type=["csv", "tsv", "txt", "parquet"], key="movies.upload"
    )
    if upload is None:
        show_notice(_PLACE)
        return
    try:
        guess = guess_once(_GUESS, upload, guess_film_upload)
    except RefrainError as error:
        st.error(plain(error), icon=":material/error:")
        return
    st.dataframe(
        guess.preview.head(SHOWN_ROWS), hide_index=True, key="movies.preview", alt=text("movies.preview_alt")
    )
    st.caption(text("movies.upload_columns"))
    _pick_columns(guess, upload.file_id)
    show_notice(_PLACE)  # beside the button that caused it
    st.button(
        text("movies.upload_use"),
        key="movies.upload_use",
        type="primary",
        icon=":material/check:",
        on_click=_store,
        args=(upload, guess),
    )


def _pick_columns(guess: FilmColumnGuess, file_id: str) -> None:
    for column, roles in zip(st.columns(2), (ROLES[::2], ROLES[1::2]), strict=True):
        for role in roles:
            options = [*([] if role == "title" else [None]), *guess.columns]
            guessed = guess.chosen.get(role)
            column.selectbox(
                text(f"movies.role_{role}"),
                options,
                index=options.index(guessed) if guessed in options else None if role == "title" else 0,
                format_func=lambda name: text("movies.no_column") if name is None else name,
                key=_role_key(role, file_id),
                placeholder=text("movies.choose_column"),
            )


def _store(upload: UploadedFile, guess: FilmColumnGuess) -> None:
    chosen = {role: st.session_state.get(_role_key(role, upload.file_id)) for role in ROLES}
    if chosen["title"] is None:
        notice(_PLACE, "error", text("movies.title_missing"))
        return
    columns = msgspec.convert({**chosen, "separator": guess.separator}, FilmColumns)
    try:
        choice = store_movies(read_settings().data_root, upload.name, upload.getvalue(), columns)
    except (RefrainError, OSError) as error:
        notice(_PLACE, "error", str(error))
        return
    show_catalogue(choice)


def _role_key(role: str, file_id: str) -> str:
    return f"movies.role.{role}.{file_id}"
