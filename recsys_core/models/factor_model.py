"""Models whose whole knowledge is a set of factors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

import numpy as np

from recsys_core.errors import NotFittedError, RunError
from recsys_core.models.base import Recommender
from recsys_core.models.folding import Contributions
from recsys_core.models.taste_map import TasteMap
from recsys_core.ranking import Factors

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_core.ranking import Scorer


class FactorRecommender(Recommender):
    """Keeps only embeddings and biases after training; subclasses set ``_factors`` in ``_fit``."""

    _factors: Factors | None = None
    _taste: tuple[Factors, TasteMap] | None = None

    @property
    def scorer(self) -> Scorer:
        """The factors of the last epoch.

        Raises
        ------
        NotFittedError
            Before training.
        """
        if self._factors is None:
            raise NotFittedError(f"{self.name} has not been trained: call fit first.")
        return self._factors

    def _attach(self, data: Dataset) -> None:
        super()._attach(data)
        self._factors, self._taste = None, None

    # ---- new listeners: the vector that this model's own listeners of such taste have --------

    @property
    def _learned(self) -> Factors:
        return cast("Factors", self.scorer)

    @property
    def _map(self) -> TasteMap:
        """The map of the present factors: learned once, and again after further epochs."""
        factors, known = self._learned, self._taste
        if known is None or known[0] is not factors:
            known = self._taste = (factors, TasteMap.learn(factors, self.seen))
        return known[1]

    def _fold_in(self, items: np.ndarray, weights: np.ndarray) -> np.ndarray:
        factors, taste = self._learned, self._map
        vector = taste.mean_user + taste.terms(factors, items, weights).sum(axis=0)
        return (factors.item_embeddings @ vector + factors.item_biases).astype(np.float32)

    def _contributions(self, items: np.ndarray, weights: np.ndarray, targets: np.ndarray) -> Contributions:
        factors, taste = self._learned, self._map
        vectors = factors.item_embeddings[targets].astype(np.float64)
        parts = vectors @ taste.terms(factors, items, weights).T
        return Contributions(parts, vectors @ taste.mean_user + factors.item_biases[targets])

    def arrays(self) -> dict[str, np.ndarray]:
        """Return embeddings and biases by name."""
        factors = self._factors
        return {} if factors is None else {name: getattr(factors, name) for name in _NAMES}

    def restore(self, data: Dataset, arrays: dict[str, np.ndarray]) -> Self:
        """Become the model that left these factors.

        Raises
        ------
        RunError
            If an array is missing or the factors do not fit ``data``.
        """
        absent = [name for name in _NAMES if name not in arrays]
        factors = None if absent else Factors(**{name: arrays[name] for name in _NAMES})
        if factors is None or (factors.n_users, factors.n_items) != (data.n_users, data.n_items):
            raise RunError(f"The stored arrays are not those of {self.name} on this data. Train again.")
        self._attach(data)
        self._factors = factors
        return self


_NAMES = ("user_embeddings", "item_embeddings", "user_biases", "item_biases")
