"""How unevenly attention falls on artists: the same figures for listening, for any lists, for the charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from recsys_core.metrics.catalogue import (
    average_popularity,
    coverage,
    gini,
    items_for_share,
    lorenz,
    novelty,
    share_of_top,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recsys_core.datasets import Dataset

By = Literal["listeners", "plays"]
TAIL_POINTS = 120


@dataclass(frozen=True)
class Spread:
    """Figures of one side; shares run from 0 to 1.

    Parameters
    ----------
    items, coverage
        Artists with a count above 0, and their share of the catalogue.
    gini, top_1_percent
        Inequality over the whole catalogue; share of the hundredth with most.
    items_for_80
        Smallest share of artists that together have 80 % of the whole.
    least_popular_half
        Share that goes to the half of the catalogue with fewest listening, whatever the side.
    average_popularity, novelty
        Mean over lists of listeners per artist, and of bits; for listening a list is all a listener has.
    """

    items: int
    coverage: float
    gini: float
    top_1_percent: float
    items_for_80: float
    least_popular_half: float
    average_popularity: float
    novelty: float


def counts_of(item_idx: np.ndarray, n_items: int) -> np.ndarray:
    """Return how often each item is in the lists ``item_idx`` (-1 is nothing), float64, ``(n_items,)``."""
    return np.bincount(item_idx[item_idx >= 0], minlength=n_items).astype(np.float64)


def listening_counts(dataset: Dataset, by: By) -> np.ndarray:
    """Return listeners or plays of each item, float64, ``(n_items,)``."""
    rows = dataset.interactions
    weights = None if by == "listeners" else rows.weights
    return np.bincount(rows.item_idx, weights=weights, minlength=dataset.n_items).astype(np.float64)


def spread_of_listening(dataset: Dataset, by: By) -> Spread:
    """Return the figures of all listening in ``dataset``."""
    rows = dataset.interactions
    counts = listening_counts(dataset, by)
    return _spread(counts, counts, dataset, rows.user_idx, rows.item_idx)


def spread_of_lists(dataset: Dataset, item_idx: np.ndarray, by: By) -> Spread:
    """Return the figures of lists, one row per user, -1 where a list is shorter."""
    users, columns = np.nonzero(item_idx >= 0)
    counts = counts_of(item_idx, dataset.n_items)
    return _spread(counts, listening_counts(dataset, by), dataset, users, item_idx[users, columns])


def _spread(
    counts: np.ndarray, listening: np.ndarray, dataset: Dataset, list_idx: np.ndarray, item_idx: np.ndarray
) -> Spread:
    listeners = listening_counts(dataset, "listeners")
    tenths = shares_by_decile(counts, listening)
    return Spread(
        items=int((counts > 0).sum()),
        coverage=coverage(counts),
        gini=gini(counts),
        top_1_percent=share_of_top(counts, 0.01),
        items_for_80=items_for_share(counts, 0.8),
        least_popular_half=float(tenths[5:].sum()),
        average_popularity=average_popularity(list_idx, item_idx, listeners),
        novelty=novelty(list_idx, item_idx, listeners, dataset.n_users),
    )


def shares_by_decile(counts: np.ndarray, listening: np.ndarray) -> np.ndarray:
    """Return the share of ``counts`` in each tenth of the items, the most listened first, ``(10,)``."""
    order = np.lexsort((np.arange(len(listening)), -listening))
    decile = np.empty(len(order), np.int64)
    decile[order] = np.arange(len(order)) * 10 // len(order)
    return np.bincount(decile, weights=counts, minlength=10) / (counts.sum() or 1.0)


def decile_table(series: Mapping[str, np.ndarray], listening: np.ndarray) -> pd.DataFrame:
    """Return ``decile`` (1 the most listened tenth) and a column of shares per name of ``series``."""
    shares = {name: shares_by_decile(counts, listening) for name, counts in series.items()}
    return pd.DataFrame({"decile": np.arange(1, 11), **shares})


def lorenz_table(series: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return ``items`` and a column of cumulative shares per name of ``series``, each from its least item."""
    curves = {name: lorenz(counts) for name, counts in series.items()}
    items = next(iter(curves.values()))[0]
    return pd.DataFrame({"items": items, **{name: shares for name, (_, shares) in curves.items()}})


def long_tail_table(series: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return ``series, place, share``: an item's place in its own chart and its share of the whole.

    At most 120 places each, evenly spaced on a logarithmic axis, first and last among them; items without
    any count are left out.
    """
    tables = []
    for name, counts in series.items():
        shares = np.sort(counts[counts > 0])[::-1] / (counts.sum() or 1.0)
        if not len(shares):
            continue
        place = np.unique(np.geomspace(1, len(shares), TAIL_POINTS).round().astype(np.int64))
        tables.append(pd.DataFrame({"series": name, "place": place, "share": shares[place - 1]}))
    return (
        pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["series", "place", "share"])
    )
