"""What a training is given, checked once: kernels follow raw addresses, so a wrong index would be a crash."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from recsys_core.errors import DataError
from recsys_core.ranking.factors import FLOAT32_MAX
from recsys_core.ranking.matrices import checked_csr

Pairs = tuple[np.ndarray, np.ndarray]


def checked_matrix(matrix: sparse.spmatrix) -> sparse.csr_matrix:
    """Return the known pairs as CSR with sorted, distinct indices; copies only if it must.

    Raises
    ------
    DataError
        If it is not sparse, or an index lies outside its shape.
    """
    return checked_csr(_within_shape(matrix, "matrix"), "matrix")


def checked_pairs(pairs: Pairs, matrix: sparse.csr_matrix) -> Pairs:
    """Return ``pairs`` if both are whole numbers, equally many, within ``matrix``, of users it knows.

    Raises
    ------
    DataError
        Otherwise.
    """
    users, items = (np.asarray(side) for side in pairs)
    whole = users.dtype.kind in "iu" and items.dtype.kind in "iu"
    if not whole or users.ndim != 1 or users.shape != items.shape:
        raise DataError("Pairs are two equally long rows of whole numbers: user_idx and item_idx.")
    for name, side, end in zip(("user", "item"), (users, items), matrix.shape, strict=True):
        if side.size and (side.min() < 0 or side.max() >= end):
            raise DataError(f"A pair's {name} index lies outside 0 to {end - 1}.")
    # k-OS WARP draws among what a user is known to have
    if users.size and not np.diff(matrix.indptr)[users].all():
        raise DataError("A pair's user has no known item in the matrix. Give the matrix of the same pairs.")
    return users, items


def check_weights(weights: np.ndarray | None, n_pairs: int) -> None:
    """Raise :class:`DataError` unless there is one finite weight per pair, or none at all."""
    if weights is not None and (weights.shape != (n_pairs,) or not _fits_float32(weights)):
        raise DataError(f"Weights are one finite number for each of the {n_pairs} pairs.")


def checked_features(matrix: sparse.spmatrix | None, n_rows: int) -> sparse.csr_matrix:
    """Return features as float32 CSR; None is one of its own for each row.

    Raises
    ------
    DataError
        If there are not ``n_rows`` rows, or an index or a value is out of range.
    """
    if matrix is None:
        return sparse.identity(n_rows, np.float32, format="csr")
    rows = _within_shape(matrix, "features")
    if rows.shape[0] != n_rows or not _fits_float32(rows.data):
        raise DataError(f"Features are finite numbers in {n_rows} rows, not in {rows.shape[0]}.")
    return rows.astype(np.float32)


def _fits_float32(values: np.ndarray) -> bool:
    return bool((np.abs(values) <= FLOAT32_MAX).all())


def _within_shape(matrix: sparse.spmatrix, name: str) -> sparse.csr_matrix:
    """Return ``matrix`` as CSR whose pointers and indices stay within it: SciPy itself looks at no index."""
    if not sparse.issparse(matrix):
        raise DataError(f"{name} is a {type(matrix).__name__}, not a SciPy sparse matrix.")
    csr = matrix.tocsr()
    try:
        csr.check_format(full_check=True)
    except ValueError as error:
        raise DataError(f"{name} is not a well-formed sparse matrix: {error}.") from None
    return csr
