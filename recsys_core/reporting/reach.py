"""What could be known at all: which held-out pairs concern items that nothing was said about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.models.side_information import friend_shares

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_core.splitting import Split

GUESSED = 0.5  # AUC of what can only be guessed


@dataclass(frozen=True)
class Reach:
    """Counts of held-out pairs, by what a model may know of their item.

    Parameters
    ----------
    n_pairs, n_cold, n_cold_items
        All pairs; those on items without a train listener; such items.
    told
        Of the cold pairs, those whose item carries a tag by anybody but the listener.
    own_only
        Of the cold pairs, those whose item carries tags by the listener alone, which no model may use.
    by_friends
        Pairs, cold or not, whose item a friend has in train.
    ceiling
        Mean AUC over users if every pair that could be known were ranked perfectly, the rest guessed.
    k, list_ceiling
        Mean precision at ``k`` over users if every list held only pairs that could be known, as many as it
        has room for: who has fewer held out cannot have a full list.
    """

    n_pairs: int
    n_cold: int
    n_cold_items: int
    told: int
    own_only: int
    by_friends: int
    ceiling: float
    k: int
    list_ceiling: float

    @property
    def unknowable(self) -> int:
        """Pairs that no honest model can place: cold, and untold by others."""
        return self.n_cold - self.told


def reach(parts: Split, k: int = 10) -> Reach:
    """Return what is within reach on the test part of ``parts``, of lists of ``k``."""
    users, items = parts.test.user_idx, parts.test.item_idx
    listeners = np.bincount(parts.train.item_idx, minlength=parts.dataset.n_items)
    cold = listeners[items] == 0
    others, own = _tagged(parts.dataset, users, items)
    lost = unknowable_pairs(parts)
    friends = friend_shares(parts.training) @ parts.train.to_csr(binary=True)
    per_user = np.bincount(users, minlength=parts.dataset.n_users)
    guessed = np.bincount(users, weights=lost, minlength=parts.dataset.n_users)
    judged = per_user > 0
    return Reach(
        n_pairs=len(users),
        n_cold=int(cold.sum()),
        n_cold_items=len(np.unique(items[cold])),
        told=int((cold & others).sum()),
        own_only=int((lost & own).sum()),
        by_friends=int((np.asarray(friends[users, items]).ravel() > 0).sum()),
        ceiling=float(1 - (1 - GUESSED) * (guessed[judged] / per_user[judged]).mean()),
        k=k,
        list_ceiling=float(np.minimum((per_user - guessed)[judged], k).mean() / k),
    )


def unknowable_pairs(parts: Split) -> np.ndarray:
    """Return which test pairs no honest model can place, bool: nobody else plays or tagged the item."""
    items = parts.test.item_idx
    others, _ = _tagged(parts.dataset, parts.test.user_idx, items)
    return ~np.isin(items, parts.train.item_idx) & ~others


def _tagged(data: Dataset, users: np.ndarray, items: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each pair whether others tagged its item, and whether its user did, bool ``(n_pairs,)``."""
    features = data.item_features
    none = np.zeros(len(users), bool)
    if features is None:
        return none, none
    if features.givers is None:
        return np.diff(features.values.indptr)[items] > 0, none
    # one cell per giver and item; a giver outside the data set is -1
    givers_of = features.givers
    cells = np.unique((givers_of.user_idx.astype(np.int64) + 1) * data.n_items + givers_of.entity_idx)
    givers = np.bincount(cells % data.n_items, minlength=data.n_items)
    own = np.isin((users.astype(np.int64) + 1) * data.n_items + items, cells)
    return givers[items] - own > 0, own
