"""People who liked this film also liked: similar by who likes it, from the project's own models."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from recsys_core.errors import DataError, SettingsError
from recsys_core.models.registry import create_model
from recsys_core.movies.similarity import NOTHING, Reason, SimilarityModel
from recsys_core.movies.text_index.best import nearest_of_row
from recsys_core.ranking.similar import unit_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from recsys_core.datasets import Dataset
    from recsys_core.movies.schema import Movies

COUNTED = "item-cosine"
LIKED_FROM = 4.0
SHRINK = 10.0
LEAST_FANS = 5
DEFAULTS: dict[str, Any] = {"embedding_size": 32, "seed": 42}
EPOCHS = 30


class CollaborativeModel(SimilarityModel):
    """Similar by their audience: the people who rated both at least ``liked_from``.

    ``model`` "item-cosine" counts: ``n_ij / (sqrt(n_i n_j) + 10)``, where 10 keeps a handful of people from
    making two films equal. Any model of ``MODELS`` with item embeddings learns instead, and films that at
    least 5 people liked are compared by the cosine of their embeddings: fewer say nothing of a film.

    Parameters
    ----------
    values
        Settings of the model; the size of embeddings is 32 and the seed 42 unless said.

    Raises
    ------
    DataError
        If the catalogue has no ratings, or none from ``liked_from``.
    SettingsError
        If there is no such model or it has no item embeddings.
    """

    method = "collaborative"

    def __init__(
        self,
        movies: Movies,
        model: str = COUNTED,
        *,
        liked_from: float = LIKED_FROM,
        values: Mapping[str, Any] | None = None,
        epochs: int = EPOCHS,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(movies)
        likes = liked(movies, liked_from)
        self.model = model
        self._audience = _by_film(movies, likes)
        self._embeddings: np.ndarray | None = None
        if model != COUNTED:
            chosen = {**DEFAULTS, **(values or {})}
            self._embeddings = self._learn(likes, model, chosen, epochs, should_stop)

    def _learn(
        self,
        likes: Dataset,
        model: str,
        values: Mapping[str, Any],
        epochs: int,
        should_stop: Callable[[], bool],
    ) -> np.ndarray:
        """Return the unit embeddings of all films, zero where nobody likes the film."""
        trained = create_model(model, values).fit(likes, epochs=epochs, should_stop=should_stop)
        learned = getattr(trained.scorer, "item_embeddings", None)
        if learned is None or not learned.shape[1]:
            raise SettingsError(f"{model} has no item embeddings to compare. Choose another model.")
        embeddings = np.zeros((len(self.movies), learned.shape[1]), np.float32)
        embeddings[self._rated(likes)] = unit_rows(learned)[np.unique(likes.interactions.item_idx)]
        return embeddings

    def _rated(self, likes: Dataset) -> np.ndarray:
        liked_items = np.unique(likes.interactions.item_idx)
        return self.movies.ids.to_idx(likes.items.ids[liked_items])

    def nearest(self, movie_idx: int, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the nearest films; see :meth:`SimilarityModel.nearest`."""
        return nearest_of_row(self.similarities(movie_idx), movie_idx, k)

    def similarities(self, movie_idx: int) -> np.ndarray:
        """Return the similarity to every film; see :meth:`SimilarityModel.similarities`."""
        if self._embeddings is not None:
            cosines = self._embeddings @ self._embeddings[movie_idx]
            return np.where(self._fans >= LEAST_FANS, cosines, np.float32(0))
        common = self._in_common(movie_idx)
        expected = np.sqrt(self._fans * self._fans[movie_idx])
        return (common / (expected + SHRINK)).astype(np.float32)

    def reasons(self, movie_idx: int, other_idx: int) -> tuple[Reason, ...]:
        """Return one reason: how many people liked both."""
        both = self._audience[movie_idx].multiply(self._audience[other_idx]).nnz
        return (Reason("audience", str(both), float(self.similarities(movie_idx)[other_idx])),)

    def used_for(self, movie_idx: int) -> str:
        """Return "collaborative", or "nothing" for a film nobody liked."""
        return self.method if self._fans[movie_idx] else NOTHING

    def _in_common(self, movie_idx: int) -> np.ndarray:
        """Return how many people liked each film and this one."""
        return np.asarray((self._audience @ self._audience[movie_idx].T).todense(), np.float64).ravel()

    @cached_property
    def _fans(self) -> np.ndarray:
        return np.diff(self._audience.indptr).astype(np.float64)


def liked(movies: Movies, liked_from: float = LIKED_FROM) -> Dataset:
    """Return the ratings of at least ``liked_from`` as likes, on the grid of all ratings.

    Raises
    ------
    DataError
        If the catalogue has no ratings, or none that high.
    """
    if movies.ratings is None:
        raise DataError("This catalogue has no ratings by people.", fix="Choose MovieLens.")
    rows = movies.ratings.interactions
    chosen = rows.weights >= liked_from
    if not chosen.any():
        raise DataError(f"No rating reaches {liked_from:g}.", fix="Choose a lower bound.")
    likes = rows.take(chosen)
    return movies.ratings.with_interactions(likes.with_weights(np.ones(len(likes))))


def _by_film(movies: Movies, likes: Dataset) -> sparse.csr_matrix:
    """Return who liked each film of the catalogue, ones, CSR ``(n_films, n_users)``."""
    rows = movies.ids.to_idx(likes.items.ids)[likes.interactions.item_idx]
    ones = np.ones(len(rows), np.float32)
    shape = (len(movies), likes.n_users)
    return sparse.csr_matrix((ones, (rows, likes.interactions.user_idx)), shape=shape)
