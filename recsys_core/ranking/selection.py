"""Kernels that keep the best few of many scores."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(nogil=True, cache=True, error_model="numpy")
def select_rows(block, users, exclude_ptr, exclude_idx, item_idx, scores):
    """Write each row's best items, best first, equal scores by lower index; overwrites excluded cells of ``block``."""
    k = item_idx.shape[1]
    for row in range(block.shape[0]):
        values = block[row]
        if exclude_ptr.size:
            for p in range(exclude_ptr[users[row]], exclude_ptr[users[row] + 1]):
                values[exclude_idx[p]] = -np.inf
        found = 0
        for item in range(values.size):
            score = values[item]
            if score == -np.inf or (found == k and score <= scores[row, k - 1]):
                continue
            place = min(found, k - 1)
            while place > 0 and scores[row, place - 1] < score:
                scores[row, place] = scores[row, place - 1]
                item_idx[row, place] = item_idx[row, place - 1]
                place -= 1
            scores[row, place] = score
            item_idx[row, place] = item
            found = min(found + 1, k)
