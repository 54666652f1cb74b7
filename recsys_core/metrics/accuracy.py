"""Accuracy metrics, each a pure function of the ranks of held-out items, one value per user.

Conventions, the same as LightFM's where it has the metric: ranks start at 0; precision divides by k even for a
user with fewer held-out items; users without held-out items are dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from recsys_core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.ranking.ranks import Ranks


def per_user_metrics(ranks: Ranks, n_items: int, ks: Sequence[int] = (10,)) -> dict[str, np.ndarray]:
    """Return every metric of every user with held-out items, float64, each of shape ``(n_evaluated,)``.

    Keys: ``users`` (int32, whose row it is), ``auc``, ``mrr``, ``map``, and for each ``k`` ``precision@k``,
    ``recall@k``, ``ndcg@k``.

    - auc: mean over held-out items of the share of negatives (items neither held out nor seen in training)
      ranked below, LightFM's formula ``1 - (rank - held-out items ranked before) / n_negatives`` in float64.
      Constant scores give zero or less, as in LightFM, because ties are pessimistic. A user without any
      negative has nothing to be ranked below: 1.0 (LightFM's NaN).
    - precision@k, recall@k: held-out items with rank below k, over k, over their number.
    - ndcg@k: binary gain, ``1 / log2(rank + 2)`` summed below k, over its best value for ``min(k, n_held_out)``.
    - mrr: 1 / (1 + best rank).
    - map: mean over held-out items, over the full list, of (held-out items ranked no lower) / (rank + 1).

    Raises
    ------
    SettingsError
        If a k is below 1.
    """
    if any(k < 1 for k in ks):
        raise SettingsError(f"k is at least 1, not {min(ks)}.")
    users = np.flatnonzero(np.diff(ranks.indptr)).astype(np.int32)
    sizes = np.asarray(ks, np.int64)
    whole, at_k = np.empty((3, len(users))), np.empty((len(sizes), 3, len(users)))
    values = ranks.ranks.astype(np.float64)
    _fill(values, ranks.indptr, ranks.n_train, users, n_items, sizes, whole, at_k)
    result = {"users": users, "auc": whole[0], "mrr": whole[1], "map": whole[2]}
    for k, rows in zip(ks, at_k, strict=True):
        result |= {f"precision@{k}": rows[0], f"recall@{k}": rows[1], f"ndcg@{k}": rows[2]}
    return result


@njit(nogil=True, cache=True, error_model="numpy")
def _fill(ranks, indptr, n_train, users, n_items, ks, whole, at_k):
    for row in range(users.size):
        user = users[row]
        mine = np.sort(ranks[indptr[user] : indptr[user + 1]])
        n = mine.size
        n_negatives = n_items - n - n_train[user]
        auc = 0.0
        average = 0.0
        for i in range(n):
            auc += 1.0 if n_negatives == 0 else 1.0 - (mine[i] - i) / n_negatives
            average += (i + 1) / (mine[i] + 1)
        whole[0, row] = auc / n
        whole[1, row] = 1 / (mine[0] + 1)
        whole[2, row] = average / n
        for j in range(ks.size):
            k = ks[j]
            hits = 0
            gain = 0.0
            best = 0.0
            for i in range(n):
                if mine[i] < k:
                    hits += 1
                    gain += 1 / np.log2(mine[i] + 2)
            for i in range(min(k, n)):
                best += 1 / np.log2(i + 2.0)
            at_k[j, 0, row] = hits / k
            at_k[j, 1, row] = hits / n
            at_k[j, 2, row] = gain / best
