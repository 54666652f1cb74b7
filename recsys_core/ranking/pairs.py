"""The user-item pairs of a block of users whose scores become thresholds, and their sorting."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recsys_core.kernel import kernel
from recsys_core.ranking.sorting import sort_with


class Cells(NamedTuple):
    """The structure of a CSR matrix with sorted columns: int64 ``indptr``, int32 ``items``."""

    indptr: np.ndarray
    items: np.ndarray


class Pairs(NamedTuple):
    """Pairs of a block's users, row by row: the items seen in training, then the held-out ones.

    Row ``r`` is ``indptr[r]:indptr[r + 1]``, its held-out part starts at ``middle[r]``, and the pairs that
    are ranked (all, or the held-out ones) start at ``ranked[r]``.
    """

    indptr: np.ndarray
    middle: np.ndarray
    ranked: np.ndarray
    items: np.ndarray


@kernel
def join_pairs(train: Cells, test: Cells, start: int, stop: int, rank_train: bool) -> Pairs:
    """Return the pairs of users ``start`` to ``stop``."""
    n_rows = stop - start
    train_ptr, train_items, test_ptr, test_items = train.indptr, train.items, test.indptr, test.items
    n_pairs = train_ptr[stop] - train_ptr[start] + test_ptr[stop] - test_ptr[start]
    indptr, middle, ranked = (
        np.zeros(n_rows + 1, np.int64),
        np.empty(n_rows, np.int64),
        np.empty(n_rows, np.int64),
    )
    items = np.empty(n_pairs, np.int32)
    at = 0
    for row in range(n_rows):
        for p in range(train_ptr[start + row], train_ptr[start + row + 1]):
            items[at] = train_items[p]
            at += 1
        middle[row] = at
        ranked[row] = indptr[row] if rank_train else at
        for p in range(test_ptr[start + row], test_ptr[start + row + 1]):
            items[at] = test_items[p]
            at += 1
        indptr[row + 1] = at
    return Pairs(indptr, middle, ranked, items)


@kernel
def sort_ranked(pairs: Pairs, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the scores, those of the ranked pairs ascending within each row, and where each came from."""
    begin, indptr = pairs.ranked, pairs.indptr
    values, source = scores.copy(), np.arange(scores.size)
    for row in range(begin.size):
        sort_with(values, source, begin[row], indptr[row + 1])
    return values, source
