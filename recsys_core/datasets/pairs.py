"""Rows of a listening table as interactions: each pair once, sorted by user and item."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_core.datasets.interactions import Interactions

if TYPE_CHECKING:
    from recsys_core.datasets.row_checks import RowChecks

REPEATED = "pair seen before (weights added up, latest time kept)"


class PairRows(NamedTuple):
    """Parallel arrays of the rows kept: positions of user and item, weights, and seconds or None."""

    user_idx: np.ndarray
    item_idx: np.ndarray
    weights: np.ndarray
    timestamps: np.ndarray | None = None


def merge_pairs(rows: PairRows, shape: tuple[int, int], checks: RowChecks, column: str) -> Interactions:
    """Return sorted interactions; rows that repeat a pair are added to it and counted in ``checks``."""
    cells = rows.user_idx.astype(np.int64) * shape[1] + rows.item_idx
    order = np.argsort(cells, kind="stable")
    ordered = cells[order]
    first = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    starts = np.flatnonzero(first)
    repeated = np.zeros(len(checks.alive), dtype=bool)
    repeated[np.flatnonzero(checks.alive)[order[~first]]] = True
    checks.refuse(repeated, REPEATED, column)
    times = rows.timestamps
    return Interactions(
        user_idx=rows.user_idx[order][starts].astype(np.int32),
        item_idx=rows.item_idx[order][starts].astype(np.int32),
        weights=np.add.reduceat(rows.weights[order], starts),
        shape=shape,
        timestamps=None if times is None else np.maximum.reduceat(times[order], starts),
    )
