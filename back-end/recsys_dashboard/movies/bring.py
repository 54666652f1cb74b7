"""More films: MovieLens downloaded, a folder of this computer named, an own table brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.errors import RefrainError
from recsys_core.movies.loaders.movielens import CITATION, LICENCE
from recsys_core.movies.loaders.movielens_download import MOVIELENS_URL
from recsys_dashboard.movies import film_jobs
from recsys_dashboard.movies.choice import known_catalogues, name_folder, show_catalogue
from recsys_dashboard.movies.own_films import upload_card
from recsys_dashboard.notices import notice, show_notice
from recsys_dashboard.texts import plain, text

if TYPE_CHECKING:
    from recsys_core.movies import MovieChoice

DOWNLOAD, FOLDER = "movielens", "film_folder"
_FOLDER_KEY = "movies.folder"


def bring_films() -> None:
    """Draw the three ways to more films."""
    st.subheader(text("movies.bring_title"), anchor=False)
    known = known_catalogues()
    left, right = st.columns(2)
    with left.container(border=True):
        _movielens(known.get("movielens"))
    with left.container(border=True):
        _folder()
    with right.container(border=True, height="stretch"):
        upload_card()


def _movielens(here: MovieChoice | None) -> None:
    st.markdown(f"**{text('movies.movielens_title')}**")
    show_notice(DOWNLOAD)
    if here is not None:
        st.markdown(text("movies.movielens_here"))
        st.button(
            text("movies.movielens_show"),
            key="movies.movielens_show",
            icon=":material/check:",
            on_click=show_catalogue,
            args=(here,),
        )
    else:
        st.markdown(text("movies.movielens_words", licence=plain(LICENCE)))
        _download()
    st.caption(plain(CITATION))


def _download() -> None:
    if film_jobs.follow(DOWNLOAD, "", film_jobs.part):
        return
    film_jobs.show_outcome(film_jobs.job_of(DOWNLOAD, ""))
    st.button(
        text("movies.movielens_get"),
        key="movies.movielens_get",
        icon=":material/download:",
        type="primary",
        help=text("movies.movielens_get_help", url=MOVIELENS_URL),
        on_click=film_jobs.start,
        args=(DOWNLOAD, "", {}),
    )


def _folder() -> None:
    st.markdown(f"**{text('movies.folder_title')}**")
    st.markdown(text("movies.folder_words"))
    show_notice(FOLDER)
    st.text_input(
        text("movies.folder"),
        key=_FOLDER_KEY,
        placeholder=text("movies.folder_placeholder"),
        help=text("movies.folder_help"),
    )
    st.button(
        text("movies.folder_use"), key="movies.folder_use", icon=":material/folder_open:", on_click=_name
    )


def _name() -> None:
    words = str(st.session_state.get(_FOLDER_KEY, ""))
    if not words.strip():
        notice(FOLDER, "error", text("movies.folder_empty"))
        return
    try:
        choice = name_folder(words)
    except (RefrainError, OSError) as error:
        notice(FOLDER, "error", str(error))
        return
    show_catalogue(choice)
