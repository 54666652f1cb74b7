"""One film: what it is, who made it, what it tells, how it is rated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from recsys_dashboard.movies.words import film_label, language_name
from recsys_dashboard.texts import number, plain, text, whole

if TYPE_CHECKING:
    from recsys_dashboard.movies.catalogue import FilmCatalogue

NAMED, KEYWORDS = 5, 12


def film_card(films: FilmCatalogue, movie_idx: int) -> None:
    """Draw the card of a film."""
    film = films.film(movie_idx)
    st.subheader(plain(film_label(film)), anchor=False)
    if film["genres"]:
        st.markdown(" ".join(f":gray-badge[{plain(genre)}]" for genre in film["genres"]))
    lines = _people(film)
    if lines:
        st.markdown("  \n".join(lines))
    st.markdown(plain(film["overview"]) if film["overview"] else _no_overview(films, movie_idx))
    if film["keywords"]:
        named = ", ".join(plain(one) for one in film["keywords"][:KEYWORDS])
        st.caption(text("movies.keywords", names=named))
    _rating(films, movie_idx)
    _links(film["links"])


def _people(film: dict[str, Any]) -> list[str]:
    cast = ", ".join(plain(one) for one in film["cast"][:NAMED])
    lines = [text("movies.director", names=plain(film["director"]))] if film["director"] else []
    lines += [text("movies.cast", names=cast)] if cast else []
    lines += (
        [text("movies.language", name=plain(language_name(film["language"])))] if film["language"] else []
    )
    return lines


def _no_overview(films: FilmCatalogue, movie_idx: int) -> str:
    """Say that there is no plot, and what stands in for it."""
    _, by_facts = films.texts.present[movie_idx]
    if not films.facts.overview:
        return text("movies.no_overviews")
    return text("movies.no_overview" if by_facts else "movies.no_overview_nor_facts")


def _rating(films: FilmCatalogue, movie_idx: int) -> None:
    standing = films.standings.of(movie_idx)
    if standing is None:
        st.caption(text("movies.no_votes"))
        return
    counted, simulated = bool(standing.votes), films.movies.source.simulated
    top = number(films.movies.vote_scale[1], 1)
    value = text("movies.rating_value", rating=number(standing.rating), top=top)
    with st.container(horizontal=True, gap="small"):
        if counted:
            _figure(text("movies.rating"), value, text("movies.rating_help"))
            label = text("movies.votes_simulated" if simulated else "movies.votes")
            _figure(label, whole(standing.votes), text("movies.votes_help", mean=number(standing.mean)))
        else:
            _figure(text("movies.column_mean"), value)
        place_help = text("movies.place_help", films=whole(standing.films))
        _figure(text("movies.place"), whole(standing.place), place_help)
    if not counted:
        st.caption(text("movies.uncounted"))


def _figure(label: str, value: str, explanation: str | None = None) -> None:
    st.metric(label, value, help=explanation, width="content")


def _links(links: dict[str, str]) -> None:
    if links:
        with st.container(horizontal=True, gap="small"):
            for site, url in links.items():
                st.link_button(_site(site), url, type="tertiary", icon=":material/open_in_new:")


def _site(site: str) -> str:
    known = {"tmdb": "TMDB", "imdb": "IMDb", "movielens": "MovieLens"}
    return known.get(site) or text("movies.homepage")
