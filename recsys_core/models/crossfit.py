"""Factor models with tags: one copy per part of the listeners, trained without a word of that part.

See :mod:`recsys_core.models.side_information` for the rule this keeps.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from recsys_core.errors import NotFittedError, RunError
from recsys_core.models.factor_model import FactorRecommender
from recsys_core.models.side_information import has_givers
from recsys_core.ranking import Factors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recsys_core.datasets import Dataset
    from recsys_core.ranking import Scorer

FIELDS = ("user_embeddings", "item_embeddings", "user_biases", "item_biases")


@dataclass(frozen=True, eq=False)
class Copies:
    """Scores user ``u`` by the factors of copy ``u % len(factors)``."""

    factors: tuple[Factors, ...]

    def __call__(self, user_idx: np.ndarray) -> np.ndarray:
        """Return the scores of all items for some users, float32, ``(len(user_idx), n_items)``."""
        if len(self.factors) == 1:
            return self.factors[0].scores(user_idx)
        block = np.empty((len(user_idx), self.factors[0].n_items), np.float32)
        for number, factors in enumerate(self.factors):
            own = user_idx % len(self.factors) == number
            block[own] = factors.scores(user_idx[own])
        return block

    @property
    def item_embeddings(self) -> np.ndarray:
        """The first copy's; what items have in common is alike in all."""
        return self.factors[0].item_embeddings


class CrossFitRecommender(FactorRecommender):
    """Subclasses say how to train a copy; ``settings.parts`` says how many there are.

    Where no listener gave a tag, one copy is enough.
    """

    iterative = True
    _copies: Copies | None = None

    @abstractmethod
    def _copy(self, data: Dataset, left_out: np.ndarray) -> Iterator[Factors]:
        """Train a copy without the words of the listeners ``left_out``, yielding its factors every epoch."""

    def _fit(self, data: Dataset) -> Iterator[None]:
        parts = self.settings.parts if has_givers(data) else 1
        user_idx = np.arange(data.n_users)
        copies = [self._copy(data, user_idx % parts == part) for part in range(parts)]
        while True:
            self._copies = Copies(tuple(next(copy) for copy in copies))
            yield

    def _attach(self, data: Dataset) -> None:
        super()._attach(data)
        self._copies = None

    @property
    def scorer(self) -> Scorer:
        """Score each listener by the copy that has not seen their words; by the only one if there is one."""
        if self._copies is None:
            raise NotFittedError(f"{self.name} has not been trained: call fit first.")
        return self._copies if len(self._copies.factors) > 1 else self._copies.factors[0]

    @property
    def _learned(self) -> Factors:
        """The copy that scores new listeners, who have said nothing."""
        if self._copies is None:
            raise NotFittedError(f"{self.name} has not been trained: call fit first.")
        return self._copies.factors[0]

    def arrays(self) -> dict[str, np.ndarray]:
        """Return embeddings and biases of every copy, as ``0.user_embeddings``."""
        copies = () if self._copies is None else self._copies.factors
        return {f"{i}.{name}": getattr(one, name) for i, one in enumerate(copies) for name in FIELDS}

    def restore(self, data: Dataset, arrays: dict[str, np.ndarray]) -> Self:
        """Become the model that left these copies.

        Raises
        ------
        RunError
            If an array is missing or the factors do not fit ``data``.
        """
        parts = self.settings.parts if has_givers(data) else 1
        names = [[f"{part}.{name}" for name in FIELDS] for part in range(parts)]
        if {name for one in names for name in one} != set(arrays):
            raise RunError(f"The stored arrays are not those of {self.name} on this data. Train again.")
        copies = tuple(Factors(*(arrays[name] for name in one)) for one in names)
        if any((one.n_users, one.n_items) != (data.n_users, data.n_items) for one in copies):
            raise RunError(f"The stored arrays are not those of {self.name} on this data. Train again.")
        self._attach(data)
        self._copies = Copies(copies)
        return self
