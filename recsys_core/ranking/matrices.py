"""Checks on the sparse matrices that say which items are held out and which were seen."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from recsys_core.errors import DataError, ScoreError
from recsys_core.kernel import kernel
from recsys_core.ranking.factors import Factors
from recsys_core.ranking.pairs import Cells


def checked_csr(matrix: sparse.spmatrix, name: str) -> sparse.csr_matrix:
    """Return ``matrix`` as CSR with sorted, unique columns and int32 indices; copies only if it must.

    Raises
    ------
    DataError
        If it is not a SciPy sparse matrix.
    """
    if not sparse.issparse(matrix):
        raise DataError(f"{name} is a {type(matrix).__name__}, not a SciPy sparse matrix.")
    csr = matrix.tocsr()
    if not csr.has_canonical_format:
        csr = csr.copy()
        csr.sum_duplicates()
    if csr.indices.dtype != np.int32:
        csr = sparse.csr_matrix((csr.data, csr.indices.astype(np.int32), csr.indptr), shape=csr.shape)
    return csr


def as_cells(matrix: sparse.csr_matrix) -> Cells:
    """Return the structure of a matrix that :func:`checked_csr` returned, as kernels take it."""
    return Cells(matrix.indptr.astype(np.int64), matrix.indices)


def empty_like(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return a matrix of the same shape with no stored cell."""
    return sparse.csr_matrix(matrix.shape, dtype=np.float32)


def check_disjoint(test: sparse.csr_matrix, train: sparse.csr_matrix) -> None:
    """Raise :class:`DataError` if the matrices differ in shape or share a stored cell."""
    if test.shape != train.shape:
        raise DataError(f"test has shape {test.shape} but train has {train.shape}.")
    shared = count_shared_cells(test.indptr, test.indices, train.indptr, train.indices)
    if shared:
        raise DataError(
            f"{shared} cells are in both test and train, so the test would reward memory.",
            fix="Split again so that no user-item pair is in both.",
        )


def check_scorer_shape(scorer: object, shape: tuple[int, int]) -> None:
    """Raise :class:`ScoreError` if factors are for another grid than ``shape``."""
    if isinstance(scorer, Factors) and (scorer.n_users, scorer.n_items) != tuple(shape):
        raise ScoreError(
            f"The factors are for {(scorer.n_users, scorer.n_items)} users and items, not {shape}."
        )


@kernel
def count_shared_cells(
    test_ptr: np.ndarray, test_idx: np.ndarray, train_ptr: np.ndarray, train_idx: np.ndarray
) -> int:
    """Return how many cells are stored in both of two sorted CSR matrices."""
    shared = 0
    for user in range(test_ptr.size - 1):
        p, q = test_ptr[user], train_ptr[user]
        while p < test_ptr[user + 1] and q < train_ptr[user + 1]:
            if test_idx[p] == train_idx[q]:
                shared += 1
            if test_idx[p] <= train_idx[q]:
                p += 1
            else:
                q += 1
    return shared
