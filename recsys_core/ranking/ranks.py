"""The ranks of held-out items: the one primitive from which every accuracy metric follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, eq=False)
class Ranks:
    """Where each held-out item of each user stands among the items not seen in training.

    Attributes
    ----------
    ranks
        Shape ``(n_held_out,)``, 0 is best. int32 with pessimistic ties, float64 when ties count half.
        ``ranks[indptr[u]:indptr[u + 1]]`` belongs to user ``u``.
    item_idx
        int32, shape ``(n_held_out,)``: the items the ranks belong to, ascending within each user.
    indptr
        int64, shape ``(n_users + 1,)``.
    n_train
        int32, shape ``(n_users,)``: how many items of each user were left out of the ranking.
    """

    ranks: np.ndarray
    item_idx: np.ndarray
    indptr: np.ndarray
    n_train: np.ndarray
