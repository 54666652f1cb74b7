"""Rank held-out items exactly as LightFM's ``predict_rank`` does, in one pass over the scores."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import sparse

from recsys_core.errors import SettingsError
from recsys_core.ranking.counting import rank_rows
from recsys_core.ranking.matrices import check_disjoint, check_scorer_shape, checked_csr
from recsys_core.ranking.ranks import Ranks
from recsys_core.ranking.factors import Factors
from recsys_core.ranking.scorers import rows_per_block, score_block
from recsys_core.ranking.threads import block_bounds, check_threads, run_blocks, single_blas_thread

if TYPE_CHECKING:
    from recsys_core.ranking.scorers import Scorer

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
        If a score is NaN or infinite.
    """
    check_threads(threads)
    if ties not in ("pessimistic", "half"):
        raise SettingsError(f'ties is "pessimistic" or "half", not {ties!r}.')
    test = checked_csr(test, "test")
    train = sparse.csr_matrix(test.shape, dtype=np.float32) if train is None else checked_csr(train, "train")
    check_disjoint(test, train)
    check_scorer_shape(scorer, test.shape)
    reach, above = _count(scorer, test, train, threads)
    ranks = reach if ties == "pessimistic" else (reach + above.astype(np.float64)) / 2
    return Ranks(ranks, test.indices, test.indptr.astype(np.int64), np.diff(train.indptr).astype(np.int32))


def both_ranks(
    scorer: Scorer, train: sparse.csr_matrix, test: sparse.csr_matrix, *, threads: int = 1
) -> tuple[Ranks, Ranks]:
    """Return the ranks of the train items among all items, and of the test items among unseen ones.

    Equal to ``held_out_ranks(scorer, train)`` and ``held_out_ranks(scorer, test, train)``, from one scoring pass.
    """
    return held_out_ranks(scorer, train, threads=threads), held_out_ranks(scorer, test, train, threads=threads)


def _count(
    scorer: Scorer, test: sparse.csr_matrix, train: sparse.csr_matrix, threads: int
) -> tuple[np.ndarray, np.ndarray]:
    scores = scorer.scores if isinstance(scorer, Factors) else scorer
    reach, above = np.zeros(test.nnz, np.int32), np.zeros(test.nnz, np.int32)
    n_users, n_items = test.shape
    for start, stop in block_bounds(n_users, rows_per_block(n_items)):
        with single_blas_thread():
            block = score_block(scores, np.arange(start, stop, dtype=np.int32), n_items)
        work = partial(_count_rows, block, start, test, train, reach, above)
        run_blocks(work, block_bounds(stop - start, -(-(stop - start) // threads)), threads)
    return reach, above


def _count_rows(block, first, test, train, reach, above, start, stop):
    rank_rows(
        block[start:stop], first + start, test.indptr, test.indices, train.indptr, train.indices, reach, above
    )
