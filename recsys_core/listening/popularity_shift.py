"""Most listened against most recommended, artist by artist: who gains, who loses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.columns import Columns
from recsys_core.listening.popularity_spread import By, counts_of, listening_counts

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset

LISTENED, RECOMMENDED, EXPECTED, RATIO = "listened", "recommended", "expected", "ratio"
PRIOR = 5.0

__all__ = [
    "EXPECTED",
    "LISTENED",
    "PRIOR",
    "RATIO",
    "RECOMMENDED",
    "By",
    "PopularityShift",
    "popularity_shift",
]


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
        return pd.concat([self._top(side, k) for side in (LISTENED, RECOMMENDED)], ignore_index=True)

    def in_both(self, k: int = 10) -> int:
        """Return how many artists are among the ``k`` first on both sides."""
        listened, recommended = (set(self._top(side, k)[Columns.ITEM_ID]) for side in (LISTENED, RECOMMENDED))
        return len(listened & recommended)

    def table(self) -> pd.DataFrame:
        """Return one row per artist listened to or recommended, the most recommended first.

        Columns ``item_id, name, listened, recommended``, both ranks (1 most, equal counts share one), and

        - ``expected``: recommendations if they were shared out as listening is;
        - ``ratio``: ``(recommended + 5) / (expected + 5)``, above 1 where recommended more than listened.
          The fives pull artists with tiny counts towards 1, as the mean of a gamma prior does
          (DuMouchel, The American Statistician 53, 1999): once where nothing was expected is no news;
        - ``raw_ratio``: ``recommended / expected``, NaN where nothing is expected.
        """
        return self._artists

    @cached_property
    def _artists(self) -> pd.DataFrame:
        frame = pd.DataFrame(
            {
                Columns.ITEM_ID: self.item_ids,
                Columns.NAME: self.names,
                LISTENED: self.listened.astype(np.int64),
                RECOMMENDED: self.recommended.astype(np.int64),
                EXPECTED: self.expected,
            }
        )
        for side in (LISTENED, RECOMMENDED):
            frame[f"{side}_rank"] = frame[side].rank(ascending=False, method="min").astype(np.int64)
        frame[RATIO] = (self.recommended + PRIOR) / (self.expected + PRIOR)
        frame["raw_ratio"] = self.recommended / np.where(self.expected > 0, self.expected, np.nan)
        known = frame[(self.listened > 0) | (self.recommended > 0)]
        return known.sort_values([RECOMMENDED, LISTENED], ascending=False, ignore_index=True)

    @property
    def expected(self) -> np.ndarray:
        """Recommendations of each item if they followed listening, float64, ``(n_items,)``."""
        return self.listened * (self.recommended.sum() / (self.listened.sum() or 1.0))

    def over(self) -> pd.DataFrame:
        """Return the rows of :meth:`table` with a ratio above 1, the largest first."""
        table = self.table()
        return table[table[RATIO] > 1].sort_values(RATIO, ascending=False, ignore_index=True, kind="stable")

    def under(self) -> pd.DataFrame:
        """Return the rows of :meth:`table` with a ratio below 1, the smallest first."""
        table = self.table()
        return table[table[RATIO] < 1].sort_values(RATIO, ignore_index=True, kind="stable")

    def _top(self, side: str, k: int) -> pd.DataFrame:
        counts = getattr(self, side)
        order = np.lexsort((np.arange(len(counts)), -counts))[:k]
        order = order[counts[order] > 0]
        return pd.DataFrame(
            {
                "side": side,
                Columns.RANK: np.arange(1, len(order) + 1),
                Columns.ITEM_ID: self.item_ids[order],
                Columns.NAME: self.names[order],
                "count": counts[order].astype(np.int64),
            }
        )


def popularity_shift(dataset: Dataset, item_idx: np.ndarray, *, by: By = "listeners") -> PopularityShift:
    """Return listening against the lists ``item_idx``, one row per user, -1 where a list is shorter.

    ``by`` counts listening in listeners or in plays: the charts differ, one fan can make an artist
    second by plays.
    """
    return PopularityShift(
        dataset.names,
        dataset.items.ids,
        listening_counts(dataset, by),
        counts_of(item_idx, dataset.n_items),
    )
