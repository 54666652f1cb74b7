"""The best items for each user, selected while the scores are still in the processor's cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recsys_core.errors import DataError, SettingsError
from recsys_core.ranking.factors import Factors
from recsys_core.ranking.matrices import checked_csr
from recsys_core.ranking.scorers import rows_per_block, score_block
from recsys_core.ranking.selection import select_rows
from recsys_core.ranking.threads import block_bounds, check_threads, single_blas_thread

if TYPE_CHECKING:
    from scipy import sparse

    from recsys_core.ranking.scorers import Scorer


def top_k(
    scorer: Scorer,
    k: int,
    *,
    user_idx: np.ndarray | None = None,
    exclude: sparse.csr_matrix | None = None,
    n_items: int | None = None,
    threads: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """Return each user's ``k`` best items and their scores, best first, equal scores by lower item index.

    Parameters
    ----------
    scorer
        Factors, or a function returning blocks of scores.
    user_idx
        Users to rank for; all of them when None (then ``exclude`` or factors say how many there are).
    exclude
        Items never returned, one row per user of the whole grid; only its structure matters.
    n_items
        Number of items; needed only for a function without ``exclude``.

    Returns
    -------
    item_idx
        int32, shape ``(n, k)``; -1 where a user has fewer than ``k`` candidates.
    scores
        float32, shape ``(n, k)``; ``-inf`` where there is no item.

    Raises
    ------
    ScoreError
        If a score is NaN or infinite.
    SettingsError
        If ``k`` is below 1.
    """
    check_threads(threads)
    if k < 1:
        raise SettingsError(f"k is at least 1, not {k}.")
    n_users, n_items = _grid(scorer, exclude, n_items)
    users = np.arange(n_users, dtype=np.int32) if user_idx is None else np.asarray(user_idx, np.int32)
    pointers, items = _excluded(exclude)
    item_idx = np.full((len(users), k), -1, np.int32)
    scores = np.full((len(users), k), -np.inf, np.float32)
    blocks = scorer.scores if isinstance(scorer, Factors) else scorer
    for start, stop in block_bounds(len(users), rows_per_block(n_items)):
        with single_blas_thread():
            block = score_block(blocks, users[start:stop], n_items)
        select_rows(block, users[start:stop], pointers, items, item_idx[start:stop], scores[start:stop])
    return item_idx, scores


def _grid(scorer: Scorer, exclude: sparse.csr_matrix | None, n_items: int | None) -> tuple[int, int]:
    if isinstance(scorer, Factors):
        grid = (scorer.n_users, scorer.n_items)
    elif exclude is not None:
        grid = exclude.shape
    elif n_items is not None:
        grid = (0, n_items)
    else:
        raise SettingsError("Say how many items there are: give exclude or n_items.")
    if exclude is not None and exclude.shape != grid:
        raise DataError(f"exclude has shape {exclude.shape}, the scores have {grid}.")
    return grid


def _excluded(exclude: sparse.csr_matrix | None) -> tuple[np.ndarray, np.ndarray]:
    if exclude is None:
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    csr = checked_csr(exclude, "exclude")
    return csr.indptr, csr.indices
