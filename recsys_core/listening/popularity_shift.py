"""Most listened against most recommended: do recommendations repeat the charts?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from recsys_core.columns import Columns
from recsys_core.metrics.catalogue import coverage, gini, items_for_share, lorenz, share_of_top

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset

LISTENED, RECOMMENDED = "listened", "recommended"
By = Literal["listeners", "plays"]


@dataclass(frozen=True, eq=False)
class PopularityShift:
    """Counts per artist, listened and recommended, and what they say.

    Parameters
    ----------
    listened
        Listeners (or plays) of each item, float64, ``(n_items,)``.
    recommended
        How many users have the item in their list, float64, ``(n_items,)``.
    """

    names: np.ndarray
    item_ids: np.ndarray
    listened: np.ndarray
    recommended: np.ndarray

    def top(self, k: int = 10) -> pd.DataFrame:
        """Return ``side, rank, item_id, name, count``: the ``k`` first listened, then recommended."""
        tables = []
        for side in (LISTENED, RECOMMENDED):
            counts = getattr(self, side)
            order = np.lexsort((np.arange(len(counts)), -counts))[:k]
            order = order[counts[order] > 0]
            tables.append(
                pd.DataFrame(
                    {
                        "side": side,
                        Columns.RANK: np.arange(1, len(order) + 1),
                        Columns.ITEM_ID: self.item_ids[order],
                        Columns.NAME: self.names[order],
                        "count": counts[order].astype(np.int64),
                    }
                )
            )
        return pd.concat(tables, ignore_index=True)

    def in_both(self, k: int = 10) -> int:
        """Return how many artists are among the ``k`` first on both sides."""
        top = self.top(k)
        sides = [set(top.loc[top["side"] == side, Columns.ITEM_ID]) for side in (LISTENED, RECOMMENDED)]
        return len(sides[0] & sides[1])

    def summary(self) -> dict[str, dict[str, float]]:
        """Return per side: ``items`` counted, ``coverage``, ``gini``, ``top_1_percent``, ``items_for_80``."""
        return {
            side: {
                "items": float((counts > 0).sum()),
                "coverage": coverage(counts),
                "gini": gini(counts),
                "top_1_percent": share_of_top(counts, 0.01),
                "items_for_80": items_for_share(counts, 0.8),
            }
            for side, counts in ((LISTENED, self.listened), (RECOMMENDED, self.recommended))
        }

    def lorenz_table(self) -> pd.DataFrame:
        """Return ``items, listened, recommended``: cumulative shares, least popular items first."""
        items, listened = lorenz(self.listened)
        _, recommended = lorenz(self.recommended)
        return pd.DataFrame({"items": items, LISTENED: listened, RECOMMENDED: recommended})

    def by_decile(self) -> pd.DataFrame:
        """Return ``decile, listened, recommended``: shares of each tenth of artists, 1 the most listened."""
        order = np.lexsort((np.arange(len(self.listened)), -self.listened))
        decile = np.empty(len(order), np.int64)
        decile[order] = np.arange(len(order)) * 10 // len(order)
        shares = {
            side: np.bincount(decile, weights=counts, minlength=10) / (counts.sum() or 1.0)
            for side, counts in ((LISTENED, self.listened), (RECOMMENDED, self.recommended))
        }
        return pd.DataFrame({"decile": np.arange(1, 11), **shares})

    def table(self) -> pd.DataFrame:
        """Return one row per artist listened to or recommended: name, both counts and both ranks."""
        frame = pd.DataFrame(
            {
                Columns.ITEM_ID: self.item_ids,
                Columns.NAME: self.names,
                LISTENED: self.listened.astype(np.int64),
                RECOMMENDED: self.recommended.astype(np.int64),
            }
        )
        for side in (LISTENED, RECOMMENDED):
            frame[f"{side}_rank"] = frame[side].rank(ascending=False, method="min").astype(np.int64)
        known = frame[(frame[LISTENED] > 0) | (frame[RECOMMENDED] > 0)]
        return known.sort_values([RECOMMENDED, LISTENED], ascending=False, ignore_index=True)


def popularity_shift(
    dataset: Dataset, recommendations: pd.DataFrame, *, by: By = "listeners", k: int = 5
) -> PopularityShift:
    """Return listening against the first ``k`` of each user's ``recommendations`` table.

    ``by`` counts listening in listeners or in plays: the charts differ, one fan can make an artist
    second by plays.
    """
    rows = dataset.interactions
    weights = None if by == "listeners" else rows.weights
    listened = np.bincount(rows.item_idx, weights=weights, minlength=dataset.n_items)
    first = recommendations[recommendations[Columns.RANK] <= k]
    item_idx = dataset.items.to_idx(first[Columns.ITEM_ID])
    recommended = np.bincount(item_idx, minlength=dataset.n_items)
    return PopularityShift(
        dataset.names, dataset.items.ids, listened.astype(np.float64), recommended.astype(np.float64)
    )
