"""Copy scores that a model computed into a tile, and look for values that cannot be ranked on the way."""

from __future__ import annotations

import numpy as np

from recsys_core.kernel import kernel
from recsys_core.ranking.simd import PANEL, PANEL_VECTORS

EXPONENT = np.int32(0x7F800000)
"""All bits of a float32's exponent: set together only in NaN and the infinities."""


@kernel
def copy_tile(scores: np.ndarray, start: int, tile: np.ndarray) -> int:
    """Copy the next scores to ``tile``, padded with ``-inf``; return its vectors, -1 if one is not finite."""
    length = min(tile.size, scores.size - start)
    score_bits = scores.view(np.int32)
    not_finite = np.int32(0)
    for i in range(length):
        tile[i] = scores[start + i]
        not_finite |= np.int32((score_bits[start + i] & EXPONENT) == EXPONENT)
    n_panels = -(-length // PANEL)
    for i in range(length, n_panels * PANEL):
        tile[i] = -np.inf
    return -1 if not_finite else n_panels * PANEL_VECTORS
