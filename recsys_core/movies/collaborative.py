"""People who liked this film also liked: similar by who likes it, from the project's own models."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from recsys_core.movies.audience import COUNTING, EPOCHS, LIKED_FROM, LearnedPairs, by_film, liked
from recsys_core.movies.similarity import NOTHING, Reason, SimilarityModel
from recsys_core.movies.text_index.best import nearest_of_row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from recsys_core.movies.schema import Movies

LEAST_FANS = 5


class CollaborativeModel(SimilarityModel):
    """Similar by their audience: the people who rated both at least ``liked_from``.

    Any model of ``MODELS`` that has weights between items, or embeddings of them, says how near two films
    are. "item-knn" counts: ``n_ij / (sqrt(n_i n_j) + 10)``, where 10 keeps a handful of people from making
    two films equal. The others learn, and fewer than 5 people say nothing of a film: such films are neither
    suggested nor answered for. Weights that have no scale of their own (EASE, random walk) are shares of the
    nearest film's.

    Parameters
    ----------
    values
        Settings of the model; the size of embeddings is 32 and the seed 42 unless said.

    Raises
    ------
    DataError
        If the catalogue has no ratings, or none from ``liked_from``.
    SettingsError
        If there is no such model, or it cannot compare items.
    """

    method = "collaborative"

    def __init__(
        self,
        movies: Movies,
        model: str = COUNTING,
        *,
        liked_from: float = LIKED_FROM,
        values: Mapping[str, Any] | None = None,
        epochs: int = EPOCHS,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(movies)
        likes = liked(movies, liked_from)
        self.model = model
        self._audience = by_film(movies, likes)
        row_of = movies.ids.to_idx(likes.items.ids)
        self._pairs = LearnedPairs(likes, row_of, len(movies), model, values or {}, epochs, should_stop)

    def nearest(self, movie_idx: int, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the nearest films; see :meth:`SimilarityModel.nearest`."""
        return nearest_of_row(self.similarities(movie_idx), movie_idx, k)

    def similarities(self, movie_idx: int) -> np.ndarray:
        """Return the similarity to every film; see :meth:`SimilarityModel.similarities`."""
        if not self._known[movie_idx]:
            return np.zeros(len(self.movies), np.float32)
        return np.where(self._known, self._pairs.row(movie_idx), np.float32(0))

    def reasons(self, movie_idx: int, others: np.ndarray) -> list[tuple[Reason, ...]]:
        """Return one reason for each film: how many people liked both."""
        both = self._audience[others].multiply(self._audience[movie_idx]).getnnz(axis=1)
        near = self.similarities(movie_idx)[others]
        return [
            (Reason("audience", str(n), float(one)),)
            for n, one in zip(both.tolist(), near.tolist(), strict=True)
        ]

    def used_for(self, movie_idx: int) -> str:
        """Return "collaborative", or "nothing" for a film that too few people liked."""
        return self.method if self._known[movie_idx] else NOTHING

    @cached_property
    def _known(self) -> np.ndarray:
        """Which films enough people liked to say something of them."""
        return np.diff(self._audience.indptr) >= (1 if self.model == COUNTING else LEAST_FANS)
