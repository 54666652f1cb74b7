"""Regularised least squares for people and items with a few weights each, without ever building the matrix.

Items are solved exactly, one small system each; people are what is left of them (Schur complement), found
by conjugate gradients. The result is that of the dense ridge regression.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse.linalg import LinearOperator, cg

from recsys_core.errors import DivergedError

TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Items:
    """The items' side: a row of columns ``z`` ``(n, size)`` for each rating, and which item it is of.

    ``blocks`` are ``sum z z' + penalty`` of each item, ``(n_items, size, size)``.
    """

    z: np.ndarray
    items: np.ndarray
    n_items: int
    blocks: np.ndarray

    @cached_property
    def inverses(self) -> np.ndarray:
        """The inverses of ``blocks``: every step of the search for the people needs them all."""
        return np.linalg.inv(self.blocks)

    @classmethod
    def of(cls, z: np.ndarray, items: np.ndarray, n_items: int, penalty: np.ndarray) -> Items:
        """Return the side with its blocks; ``penalty`` is positive definite ``(size, size)``."""
        blocks = np.tile(penalty, (n_items, 1, 1))
        for row in range(z.shape[1]):
            for column in range(row + 1):
                sums = np.bincount(items, weights=z[:, row] * z[:, column], minlength=n_items)
                blocks[:, row, column] += sums
                if column != row:
                    blocks[:, column, row] += sums
        return cls(z, items, n_items, blocks)

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Return ``z' values`` by item, ``(n_items, size)``."""
        by_column = [
            np.bincount(self.items, weights=values * one, minlength=self.n_items) for one in self.z.T
        ]
        return np.stack(by_column, axis=1)

    def solve(self, values: np.ndarray) -> np.ndarray:
        """Return every item's weights for ``values`` to explain, ``(n_items, size)``."""
        return np.matmul(self.inverses, self.sums(values)[:, :, None])[:, :, 0]

    def predict(self, weights: np.ndarray) -> np.ndarray:
        """Return what ``weights`` ``(n_items, size)`` say of each rating, ``(n,)``."""
        return np.einsum("nk,nk->n", self.z, weights[self.items])

    def explained(self, values: np.ndarray) -> np.ndarray:
        """Return by how much solving lowers each item's penalised error, ``(n_items,)``."""
        return np.einsum("ik,ik->i", self.sums(values), self.solve(values))


def solve_people(
    side: Items, users: np.ndarray, n_users: int, target: np.ndarray, user_penalty: float
) -> np.ndarray:
    """Return the biases ``(n_users,)`` that minimise the penalised error, items' weights being at their best.

    Raises
    ------
    DivergedError
        If the conjugate gradients do not settle.
    """
    counts = np.bincount(users, minlength=n_users) + user_penalty

    def by_user(values: np.ndarray) -> np.ndarray:
        return np.bincount(users, weights=values, minlength=n_users)

    def unexplained(values: np.ndarray) -> np.ndarray:
        return values - side.predict(side.solve(values))

    def times(biases: np.ndarray) -> np.ndarray:
        own = biases.ravel()
        return by_user(unexplained(own[users])) + user_penalty * own

    system = LinearOperator((n_users, n_users), matvec=times, dtype=np.float64)
    scaling = LinearOperator((n_users, n_users), matvec=lambda r: r.ravel() / counts, dtype=np.float64)
    biases, failed = cg(system, by_user(unexplained(target)), rtol=TOLERANCE, maxiter=1000, M=scaling)
    if failed:
        raise DivergedError("The biases of the people did not settle. Raise the penalties.")
    return biases
