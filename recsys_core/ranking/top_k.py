"""The best items for each user, selected while the scores are still in the processor's cache."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.errors import DataError, ScoreError, SettingsError
from recsys_core.ranking.block_top_k import Selection, select_from_factors, select_from_scores
from recsys_core.ranking.factors import Factors
from recsys_core.ranking.matrices import as_cells, checked_csr
from recsys_core.ranking.packing import aligned, pack_items
from recsys_core.ranking.pairs import Cells
from recsys_core.ranking.scorers import NOT_FINITE, TILE_ITEMS, USERS_PER_BLOCK, rows_per_block, score_block
from recsys_core.ranking.selection import decode
from recsys_core.ranking.simd import GROUP, PANEL
from recsys_core.ranking.threads import block_bounds, check_threads, run_blocks, single_blas_thread

if TYPE_CHECKING:
    from scipy import sparse

    from recsys_core.ranking.scorers import ScoreBlocks, Scorer


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
        Users to rank for; all of them when None, if factors or ``exclude`` say how many there are.
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
        If ``k`` is below 1, or nothing says how many users or items there are.
    """
    if k < 1:
        raise SettingsError(f"k is at least 1, not {k}.")
    n_users, n_items = _grid(scorer, exclude, n_items, user_idx)
    users = np.arange(n_users) if user_idx is None else np.asarray(user_idx, np.int64)
    _check_users(users, n_users)
    task = Selection(users, _excluded(exclude), np.empty((len(users), k), np.int64))
    if isinstance(scorer, Factors):
        _select_factors(scorer, task, check_threads(threads))
    else:
        _select_blocks(scorer, task, n_items, check_threads(threads))
    item_idx, scores = _decoded(task.best)
    if isinstance(scorer, Factors):
        scores += scorer.user_biases[users][:, None]
    return item_idx, scores


def _decoded(best: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    best.sort(axis=1)
    item_idx, scores = np.full(best.shape, -1, np.int32), np.full(best.shape, -np.inf, np.float32)
    decode(best, item_idx, scores.view(np.int32))
    return item_idx, scores


def _select_factors(factors: Factors, task: Selection, threads: int) -> None:
    items = pack_items(factors, by_mean_score=False)
    tile_size = GROUP * items.panels_per_tile * PANEL

    def work(start: int, stop: int) -> None:
        select_from_factors(factors.user_embeddings, items, task, start, stop, aligned(tile_size))

    run_blocks(work, block_bounds(len(task.users), USERS_PER_BLOCK), threads)


def _select_blocks(scorer: ScoreBlocks, task: Selection, n_items: int, threads: int) -> None:
    for start, stop in block_bounds(len(task.users), rows_per_block(n_items)):
        with single_blas_thread():
            block = score_block(scorer, task.users[start:stop].astype(np.int32), n_items)
        bounds = [
            (start + a, start + b) for a, b in block_bounds(stop - start, -(-(stop - start) // threads))
        ]
        run_blocks(partial(_select_rows, block, start, task), bounds, threads)


def _select_rows(block: np.ndarray, first: int, task: Selection, start: int, stop: int) -> None:
    if not select_from_scores(block, task, start, stop, first, aligned(TILE_ITEMS)):
        raise ScoreError(NOT_FINITE)


def _check_users(users: np.ndarray, n_users: int) -> None:
    if users.size and (users.min() < 0 or users.max() >= n_users):
        raise DataError(f"A user index lies outside 0 to {n_users - 1}.")


def _grid(
    scorer: Scorer, exclude: sparse.csr_matrix | None, n_items: int | None, user_idx: np.ndarray | None
) -> tuple[int, int]:
    if isinstance(scorer, Factors):
        grid = (scorer.n_users, scorer.n_items)
    elif exclude is not None:
        grid = exclude.shape
    elif n_items is None:
        raise SettingsError("Say how many items there are: give exclude or n_items.")
    elif user_idx is None:
        raise SettingsError("Say which users to rank for: give exclude or user_idx.")
    else:
        # how many users a bare function knows is its own business
        grid = (int(np.max(user_idx, initial=-1)) + 1, n_items)
    if exclude is not None and exclude.shape != grid:
        raise DataError(f"exclude has shape {exclude.shape}, the scores have {grid}.")
    return grid


def _excluded(exclude: sparse.csr_matrix | None) -> Cells:
    if exclude is None:
        return Cells(np.zeros(0, np.int64), np.zeros(0, np.int32))
    return as_cells(checked_csr(exclude, "exclude"))
