"""What quality costs, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recsys_core.comparison import BASELINE
from recsys_core.comparison.quality_in_time import VALUE, quality_in_time, seconds_to
from recsys_dashboard.comparison.words import model_name
from recsys_dashboard.texts import percent, seconds, text, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

NEAR = 0.95


def fast_answer(curves: Mapping[str, pd.DataFrame], metric: str, name: str) -> str:
    """Return which model is soonest at 95 % of the best value, and which is the best in the end."""
    table = quality_in_time(curves, f"test_{metric}")
    best = table.loc[table[VALUE].idxmax()]
    reached = seconds_to(table, NEAR * float(best[VALUE])).drop(BASELINE, errors="ignore").dropna()
    if reached.empty:
        return text("models.fast_none", metric=name)
    soonest = str(reached.idxmin())
    kind = "same" if soonest == best["model"] else "two"
    return text(
        f"models.fast_{kind}",
        model=model_name(soonest),
        time=seconds(float(reached.min())),
        best=model_name(str(best["model"])),
        best_time=seconds(float(best["seconds"])),
        metric=name,
    )


def spread_finding(table: pd.DataFrame, measure: str, metric: str) -> str:
    """Return which model goes furthest by ``measure``, and where the most accurate one stands."""
    known = table[np.isfinite(table[measure].astype(float))]
    if known.empty:
        return text("models.spread_none")
    far, best = known.loc[known[measure].idxmax()], known.loc[known["mean"].idxmax()]
    kind = "same" if far["model"] == best["model"] else "two"
    return text(
        f"models.spread_{kind}",
        measure=text(f"models.{measure}").lower(),
        model=model_name(str(far["model"])),
        value=measured(measure, float(far[measure])),
        best=model_name(str(best["model"])),
        best_value=measured(measure, float(best[measure])),
        metric=metric,
    )


def measured(measure: str, value: float) -> str:
    """Return a value of ``measure`` as people say it."""
    if measure == "coverage":
        return percent(value)
    return whole(value) if measure == "popularity" else f"{value:.2f}"
