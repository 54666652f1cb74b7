"""How much the tastes of two people overlap: Jaccard's index of the films they rated well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from recsys_core.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

POSITIVE = 3.0


def jaccard_distances(
    ratings: sparse.spmatrix | sparse.sparray | ArrayLike, positive: float = POSITIVE
) -> np.ndarray:
    """Return ``1 - |A and B| / |A or B|`` for all pairs of rows, float64 ``(n, n)``, symmetric.

    A and B are the columns a person rated at least ``positive``; lower ratings and empty cells are
    negative. Two people without a positive rating share nothing: their distance is 1, to themselves 0.

    Parameters
    ----------
    ratings
        People in rows, items in columns; a sparse matrix, or a table whose empty cells are NaN or 0.

    Raises
    ------
    DataError
        If ``ratings`` is not a table of numbers.
    """
    distances = 1 - jaccard_similarities(ratings, positive).toarray()
    np.fill_diagonal(distances, 0)
    return distances


def jaccard_similarities(
    ratings: sparse.spmatrix | sparse.sparray | ArrayLike, positive: float = POSITIVE
) -> sparse.csr_matrix:
    """Return ``|A and B| / |A or B|`` of the pairs of rows that share something, float64 CSR ``(n, n)``.

    See :func:`jaccard_distances`.
    """
    liked = positive_cells(ratings, positive)
    sizes = np.diff(liked.indptr)
    common = (liked @ liked.T).tocoo()
    either = sizes[common.row] + sizes[common.col] - common.data
    return sparse.csr_matrix((common.data / either, (common.row, common.col)), shape=common.shape)


def positive_cells(
    ratings: sparse.spmatrix | sparse.sparray | ArrayLike, positive: float = POSITIVE
) -> sparse.csr_matrix:
    """Return ones where a rating is at least ``positive``, float64 CSR of the same shape."""
    if not sparse.issparse(ratings):
        table = np.asarray(ratings)
        if table.ndim != 2 or table.dtype.kind not in "biuf":
            raise DataError("Ratings are a table of numbers: people in rows, items in columns.")
        ratings = np.nan_to_num(table.astype(np.float64))
    cells = sparse.csr_matrix(ratings, dtype=np.float64)
    # an empty cell is no rating, even where a bound of 0 or less would let it pass
    cells.data = ((cells.data >= positive) & (cells.data != 0)).astype(np.float64)
    cells.eliminate_zeros()
    return cells
