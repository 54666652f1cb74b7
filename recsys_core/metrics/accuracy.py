"""Accuracy metrics, each a pure function of the ranks of held-out items, one value per user.

Conventions, LightFM's where it has the metric: ranks start at 0; precision divides by k even for a user with
fewer held-out items; users without held-out items are dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recsys_core.errors import SettingsError
from recsys_core.kernel import kernel
from recsys_core.ranking.ranks import Ranks
from recsys_core.ranking.sorting import sort_with

if TYPE_CHECKING:
    from collections.abc import Sequence


def per_user_metrics(ranks: Ranks, n_items: int, ks: Sequence[int] = (10,)) -> dict[str, np.ndarray]:
    """Return every metric of every user with held-out items, float64, each of shape ``(n_evaluated,)``.

    Keys: ``users`` (int32, whose row it is), ``auc``, ``mrr``, ``map``, and for each ``k`` ``precision@k``,
    ``recall@k``, ``ndcg@k``.

    - auc: mean over held-out items of the share of negatives (items neither held out nor seen in training)
      ranked below, ``1 - (rank - held-out items before it) / n_negatives``, in float64 (LightFM: float32).
      Ties being pessimistic, constant scores give 0 or less, as in LightFM. A user without any negative, NaN
      in LightFM, has 1: nothing can be ranked above the held-out items.
    - precision@k, recall@k: held-out items with a rank below k, over k, over their number.
    - ndcg@k: ``1 / log2(rank + 2)`` summed over ranks below k, over the same for ranks 0 to
      ``min(k, n_held_out) - 1`` (Järvelin and Kekäläinen 2002, binary gain).
    - mrr: 1 / (1 + best rank).
    - map: mean over held-out items, down the full list, of the precision at each one's place:
      (held-out items ranked up to it) / (rank + 1).

    Raises
    ------
    SettingsError
        If a k is below 1.
    """
    if any(k < 1 for k in ks):
        raise SettingsError(f"k is at least 1, not {min(ks)}.")
    users = np.flatnonzero(np.diff(ranks.indptr)).astype(np.int32)
    whole, at_k = np.empty((3, len(users))), np.empty((len(ks), 3, len(users)))
    longest = int(np.diff(ranks.indptr).max(initial=0))
    ideal = np.concatenate([[0], np.cumsum(1 / np.log2(np.arange(longest) + 2))])
    fill_whole_list(ranks.ranks, ranks.indptr, ranks.n_train, users, (n_items, longest), whole)
    for k, out in zip(ks, at_k, strict=True):
        fill_top(ranks.ranks, ranks.indptr, users, k, ideal, out)
    result = {"users": users, "auc": whole[0], "mrr": whole[1], "map": whole[2]}
    for k, out in zip(ks, at_k, strict=True):
        result |= {f"precision@{k}": out[0], f"recall@{k}": out[1], f"ndcg@{k}": out[2]}
    return result


def warm_up() -> None:
    """Compile, or load from the cache on disk, the kernels of this module."""
    one = np.zeros(1, np.int32)
    for dtype in (np.int32, np.float64):  # pessimistic ties, and half ones
        per_user_metrics(Ranks(one.astype(dtype), one, np.arange(2), one), 2)


@kernel
def fill_whole_list(
    ranks: np.ndarray,
    indptr: np.ndarray,
    n_train: np.ndarray,
    users: np.ndarray,
    sizes: tuple[int, int],
    out: np.ndarray,
) -> None:
    """Write AUC, reciprocal rank and average precision of ``users`` to the rows of ``out``.

    ``sizes`` are the number of items and the most ranks that a user has.
    """
    n_items, longest = sizes
    mine, unused = np.empty(longest, np.float64), np.empty(longest, np.int8)
    for row in range(users.size):
        start, stop = indptr[users[row]], indptr[users[row] + 1]
        n, n_negatives = stop - start, n_items - (stop - start) - n_train[users[row]]
        for i in range(n):
            mine[i] = ranks[start + i]
        sort_with(mine, unused, 0, n)
        above, average = 0.0, 0.0
        for i in range(n):
            above += mine[i] - i
            average += (i + 1) / (mine[i] + 1)
        out[0, row] = 1 - above / (n_negatives * n) if n_negatives else 1.0
        out[1, row] = 1 / (mine[0] + 1)
        out[2, row] = average / n


@kernel
def fill_top(
    ranks: np.ndarray, indptr: np.ndarray, users: np.ndarray, k: int, ideal: np.ndarray, out: np.ndarray
) -> None:
    """Write precision, recall and NDCG at ``k`` to ``out``; ``ideal[n]`` is the best gain of n hits."""
    for row in range(users.size):
        start, stop = indptr[users[row]], indptr[users[row] + 1]
        hits, gain = 0, 0.0
        for rank in ranks[start:stop]:
            if rank < k:
                hits += 1
                gain += 1 / np.log2(rank + 2)
        out[0, row] = hits / k
        out[1, row] = hits / (stop - start)
        out[2, row] = gain / ideal[min(k, stop - start)]
