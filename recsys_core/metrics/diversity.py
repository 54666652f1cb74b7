"""How different the items of one list are from each other."""

from __future__ import annotations

import numpy as np
from scipy import sparse

LISTS_PER_BLOCK = 1024


def list_diversity(item_idx: np.ndarray, listening: sparse.csr_matrix) -> np.ndarray:
    """Return for each list 1 minus the mean cosine of its pairs of items, float64, ``(n_lists,)``.

    0 is a list of items with the very same listeners, 1 one whose items share none; NaN for fewer than two
    items. An item nobody listens to is like no other (Ziegler et al., 2005, intra-list similarity).

    Parameters
    ----------
    item_idx
        int, ``(n_lists, k)``; -1 where a list is shorter.
    listening
        Who listens to what, CSR ``(n_users, n_items)``; only its structure matters.
    """
    listeners = listening.astype(bool).astype(np.float64)
    lengths = np.sqrt(np.asarray(listeners.sum(axis=0)).ravel())
    scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    units = sparse.csr_matrix((listeners @ sparse.diags_array(scale)).T)
    blocks = [
        _block(item_idx[start : start + LISTS_PER_BLOCK], units, lengths > 0)
        for start in range(0, len(item_idx), LISTS_PER_BLOCK)
    ]
    return np.concatenate(blocks) if blocks else np.empty(0)


def _block(item_idx: np.ndarray, units: sparse.csr_matrix, known: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero(item_idx >= 0)
    items = item_idx[rows, columns]
    lists = sparse.csr_matrix((np.ones(len(items)), (rows, items)), shape=(len(item_idx), units.shape[0]))
    sums = sparse.csr_matrix(lists @ units)
    # the square of a sum of unit vectors is their number plus twice the cosines of all pairs
    squares = np.asarray(sums.multiply(sums).sum(axis=1)).ravel()
    size = np.bincount(rows, minlength=len(item_idx)).astype(np.float64)
    own = np.bincount(rows, weights=known[items], minlength=len(item_idx))
    pairs = size * (size - 1)
    return 1 - np.divide(squares - own, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)
