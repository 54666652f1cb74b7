"""How similar films are found and ordered: method, weight, closest or best rated, votes, length."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from recsys_core.movies.audience import AUDIENCE_MODELS, COUNTING
from recsys_core.movies.popularity_filter import CANDIDATES, KEPT, popularity_filter
from recsys_dashboard.movies import address
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from typing import Any

    from recsys_core.movies.similarity import SimilarMovies
    from recsys_dashboard.movies.catalogue import FilmCatalogue

LENGTHS = (5, 10, 20, 30)
METHOD, WEIGHT, BEST, VOTED, LENGTH, SIDE = "how", "weight", "best", "voted", "length", "side"
AUDIENCE = "audience"
BY_PEOPLE = {"collaborative", "hybrid"}
WEIGHED = ("both", "hybrid")
HALF = 50


class Wanted(NamedTuple):
    """What the controls say; ``weight`` and ``best_rated`` are shares, 0 to 1; ``audience`` is a model."""

    method: str
    weight: float
    best_rated: float
    vote_gate: bool
    k: int
    audience: str

    def similar(self, films: FilmCatalogue, movie_id: Any, method: str | None = None) -> SimilarMovies:
        """Return the list for a film: of the 30 nearest, those that the controls put first."""
        model = films.model(method or self.method, self.weight, self.audience)
        nearest = model.similar_movies(movie_id, max(CANDIDATES, self.k))
        return popularity_filter(nearest, self.k, vote_gate=self.vote_gate, best_rated=self.best_rated)


def pick_wanted(films: FilmCatalogue) -> tuple[Wanted, list[str]]:
    """Draw the controls; return what they say, and the methods to set side by side if that is wanted."""
    usual, rated = films.usual_method, bool(films.facts.votes)
    compared = compared_methods(films)
    with st.container(horizontal=True, vertical_alignment="top", gap="medium"):
        method = _pick_method(films, usual)
        weight = HALF / 100
        if method in WEIGHED:
            words = text(f"movies.weight_{method}"), text(f"movies.weight_help_{method}")
            weight = _share(WEIGHT, HALF, *words)
        best = _share(BEST, 0, text("movies.best_rated"), text("movies.best_rated_help")) if rated else 0.0
        k = _pick_length()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        gate = films.facts.counted and _switch(VOTED, text("movies.gate"), text("movies.gate_help"))
        side = len(compared) > 1 and _switch(SIDE, text("movies.side"), text("movies.side_help"))
        asked = {method, *(compared if side else [])}
        audience = _pick_audience() if asked & BY_PEOPLE else COUNTING
    return Wanted(method, weight, best, gate, k, audience), compared if side else []


def _pick_audience() -> str:
    return st.selectbox(
        text("movies.audience"),
        AUDIENCE_MODELS,
        format_func=lambda one: text(f"model.{one}"),
        key=address.select(AUDIENCE, AUDIENCE_MODELS, COUNTING),
        on_change=address.write,
        args=(AUDIENCE, COUNTING),
        help=text("movies.audience_help"),
        width=200,
    )


def _switch(name: str, label: str, explanation: str) -> bool:
    key = address.switch(name)
    return st.toggle(label, key=key, on_change=address.write, args=(name,), help=explanation)


def compared_methods(films: FilmCatalogue) -> list[str]:
    """Return up to three methods to set side by side: content, audience and both of them where possible."""
    found = films.methods
    if "hybrid" in found:
        return ["both" if "both" in found else "soup", "collaborative", "hybrid"]
    return list(found)


def _pick_method(films: FilmCatalogue, usual: str) -> str:
    picked = st.segmented_control(
        text("movies.method"),
        list(films.methods),
        format_func=lambda one: text(f"movies.method_{one}"),
        key=address.select(METHOD, films.methods, usual),
        on_change=address.write,
        args=(METHOD, usual),
        required=True,
        help=text("movies.method_help"),
    )
    return picked or usual


def _share(name: str, usual: int, label: str, explanation: str) -> float:
    percents = st.slider(
        label,
        0,
        100,
        step=5,
        format="%d%%",
        key=address.level(name, usual, 0, 100),
        on_change=address.write,
        args=(name, usual),
        help=explanation,
        width=200,
    )
    return percents / 100


def _pick_length() -> int:
    return st.selectbox(
        text("movies.length"),
        LENGTHS,
        key=address.select(LENGTH, LENGTHS, KEPT),
        on_change=address.write,
        args=(LENGTH, KEPT),
        width=110,
    )
