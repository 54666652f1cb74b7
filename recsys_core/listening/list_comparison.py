"""Two lists for one listener: what they share, and where one puts what the other suggests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.columns import Columns

if TYPE_CHECKING:
    from recsys_core.listening.ranked_list import RankedList

RANK_FIRST, RANK_SECOND, CHANGE = "rank_first", "rank_second", "change"


@dataclass(frozen=True, eq=False)
class ListComparison:
    """``shared`` artists stand on both lists of ``k``.

    ``table`` has ``item_id, name, rank_first, rank_second, change``, one row per artist on either list, by
    the better of its ranks; ranks count all artists that may be suggested, 0 where the artist may not.
    ``change`` is how many places the second list puts it higher.
    """

    k: int
    shared: int
    table: pd.DataFrame


def compare_lists(first: RankedList, second: RankedList, k: int) -> ListComparison:
    """Return what two lists of ``k`` on the same data have in common."""
    shown = np.union1d(first.order[:k], second.order[:k])
    ranks = [_ranks(one, shown) for one in (first, second)]
    data = first.suggestions.dataset
    known = (ranks[0] > 0) & (ranks[1] > 0)
    table = pd.DataFrame(
        {
            Columns.ITEM_ID: data.items.to_id(shown),
            Columns.NAME: data.names[shown],
            RANK_FIRST: ranks[0],
            RANK_SECOND: ranks[1],
            CHANGE: np.where(known, ranks[0] - ranks[1], 0),
        }
    )
    best = np.minimum(*(np.where(one > 0, one, np.iinfo(np.int64).max) for one in ranks))
    shared = len(np.intersect1d(first.order[:k], second.order[:k]))
    return ListComparison(k, shared, table.iloc[np.lexsort((ranks[0], best))].reset_index(drop=True))


def _ranks(one: RankedList, items: np.ndarray) -> np.ndarray:
    """Return the place of each of ``items``, 1 best, 0 for none."""
    places = np.zeros(len(one.scores), np.int64)
    places[one.order] = np.arange(1, len(one.order) + 1)
    return places[items]
