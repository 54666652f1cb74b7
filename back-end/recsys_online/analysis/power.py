"""How many listeners an experiment needs, and how small an effect it can see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from recsys_core.errors import SettingsError
from recsys_online.analysis.effects import LEVEL
from recsys_online.analysis.sequential import SCALE, variance_to_decide

if TYPE_CHECKING:
    from recsys_online.analysis.moments import Moments

POWER = 0.8


def smallest_detectable(
    control: Moments, n_control: float, n_treatment: float, *, level: float = LEVEL, power: float = POWER
) -> float:
    """Return the relative effect that is made out with probability ``power`` at one look, the last.

    Both arms are taken to vary as ``control`` does (Cohen, "Statistical Power Analysis", 1988; normal
    approximation).
    """
    error = np.sqrt(control.variance * (1 / n_control + 1 / n_treatment))
    quantiles = stats.norm.ppf((1 + level) / 2) + stats.norm.ppf(power)
    return float(quantiles * error / abs(control.mean))


def users_needed(
    control: Moments,
    effect: float,
    *,
    share: float = 0.5,
    level: float = LEVEL,
    power: float = POWER,
    peeking: bool = False,
    scale: float = SCALE,
) -> int:
    """Return how many users, both arms together, make out a relative ``effect`` with probability ``power``.

    Parameters
    ----------
    share
        Of the users, in the treatment.
    peeking
        Whether the always-valid interval is to decide, at any time, instead of one look at the end.

    Raises
    ------
    SettingsError
        For an effect of 0 or a share outside (0, 1).
    """
    if not effect or not 0 < share < 1:
        raise SettingsError("Name an effect other than 0 and a share of users between 0 and 1.")
    wanted = variance_to_decide(effect, level=level, power=power, peeking=peeking, scale=scale)
    of_one = float(control.variance / np.square(control.mean)) * (1 / share + 1 / (1 - share))
    return int(np.ceil(of_one / wanted))
