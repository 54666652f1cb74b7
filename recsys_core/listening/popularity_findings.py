"""The figures behind the sentences about charts: what both have in common, and what one fan can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.listening.popularity_spread import listening_counts

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset


@dataclass(frozen=True)
class Fan:
    """The artist among the most played who owes the largest share of plays to a single listener.

    Ranks count from 1; ``share`` is ``plays_of_fan / plays``.
    """

    name: str
    plays: float
    plays_of_fan: float
    listeners: int
    rank_by_plays: int
    rank_by_listeners: int

    @property
    def share(self) -> float:
        """What the one listener contributes, 0 to 1."""
        return self.plays_of_fan / self.plays


@dataclass(frozen=True)
class TwoCharts:
    """How far the ``n_top`` most listened by listeners and by plays agree.

    ``fan`` is None where the data hold no play counts (all weights equal): then both charts are one.
    """

    n_top: int
    in_both: int
    fan: Fan | None


def two_charts(dataset: Dataset, n_top: int = 10) -> TwoCharts:
    """Return how the two ways to count listening differ among the first ``n_top`` artists."""
    rows = dataset.interactions
    n_top = min(n_top, dataset.n_items)
    if rows.weights.min() == rows.weights.max():
        return TwoCharts(n_top, n_top, None)
    listeners, plays = (listening_counts(dataset, by) for by in ("listeners", "plays"))
    by_listeners, by_plays = _order(listeners), _order(plays)
    largest = np.zeros(dataset.n_items)
    np.maximum.at(largest, rows.item_idx, rows.weights)
    first = by_plays[:n_top]
    item = int(first[np.argmax(largest[first] / np.maximum(plays[first], 1e-300))])
    fan = Fan(
        name=str(dataset.names[item]),
        plays=float(plays[item]),
        plays_of_fan=float(largest[item]),
        listeners=int(listeners[item]),
        rank_by_plays=int(np.flatnonzero(by_plays == item)[0]) + 1,
        rank_by_listeners=int(np.flatnonzero(by_listeners == item)[0]) + 1,
    )
    return TwoCharts(n_top, len(set(by_listeners[:n_top]) & set(first)), fan)


def _order(counts: np.ndarray) -> np.ndarray:
    return np.lexsort((np.arange(len(counts)), -counts))
