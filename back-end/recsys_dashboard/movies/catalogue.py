"""A catalogue of films, loaded once for all visits, with what is made from it when first needed."""

from __future__ import annotations

import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import streamlit as st

from recsys_core.movies import MovieChoice, Movies, load_movies
from recsys_core.movies.audience import COUNTING, has_likes
from recsys_core.movies.collaborative import CollaborativeModel
from recsys_core.movies.content import ContentModel, FilmTexts
from recsys_core.movies.facts import FilmFacts, film_facts
from recsys_core.movies.hybrid import HybridModel
from recsys_core.movies.search import MovieSearch
from recsys_core.movies.standing import Standings
from recsys_dashboard.data.files import stamp
from recsys_dashboard.settings import read_settings

if TYPE_CHECKING:
    from recsys_core.movies.similarity import SimilarityModel


class FilmCatalogue:
    """Films and everything computed from them, of one and the same object: models are never mixed."""

    def __init__(self, movies: Movies) -> None:
        self.movies = movies
        self._audiences: dict[str, CollaborativeModel] = {}
        self._learning = threading.Lock()

    @cached_property
    def texts(self) -> FilmTexts:
        """The words and the facts of all films, with their index."""
        return FilmTexts(self.movies)

    @cached_property
    def search(self) -> MovieSearch:
        """The titles."""
        return MovieSearch(self.movies)

    @cached_property
    def standings(self) -> Standings:
        """Votes and ratings."""
        return Standings(self.movies)

    @cached_property
    def facts(self) -> FilmFacts:
        """The catalogue in figures."""
        return film_facts(self.movies)

    def audience(self, model: str = COUNTING) -> CollaborativeModel:
        """Return what a model learned of who liked what, once; raises DataError without ratings."""
        with self._learning:
            if model not in self._audiences:
                self._audiences[model] = CollaborativeModel(self.movies, model)
            return self._audiences[model]

    @cached_property
    def methods(self) -> tuple[str, ...]:
        """The ways to find similar films that this catalogue has data for, in the order to offer them."""
        by_words, by_facts = (bool(part.any()) for part in self.texts.present.T)
        found = [name for name, there in (("overview", by_words), ("soup", by_facts)) if there]
        found += ["both"] if by_words and by_facts else []
        found += ["collaborative", "hybrid"] if has_likes(self.movies) else []
        return tuple(found)

    @property
    def usual_method(self) -> str:
        """The method to begin with: plot and facts; without plots, facts and audience."""
        return next((one for one in ("both", "hybrid") if one in self.methods), self.methods[0])

    def model(self, method: str, weight: float, audience: str = COUNTING) -> SimilarityModel:
        """Return the model of a method; ``weight`` is that of the plot, or of the content in a hybrid.

        ``audience`` is the model that learns who likes what.
        """
        if method == "collaborative":
            return self.audience(audience)
        if method == "hybrid":
            return HybridModel(ContentModel(self.texts), self.audience(audience), weight=weight)
        return ContentModel(self.texts, method, weight=weight)  # type: ignore[arg-type]  # one of methods

    def film(self, movie_idx: int) -> dict[str, Any]:
        """Return the fields of one film."""
        return {str(name): value for name, value in self.movies.frame.iloc[movie_idx].items()}

    def row(self, movie_id: Any) -> int:
        """Return the row of a film; raises UnknownIdError."""
        return int(self.movies.ids.to_idx([movie_id])[0])


def open_catalogue(choice: MovieChoice) -> FilmCatalogue:
    """Return the catalogue of ``choice``, loaded again when its files have changed."""
    return _opened(msgspec.json.encode(choice), stamp(choice), str(read_settings().data_root))


@st.cache_resource(max_entries=3, show_spinner=False)
def _opened(choice: bytes, stamp: int, data_root: str) -> FilmCatalogue:
    movies = load_movies(msgspec.json.decode(choice, type=MovieChoice), data_root=Path(data_root))
    return FilmCatalogue(movies)
