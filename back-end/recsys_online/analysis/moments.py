"""What the comparison of two arms needs to know of each: users, mean, variance."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np

Values: TypeAlias = "np.ndarray | float"


class Moments(NamedTuple):
    """Users of an arm, the mean of their values and its sample variance (n - 1 below the line).

    Numbers, or float64 arrays of one shape: then every function works on many comparisons at once.
    """

    n: Values
    mean: Values
    variance: Values


class Bounds(NamedTuple):
    """An estimate and the ends of its interval, in the unit of the estimate; NaN where undefined."""

    value: Values
    low: Values
    high: Values


def moments_of(values: np.ndarray, axis: int = -1) -> Moments:
    """Return the moments along ``axis`` of one value per user; the variance of a single user is NaN."""
    n = values.shape[axis]
    variance = values.var(axis=axis, ddof=1) if n > 1 else np.full(values.mean(axis=axis).shape, np.nan)
    return Moments(np.asarray(float(n)), values.mean(axis=axis), variance)
