"""How much an artist's tags are those of a listener's artists, the listener's own words left out of both.

The cosine of tag vectors, a content-based profile (Pazzani & Billsus, 2007), with square roots of counts so
that the hundredth "rock" says less than the first. Nothing is weighed by how rare a tag is: that would let a
listener's own words in again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from recsys_core.models.side_information import tag_counts
from recsys_core.ranking.threads import block_bounds

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset

USERS_AT_ONCE = 128


@dataclass(frozen=True, eq=False)
class TagScores:
    """Scores of listeners of the data, and of anybody's profile.

    Parameters
    ----------
    items
        Each item's tag vector, of length one: float32 CSR ``(n_items, n_tags)``.
    tastes
        Each listener's sum of such vectors, without own words: float32 CSR ``(n_users, n_tags)``.
    corrected
        Scores of the items that a listener has tagged, without own words: float32 CSR ``(n_users, n_items)``.
    """

    items: sparse.csr_matrix
    tastes: sparse.csr_matrix
    corrected: sparse.csr_matrix

    @classmethod
    def learn(cls, data: Dataset, profiles: sparse.csr_matrix) -> TagScores:
        """Return the scores for listeners with ``profiles``, float32 CSR ``(n_users, n_items)``."""
        counts = tag_counts(data)
        items, tastes = _unit(counts), sparse.csr_matrix(profiles @ _unit(counts))
        givers = data.item_features.givers if data.item_features is not None else None
        if givers is None:
            return cls(items, tastes, sparse.csr_matrix(profiles.shape, dtype=np.float32))
        cells = givers.user_idx.astype(np.int64) * data.n_items + givers.entity_idx
        known = givers.user_idx >= 0
        pairs, pair_of = np.unique(cells[known], return_inverse=True)
        users, tagged = pairs // data.n_items, pairs % data.n_items
        place = (pair_of, givers.feature_idx[known])
        own = sparse.csr_matrix((np.ones(len(pair_of), np.float32), place), (len(pairs), counts.shape[1]))
        vectors = _unit(sparse.csr_matrix(counts[tagged] - own))
        heard = np.asarray(profiles[users, tagged], np.float32).ravel()
        changed = np.flatnonzero(heard)
        swap = sparse.csr_matrix(
            (heard[changed], (users[changed], np.arange(len(changed)))), (data.n_users, len(changed))
        )
        tastes = sparse.csr_matrix(tastes + swap @ (vectors[changed] - items[tagged[changed]]))
        values = _products(vectors, tastes, users)
        return cls(items, tastes, sparse.csr_matrix((values, (users, tagged)), shape=profiles.shape))

    def __call__(self, user_idx: np.ndarray) -> np.ndarray:
        """Return the scores of all items for some users, float32, ``(len(user_idx), n_items)``."""
        block = self._scores(self.tastes[user_idx])
        corrected = self.corrected[user_idx]
        rows = np.repeat(np.arange(len(user_idx)), np.diff(corrected.indptr))
        block[rows, corrected.indices] = corrected.data
        return block

    def part(self, items: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Return what one unit of each item says for each target, float64 ``(len(items), len(targets))``."""
        return (self.items[items].astype(np.float64) @ self.items[targets].T).toarray()

    def _scores(self, tastes: sparse.csr_matrix) -> np.ndarray:
        # a sparse matrix times a dense one is quicker than two sparse ones
        return np.ascontiguousarray((self.items @ np.ascontiguousarray(tastes.toarray().T)).T)


def _unit(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return rows of square roots divided by their lengths; empty rows stay empty."""
    matrix = counts.astype(np.float32)
    matrix.data = np.maximum(matrix.data, 0)
    matrix.eliminate_zeros()
    lengths = np.sqrt(np.asarray(matrix.sum(axis=1), np.float64)).ravel()
    matrix.data = (np.sqrt(matrix.data) / np.repeat(lengths, np.diff(matrix.indptr))).astype(np.float32)
    return matrix


def _products(vectors: sparse.csr_matrix, tastes: sparse.csr_matrix, users: np.ndarray) -> np.ndarray:
    """Return the product of each vector with its user's taste, float32 ``(n_vectors,)``; ``users`` ascend."""
    found = np.zeros(len(users), np.float32)
    for first, last in block_bounds(tastes.shape[0], USERS_AT_ONCE):
        start, stop = np.searchsorted(users, (first, last))
        part, dense = vectors[start:stop], tastes[first:last].toarray()
        rows = np.repeat(np.arange(stop - start), np.diff(part.indptr))
        terms = part.data * dense[users[start:stop][rows] - first, part.indices]
        found[start:stop] = np.bincount(rows, terms, stop - start)
    return found
