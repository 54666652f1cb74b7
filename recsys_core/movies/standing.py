"""Where one film stands in its catalogue: votes, mean, weighted rating, place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_core.movies.schema import MovieColumns
from recsys_core.movies.weighted_rating import ratings_of

if TYPE_CHECKING:
    from recsys_core.movies.schema import Movies


class Standing(NamedTuple):
    """``rating`` is that of :func:`ratings_of`, ``place`` its place from 1 among the ``films`` that have one.

    ``votes`` is 0 where the catalogue does not tell; ``rating`` is then the plain mean.
    """

    votes: int
    mean: float
    rating: float
    place: int
    films: int


class Standings:
    """The standing of every film, computed once. Equal ratings: more votes first, then catalogue order."""

    def __init__(self, movies: Movies) -> None:
        frame = movies.frame
        self._votes = frame[MovieColumns.VOTE_COUNT].to_numpy()
        self._means = frame[MovieColumns.VOTE_AVERAGE].to_numpy()
        self._ratings = ratings_of(frame)
        self._rated = int(np.isfinite(self._ratings).sum())
        worst_last = np.where(np.isfinite(self._ratings), -self._ratings, np.inf)
        order = np.lexsort((np.arange(len(frame)), -self._votes, worst_last))
        self._places = np.empty(len(frame), np.int64)
        self._places[order] = np.arange(1, len(frame) + 1)

    def of(self, movie_idx: int) -> Standing | None:
        """Return the standing of one film; None if nobody voted for it or the catalogue has no votes."""
        rating, votes = float(self._ratings[movie_idx]), int(self._votes[movie_idx])
        if not np.isfinite(rating):
            return None
        mean, place = float(self._means[movie_idx]), int(self._places[movie_idx])
        return Standing(votes, mean, rating, place, self._rated)

    def best(self, n: int) -> list[int]:
        """Return the ``n`` best rows by weighted rating, best first; by catalogue order without votes."""
        return np.argsort(self._places)[:n].tolist()

    def draw(self, rng: np.random.Generator, besides: int | None = None) -> int:
        """Return the row of a film drawn among those with at least the median number of votes."""
        known = np.flatnonzero(self._votes >= np.median(self._votes))
        others = known[known != besides]
        return int(rng.choice(others if others.size else known))
