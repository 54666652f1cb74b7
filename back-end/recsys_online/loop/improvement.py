"""Did a turn of the loop improve on the one before? The same listeners, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec
import numpy as np
from scipy import stats

from recsys_online.analysis.comparison import Interval, interval
from recsys_online.analysis.cuped import paired_moments
from recsys_online.analysis.listeners import CONTROL, PRIMARY
from recsys_online.analysis.moments import Bounds

if TYPE_CHECKING:
    import pandas as pd

    from recsys_online.analysis.cuped import PairedMoments

LEVEL = 0.95
Outcome = Literal["improved", "worse", "not_told_apart"]


class Improvement(msgspec.Struct, frozen=True, kw_only=True):
    """What one turn changed for the listeners of a treatment.

    Attributes
    ----------
    change, control
        Relative change of listening time per session from the turn before, of the treatment's listeners and
        of the control's, for whom nothing changed: its interval should hold 0.
    listeners
        Of the treatment, who listened in both turns.
    needed
        How many times the listeners (or sessions of each) would make out a change of this size; 1 if it was.
    """

    turn: int
    treatment: str
    outcome: Outcome
    change: Interval
    control: Interval
    listeners: int
    needed: float | None


def improvement(turn: int, treatment: str, before: pd.DataFrame, after: pd.DataFrame) -> Improvement:
    """Return what changed from ``before`` to ``after``, tables of listeners of two experiments.

    Each has the columns ``listener, treatment, mean_time_per_session``; arms must be the same in both.
    Who listened in one only is left out.
    """
    pairs = {arm: _paired(before, after, arm) for arm in (treatment, CONTROL)}
    change, control = (paired_relative_effect(one) for one in pairs.values())
    low, high = float(change.low), float(change.high)
    outcome: Outcome = "improved" if low > 0 else "worse" if high < 0 else "not_told_apart"
    half, value = (high - low) / 2, abs(float(change.value))
    needed = None if not np.isfinite(half) or not value else max(1.0, (half / value) ** 2)
    return Improvement(
        turn=turn,
        treatment=treatment,
        outcome=outcome,
        change=interval(change),
        control=interval(control),
        listeners=_in_both(before, after, treatment),
        needed=needed,
    )


def paired_relative_effect(pair: PairedMoments, level: float = LEVEL) -> Bounds:
    """Return ``mean now / mean before - 1`` by the delta method for values of the same listeners.

    ``(s_1^2 - 2 r c + r^2 s_0^2) / (n m_0^2)`` with the ratio r and the covariance c: what listeners have in
    common in both turns does not blur the change. NaN with fewer than two listeners or a mean of 0.
    """
    now, earlier = pair.value, pair.earlier
    if now.n < 2 or not earlier.mean:
        return Bounds(float("nan"), float("nan"), float("nan"))
    ratio = float(now.mean / earlier.mean)
    spread = now.variance - 2 * ratio * pair.covariance + ratio**2 * earlier.variance
    error = np.sqrt(np.maximum(spread, 0.0) / now.n) / abs(earlier.mean)
    half = float(stats.t.ppf((1 + level) / 2, now.n - 1) * error)
    return Bounds(ratio - 1, ratio - 1 - half, ratio - 1 + half)


def _in_both(before: pd.DataFrame, after: pd.DataFrame, arm: str) -> int:
    earlier = before.loc[before["treatment"] == arm, "listener"]
    return int(after.loc[after["treatment"] == arm, "listener"].isin(earlier).sum())


def _paired(before: pd.DataFrame, after: pd.DataFrame, arm: str) -> PairedMoments:
    columns = ["listener", PRIMARY]
    both = after.loc[after["treatment"] == arm, columns].merge(
        before.loc[before["treatment"] == arm, columns], on="listener", suffixes=("", "_before")
    )
    if len(both) < 2:
        nothing = np.full(2, np.nan)
        return paired_moments(nothing, nothing)
    return paired_moments(both[PRIMARY].to_numpy(), both[f"{PRIMARY}_before"].to_numpy())
