"""Who won, as data: pages and command line find the words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec
import numpy as np

from recsys_online.analysis.comparison import Interval, interval
from recsys_online.analysis.effects import LEVEL, relative_effect, relative_error
from recsys_online.analysis.listeners import CONTROL, LESS_IS_BETTER, PRIMARY
from recsys_online.analysis.power import POWER, smallest_detectable
from recsys_online.analysis.sequential import FEWEST, SCALE, always_valid_effect, variance_to_decide

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recsys_online.analysis.moments import Moments

Outcome = Literal["too_early", "wins", "loses", "no_difference"]
SMALLEST_EFFECT = 0.05


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one treatment by one metric.

    Attributes
    ----------
    outcome
        ``wins`` or ``loses`` once the interval leaves 0 out; ``no_difference`` once it should have, had
        there been an effect of ``smallest_effect``; ``too_early`` before.
    effect
        Relative effect with the interval that decided: always valid if ``peeking``, else for one look.
    sessions, sessions_missing
        Of both arms so far, and how many more will probably settle it if things go on like this: None if
        there is nothing to go by yet; 0 unless it is too early.
    level
        Of the interval: 0.95, more where several treatments share the risk of a false claim (Bonferroni).
    visible
        The smallest relative effect that so many listeners show 8 times in 10, at one look; None if unknown.
    trusted
        False if the arms have not got their shares of listeners: then the outcome means nothing.
    """

    treatment: str
    metric: str
    outcome: Outcome
    effect: Interval
    smallest_effect: float
    sessions: int
    sessions_missing: int | None
    peeking: bool
    level: float
    trusted: bool
    visible: float | None = None


def judge(
    by_arm: Mapping[str, Moments],
    sessions: Mapping[str, int],
    *,
    metric: str = PRIMARY,
    control: str = CONTROL,
    smallest_effect: float = SMALLEST_EFFECT,
    peeking: bool = True,
    trusted: bool = True,
    power: float = POWER,
    scale: float = SCALE,
) -> list[Verdict]:
    """Return a verdict for every arm but ``control``.

    Parameters
    ----------
    by_arm, sessions
        Moments of ``metric`` over listeners, and finished sessions, by arm.
    smallest_effect
        The least relative effect worth finding.
    peeking
        True if the report is looked at more than once, or may end the experiment.
    """
    treatments = [arm for arm in by_arm if arm != control]
    if control not in by_arm or not treatments:
        return []
    level = 1 - (1 - LEVEL) / len(treatments)
    found = []
    for arm in treatments:
        pair = by_arm[control], by_arm[arm]
        bounds = _interval(*pair, level, peeking, scale)
        ended = sessions.get(control, 0) + sessions.get(arm, 0)
        aim = max(smallest_effect, abs(bounds.value or 0.0))
        wanted = variance_to_decide(aim, level=level, power=power, peeking=peeking, scale=scale)
        missing = _missing(*pair, ended, wanted)
        outcome = _outcome(bounds, missing, metric)
        found.append(
            Verdict(
                treatment=arm,
                metric=metric,
                outcome=outcome,
                effect=bounds,
                smallest_effect=smallest_effect,
                sessions=ended,
                sessions_missing=missing if outcome == "too_early" else 0,
                peeking=peeking,
                level=level,
                trusted=trusted,
                visible=_visible(*pair, level, power),
            )
        )
    return found


def _interval(control: Moments, treatment: Moments, level: float, peeking: bool, scale: float) -> Interval:
    if peeking:
        return interval(always_valid_effect(control, treatment, level, scale=scale))
    bounds = interval(relative_effect(control, treatment, level))
    few = min(control.n, treatment.n) < FEWEST
    return Interval(bounds.value, None, None) if few else bounds


def _outcome(effect: Interval, missing: int | None, metric: str) -> Outcome:
    if effect.low is not None and effect.high is not None and not effect.low <= 0 <= effect.high:
        return "wins" if (effect.low > 0) != (metric in LESS_IS_BETTER) else "loses"
    return "no_difference" if missing == 0 and effect.low is not None else "too_early"


def _visible(control: Moments, treatment: Moments, level: float, power: float) -> float | None:
    if min(control.n, treatment.n) < 2 or not control.mean:
        return None
    return smallest_detectable(control, float(control.n), float(treatment.n), level=level, power=power)


def _missing(control: Moments, treatment: Moments, sessions: int, wanted: float) -> int | None:
    """Return how many sessions bring the squared error down to ``wanted``, shrinking as they grow.

    The larger the effect seems, the sooner it is made out; one that seems smaller than the smallest worth
    finding is not waited for.
    """
    variance = float(relative_error(control, treatment).variance)
    if not np.isfinite(variance) or not sessions:
        return None
    more = np.ceil(sessions * (variance / wanted - 1))
    few = np.ceil(sessions * (FEWEST / min(float(control.n), float(treatment.n)) - 1))
    return int(max(more, few, 0))
