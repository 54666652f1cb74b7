"""How much a treatment changes a mean: Welch's interval, and relative effects in two ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import stats

from recsys_online.analysis.moments import Bounds

if TYPE_CHECKING:
    from recsys_online.analysis.moments import Moments, Values

LEVEL = 0.95


class Uncertainty(NamedTuple):
    """The squared standard error of an estimate and the degrees of freedom behind it."""

    variance: Values
    freedom: Values


def difference(control: Moments, treatment: Moments, level: float = LEVEL) -> Bounds:
    """Return treatment mean less control mean with Welch's interval (Welch, 1947)."""
    error = welch_error(control, treatment)
    return _around(np.subtract(treatment.mean, control.mean), error, level)


def welch_p_value(control: Moments, treatment: Moments) -> Values:
    """Return the two-sided p-value of equal means, variances free to differ."""
    error = welch_error(control, treatment)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.subtract(treatment.mean, control.mean) / np.sqrt(error.variance)
        return 2 * stats.t.sf(np.abs(t), error.freedom)


def relative_effect(control: Moments, treatment: Moments, level: float = LEVEL) -> Bounds:
    """Return ``mean_T / mean_C - 1`` with the delta method's interval; 0.77 stands for +77 %.

    The control mean is an estimate too and widens the interval (Deng, Knoblich & Lu, "Applying the Delta
    Method in Metric Analytics", KDD 2018).
    """
    return _around(relative(control, treatment), relative_error(control, treatment), level)


def older_relative_effect(control: Moments, treatment: Moments, level: float = LEVEL) -> Bounds:
    """Return the relative effect as the older service's notebook does: the control mean is a constant.

    Too narrow where the effect is large: it leaves out what is unknown of the control.
    """
    absolute = difference(control, treatment, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Bounds(*(np.where(control.mean == 0, np.nan, np.divide(x, control.mean)) for x in absolute))


def relative(control: Moments, treatment: Moments) -> Values:
    """Return ``mean_T / mean_C - 1``, NaN where the control mean is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.divide(treatment.mean, control.mean) - 1
    return np.where(np.asarray(control.mean) == 0, np.nan, ratio)


def welch_error(control: Moments, treatment: Moments) -> Uncertainty:
    """Return the error of the difference, its degrees of freedom after Satterthwaite."""
    return _sum_of_errors(
        control, treatment, np.divide(control.variance, control.n), np.divide(treatment.variance, treatment.n)
    )


def relative_error(control: Moments, treatment: Moments) -> Uncertainty:
    """Return the error of :func:`relative`: ``s_T^2 / (n_T m_C^2) + m_T^2 s_C^2 / (n_C m_C^4)``."""
    with np.errstate(divide="ignore", invalid="ignore"):
        from_treatment = treatment.variance / (treatment.n * np.square(control.mean))
        from_control = (
            np.square(treatment.mean) * control.variance / (control.n * np.power(control.mean, 4.0))
        )
    return _sum_of_errors(control, treatment, from_control, from_treatment)


def _sum_of_errors(
    control: Moments, treatment: Moments, of_control: Values, of_treatment: Values
) -> Uncertainty:
    total = np.add(of_control, of_treatment)
    with np.errstate(divide="ignore", invalid="ignore"):
        below = np.square(of_control) / (control.n - 1) + np.square(of_treatment) / (treatment.n - 1)
        return Uncertainty(total, np.square(total) / below)


def _around(value: Values, error: Uncertainty, level: float) -> Bounds:
    half = stats.t.ppf((1 + level) / 2, error.freedom) * np.sqrt(error.variance)
    half = np.where(np.asarray(error.variance) == 0, 0.0, half)  # everybody alike: nothing to doubt
    return Bounds(value, np.subtract(value, half), np.add(value, half))
