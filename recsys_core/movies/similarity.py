"""What every way of finding similar films has in common: its verbs, and the shape of its answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from recsys_core.movies.schema import MovieColumns
from recsys_core.movies.weighted_rating import ratings_of

if TYPE_CHECKING:
    from recsys_core.movies.schema import Movies

NOTHING = "nothing"
SHOWN = (
    MovieColumns.MOVIE_ID,
    MovieColumns.TITLE,
    MovieColumns.YEAR,
    MovieColumns.VOTE_COUNT,
    MovieColumns.VOTE_AVERAGE,
)
SIMILAR_COLUMNS = ("rank", *SHOWN[:3], "similarity", *SHOWN[3:], "rating", "reasons")


class Reason(NamedTuple):
    """One thing two films share and its part of their similarity.

    ``kind`` is word, genre, director, actor, keyword or audience; the ``name`` of an audience is how many
    people liked both films.
    """

    kind: str
    name: str
    weight: float


@dataclass(frozen=True, eq=False)
class SimilarMovies:
    """The films nearest to one film.

    ``table`` has the columns of ``SIMILAR_COLUMNS``, nearest first: ``similarity`` float32 above 0,
    ``rating`` that of :func:`ratings_of` (NaN where nobody voted), ``reasons`` a tuple of
    :class:`Reason`, heaviest first, whose weights sum to the similarity.
    ``used`` is what really answered, where it differs from ``method`` (an empty overview, an unrated film);
    "nothing" when there is nothing to compare by.
    """

    movie_id: Any
    method: str
    used: str
    table: pd.DataFrame

    @property
    def fell_back(self) -> bool:
        """Whether something other than the chosen method answered."""
        return self.used != self.method


class SimilarityModel(ABC):
    """A way of finding films similar to one film. Films are named by ``movie_id``; titles are not keys."""

    method: str

    def __init__(self, movies: Movies) -> None:
        self.movies = movies

    @abstractmethod
    def nearest(self, movie_idx: int, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return up to ``k`` other rows, nearest first, equal ones by lower row, and their similarities."""

    @abstractmethod
    def similarities(self, movie_idx: int) -> np.ndarray:
        """Return the similarity of one film to every film, float32 ``(n,)``; its own place is meaningless."""

    @abstractmethod
    def reasons(self, movie_idx: int, others: np.ndarray) -> list[tuple[Reason, ...]]:
        """Return what a film shares with each of ``others``, heaviest first; it sums to the similarity."""

    @abstractmethod
    def used_for(self, movie_idx: int) -> str:
        """Return the method that answers for this film."""

    def similar_movies(self, movie_id: Any, k: int = 10) -> SimilarMovies:
        """Return the up to ``k`` most similar films; one row of similarities is all it computes.

        Raises
        ------
        UnknownIdError
            If the catalogue has no such film.
        SettingsError
            If ``k`` is below 1.
        """
        movie_idx = int(self.movies.ids.to_idx([movie_id])[0])
        rows, similarities = self.nearest(movie_idx, k)
        table = self._table(rows, similarities, self.reasons(movie_idx, rows))
        return SimilarMovies(movie_id, self.method, self.used_for(movie_idx), table)

    def _table(
        self, rows: np.ndarray, similarities: np.ndarray, reasons: list[tuple[Reason, ...]]
    ) -> pd.DataFrame:
        films = self.movies.frame[list(SHOWN)].iloc[rows].reset_index(drop=True)
        films["rank"] = np.arange(1, len(films) + 1)
        films["similarity"] = similarities
        films["rating"] = self._ratings[rows]
        films["reasons"] = pd.Series(reasons, dtype=object)
        return films[list(SIMILAR_COLUMNS)]

    @cached_property
    def _ratings(self) -> np.ndarray:
        return ratings_of(self.movies.frame)
