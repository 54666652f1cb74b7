"""All that is said of a run's lists beside listening, other runs and the charts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from recsys_core.listening.popularity_rerank import rerank
from recsys_core.listening.popularity_shift import LISTENED, RECOMMENDED, PopularityShift, popularity_shift
from recsys_core.listening.popularity_spread import (
    By,
    Spread,
    counts_of,
    decile_table,
    listening_counts,
    long_tail_table,
    lorenz_table,
    spread_of_listening,
    spread_of_lists,
)

if TYPE_CHECKING:
    import numpy as np

    from recsys_core.datasets import Dataset
    from recsys_core.listening.popularity_lists import TopLists
    from recsys_core.listening.popularity_rerank import Candidates, Method

BASELINE, OTHERS, AS_TRAINED = "baseline", ("other1", "other2"), "as_trained"


@dataclass(frozen=True, eq=False)
class Story:
    """Lists by the part they play: ``recommended``, and ``other1``, ``other2``, ``baseline`` where there are.

    Parameters
    ----------
    lists
        int32 item indices per part, a row per user, -1 where a list is shorter.
    as_trained
        The lists of ``recommended`` before re-ranking, or None if they were not re-ranked.
    """

    dataset: Dataset
    by: By
    lists: dict[str, np.ndarray]
    as_trained: np.ndarray | None = None

    @cached_property
    def shift(self) -> PopularityShift:
        """Listening against the recommended, artist by artist."""
        return popularity_shift(self.dataset, self.lists[RECOMMENDED], by=self.by)

    @cached_property
    def counts(self) -> dict[str, np.ndarray]:
        """Counts per item of listening and of each of the lists."""
        found = {part: counts_of(items, self.dataset.n_items) for part, items in self.lists.items()}
        return {LISTENED: listening_counts(self.dataset, self.by), **found}

    @cached_property
    def spreads(self) -> dict[str, Spread]:
        """The figures of listening, of each of the lists, and of the lists as trained if they differ."""
        before = {} if self.as_trained is None else {AS_TRAINED: self.as_trained}
        lists = {RECOMMENDED: self.lists[RECOMMENDED], **before, **self.lists}
        found = {part: spread_of_lists(self.dataset, items, self.by) for part, items in lists.items()}
        return {LISTENED: spread_of_listening(self.dataset, self.by), **found}

    def spread_table(self) -> pd.DataFrame:
        """Return a row per part: ``part`` and the fields of :class:`Spread`."""
        return pd.DataFrame([{"part": part, **asdict(one)} for part, one in self.spreads.items()])

    def lorenz(self) -> pd.DataFrame:
        """Return :func:`lorenz_table` of all parts."""
        return lorenz_table(self.counts)

    def deciles(self) -> pd.DataFrame:
        """Return :func:`decile_table` of all parts, tenths by listening."""
        return decile_table(self.counts, self.counts[LISTENED])

    def long_tail(self) -> pd.DataFrame:
        """Return :func:`long_tail_table` of all parts."""
        return long_tail_table(self.counts)


def tell(
    dataset: Dataset,
    chosen: Candidates,
    *,
    k: int,
    by: By = "listeners",
    method: Method = "penalty",
    strength: float = 0.0,
    others: tuple[TopLists, ...] = (),
    baseline: TopLists | None = None,
) -> Story:
    """Return the story of the first ``k`` of everybody's ``chosen`` candidates, re-ranked by ``strength``."""
    lists = {RECOMMENDED: chosen.items_at(rerank(chosen, method, strength, k))}
    lists |= {part: one.first(k) for part, one in zip(OTHERS, others, strict=False)}
    if baseline is not None:
        lists[BASELINE] = baseline.first(k)
    return Story(dataset, by, lists, chosen.item_idx[:, :k] if strength else None)
