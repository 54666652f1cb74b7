"""What can be ranked: factors, or any function that returns blocks of scores."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from recsys_core.errors import ScoreError
from recsys_core.ranking.factors import Factors
from recsys_core.ranking.simd import PANEL

ScoreBlocks = Callable[[np.ndarray], np.ndarray]
"""Takes int32 ``user_idx``, returns float32 scores ``(len(user_idx), n_items)``, higher is better."""

Scorer = Factors | ScoreBlocks

NOT_FINITE = "The model returned scores that are NaN or infinite, so nothing can be ranked."

USERS_PER_BLOCK = 128
"""Users whose factors one thread works on at a time."""
TILE_ITEMS = 16 * PANEL
"""Scores of one user copied next to the processor at a time."""

BLOCK_BYTES = 8 * 2**20
"""Scores held in memory at once."""


def rows_per_block(n_items: int) -> int:
    """Return how many users' scores fit into one block."""
    return max(1, BLOCK_BYTES // (4 * max(1, n_items)))


def score_block(scorer: ScoreBlocks, user_idx: np.ndarray, n_items: int) -> np.ndarray:
    """Return the checked, C-contiguous float32 scores of ``user_idx``.

    Raises
    ------
    ScoreError
        If the block has another shape than asked for; the kernels look for NaN themselves.
    """
    block = np.ascontiguousarray(scorer(user_idx), np.float32)
    if block.shape != (len(user_idx), n_items):
        raise ScoreError(f"The model returned scores of shape {block.shape}, not {(len(user_idx), n_items)}.")
    return block
