"""Intervals and paired comparisons by the bootstrap over users (Efron & Tibshirani, 1993)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from recsys_core.errors import DataError
from recsys_core.rng import as_generator, check_seed

RESAMPLES = 1000
LEVEL = 0.95
BLOCK = 100  # resamples held in memory at once
KEPT = 20_000_000  # draws of at most so many counts are kept, a byte each


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
    means = _resampled_means(table, rng, resamples)
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
    return paired_differences({"a": a}, b, rng, resamples=resamples)["a"]


def paired_differences(
    others: dict[str, np.ndarray],
    reference: np.ndarray,
    rng: int | np.random.Generator = 0,
    *,
    resamples: int = RESAMPLES,
) -> dict[str, PairedDifference]:
    """Return :func:`paired_difference` of each of ``others`` from ``reference``, all from the same draws."""
    if not others:
        return {}
    table = np.column_stack([np.asarray(one, np.float64) for one in others.values()])
    table -= np.asarray(reference, np.float64)[:, None]
    means = _resampled_means(table, rng, resamples)
    tail = (1 - LEVEL) / 2
    lows, highs = np.nanquantile(means, [tail, 1 - tail], axis=0)
    below, above = (means <= 0).sum(axis=0) + 1, (means >= 0).sum(axis=0) + 1
    p_values = np.minimum(1.0, 2 * np.minimum(below, above) / (resamples + 1))
    rows = zip(np.nanmean(table, axis=0), lows, highs, p_values, strict=True)
    return {name: PairedDifference(*map(float, row)) for name, row in zip(others, rows, strict=True)}


def differences_of_pairs(
    values: dict[str, np.ndarray], rng: int | np.random.Generator = 0, *, resamples: int = RESAMPLES
) -> dict[tuple[str, str], PairedDifference]:
    """Return :func:`paired_difference` of every two, the earlier minus the later, all from the same draws.

    Parameters
    ----------
    values
        Name to one finite value per user, all of shape ``(n_users,)`` in the same order.
    """
    names, table = list(values), np.column_stack([np.asarray(one, np.float64) for one in values.values()])
    if not np.isfinite(table).all():
        raise DataError("Paired differences of several need a value of every user.")
    means, centres = _resampled_means(table, rng, resamples), table.mean(axis=0)
    found = {}
    for (i, one), (j, other) in combinations(enumerate(names), 2):
        drawn = means[:, i] - means[:, j]
        low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        below, above = int((drawn <= 0).sum()) + 1, int((drawn >= 0).sum()) + 1
        p_value = min(1.0, 2 * min(below, above) / (resamples + 1))
        found[one, other] = PairedDifference(float(centres[i] - centres[j]), float(low), float(high), p_value)
    return found


def _resampled_means(table: np.ndarray, rng: int | np.random.Generator, resamples: int) -> np.ndarray:
    """Return the column means of ``resamples`` draws of rows with replacement, ``(resamples, n_columns)``."""
    n_rows = len(table)
    if not n_rows:
        raise DataError("There is no user to compute an interval from.")
    known = np.isfinite(table)
    filled = np.where(known, table, 0.0)
    means = []
    for counts in _draws(n_rows, rng, resamples):
        times = counts.astype(np.float64)
        with np.errstate(invalid="ignore"):
            means.append((times @ filled) / (times @ known))
    return np.concatenate(means)


def _draws(n_rows: int, rng: int | np.random.Generator, resamples: int) -> Iterable[np.ndarray]:
    # drawing takes thirty times as long as the product, and verdicts ask for one seed's draws again and again
    if isinstance(rng, np.random.Generator) or n_rows * resamples > KEPT:
        return _drawn(n_rows, as_generator(rng), resamples)
    return _kept(n_rows, check_seed(rng), resamples)


@lru_cache(maxsize=8)
def _kept(n_rows: int, seed: int, resamples: int) -> tuple[np.ndarray, ...]:
    drawn = _drawn(n_rows, as_generator(seed), resamples)
    return tuple(counts.astype(np.min_scalar_type(counts.max())) for counts in drawn)


def _drawn(n_rows: int, rng: np.random.Generator, resamples: int) -> Iterator[np.ndarray]:
    # how often each row is drawn: sums over draws become one matrix product
    for start in range(0, resamples, BLOCK):
        size = min(BLOCK, resamples - start)
        yield rng.multinomial(n_rows, np.full(n_rows, 1 / n_rows), size=size)


def holm(p_values: dict[str, float]) -> dict[str, float]:
    """Return p-values fit to be read together: each bounds the chance of any false claim (Holm, 1979).

    The smallest is multiplied by their number, the next by one less, and so on; none falls below the one
    before it. NaN stays NaN and does not count.
    """
    known = sorted((one for one in p_values if np.isfinite(p_values[one])), key=lambda one: p_values[one])
    adjusted, floor = dict(p_values), 0.0
    for index, name in enumerate(known):
        floor = max(floor, min(1.0, p_values[name] * (len(known) - index)))
        adjusted[name] = floor
    return adjusted


def mean_ranks(values: dict[str, np.ndarray], rng: int | np.random.Generator = 0) -> dict[str, Interval]:
    """Return the mean place of each among all, 1 the largest value, equal ones sharing places (Demšar, 2006).

    Parameters
    ----------
    values
        Name to one value per user (or per seed), all of shape ``(n,)`` in the same order; the interval is
        the bootstrap's over them.
    """
    table = -np.column_stack([np.asarray(one, np.float64) for one in values.values()])
    above = (table[:, :, None] > table[:, None, :]).sum(axis=2)
    equal = (table[:, :, None] == table[:, None, :]).sum(axis=2)
    places = 1 + above + (equal - 1) / 2
    return bootstrap_intervals(dict(zip(values, places.T, strict=True)), rng)
