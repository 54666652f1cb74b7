"""Models that know items by each other: a score is the sum of what the items of a profile say for an item.

Scoring somebody new is the same product with a profile that was not in training.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Self

import numpy as np
from scipy import sparse

from recsys_core.errors import NotFittedError
from recsys_core.models.base import Recommender
from recsys_core.models.folding import Contributions
from recsys_core.models.profiles import Values, profiles_of
from recsys_core.ranking import top_k

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    import pandas as pd

    from recsys_core.datasets import Dataset
    from recsys_core.models.item_weights import ItemWeights
    from recsys_core.ranking import Scorer


class ItemModel(Recommender):
    """Keeps the train profiles and weights between items; subclasses write the weights.

    Dense blocks of scores are made when asked for, never a matrix of all users and items.
    """

    _learned: tuple[ItemWeights, sparse.csr_matrix] | None = None

    @abstractmethod
    def _new_weights(self, rows: sparse.csr_matrix) -> ItemWeights:
        """Learn the weights from float32 CSR ``(n_users, n_items)``."""

    @abstractmethod
    def _restored_weights(self, arrays: dict[str, np.ndarray], rows: sparse.csr_matrix) -> ItemWeights:
        """Return the weights that left ``arrays`` after training on ``rows``."""

    def _rows(self, data: Dataset, profiles: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return what the weights are learned from: the profiles themselves, unless a model knows more."""
        del data
        return profiles

    def _block(self, profiles: sparse.csr_matrix, user_idx: np.ndarray) -> np.ndarray:
        """Return the scores of listeners of the train part; ``profiles`` are those of all."""
        return self.weights.scores(profiles[user_idx])

    @property
    def _values(self) -> Values:
        """What stands in a profile; ones where the settings do not say."""
        return getattr(self.settings, "values", "binary")

    def _fit(self, data: Dataset) -> Iterator[None]:
        profiles = profiles_of(data, self._values)
        self._learned = self._new_weights(self._rows(data, profiles)), profiles
        yield

    def _attach(self, data: Dataset) -> None:
        super()._attach(data)
        self._learned = None

    @property
    def weights(self) -> ItemWeights:
        """The weights between items.

        Raises
        ------
        NotFittedError
            Before training.
        """
        if self._learned is None:
            raise NotFittedError(f"{self.name} has not been trained: call fit first.")
        return self._learned[0]

    @property
    def scorer(self) -> Scorer:
        """A function from users to a block of scores: their train profiles times the weights."""
        if self._learned is None:
            raise NotFittedError(f"{self.name} has not been trained: call fit first.")
        profiles = self._learned[1]
        return lambda user_idx: self._block(profiles, user_idx)

    def profile(self, user_idx: int) -> tuple[np.ndarray, np.ndarray]:
        """Return a listener's items and what stands in their train profile; see :class:`Recommender`."""
        if self._learned is None:
            raise NotFittedError(f"{self.name} has not been trained: call fit first.")
        row = self._learned[1][user_idx]
        return row.indices.astype(np.int64), row.data.astype(np.float64)

    def _fold_in(self, items: np.ndarray, weights: np.ndarray) -> np.ndarray:
        profile = (weights.astype(np.float32), (np.zeros(len(items), np.int32), items))
        return self.weights.scores(sparse.csr_matrix(profile, shape=(1, self.data.n_items)))[0]

    def _contributions(self, items: np.ndarray, weights: np.ndarray, targets: np.ndarray) -> Contributions:
        parts = weights * self.weights.part(items, targets).T
        return Contributions(parts, np.zeros(len(targets)))

    def similar_items(self, item_ids: Iterable[Any], k: int = 10) -> pd.DataFrame:
        """Return ``of_item_id, item_id, score, rank``: the items that each item speaks for most.

        Raises
        ------
        UnknownIdError
            For an item the data set does not know.
        SettingsError
            If ``k`` is below 1.
        """
        k = self._length_of_list(k)
        wanted = list(item_ids)
        query = self.data.items.to_idx(wanted)
        pointers, ones = np.arange(len(query) + 1), np.ones(len(query), np.float32)
        alone = sparse.csr_matrix((ones, query, pointers), shape=(len(query), self.data.n_items))
        item_idx, scores = top_k(lambda rows: self.weights.scores(alone[rows]), k, exclude=alone)
        return self._table(np.asarray(wanted), "of_item_id", item_idx, scores)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the weights; profiles are the data's own."""
        return {} if self._learned is None else self.weights.arrays()

    def restore(self, data: Dataset, arrays: dict[str, np.ndarray]) -> Self:
        """Become the model that left these weights.

        Raises
        ------
        RunError
            If they do not fit ``data``.
        """
        profiles = profiles_of(data, self._values)
        weights = self._restored_weights(arrays, self._rows(data, profiles))
        self._attach(data)
        self._learned = weights, profiles
        return self
