"""Tags and friends as models may use them.

What a listener said about an artist betrays that the listener knows it, also where the play is held out. So
the rule for every model: a listener's own tags never enter that listener's scores, only those of others do;
and of friends only the plays trained on. Two ways keep it: to take one's own words out of one's own scores
exactly, or to train a copy of the model for each part of the listeners that has not seen a word of that part
(Chernozhukov et al., 2018, call this cross-fitting).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset

FRIEND = "friend:"


def tagged_pairs(data: Dataset, left_out: np.ndarray | None = None) -> sparse.csr_matrix:
    """Return who tagged which item without it being one of their pairs, ones as float32 CSR of the grid.

    ``left_out``, bool ``(n_users,)``, are listeners whose words are not counted.
    """
    shape = data.interactions.shape
    user_idx, item_idx, _ = _assignments(data, left_out)
    known = user_idx >= 0
    cells = np.unique(user_idx[known].astype(np.int64) * shape[1] + item_idx[known])
    pairs = data.interactions
    heard = pairs.user_idx.astype(np.int64) * shape[1] + pairs.item_idx
    cells = cells[~np.isin(cells, heard)]
    place = (cells // shape[1], cells % shape[1])
    return sparse.csr_matrix((np.ones(len(cells), np.float32), place), shape=shape)


def tag_counts(data: Dataset, left_out: np.ndarray | None = None) -> sparse.csr_matrix:
    """Return how often each item was given each tag, float32 CSR ``(n_items, n_tags)``.

    Tags of a catalogue, which no listener gave, are there in full whoever is left out.
    """
    features = data.item_features
    if features is None:
        return sparse.csr_matrix((data.n_items, 0), dtype=np.float32)
    if features.givers is None:
        return features.values
    _, item_idx, tag_idx = _assignments(data, left_out)
    ones = np.ones(len(item_idx), np.float32)
    return sparse.csr_matrix((ones, (item_idx, tag_idx)), shape=features.values.shape)


def friend_shares(data: Dataset) -> sparse.csr_matrix:
    """Return each listener's friends, float32 CSR ``(n_users, n_users)``; rows sum to 1 or are empty."""
    features, n_users = data.user_features, data.n_users
    if features is None:
        return sparse.csr_matrix((n_users, n_users), dtype=np.float32)
    place = {f"{FRIEND}{one}": idx for idx, one in enumerate(data.users.ids)}
    known = [(column, place[name]) for column, name in enumerate(features.names) if name in place]
    columns, friends = np.array(known, np.int64).reshape(-1, 2).T
    to_users = sparse.csr_matrix(
        (np.ones(len(known), np.float32), (columns, friends)), shape=(len(features.names), n_users)
    )
    return row_shares(sparse.csr_matrix(features.values @ to_users))


def row_shares(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return rows divided by their sums, float32; empty rows stay empty."""
    sums = np.asarray(matrix.sum(axis=1), np.float64).ravel()
    shares = matrix.astype(np.float32)
    shares.data = (matrix.data / np.repeat(sums, np.diff(matrix.indptr))).astype(np.float32)
    return shares


def has_givers(data: Dataset) -> bool:
    """Return whether listeners of the data set gave tags, so that there are words to leave out."""
    return data.item_features is not None and data.item_features.givers is not None


def _assignments(data: Dataset, left_out: np.ndarray | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    givers = data.item_features.givers if data.item_features is not None else None
    if givers is None:
        nothing = np.zeros(0, np.int32)
        return nothing, nothing, nothing
    if left_out is None:
        return givers.user_idx, givers.entity_idx, givers.feature_idx
    kept = (givers.user_idx < 0) | ~left_out[givers.user_idx]
    return givers.user_idx[kept], givers.entity_idx[kept], givers.feature_idx[kept]
