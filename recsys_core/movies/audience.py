"""Who liked which film, and what a model of the project learns from it about films that go together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from recsys_core.errors import DataError, SettingsError
from recsys_core.models.item_model import ItemModel
from recsys_core.models.registry import create_model
from recsys_core.ranking.similar import unit_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from recsys_core.datasets import Dataset
    from recsys_core.movies.schema import Movies

LIKED_FROM = 4.0
COUNTING = "item-knn"
AUDIENCE_MODELS = (COUNTING, "ease", "rp3beta", "als", "fast-warp")
"""Those that are offered; each learns the likes of MovieLens latest-small in a few seconds."""
DEFAULTS: dict[str, Any] = {"embedding_size": 32, "seed": 42, "shrinkage": 10.0}
EPOCHS = 30


class LearnedPairs:
    """A trained model asked about films; ``row_of`` is each item's row in the catalogue.

    Raises
    ------
    SettingsError
        If there is no such model, or it compares items neither by weights nor by embeddings.
    """

    def __init__(
        self,
        likes: Dataset,
        row_of: np.ndarray,
        n_films: int,
        model: str,
        values: Mapping[str, Any],
        epochs: int,
        should_stop: Callable[[], bool],
    ) -> None:
        self._row_of, self._n_films, self._counting = row_of, n_films, model == COUNTING
        self._items = dict(zip(row_of.tolist(), range(len(row_of)), strict=True))
        trained = create_model(model, {**DEFAULTS, **values})
        trained.fit(likes, epochs=epochs, should_stop=should_stop)
        self._weights = trained if isinstance(trained, ItemModel) else None
        self._vectors = None if self._weights else _vectors(trained)

    def row(self, movie_idx: int) -> np.ndarray:
        """Return how near every film is to one, float32 ``(n_films,)``; 0 where it was never rated.

        A count of common likes as item neighbours weigh it, or the cosine of embeddings; weights that have
        no scale of their own become shares of the greatest.
        """
        item = self._items.get(movie_idx)
        films = np.zeros(self._n_films, np.float32)
        if item is not None:
            films[self._row_of] = self._of_item(item)
        return films

    def _of_item(self, item: int) -> np.ndarray:
        if self._vectors is not None:
            return self._vectors @ self._vectors[item]
        weights = self._weights.fold_in(np.array([item]), np.ones(1, np.float32))  # type: ignore[union-attr]
        most = 1.0 if self._counting else float(weights.max(initial=0))
        return weights / most if most > 0 else np.zeros_like(weights)


def liked(movies: Movies, liked_from: float = LIKED_FROM) -> Dataset:
    """Return the ratings of at least ``liked_from`` as likes, on the grid of all ratings.

    Raises
    ------
    DataError
        If the catalogue has no ratings, or none that high.
    """
    if movies.ratings is None:
        raise DataError("This catalogue has no ratings by people.", fix="Choose MovieLens.")
    if not has_likes(movies, liked_from):
        raise DataError(f"No rating reaches {liked_from:g}.", fix="Choose a lower bound.")
    rows = movies.ratings.interactions
    likes = rows.take(rows.weights >= liked_from)
    return movies.ratings.with_interactions(likes.with_weights(np.ones(len(likes))))


def has_likes(movies: Movies, liked_from: float = LIKED_FROM) -> bool:
    """Tell whether any rating reaches ``liked_from``."""
    return movies.ratings is not None and bool((movies.ratings.interactions.weights >= liked_from).any())


def by_film(movies: Movies, likes: Dataset) -> sparse.csr_matrix:
    """Return who liked each film of the catalogue, ones, CSR ``(n_films, n_users)``."""
    rows = movies.ids.to_idx(likes.items.ids)[likes.interactions.item_idx]
    ones = np.ones(len(rows), np.float32)
    shape = (len(movies), likes.n_users)
    return sparse.csr_matrix((ones, (rows, likes.interactions.user_idx)), shape=shape)


def _vectors(trained: Any) -> np.ndarray:
    """Return the unit embeddings of a model's items."""
    learned = getattr(trained.scorer, "item_embeddings", None)
    if learned is None or not learned.shape[1]:
        fix = f"Choose among {', '.join(AUDIENCE_MODELS)}."
        raise SettingsError(f"{trained.name} has no item embeddings or weights to compare films by. {fix}")
    return unit_rows(learned)
