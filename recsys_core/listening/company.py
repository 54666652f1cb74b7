"""What else speaks for an artist: tags shared with a listener's own artists, friends who listen to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.datasets.features import FRIEND, TAG

if TYPE_CHECKING:
    from scipy import sparse

    from recsys_core.datasets import Dataset


@dataclass(frozen=True)
class SharedTag:
    """A tag of an artist and how many of the listener's own artists carry it."""

    tag: str
    own_artists: int


@dataclass(frozen=True, eq=False)
class Company:
    """Tags and friends of a data set, laid out for questions; either may be missing.

    Parameters
    ----------
    tags
        CSR ``(n_items, n_tags)``, float32: how often each artist was given each tag, or None.
    tag_names
        Without their field.
    friends
        Boolean CSR ``(n_users, n_users)``, or None.
    heard
        CSR ``(n_users, n_items)``: who plays what.
    """

    tags: sparse.csr_matrix | None
    tag_names: tuple[str, ...]
    friends: sparse.csr_matrix | None
    heard: sparse.csc_matrix

    @classmethod
    def of(cls, data: Dataset) -> Company:
        """Return the company that ``data`` knows of."""
        features, users = data.item_features, data.user_features
        columns = (
            [] if features is None else [n for n, one in enumerate(features.names) if one.startswith(TAG)]
        )
        return cls(
            tags=None if features is None else features.values[:, columns].tocsr(),
            tag_names=() if features is None else tuple(features.names[n][len(TAG) :] for n in columns),
            friends=None if users is None else _friends(data, users.names, users.values),
            heard=data.interactions.to_csr(binary=True).tocsc(),
        )

    def shared_tags(self, target: int, items: np.ndarray, n: int = 3) -> list[SharedTag]:
        """Return the ``n`` tags of artist ``target`` that say most about it and that ``items`` share.

        A tag says as much as its share of the artist's tags, times the share of ``items`` with it, times the
        logarithm of how rare it is in the catalogue.
        """
        if self.tags is None or not len(items):
            return []
        given = self.tags[target]
        own = np.asarray((self.tags[items][:, given.indices] > 0).sum(axis=0)).ravel()
        carriers = np.asarray((self.tags[:, given.indices] > 0).sum(axis=0)).ravel()
        says = given.data / given.data.sum() * own / len(items) * np.log(self.tags.shape[0] / carriers)
        order = [at for at in np.argsort(-says, kind="stable")[:n] if says[at] > 0]
        return [SharedTag(self.tag_names[given.indices[at]], int(own[at])) for at in order]

    def friends_who_listen(self, user_idx: int | None, target: int) -> np.ndarray:
        """Return the rows of the listener's friends who play ``target``, int64; none for somebody new."""
        if self.friends is None or user_idx is None:
            return np.zeros(0, np.int64)
        return np.intersect1d(self.friends[user_idx].indices, self.heard[:, [target]].indices).astype(
            np.int64
        )


def _friends(data: Dataset, names: tuple[str, ...], values: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return friendships between users of the data; friends who are no listener here are left out."""
    ids = {str(one): row for row, one in enumerate(data.users.ids)}
    columns = [(at, ids.get(name.removeprefix(FRIEND), -1)) for at, name in enumerate(names)]
    known = [(at, row) for at, row in columns if row >= 0 and names[at].startswith(FRIEND)]
    square = values[:, [at for at, _ in known]].tocoo()
    rows = np.array([row for _, row in known], np.int64)
    shape = (data.n_users, data.n_users)
    return type(values)((np.ones(square.nnz, bool), (square.row, rows[square.col])), shape=shape)
