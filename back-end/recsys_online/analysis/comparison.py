"""Every treatment against the control, metric by metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pandas as pd

from recsys_core.statistics import holm
from recsys_online.analysis.cuped import cuped
from recsys_online.analysis.effects import (
    LEVEL,
    difference,
    older_relative_effect,
    relative_effect,
    welch_p_value,
)
from recsys_online.analysis.listeners import CONTROL
from recsys_online.analysis.sequential import SCALE, always_valid_effect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recsys_online.analysis.cuped import PairedMoments
    from recsys_online.analysis.moments import Bounds, Moments


class Interval(msgspec.Struct, frozen=True):
    """An estimate and its ends; None where there is no end, or nothing to estimate."""

    value: float | None
    low: float | None
    high: float | None


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """One metric under one treatment; relative effects are shares of the control mean, 0.77 for +77 %.

    Attributes
    ----------
    difference
        Of the means, in the metric's unit, with Welch's interval.
    effect
        Relative, by the delta method: for one look, at the end.
    older_effect
        Relative, the control mean taken as a constant, as the older service's notebook has it.
    always_valid
        Relative, for looking as often as one likes.
    earlier_effect
        Relative, by the delta method, freed of what listeners did before (CUPED); None without earlier days.
    variance_removed
        Share of the variance that this takes away.
    p_value, p_holm
        Of equal means, alone and among all comparisons of the report.
    """

    treatment: str
    metric: str
    control_listeners: int
    treatment_listeners: int
    control_mean: float
    treatment_mean: float
    difference: Interval
    effect: Interval
    older_effect: Interval
    always_valid: Interval
    p_value: float | None
    p_holm: float | None
    significant: bool
    earlier_effect: Interval | None = None
    variance_removed: float | None = None


def compare_arms(
    moments: Mapping[str, Mapping[str, Moments]],
    paired: Mapping[str, Mapping[str, PairedMoments]] | None = None,
    *,
    control: str = CONTROL,
    level: float = LEVEL,
    scale: float = SCALE,
) -> list[Effect]:
    """Return an :class:`Effect` for every metric and every arm but the control, p-values corrected together.

    Arms without two listeners are left out.
    """
    pairs = {
        (arm, metric): (by_arm[control], by_arm[arm])
        for metric, by_arm in moments.items()
        for arm in by_arm
        if arm != control and control in by_arm and min(by_arm[control].n, by_arm[arm].n) >= 2
    }
    p_values = {f"{arm} {metric}": float(welch_p_value(*pair)) for (arm, metric), pair in pairs.items()}
    corrected = holm(p_values)
    effects = []
    for (arm, metric), pair in pairs.items():
        key = f"{arm} {metric}"
        past = None if paired is None else paired[metric]
        extra = {} if past is None else _freed(past[control], past[arm], level)
        effects.append(_effect(arm, metric, pair, (p_values[key], corrected[key]), level, scale, extra))
    return effects


def _effect(
    arm: str,
    metric: str,
    pair: tuple[Moments, Moments],
    p_values: tuple[float, float],
    level: float,
    scale: float,
    extra: dict,
) -> Effect:
    control, treatment = pair
    return Effect(
        treatment=arm,
        metric=metric,
        control_listeners=int(control.n),
        treatment_listeners=int(treatment.n),
        control_mean=float(control.mean),
        treatment_mean=float(treatment.mean),
        difference=interval(difference(control, treatment, level)),
        effect=interval(relative_effect(control, treatment, level)),
        older_effect=interval(older_relative_effect(control, treatment, level)),
        always_valid=interval(always_valid_effect(control, treatment, level, scale=scale)),
        p_value=_finite(p_values[0]),
        p_holm=_finite(p_values[1]),
        significant=p_values[1] < 1 - level,
        **extra,
    )


def _freed(control: PairedMoments, treatment: PairedMoments, level: float) -> dict:
    adjusted = cuped(control, treatment)
    return {
        "earlier_effect": interval(relative_effect(adjusted.control, adjusted.treatment, level)),
        "variance_removed": adjusted.variance_removed,
    }


def interval(bounds: Bounds) -> Interval:
    """Return ``bounds`` as plain numbers, None for what is not finite."""
    return Interval(*(_finite(float(one)) for one in bounds))


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def effect_frame(effects: Sequence[Effect], treatment: str) -> pd.DataFrame:
    """Return the effects of one treatment as ``metric, effect, low, high, always_low, always_high``.

    Shares, NaN where an interval has no end; ``older_low, older_high`` (control mean as a constant),
    ``earlier_effect, earlier_low, earlier_high`` (freed of earlier days), ``p_holm`` and ``significant``
    stand beside them.
    """
    nothing = Interval(None, None, None)
    rows = [
        {
            "metric": one.metric,
            "control_mean": one.control_mean,
            "treatment_mean": one.treatment_mean,
            "effect": one.effect.value,
            "low": one.effect.low,
            "high": one.effect.high,
            "always_low": one.always_valid.low,
            "always_high": one.always_valid.high,
            "older_low": one.older_effect.low,
            "older_high": one.older_effect.high,
            "earlier_effect": (one.earlier_effect or nothing).value,
            "earlier_low": (one.earlier_effect or nothing).low,
            "earlier_high": (one.earlier_effect or nothing).high,
            "p_holm": one.p_holm,
            "significant": one.significant,
        }
        for one in effects
        if one.treatment == treatment
    ]
    frame = pd.DataFrame(rows)
    others = {"metric", "control_mean", "treatment_mean", "significant"}
    return frame.astype({name: "float64" for name in frame if name not in others}) if rows else frame
