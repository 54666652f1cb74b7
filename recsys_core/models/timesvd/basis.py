"""A family tied to data: each item's variant, and its functions less their mean over the item's ratings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from recsys_core.models.timesvd.clock import Clock
    from recsys_core.models.timesvd.families import Family


@dataclass(frozen=True, eq=False)
class Basis:
    """``shape`` int64 ``(n_items,)`` and ``means`` float64 ``(n_items, size)`` belong to ``family``."""

    family: Family
    clock: Clock
    shape: np.ndarray
    means: np.ndarray

    @classmethod
    def of(
        cls, family: Family, clock: Clock, shape: np.ndarray, days: np.ndarray, items: np.ndarray
    ) -> Basis:
        """Return the basis whose columns have mean 0 over each item's ratings, given by ``days, items``."""
        counts = np.maximum(np.bincount(items, minlength=len(shape)), 1)
        columns = family.columns(days, items, shape[items], clock)
        means = np.zeros((len(shape), family.size))
        for place, one in enumerate(columns.T):
            means[:, place] = np.bincount(items, weights=one, minlength=len(shape)) / counts
        return cls(family, clock, shape, means)

    def with_level(self, days: np.ndarray, items: np.ndarray) -> np.ndarray:
        """Return a column of ones, for the level, and the centred functions, float64 ``(n, 1 + size)``."""
        columns = self.family.columns(days, items, self.shape[items], self.clock)
        return np.column_stack([np.ones(len(days)), columns - self.means[items]])
