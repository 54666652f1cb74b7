"""Did every arm get its share of users? If not, nothing else can be believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Mapping

ALARM = 0.001


class SampleRatio(msgspec.Struct, frozen=True):
    """Users per arm, how many there should be, and the chance of a gap this wide.

    Attributes
    ----------
    alarm
        Whether that chance is below 1 in 1,000: users were lost or moved on their way into an arm.
    """

    observed: dict[str, int]
    expected: dict[str, float]
    p_value: float
    alarm: bool


def sample_ratio(observed: Mapping[str, int], shares: Mapping[str, float]) -> SampleRatio:
    """Return the chi-square test of the users per arm against ``shares`` (which need not add up to 1).

    Fabijan et al., "Diagnosing Sample Ratio Mismatch in Online Controlled Experiments", KDD 2019.
    """
    counts = {arm: int(observed.get(arm, 0)) for arm in shares}
    total, whole = sum(counts.values()), sum(shares.values())
    expected = {arm: total * share / whole for arm, share in shares.items()}
    p_value = float(stats.chisquare(list(counts.values()), list(expected.values())).pvalue) if total else 1.0
    return SampleRatio(counts, expected, p_value, p_value < ALARM)
