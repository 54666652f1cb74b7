"""Less noise from what listeners did before the experiment began."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_online.analysis.moments import Moments, moments_of

if TYPE_CHECKING:
    from recsys_online.analysis.moments import Values


class Adjusted(NamedTuple):
    """The moments of both arms after adjustment, the slope taken out, and the share of variance that went."""

    control: Moments
    treatment: Moments
    slope: float
    variance_removed: float


class PairedMoments(NamedTuple):
    """An arm's value and its earlier value: moments of both, and their sample covariance."""

    value: Moments
    earlier: Moments
    covariance: Values


def paired_moments(value: np.ndarray, earlier: np.ndarray) -> PairedMoments:
    """Return the moments of two arrays of shape ``(n_users,)``; earlier values must be finite."""
    return PairedMoments(moments_of(value), moments_of(earlier), np.cov(value, earlier)[0, 1])


def cuped(control: PairedMoments, treatment: PairedMoments) -> Adjusted:
    """Return both arms' moments of ``y - slope (x - mean x)``, x being the earlier value.

    The slope is that of the regression of y on x within arms; as x was there before the assignment, the
    difference of the means is unbiased still. Deng, Xu, Kohavi & Walker, "Improving the Sensitivity of
    Online Controlled Experiments by Utilizing Pre-Experiment Data", WSDM 2013.
    """
    arms = (control, treatment)
    together = sum((one.value.n - 1) * one.covariance for one in arms)
    squares = sum((one.value.n - 1) * one.earlier.variance for one in arms)
    slope = float(together / squares) if squares > 0 else 0.0
    users = sum(one.value.n for one in arms)
    centre = sum(one.value.n * one.earlier.mean for one in arms) / users
    adjusted = [_adjust(one, slope, centre) for one in arms]
    before = sum((one.value.n - 1) * one.value.variance for one in arms)
    after = sum((one.n - 1) * one.variance for one in adjusted)
    removed = float(1 - after / before) if before > 0 else 0.0
    return Adjusted(adjusted[0], adjusted[1], slope, removed)


def _adjust(arm: PairedMoments, slope: float, centre: Values) -> Moments:
    mean = arm.value.mean - slope * (arm.earlier.mean - centre)
    variance = arm.value.variance - 2 * slope * arm.covariance + slope**2 * arm.earlier.variance
    return Moments(arm.value.n, mean, np.maximum(variance, 0.0))
