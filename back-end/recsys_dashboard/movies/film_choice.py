"""Which film the page speaks of: typed, drawn at random, walked to, or named by the address."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from recsys_core.errors import UnknownIdError
from recsys_core.movies.search import AmbiguousTitleError, UnknownTitleError
from recsys_dashboard.movies import address
from recsys_dashboard.movies.words import film_label
from recsys_dashboard.texts import plain, text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recsys_core.movies.search import TitleMatch
    from recsys_dashboard.movies.catalogue import FilmCatalogue

FOUND, OFFERED = 6, 8
_TYPED = "movies.typed"
SHOWN = "movies.shown"


def film_of_address(films: FilmCatalogue) -> int | None:
    """Return the row of the film that the address names by id or title; says so if it names none or many."""
    st.session_state.pop(SHOWN, None)
    asked = address.asked(address.FILM)
    if asked is None:
        return None
    try:
        row = _row_of(asked, films)
    except UnknownTitleError as error:
        shown = plain(asked[: address.LONGEST])
        words = text("movies.unknown_guesses" if error.suggestions else "movies.unknown", asked=shown)
        st.warning(words, icon=":material/search_off:")
        _offer(error.suggestions, "guess")
        return None
    except AmbiguousTitleError as error:
        n = len(error.choices)
        st.info(
            text("movies.ambiguous", n=n, asked=plain(asked[: address.LONGEST])), icon=":material/call_split:"
        )
        _offer(error.choices, "which")
        return None
    st.session_state[SHOWN] = film_label(films.film(row))
    return row


def search_row(films: FilmCatalogue, shown: int | None) -> None:
    """Draw search box and "Surprise me", and a button for each film found."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        typed = st.text_input(
            text("movies.search"),
            key=_TYPED,
            type="search",
            live=True,
            icon=":material/search:",
            placeholder=text("movies.search_placeholder"),
        )
        st.button(
            text("movies.surprise"),
            key="movies.surprise",
            icon=":material/casino:",
            help=text("movies.surprise_help"),
            on_click=_surprise,
            args=(films, shown),
        )
    if typed.strip():
        _finds(films, typed)


def _finds(films: FilmCatalogue, typed: str) -> None:
    found = films.search.find(typed, FOUND)
    if not found:
        st.caption(text("movies.search_nothing", typed=plain(typed[: address.LONGEST])))
    _offer(found, "find")


def landing(films: FilmCatalogue) -> None:
    """Draw what to do first, with films to begin at."""
    st.markdown(text("movies.begin"))
    best = [films.film(row) for row in films.standings.best(OFFERED)]
    with st.container(horizontal=True, gap="small"):
        for film in best:
            _film_button(film["movie_id"], film_label(film), "begin", address.jump_to)


def breadcrumbs(films: FilmCatalogue) -> None:
    """Draw the films walked through, each leading back; what the catalogue does not know is left out."""
    passed = [(one, _known(one, films)) for one in address.way()]
    steps = [(one, row) for one, row in passed if row is not None]
    if not steps:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(text("movies.walk"), width="content")
        for one, row in steps:
            _film_button(one, film_label(films.film(row)), "walk", address.walk_to, kind="tertiary")
            st.caption("›", width="content")
        st.markdown(f"**{plain(st.session_state.get(SHOWN, ''))}**", width="content")


def _row_of(asked: str, films: FilmCatalogue) -> int:
    """Return the film of that id, which is what we write, or of that title, which people do."""
    try:
        return films.row(films.movies.ids.parse(asked))
    except UnknownIdError:
        return films.row(films.search.by_title(asked).movie_id)


def _known(asked: str, films: FilmCatalogue) -> int | None:
    try:
        return films.row(films.movies.ids.parse(asked))
    except UnknownIdError:
        return None


def _offer(found: Sequence[TitleMatch], place: str) -> None:
    with st.container(horizontal=True, gap="small"):
        for one in found:
            _film_button(one.movie_id, one.label, place, _take)


def _film_button(
    movie_id: Any, label: str, place: str, on_click: Callable[[object], None], kind: Any = "secondary"
) -> None:
    st.button(plain(label), key=f"movies.{place}.{movie_id}", type=kind, on_click=on_click, args=(movie_id,))


def _take(movie_id: object) -> None:
    st.session_state[_TYPED] = ""
    address.jump_to(movie_id)


def _surprise(films: FilmCatalogue, shown: int | None) -> None:
    st.session_state[_TYPED] = ""
    row = films.standings.draw(np.random.default_rng(secrets.randbits(64)), besides=shown)
    address.jump_to(films.film(row)["movie_id"])
