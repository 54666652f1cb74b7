"""From the items somebody likes to the user vector a factor model would have given them.

The map is the ridge least-squares solution of ``U - mean(U) ~ (M - mean(M)) W``: ``U`` the trained user
vectors, ``M`` the mean item vector of each user's training items, a user counting once per pair. Item factors
stay frozen. Against solving one weighted least-squares problem per listener (Hu, Koren & Volinsky, 2008) it
keeps more of a trained listener's own list and serves profiles of three items better: docs/decisions.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from scipy import sparse

    from recsys_core.ranking import Factors

# of the mean eigenvalue; agreement on Last.fm is flat between 1e-5 and 3e-2
RIDGE = 1e-3


@dataclass(frozen=True, eq=False)
class TasteMap:
    """``vector = mean_user + sum_i (w_i / sum|w|) (item_i - mean_item) weights``.

    Every item of a profile therefore adds a term of its own, and an empty profile is the average listener.

    Parameters
    ----------
    weights
        float64, shape ``(d, d)``.
    mean_user, mean_item
        float64, shape ``(d,)``.
    """

    weights: np.ndarray
    mean_user: np.ndarray
    mean_item: np.ndarray

    @classmethod
    def learn(cls, factors: Factors, seen: sparse.csr_matrix) -> Self:
        """Return the map of a model trained on ``seen``, CSR ``(n_users, n_items)``.

        A user counts as often as they have pairs: the mean of one item says little about a taste.
        """
        counts = np.diff(seen.indptr).astype(np.float64)
        known = np.flatnonzero(counts)
        shares = counts[known] / max(1.0, counts.sum())
        profiles = (seen[known] @ factors.item_embeddings.astype(np.float64)) / counts[known, None]
        users = factors.user_embeddings[known].astype(np.float64)
        mean_item, mean_user = shares @ profiles, shares @ users
        left, right = profiles - mean_item, users - mean_user
        gram = left.T @ (shares[:, None] * left)
        gram[np.diag_indices_from(gram)] += RIDGE * np.trace(gram) / max(1, len(gram))
        # the pseudo-inverse also takes the gram of a single listener, which is zero
        weights = np.linalg.pinv(gram, hermitian=True) @ (left.T @ (shares[:, None] * right))
        return cls(weights, mean_user, mean_item)

    def terms(self, factors: Factors, items: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return what each item adds to the user vector, float64, shape ``(len(items), d)``."""
        shares = weights / max(np.abs(weights).sum(), np.finfo(np.float64).tiny)
        return (shares[:, None] * (factors.item_embeddings[items] - self.mean_item)) @ self.weights
