"""How strongly each item speaks for each other one: a matrix, held dense, sparse or as its factors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from scipy import sparse

from recsys_core.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Mapping


class ItemWeights(ABC):
    """``weight[i, j]``: what one unit of item ``i`` in a profile adds to the score of item ``j``."""

    @abstractmethod
    def scores(self, profiles: sparse.csr_matrix) -> np.ndarray:
        """Return ``profiles @ weight``, float32, shape ``(n_profiles, n_items)``."""

    @abstractmethod
    def part(self, items: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Return ``weight[items][:, targets]``, float64."""

    @abstractmethod
    def arrays(self) -> dict[str, np.ndarray]:
        """Return the arrays that :meth:`restored` takes."""

    @classmethod
    @abstractmethod
    def restored(cls, arrays: Mapping[str, np.ndarray], profiles: sparse.csr_matrix) -> Self:
        """Return the weights that left ``arrays`` after training on ``profiles``.

        Raises
        ------
        RunError
            If the arrays cannot be theirs.
        """


@dataclass(frozen=True, eq=False)
class SparseWeights(ItemWeights):
    """Few neighbours per item: float32 CSR ``(n_items, n_items)``."""

    matrix: sparse.csr_matrix

    def scores(self, profiles: sparse.csr_matrix) -> np.ndarray:
        """Return ``profiles @ weight``; see :class:`ItemWeights`."""
        return (profiles @ self.matrix).toarray().astype(np.float32, copy=False)

    def part(self, items: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Return ``weight[items][:, targets]``, float64."""
        return self.matrix[items][:, targets].toarray().astype(np.float64)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the three arrays of the CSR matrix."""
        return {name: getattr(self.matrix, name) for name in ("data", "indices", "indptr")}

    @classmethod
    def restored(cls, arrays: Mapping[str, np.ndarray], profiles: sparse.csr_matrix) -> Self:
        """Return the weights of a CSR matrix that has been checked through."""
        try:
            parts = tuple(arrays[name] for name in ("data", "indices", "indptr"))
            shape = (profiles.shape[1], profiles.shape[1])
            matrix = sparse.csr_matrix(parts, shape=shape, dtype=np.float32)
            matrix.check_format(full_check=True)
        except (KeyError, ValueError) as error:
            raise RunError(f"The stored weights between items are not usable: {error}.") from None
        return cls(matrix)


@dataclass(frozen=True, eq=False)
class DenseWeights(ItemWeights):
    """A weight for every two items: float32 ``(n_items, n_items)``."""

    matrix: np.ndarray

    def scores(self, profiles: sparse.csr_matrix) -> np.ndarray:
        """Return ``profiles @ weight``; see :class:`ItemWeights`."""
        return np.asarray(profiles @ self.matrix, np.float32)

    def part(self, items: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Return ``weight[items][:, targets]``, float64."""
        return self.matrix[np.ix_(items, targets)].astype(np.float64)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the matrix."""
        return {"weights": self.matrix}

    @classmethod
    def restored(cls, arrays: Mapping[str, np.ndarray], profiles: sparse.csr_matrix) -> Self:
        """Return the weights of a matrix of the right shape."""
        matrix = arrays.get("weights")
        if matrix is None or matrix.shape != (profiles.shape[1], profiles.shape[1]):
            raise RunError("The stored weights between items are missing or of another shape.")
        return cls(np.asarray(matrix, np.float32))


def strongest(matrix: sparse.csr_matrix, k: int) -> sparse.csr_matrix:
    """Return ``matrix`` with the ``k`` largest values of each row left; equals by lower column."""
    counts = np.diff(matrix.indptr)
    if not len(counts) or counts.max() <= k:
        return matrix
    rows = np.repeat(np.arange(matrix.shape[0]), counts)
    order = np.lexsort((matrix.indices, -matrix.data, rows))
    position = np.arange(matrix.nnz) - np.repeat(matrix.indptr[:-1], counts)
    kept = np.sort(order[position < k])
    pointers = np.concatenate(([0], np.cumsum(np.minimum(counts, k)))).astype(matrix.indptr.dtype)
    return sparse.csr_matrix((matrix.data[kept], matrix.indices[kept], pointers), shape=matrix.shape)
