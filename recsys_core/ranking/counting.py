"""Kernels that count, for each threshold, the scores that reach it."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(nogil=True, cache=True, error_model="numpy")
def all_finite(values: np.ndarray) -> bool:
    """Return whether no value is NaN or infinite."""
    bad = np.float32(0.0)
    for i in range(values.size):
        bad += values[i] * np.float32(0.0)
    return bad == 0.0


@njit(nogil=True, cache=True, error_model="numpy")
def rank_rows(block, first, test_ptr, test_idx, train_ptr, train_idx, reach, above):
    """Fill the counts of other unseen items that reach, and that exceed, each held-out item of the block's users."""
    n_items = block.shape[1]
    for row in range(block.shape[0]):
        user = first + row
        scores = block[row]
        for p in range(test_ptr[user], test_ptr[user + 1]):
            threshold = scores[test_idx[p]]
            n_reach = np.int32(0)
            n_above = np.int32(0)
            for j in range(n_items):
                n_reach += np.int32(scores[j] >= threshold)
                n_above += np.int32(scores[j] > threshold)
            for q in range(train_ptr[user], train_ptr[user + 1]):
                n_reach -= np.int32(scores[train_idx[q]] >= threshold)
                n_above -= np.int32(scores[train_idx[q]] > threshold)
            reach[p] = n_reach - np.int32(1)
            above[p] = n_above
