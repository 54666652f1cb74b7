"""Rank held-out items exactly as LightFM's ``predict_rank`` does, in one pass over the scores."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from recsys_core.errors import ScoreError, SettingsError
from recsys_core.ranking.block_ranks import Task, rank_block_of_factors, rank_block_of_scores
from recsys_core.ranking.factors import Factors
from recsys_core.ranking.matrices import as_cells, check_disjoint, check_scorer_shape, checked_csr, empty_like
from recsys_core.ranking.packing import aligned, pack_items
from recsys_core.ranking.ranks import Ranks
from recsys_core.ranking.scorers import NOT_FINITE, TILE_ITEMS, USERS_PER_BLOCK, rows_per_block, score_block
from recsys_core.ranking.simd import GROUP, PANEL
from recsys_core.ranking.threads import block_bounds, check_threads, run_blocks, single_blas_thread

if TYPE_CHECKING:
    from scipy import sparse

    from recsys_core.ranking.scorers import ScoreBlocks, Scorer

Ties = Literal["pessimistic", "half"]


def held_out_ranks(
    scorer: Scorer,
    test: sparse.csr_matrix,
    train: sparse.csr_matrix | None = None,
    *,
    threads: int = 1,
    ties: Ties = "pessimistic",
) -> Ranks:
    """Return the rank of every held-out item among the items not in its user's train row.

    The rank is the number of other such items with an equal or higher score, so 0 is best; other held-out
    items count too. With ``ties="half"`` an equal score counts one half. Only the structure of ``test`` and
    ``train`` matters: a stored zero is an entry. At most one block of scores is in memory.

    Raises
    ------
    DataError
        If shapes differ, or ``test`` and ``train`` share a cell.
    ScoreError
        If a score is NaN or infinite, or ``scorer`` is for another grid.
    """
    if ties not in ("pessimistic", "half"):
        raise SettingsError(f'ties is "pessimistic" or "half", not {ties!r}.')
    test = checked_csr(test, "test")
    train = empty_like(test) if train is None else checked_csr(train, "train")
    ranks, _ = _count(scorer, train, test, threads=threads)
    if ties == "half":
        above, _ = _count(scorer, train, test, threads=threads, strict=True)
        ranks = (ranks + above.astype(np.float64)) / 2
    return _as_ranks(ranks, test, train)


def both_ranks(
    scorer: Scorer, train: sparse.csr_matrix, test: sparse.csr_matrix, *, threads: int = 1
) -> tuple[Ranks, Ranks]:
    """Return the ranks of the train items among all items, and of the test items among unseen ones.

    Equal to ``held_out_ranks(scorer, train)`` and ``held_out_ranks(scorer, test, train)``, in one pass.
    """
    train, test = checked_csr(train, "train"), checked_csr(test, "test")
    test_ranks, train_ranks = _count(scorer, train, test, threads=threads, rank_train=True)
    return _as_ranks(train_ranks, train, empty_like(train)), _as_ranks(test_ranks, test, train)


def _count(
    scorer: Scorer,
    train: sparse.csr_matrix,
    test: sparse.csr_matrix,
    *,
    threads: int,
    rank_train: bool = False,
    strict: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ranks of the test cells and, if wanted, of the train cells."""
    check_threads(threads)
    check_disjoint(test, train)
    check_scorer_shape(scorer, test.shape)
    test_ranks, train_ranks = np.zeros(test.nnz, np.int32), np.zeros(train.nnz if rank_train else 0, np.int32)
    task = Task(as_cells(train), as_cells(test), test_ranks, train_ranks, rank_train, strict)
    if isinstance(scorer, Factors):
        _rank_factors(scorer, task, threads)
    else:
        _rank_blocks(scorer, task, test.shape, threads)
    return test_ranks, train_ranks


def _rank_factors(factors: Factors, task: Task, threads: int) -> None:
    items = pack_items(factors, by_mean_score=True)
    tile_size = GROUP * items.panels_per_tile * PANEL

    def work(start: int, stop: int) -> None:
        rank_block_of_factors(factors.user_embeddings, items, task, start, stop, aligned(tile_size))

    run_blocks(work, block_bounds(factors.n_users, USERS_PER_BLOCK), threads)


def _rank_blocks(scorer: ScoreBlocks, task: Task, shape: tuple[int, int], threads: int) -> None:
    for start, stop in block_bounds(shape[0], rows_per_block(shape[1])):
        with single_blas_thread():
            block = score_block(scorer, np.arange(start, stop, dtype=np.int32), shape[1])
        bounds = [
            (start + a, start + b) for a, b in block_bounds(stop - start, -(-(stop - start) // threads))
        ]
        run_blocks(partial(_rank_rows, block, start, task), bounds, threads)


def _rank_rows(block: np.ndarray, first: int, task: Task, start: int, stop: int) -> None:
    if not rank_block_of_scores(block, task, start, stop, first, aligned(TILE_ITEMS)):
        raise ScoreError(NOT_FINITE)


def _as_ranks(ranks: np.ndarray, held_out: sparse.csr_matrix, left_out: sparse.csr_matrix) -> Ranks:
    n_train = np.diff(left_out.indptr).astype(np.int32)
    return Ranks(ranks, held_out.indices, held_out.indptr.astype(np.int64), n_train)
