"""Where one film stands in its catalogue: votes, mean, weighted rating, place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_core.errors import DataError
from recsys_core.movies.schema import MovieColumns
from recsys_core.movies.weighted_rating import rating_scale

if TYPE_CHECKING:
    from recsys_core.movies.schema import Movies


class Standing(NamedTuple):
    """``rating`` is the weighted rating, ``place`` its place from 1 among all ``films`` of the catalogue."""

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
        self._ratings = _ratings(movies, self._votes, self._means)
        order = np.lexsort((np.arange(len(frame)), -self._votes, -self._ratings))
        self._places = np.empty(len(frame), np.int64)
        self._places[order] = np.arange(1, len(frame) + 1)

    def of(self, movie_idx: int) -> Standing | None:
        """Return the standing of one film; None if nobody voted for it or the catalogue has no votes."""
        mean, rating = float(self._means[movie_idx]), float(self._ratings[movie_idx])
        votes = int(self._votes[movie_idx])
        if not (votes and np.isfinite(mean) and np.isfinite(rating)):
            return None
        return Standing(votes, mean, rating, int(self._places[movie_idx]), len(self._votes))

    def best(self, n: int) -> list[int]:
        """Return the ``n`` best rows by weighted rating, best first; by catalogue order without votes."""
        return np.argsort(self._places)[:n].tolist()

    def draw(self, rng: np.random.Generator, besides: int | None = None) -> int:
        """Return the row of a film drawn among those with at least the median number of votes."""
        known = np.flatnonzero(self._votes >= np.median(self._votes))
        others = known[known != besides]
        return int(rng.choice(others if others.size else known))


def _ratings(movies: Movies, votes: np.ndarray, means: np.ndarray) -> np.ndarray:
    try:
        return rating_scale(movies.frame).weigh(votes, means)
    except DataError:  # a catalogue without votes
        return np.full(len(movies), np.nan)
