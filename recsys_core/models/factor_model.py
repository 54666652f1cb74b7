"""Models whose whole knowledge is a set of factors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from recsys_core.errors import NotFittedError
from recsys_core.models.base import Recommender
from recsys_core.ranking import Factors

if TYPE_CHECKING:
    import numpy as np

    from recsys_core.datasets import Dataset
    from recsys_core.ranking import Scorer


class FactorRecommender(Recommender):
    """Keeps only embeddings and biases after training; subclasses set ``_factors`` in ``_fit``."""

    _factors: Factors | None = None

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

    def arrays(self) -> dict[str, np.ndarray]:
        """Return embeddings and biases by name."""
        factors = self._factors
        return {} if factors is None else {name: getattr(factors, name) for name in _NAMES}

    def restore(self, data: Dataset, arrays: dict[str, np.ndarray]) -> Self:
        """Become the model that left these factors."""
        self._attach(data)
        self._factors = Factors(**{name: arrays[name] for name in _NAMES})
        return self


_NAMES = ("user_embeddings", "item_embeddings", "user_biases", "item_biases")
