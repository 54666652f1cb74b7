"""Models that every other must beat: the charts, and chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

import numpy as np
from msgspec import Meta

from recsys_core.models.base import Recommender
from recsys_core.ranking import Factors
from recsys_core.rng import MAX_SEED
from recsys_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recsys_core.datasets import Dataset
    from recsys_core.ranking import Scorer


class PopularitySettings(Settings, frozen=True, kw_only=True):
    """Popularity has nothing to set."""


class PopularityRecommender(Recommender):
    """The same list for everybody: an item's score is how many users of the train part have it."""

    name = "popularity"
    settings_type = PopularitySettings

    def _fit(self, data: Dataset) -> Iterator[None]:
        counts = np.bincount(data.interactions.item_idx, minlength=data.n_items).astype(np.float32)
        self._factors = _biases_only(counts, data.n_users)
        yield

    @property
    def scorer(self) -> Scorer:
        """Factors of no dimension: all of the score is the item's bias."""
        return self._factors

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the users per item."""
        return {"item_biases": self._factors.item_biases}

    def restore(self, data: Dataset, arrays: dict[str, np.ndarray]) -> Self:
        """Become the model that counted ``arrays["item_biases"]``."""
        self._attach(data)
        self._factors = _biases_only(arrays["item_biases"], data.n_users)
        return self


def _biases_only(item_biases: np.ndarray, n_users: int) -> Factors:
    return Factors(
        user_embeddings=np.zeros((n_users, 0), np.float32),
        item_embeddings=np.zeros((len(item_biases), 0), np.float32),
        user_biases=np.zeros(n_users, np.float32),
        item_biases=item_biases,
    )


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
