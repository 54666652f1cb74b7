"""EASE with a ridge of its own for every item, by the weights of one ridge for all.

Steck (2020), "Autoencoders that don't overfit towards the identity", NeurIPS: what many play is held back
the more. With ``r_j`` the root of item ``j``'s ridge, EASE with ridge 1 on columns divided by ``r`` gives
weights ``w``; those sought are ``w[i, j] r_j / r_i``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from scipy import sparse

from recsys_core.errors import RunError
from recsys_core.models.ease_weights import DualWeights, dual_weights
from recsys_core.models.item_weights import ItemWeights

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, eq=False)
class RidgedWeights(ItemWeights):
    """Weights of one ridge for all, stretched.

    Parameters
    ----------
    even
        The weights of ridge 1 on columns divided by ``roots``.
    roots
        Roots of the items' ridges: float32 ``(n_items,)``, above 0.
    """

    even: DualWeights
    roots: np.ndarray

    @classmethod
    def learn(cls, rows: sparse.csr_matrix, ridges: np.ndarray) -> Self:
        """Return the weights of float32 CSR ``(n_users, n_items)`` under ``ridges``, ``(n_items,)``."""
        roots = np.sqrt(ridges).astype(np.float32)
        return cls(dual_weights(_divided(rows, roots), 1.0), roots)

    def scores(self, profiles: sparse.csr_matrix) -> np.ndarray:
        """Return ``profiles @ weight``, float32, shape ``(n_profiles, n_items)``."""
        found = self.even.scores(_divided(profiles, self.roots))
        found *= self.roots
        return found

    def scores_without(self, profiles: sparse.csr_matrix, row_idx: np.ndarray) -> np.ndarray:
        """Return each profile's scores by the weights learned without row ``row_idx[i]``, exactly."""
        found = self.even.scores_without(_divided(profiles, self.roots), row_idx)
        found *= self.roots
        return found

    def part(self, items: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Return ``weight[items][:, targets]``, float64."""
        return self.even.part(items, targets) * self.roots[targets] / self.roots[items][:, None]

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the arrays of :attr:`even` and the roots."""
        return {**self.even.arrays(), "roots": self.roots}

    @classmethod
    def restored(cls, arrays: Mapping[str, np.ndarray], profiles: sparse.csr_matrix) -> Self:
        """Return the weights that left ``arrays`` after training on ``profiles``.

        Runs stored before there were ridges have none: their weights are taken as they are.
        """
        roots = arrays.get("roots", np.ones(profiles.shape[1], np.float32))
        if roots.shape != profiles.shape[1:] or not (roots > 0).all():
            raise RunError("The stored ridges of the weights between items do not fit this data.")
        roots = np.asarray(roots, np.float32)
        return cls(DualWeights.restored(arrays, _divided(profiles, roots)), roots)


def _divided(rows: sparse.csr_matrix, roots: np.ndarray) -> sparse.csr_matrix:
    values = (rows.data / roots[rows.indices]).astype(np.float32)
    return sparse.csr_matrix((values, rows.indices, rows.indptr), shape=rows.shape)
