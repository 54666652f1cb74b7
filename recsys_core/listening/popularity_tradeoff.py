"""What diversity costs in precision: lists re-ranked at every strength, judged on the run's test part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from recsys_core.listening.popularity_rerank import METHODS, rerank
from recsys_core.listening.popularity_spread import counts_of
from recsys_core.metrics.catalogue import coverage, gini
from recsys_core.statistics import Interval, paired_difference

if TYPE_CHECKING:
    from recsys_core.listening.popularity_rerank import Candidates, Method

STRENGTHS = tuple(round(0.1 * step, 1) for step in range(11))


@dataclass(frozen=True)
class Cost:
    """One re-ranking beside the lists as trained.

    ``k`` is how many artists a list has, fewer than asked for in a small catalogue. ``precision`` and
    ``precision_before`` are means over listeners with held-out items; ``change`` is the mean difference with
    its 95 % bootstrap interval over them, all from 0 to 1.
    """

    k: int
    n_judged: int
    precision: float
    precision_before: float
    change: Interval
    items: int
    items_before: int
    gini: float
    gini_before: float


def trade_off(chosen: Candidates, n_items: int, k: int) -> pd.DataFrame:
    """Return ``method, strength, precision, items, coverage, gini`` of lists of ``k``, strengths 0 to 1."""
    rows: list[dict[str, Any]] = []
    for method in METHODS:
        for strength in STRENGTHS:
            positions = rerank(chosen, method, strength, k)
            counts = counts_of(chosen.items_at(positions), n_items)
            rows.append(
                {
                    "method": method,
                    "strength": strength,
                    "precision": float(chosen.precision_at(positions).mean()),
                    "items": int((counts > 0).sum()),
                    "coverage": coverage(counts),
                    "gini": gini(counts),
                }
            )
    return pd.DataFrame(rows)


def cost(chosen: Candidates, n_items: int, method: Method, strength: float, k: int) -> Cost:
    """Return what re-ranking so changes, with an interval by the paired bootstrap over listeners, seed 0."""
    sides = [rerank(chosen, method, one, k) for one in (strength, 0.0)]
    now, before = (chosen.precision_at(positions) for positions in sides)
    reached, reached_before = (counts_of(chosen.items_at(positions), n_items) for positions in sides)
    change = paired_difference(now, before)
    return Cost(
        k=sides[0].shape[1],
        n_judged=len(now),
        precision=float(now.mean()),
        precision_before=float(before.mean()),
        change=Interval(change.mean, change.low, change.high),
        items=int(np.count_nonzero(reached)),
        items_before=int(np.count_nonzero(reached_before)),
        gini=gini(reached),
        gini_before=gini(reached_before),
    )
