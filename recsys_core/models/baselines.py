"""Models that every other must beat: the charts, and chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

import numpy as np
from msgspec import Meta

from recsys_core.models.base import Recommender
from recsys_core.models.factor_model import FactorRecommender
from recsys_core.ranking import Factors
from recsys_core.rng import MAX_SEED
from recsys_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recsys_core.datasets import Dataset
    from recsys_core.ranking import Scorer


class PopularitySettings(Settings, frozen=True, kw_only=True):
    """Popularity has nothing to set."""


class PopularityRecommender(FactorRecommender):
    """The same list for everybody: an item's score is how many users of the train part have it."""

    name = "popularity"
    settings_type = PopularitySettings

    def _fit(self, data: Dataset) -> Iterator[None]:
        self._factors = Factors(
            user_embeddings=np.zeros((data.n_users, 0)),
            item_embeddings=np.zeros((data.n_items, 0)),
            user_biases=np.zeros(data.n_users),
            item_biases=np.bincount(data.interactions.item_idx, minlength=data.n_items),
        )
        yield


class RandomSettings(Settings, frozen=True, kw_only=True):
    """Seed of the random order."""

    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] = 42


class RandomRecommender(Recommender):
    """A fixed random order per user: what a list is worth when it knows nothing (AUC 0.5)."""

    name = "random"
    settings_type = RandomSettings

    def _fit(self, data: Dataset) -> Iterator[None]:
        yield

    @property
    def scorer(self) -> Scorer:
        """Scores drawn per user from ``(seed, user)``, so that a block's bounds do not matter."""
        return self._draw

    def _draw(self, user_idx: np.ndarray) -> np.ndarray:
        n_items, seed = self.data.n_items, self.settings.seed
        rows = [np.random.default_rng((seed, int(user))).random(n_items, np.float32) for user in user_idx]
        return np.stack(rows) if rows else np.zeros((0, n_items), np.float32)

    def restore(self, data: Dataset, arrays: dict[str, np.ndarray]) -> Self:
        """Become the model of the same seed on ``data``."""
        self._attach(data)
        return self
