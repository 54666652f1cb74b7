"""A data set in figures: how big, how sparse, how long its tail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from recsys_core.columns import Columns
from recsys_core.rng import as_generator

if TYPE_CHECKING:
    from recsys_core.datasets.dataset import Dataset

Group = Literal["anyone", "heavy", "light"]
ITEMS, WEIGHTS = "items", "weights"
# each bar of the long tail is about twice as wide as the one before it
_TAIL_STARTS = (1, 2, 3, 6, 11, 21, 51, 101, 201, 501, 1001, 10001)


@dataclass(frozen=True)
class Facts:
    """Counts and shares of one data set; shares run from 0 to 1."""

    n_users: int
    n_items: int
    n_pairs: int
    total_weight: float
    density: float
    median_items_per_user: float
    largest_items_per_user: int
    users_at_largest: int
    median_users_per_item: float
    items_with_one_user: int
    share_of_top_percent: float
    smallest_weight: float
    pairs_at_smallest: int
    largest_weight: float
    has_times: bool

    @property
    def n_cells(self) -> int:
        """Cells of the user x item grid."""
        return self.n_users * self.n_items


def facts(dataset: Dataset) -> Facts:
    """Return the figures the data page shows; users and items without any pair count as 0."""
    rows = dataset.interactions
    per_user = np.bincount(rows.user_idx, minlength=dataset.n_users)
    per_item = np.bincount(rows.item_idx, minlength=dataset.n_items)
    top = np.sort(per_item)[::-1][: max(1, round(dataset.n_items / 100))]
    return Facts(
        n_users=dataset.n_users,
        n_items=dataset.n_items,
        n_pairs=len(rows),
        total_weight=float(rows.weights.sum()),
        density=rows.density,
        median_items_per_user=float(np.median(per_user)),
        largest_items_per_user=int(per_user.max()),
        users_at_largest=int((per_user == per_user.max()).sum()),
        median_users_per_item=float(np.median(per_item)),
        items_with_one_user=int((per_item == 1).sum()),
        share_of_top_percent=float(top.sum() / per_item.sum()),
        smallest_weight=float(rows.weights.min()),
        pairs_at_smallest=int((rows.weights == rows.weights.min()).sum()),
        largest_weight=float(rows.weights.max()),
        has_times=rows.timestamps is not None,
    )


def long_tail(dataset: Dataset) -> pd.DataFrame:
    """Return ``low, high, items``: items with ``low`` to ``high`` users, empty outer bars left out."""
    per_item = np.bincount(dataset.interactions.item_idx, minlength=dataset.n_items)
    per_item = per_item[per_item > 0]
    edges = np.array([*_TAIL_STARTS, np.iinfo(np.int64).max])
    counts, _ = np.histogram(per_item, edges)
    filled = np.flatnonzero(counts)
    shown = slice(int(filled.min()), int(filled.max()) + 1)
    high = edges[1:][shown] - 1
    high[-1] = min(high[-1], int(per_item.max()))
    return pd.DataFrame({"low": edges[:-1][shown], "high": high, "items": counts[shown]})


def activity(dataset: Dataset) -> pd.DataFrame:
    """Return ``user_id, items, weights``: of each user, how many items and how much in all, busiest first."""
    rows = dataset.interactions
    table = pd.DataFrame(
        {
            Columns.USER_ID: dataset.users.ids,
            ITEMS: np.bincount(rows.user_idx, minlength=dataset.n_users),
            WEIGHTS: np.bincount(rows.user_idx, weights=rows.weights, minlength=dataset.n_users),
        }
    )
    return table.sort_values(WEIGHTS, ascending=False, kind="stable", ignore_index=True)


def pick_user(
    table: pd.DataFrame, group: Group, rng: int | np.random.Generator, *, besides: object = None
) -> object:
    """Return one user id of an :func:`activity` table, another than ``besides`` where there is one.

    "heavy" is the tenth with the most plays, "light" the tenth with the fewest.
    """
    tenth = max(1, len(table) // 10)
    rows = {"anyone": table, "heavy": table.head(tenth), "light": table.tail(tenth)}[group]
    others = rows[rows[Columns.USER_ID] != besides]
    ids = (others if len(others) else rows)[Columns.USER_ID].tolist()
    return ids[int(as_generator(rng).integers(len(ids)))]
