"""How often suggestions were right: for one listener, and for all of them to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.columns import Columns

if TYPE_CHECKING:
    from recsys_core.listening.preferences import Suggestions

HELD_OUT, HITS = "held_out", "hits"


@dataclass(frozen=True)
class ListenerHits:
    """Hits among the ``k`` suggestions of one listener, beside the mean over all who can be judged.

    ``held_out`` is how many artists could have been hit; with none, nothing can be said of this listener.
    """

    k: int
    held_out: int
    hits: int
    mean_hits: float

    @property
    def precision(self) -> float:
        """Share of the ``k`` suggestions that were right, 0 to 1."""
        return self.hits / self.k

    @property
    def mean_precision(self) -> float:
        """The same for the average listener."""
        return self.mean_hits / self.k


def hits_per_user(suggestions: Suggestions, k: int) -> pd.DataFrame:
    """Return ``user_id, held_out, hits`` of every user with at least one held-out item.

    A hit is a held-out item among the user's first ``k`` suggestions, as in precision@k.
    """
    dataset, test = suggestions.dataset, suggestions.split.test
    held_out = np.bincount(test.user_idx, minlength=dataset.n_users)
    judged = np.flatnonzero(held_out)
    lists = suggestions.lists(dataset.users.to_id(judged), k)
    users = dataset.users.to_idx(lists[Columns.USER_ID])
    known = test.to_csr(binary=True)
    right = np.asarray(known[users, dataset.items.to_idx(lists[Columns.ITEM_ID])]).ravel() > 0
    hits = np.bincount(users[right], minlength=dataset.n_users)
    return pd.DataFrame(
        {Columns.USER_ID: dataset.users.to_id(judged), HELD_OUT: held_out[judged], HITS: hits[judged]}
    )


def listener_hits(everyone: pd.DataFrame, user_id: object, k: int) -> ListenerHits:
    """Return one listener's row of :func:`hits_per_user` beside the mean of all."""
    mine = everyone[everyone[Columns.USER_ID] == user_id]
    return ListenerHits(
        k=k,
        held_out=int(mine[HELD_OUT].sum()),
        hits=int(mine[HITS].sum()),
        mean_hits=float(everyone[HITS].mean()),
    )
