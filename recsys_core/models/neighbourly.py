"""What reaches artists that nobody has heard in training: tags that others gave, and friends' plays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np
from scipy import sparse

from recsys_core.errors import NotFittedError
from recsys_core.models.base import Recommender
from recsys_core.models.folding import Contributions
from recsys_core.models.profiles import profiles_of
from recsys_core.models.side_information import friend_shares
from recsys_core.models.tag_scores import TagScores
from recsys_core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recsys_core.datasets import Dataset
    from recsys_core.ranking import Scorer


class NoSettings(Settings, frozen=True, kw_only=True):
    """There is nothing to set."""


class TagsRecommender(Recommender):
    """Artists tagged like the listener's own, by what others than the listener said: see ``tag_scores``."""

    name = "tags"
    settings_type = NoSettings
    _scores: TagScores | None = None

    def _fit(self, data: Dataset) -> Iterator[None]:
        self._scores = TagScores.learn(data, profiles_of(data, "log"))
        yield

    def _attach(self, data: Dataset) -> None:
        super()._attach(data)
        self._scores = None

    @property
    def scorer(self) -> Scorer:
        """A function from users to a block of scores."""
        if self._scores is None:
            raise NotFittedError(f"{self.name} has not been trained: call fit first.")
        return self._scores

    def _fold_in(self, items: np.ndarray, weights: np.ndarray) -> np.ndarray:
        everything = np.arange(self.data.n_items)
        return self._contributions(items, weights, everything).totals.astype(np.float32)

    def _contributions(self, items: np.ndarray, weights: np.ndarray, targets: np.ndarray) -> Contributions:
        if self._scores is None:
            raise NotFittedError(f"{self.name} has not been trained: call fit first.")
        return Contributions(weights * self._scores.part(items, targets).T, np.zeros(len(targets)))

    def restore(self, data: Dataset, arrays: dict[str, np.ndarray]) -> Self:
        """Learn again from ``data``, which takes less time than reading would."""
        del arrays
        self._attach(data)
        self._scores = TagScores.learn(data, profiles_of(data, "log"))
        return self


class FriendsRecommender(Recommender):
    """The mean train profile of a listener's friends; nothing for who has none (Ma, King & Lyu, 2009)."""

    name = "friends"
    settings_type = NoSettings
    _profiles: sparse.csr_matrix | None = None

    def _fit(self, data: Dataset) -> Iterator[None]:
        self._profiles = _means(data)
        yield

    def _attach(self, data: Dataset) -> None:
        super()._attach(data)
        self._profiles = None

    @property
    def scorer(self) -> Scorer:
        """A function from users to a block of scores."""
        profiles = self._profiles
        if profiles is None:
            raise NotFittedError(f"{self.name} has not been trained: call fit first.")
        return lambda user_idx: profiles[user_idx].toarray()

    def _contributions(self, items: np.ndarray, weights: np.ndarray, targets: np.ndarray) -> Contributions:
        # a new listener has no friends here
        return Contributions(np.zeros((len(targets), len(items))), np.zeros(len(targets)))

    def _fold_in(self, items: np.ndarray, weights: np.ndarray) -> np.ndarray:
        del items, weights
        return np.zeros(self.data.n_items, np.float32)

    def restore(self, data: Dataset, arrays: dict[str, np.ndarray]) -> Self:
        """Take the means again from ``data``."""
        del arrays
        self._attach(data)
        self._profiles = _means(data)
        return self


def _means(data: Dataset) -> sparse.csr_matrix:
    return sparse.csr_matrix(friend_shares(data) @ profiles_of(data, "log"))
