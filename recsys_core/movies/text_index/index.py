"""Which rows of a sparse matrix are nearest to which: the interface of the inverted index."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.errors import DataError
from recsys_core.movies.checks import checked_count
from recsys_core.movies.text_index.best import empty_list, padded
from recsys_core.movies.text_index.kernels import Rows, add_products, best_documents, nearest_documents
from recsys_core.ranking.packing import aligned
from recsys_core.ranking.selection import decode
from recsys_core.ranking.threads import block_bounds, check_threads, run_blocks

if TYPE_CHECKING:
    from scipy import sparse

ROWS_PER_BLOCK = 1024


class InvertedIndex:
    """The rows of a sparse matrix and, for every column, the rows that have it.

    Exact: one query adds up the postings of its own terms and selects; ``k`` lists for all ``n`` rows keep
    ``n k (4 + 4)`` bytes and one row of totals per thread, never ``n x n``.
    Zobel & Moffat (2006), "Inverted files for text search engines", term-at-a-time evaluation.

    Parameters
    ----------
    rows
        Shape ``(n, m)``; values finite and not negative. With rows of length one, products are cosines.

    Raises
    ------
    DataError
        If a value is negative or not finite.
    """

    def __init__(self, rows: sparse.csr_matrix) -> None:
        matrix = rows.tocsr().astype(np.float32)
        matrix.sum_duplicates()
        if not np.isfinite(matrix.data).all() or (matrix.data < 0).any():
            raise DataError("A weight of the text index is negative or not a finite number.")
        self.n_rows, self.n_columns = matrix.shape
        self._local = threading.local()
        self._rows, self._postings = _as_rows(matrix), _as_rows(matrix.T.tocsr())

    @property
    def nbytes(self) -> int:
        """Bytes of rows and postings."""
        return sum(array.nbytes for part in (self._rows, self._postings) for array in part)

    def row(self, row: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the columns, ascending, and the values of one row; views, not to be written to."""
        start, stop = self._rows.bounds[row], self._rows.bounds[row + 1]
        return self._rows.columns[start:stop], self._rows.values[start:stop]

    def products(self, row: int, weights: np.ndarray | None = None) -> np.ndarray:
        """Return the product of one row with every row, float32 ``(n,)``; see :meth:`nearest`."""
        totals = np.zeros(self.n_rows, np.float32)
        add_products(*self._query(row, weights), self._postings, totals)
        return totals

    def nearest(self, row: int, k: int, weights: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return the up to ``k`` other rows with the greatest products above 0, and these.

        Greatest first, equal ones by lower row; int32 and float32, of the same length. ``weights``
        multiplies the stored values of the asking row, float32, one factor for each.
        """
        documents, products = empty_list(k, self.n_rows)
        found = nearest_documents(
            *self._query(row, weights), int(row), self._postings, self._scratch(), documents, products
        )
        return documents[:found], products[:found]

    def nearest_to_all(
        self, k: int, weights: np.ndarray | None = None, *, threads: int = 1
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return :meth:`nearest` of every row: int32 and float32 ``(n, min(k, n))``, padded with -1 and 0.

        ``weights`` has one factor for every stored value, in the order of :attr:`columns`.
        """
        best = np.empty((self.n_rows, min(checked_count(k), max(1, self.n_rows))), np.int64)
        bounds, columns, values = self._rows
        queries = values if weights is None else values * weights

        def work(start: int, stop: int) -> None:
            block = Rows(bounds[start : stop + 1], columns, queries)
            owners = np.arange(start, stop)
            best_documents(block, owners, self._postings, self._scratch(), best[start:stop])

        run_blocks(work, block_bounds(self.n_rows, ROWS_PER_BLOCK), check_threads(threads))
        return _decoded(best)

    @property
    def bounds(self) -> np.ndarray:
        """Where each row begins among the stored values, uint64 ``(n + 1,)``."""
        return self._rows.bounds

    @property
    def columns(self) -> np.ndarray:
        """The column of each stored value, uint32."""
        return self._rows.columns

    def _query(self, row: int, weights: np.ndarray | None) -> tuple[Rows, int]:
        """Return the terms of one row, weighed, and which row of these it is."""
        if weights is None:
            return self._rows, int(row)
        columns, values = self.row(row)
        return Rows(np.array([0, columns.size], np.uint64), columns, values * weights), 0

    def _scratch(self) -> np.ndarray:
        """Return this thread's row of totals: a fresh one would cost more page faults than a query takes."""
        totals = getattr(self._local, "totals", None)
        if totals is None:
            totals = self._local.totals = aligned(padded(self.n_rows))
        return totals


def _as_rows(matrix: sparse.csr_matrix) -> Rows:
    matrix.sort_indices()
    # not set read-only: to numba that is another type, and every kernel would be compiled once more
    return Rows(matrix.indptr.astype(np.uint64), matrix.indices.astype(np.uint32), matrix.data)


def _decoded(best: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    best.sort(axis=1)
    rows, products = np.full(best.shape, -1, np.int32), np.zeros(best.shape, np.float32)
    decode(best, rows, products.view(np.int32))
    return rows, products
