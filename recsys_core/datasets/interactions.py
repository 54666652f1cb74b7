"""Who interacted with what, how much and when: parallel arrays, checked once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from recsys_core.columns import Columns
from recsys_core.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.datasets.id_map import IdMap

_ROWS_AT_ONCE = 1 << 20


@dataclass(frozen=True, eq=False)
class Interactions:
    """Implicit feedback as rows ``(user_idx, item_idx, weight[, timestamp])`` on a fixed grid.

    Parameters
    ----------
    user_idx, item_idx
        int32, shape ``(n,)``; every pair at most once.
    weights
        float64, shape ``(n,)``, finite and not negative (play counts, for instance).
    shape
        ``(n_users, n_items)`` of the grid, which may hold users and items without a row.
    timestamps
        int64 seconds since 1970, shape ``(n,)``, or None.

    Raises
    ------
    DataError
        If lengths differ, an index is off the grid, a weight is not finite or negative,
        or a pair appears twice.
    """

    user_idx: np.ndarray
    item_idx: np.ndarray
    weights: np.ndarray
    shape: tuple[int, int]
    timestamps: np.ndarray | None = None

    def __post_init__(self) -> None:
        """Check once; everything downstream may trust the arrays."""
        lengths = {len(self.user_idx), len(self.item_idx), len(self.weights)}
        lengths |= set() if self.timestamps is None else {len(self.timestamps)}
        if len(lengths) != 1:
            raise DataError(f"Interaction arrays have different lengths: {sorted(lengths)}.")
        for name, idx, size in zip(("user", "item"), (self.user_idx, self.item_idx), self.shape, strict=True):
            if len(idx) and (idx.min() < 0 or idx.max() >= size):
                raise DataError(f"A {name} index lies outside 0 to {size - 1}.")
        if not np.isfinite(self.weights).all() or (self.weights < 0).any():
            raise DataError("A weight is negative or not a finite number.", fix="Drop or repair such rows.")
        if not _ascending(self.user_idx, self.item_idx) and self._has_twins():
            raise DataError("A user-item pair appears twice.", fix="Sum or drop repeated pairs first.")

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, users: IdMap, items: IdMap) -> Interactions:
        """Return the interactions of a table with columns ``user_id, item_id[, weight][, timestamp]``.

        A missing weight column counts every row as 1.

        Raises
        ------
        UnknownIdError
            If an id is not in ``users`` or ``items``.
        """
        n_rows = len(frame)
        has_weight, has_time = Columns.WEIGHT in frame, Columns.TIMESTAMP in frame
        return cls(
            user_idx=users.to_idx(frame[Columns.USER_ID]),
            item_idx=items.to_idx(frame[Columns.ITEM_ID]),
            weights=frame[Columns.WEIGHT].to_numpy(np.float64) if has_weight else np.ones(n_rows),
            shape=(len(users), len(items)),
            timestamps=frame[Columns.TIMESTAMP].to_numpy(np.int64) if has_time else None,
        )

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.user_idx)

    def __repr__(self) -> str:
        """Return ``<Interactions 1,892 users x 17,632 items, 92,834 pairs>``."""
        n_users, n_items = self.shape
        return f"<Interactions {n_users:,} users x {n_items:,} items, {len(self):,} pairs>"

    @property
    def density(self) -> float:
        """Share of the grid's cells that are known, 0 to 1."""
        return len(self) / max(1, self.shape[0] * self.shape[1])

    def take(self, rows: np.ndarray) -> Interactions:
        """Return the same grid with only ``rows`` (positions or a boolean mask)."""
        times = None if self.timestamps is None else self.timestamps[rows]
        return self._trusted(self.user_idx[rows], self.item_idx[rows], self.weights[rows], times)

    def with_weights(self, weights: np.ndarray) -> Interactions:
        """Return the same pairs with other ``weights``, float64, shape ``(n,)``."""
        return Interactions(self.user_idx, self.item_idx, weights, self.shape, self.timestamps)

    def _has_twins(self) -> bool:
        cells = self.user_idx.astype(np.int64) * self.shape[1] + self.item_idx
        return len(np.unique(cells)) != len(cells)

    def _trusted(
        self, users: np.ndarray, items: np.ndarray, weights: np.ndarray, times: np.ndarray | None
    ) -> Interactions:
        """Build rows of these interactions unchecked: for ten million pairs the check takes a second."""
        part = object.__new__(Interactions)
        values = {"user_idx": users, "item_idx": items, "weights": weights}
        for name, value in {**values, "shape": self.shape, "timestamps": times}.items():
            object.__setattr__(part, name, value)
        return part

    def to_coo(self) -> sparse.coo_matrix:
        """Return int32 ones as a COO matrix in the order of the rows, which LightFM's training depends on."""
        ones = np.ones(len(self), np.int32)
        return sparse.coo_matrix((ones, (self.user_idx, self.item_idx)), shape=self.shape)

    def to_csr(self, *, binary: bool = False) -> sparse.csr_matrix:
        """Return the float32 ``n_users x n_items`` matrix with sorted indices; ones if ``binary``."""
        values = np.ones(len(self), np.float32) if binary else self.weights.astype(np.float32)
        matrix = sparse.csr_matrix((values, (self.user_idx, self.item_idx)), shape=self.shape)
        matrix.sort_indices()
        return matrix


def _ascending(user_idx: np.ndarray, item_idx: np.ndarray) -> bool:
    """Return whether pairs rise strictly, as those of data sets do: then none is there twice, unsorted."""
    for start in range(0, len(user_idx), _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE + 1)
        users, items = user_idx[part], item_idx[part]
        risen = (users[1:] > users[:-1]) | ((users[1:] == users[:-1]) & (items[1:] > items[:-1]))
        if not risen.all():
            return False
    return True
