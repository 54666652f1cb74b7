"""Intervals and paired comparisons by the bootstrap over users (Efron & Tibshirani, 1993)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recsys_core.rng import as_generator

RESAMPLES = 1000
LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """A mean with the ends of its 95 % interval."""

    mean: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the distance between the ends: the figure behind the sign ±."""
        return (self.high - self.low) / 2


@dataclass(frozen=True)
class PairedDifference:
    """Mean of ``a - b`` over the same users, its 95 % interval and a two-sided p-value."""

    mean: float
    low: float
    high: float
    p_value: float


def bootstrap_intervals(
    values: dict[str, np.ndarray], rng: int | np.random.Generator = 0, *, resamples: int = RESAMPLES
) -> dict[str, Interval]:
    """Return mean and percentile interval of each array, all resampled with the same users.

    Parameters
    ----------
    values
        Name to per-user values, float64, all of shape ``(n_users,)``; NaN where a metric is undefined.
    """
    table = np.column_stack(list(values.values()))
    means = _resampled_means(table, as_generator(rng), resamples)
    tail = (1 - LEVEL) / 2
    lows, highs = np.nanquantile(means, [tail, 1 - tail], axis=0)
    centres = np.nanmean(table, axis=0)
    return {
        name: Interval(float(centre), float(low), float(high))
        for name, centre, low, high in zip(values, centres, lows, highs, strict=True)
    }


def paired_difference(
    a: np.ndarray, b: np.ndarray, rng: int | np.random.Generator = 0, *, resamples: int = RESAMPLES
) -> PairedDifference:
    """Return how much ``a`` exceeds ``b``, both of shape ``(n_users,)`` for the same users in the same order.

    The p-value is twice the smaller share of resampled means on either side of 0, counted with one
    extra resample so that it is never exactly 0.
    """
    difference = np.asarray(a, np.float64) - np.asarray(b, np.float64)
    means = _resampled_means(difference[:, None], as_generator(rng), resamples)[:, 0]
    tail = (1 - LEVEL) / 2
    low, high = np.nanquantile(means, [tail, 1 - tail])
    below, above = (means <= 0).sum() + 1, (means >= 0).sum() + 1
    p_value = min(1.0, 2 * min(below, above) / (resamples + 1))
    return PairedDifference(float(np.nanmean(difference)), float(low), float(high), float(p_value))


def _resampled_means(table: np.ndarray, rng: np.random.Generator, resamples: int) -> np.ndarray:
    """Return the column means of ``resamples`` draws of rows with replacement, ``(resamples, n_columns)``."""
    n_rows = len(table)
    known = np.isfinite(table)
    filled = np.where(known, table, 0.0)
    # how often each row is drawn: sums over draws become one matrix product
    times = rng.multinomial(n_rows, np.full(n_rows, 1 / n_rows), size=resamples).astype(np.float64)
    with np.errstate(invalid="ignore"):
        return (times @ filled) / (times @ known)
