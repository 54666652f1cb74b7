"""Films as vectors of terms: words of the overview, or what the film is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, eq=False)
class Terms:
    """``matrix``: float32 CSR ``(n_films, n_terms)``, rows of length one or empty; ``names``: the terms."""

    matrix: sparse.csr_matrix
    names: np.ndarray

    @property
    def present(self) -> np.ndarray:
        """Which films have a term at all, bool ``(n_films,)``."""
        return np.diff(self.matrix.indptr) > 0


def counted(documents: Iterable[Sequence[str]]) -> Terms:
    """Return the counts of each document's terms, rows of length one; terms in alphabetical order."""
    lists = [list(document) for document in documents]
    names = np.array(sorted({term for terms in lists for term in terms}), dtype=object)
    place = {name: at for at, name in enumerate(names)}
    columns = np.array([place[term] for terms in lists for term in terms], np.int32)
    bounds = np.cumsum([0, *map(len, lists)])
    ones = np.ones(len(columns), np.float32)
    matrix = sparse.csr_matrix((ones, columns, bounds), shape=(len(lists), len(names)))
    matrix.sum_duplicates()
    return Terms(rows_of_length_one(matrix), names)


def rows_of_length_one(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return float32 rows of length one; empty rows stay empty."""
    squares = np.asarray(matrix.multiply(matrix).sum(axis=1), np.float64).ravel()
    lengths = np.repeat(np.sqrt(squares), np.diff(matrix.indptr))
    values = np.divide(matrix.data, lengths, out=np.zeros(matrix.nnz), where=lengths > 0)
    return sparse.csr_matrix((values.astype(np.float32), matrix.indices, matrix.indptr), shape=matrix.shape)
