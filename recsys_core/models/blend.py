"""Models that add up what others say, each brought to the same scale first."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Self

import numpy as np

from recsys_core.errors import NotFittedError, RunError
from recsys_core.models.base import Recommender
from recsys_core.models.folding import Contributions

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_core.ranking import Scorer

STRENGTHS = "strengths"


def standardised(block: np.ndarray) -> np.ndarray:
    """Return each row less its mean and divided by its deviation, float32; a constant row becomes 0."""
    means, deviations = _scale(block)
    return (block - means) / deviations


def _scale(block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    means = block.mean(axis=1, keepdims=True)
    deviations = block.std(axis=1, keepdims=True)
    # what is constant but for rounding says nothing
    flat = deviations <= 1e-6 * np.abs(means) + 1e-12
    return means, np.where(flat, np.inf, deviations).astype(block.dtype)


class BlendedRecommender(Recommender):
    """A score is the sum of members' scores, standardised per listener, times their strengths."""

    _members: dict[str, Recommender] | None = None

    @abstractmethod
    def _new_members(self) -> dict[str, Recommender]:
        """Return the members, untrained."""

    @property
    @abstractmethod
    def _strengths(self) -> dict[str, float]:
        """What each member counts."""

    @property
    def members(self) -> dict[str, Recommender]:
        """The trained members by name.

        Raises
        ------
        NotFittedError
            Before training.
        """
        if self._members is None:
            raise NotFittedError(f"{self.name} has not been trained: call fit first.")
        return self._members

    def _attach(self, data: Dataset) -> None:
        super()._attach(data)
        self._members = None

    @property
    def scorer(self) -> Scorer:
        """A function that asks every member and adds up."""
        counting = {name: one for name, one in self.members.items() if self._strengths[name]}
        return lambda user_idx: self._block(counting, user_idx)

    def _block(self, members: dict[str, Recommender], user_idx: np.ndarray) -> np.ndarray:
        block = np.zeros((len(user_idx), self.data.n_items), np.float32)
        for name, member in members.items():
            block += np.float32(self._strengths[name]) * self._same_scale(member.scores(user_idx))
        return block

    def _same_scale(self, block: np.ndarray) -> np.ndarray:
        return standardised(block)

    def _fold_in(self, items: np.ndarray, weights: np.ndarray) -> np.ndarray:
        everything = np.arange(self.data.n_items)
        return self._contributions(items, weights, everything).totals.astype(np.float32)

    def _contributions(self, items: np.ndarray, weights: np.ndarray, targets: np.ndarray) -> Contributions:
        parts, offset = np.zeros((len(targets), len(items))), np.zeros(len(targets))
        for name, member in self.members.items():
            scores = member.fold_in(items, weights).astype(np.float64)[None]
            means, deviations = (float(one.item()) for one in _scale(scores))
            said = member.contributions(items, weights, targets)
            strength = self._strengths[name] / deviations
            parts += strength * said.parts
            offset += strength * (said.offset - means)
        return Contributions(parts, offset)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the arrays of all members, as ``member/array``."""
        own = {name: one.arrays() for name, one in (self._members or {}).items()}
        return {f"{name}/{key}": array for name, arrays in own.items() for key, array in arrays.items()}

    def restore(self, data: Dataset, arrays: dict[str, np.ndarray]) -> Self:
        """Become the model whose members left these arrays.

        Raises
        ------
        RunError
            If they are not those of the members, or do not fit ``data``.
        """
        members = self._new_members()
        own: dict[str, dict[str, np.ndarray]] = {name: {} for name in members}
        for key, array in arrays.items():
            name, _, inner = key.partition("/")
            if name not in own:
                raise RunError(f"The stored arrays are not those of {self.name} on this data. Train again.")
            own[name][inner] = array
        restored = {name: member.restore(data, own[name]) for name, member in members.items()}
        self._attach(data)
        self._members = restored
        return self
