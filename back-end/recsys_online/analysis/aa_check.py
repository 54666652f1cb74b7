"""Does the machinery find differences where there are none?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
from scipy import stats

from recsys_core.rng import as_generator
from recsys_online.analysis.effects import welch_p_value
from recsys_online.analysis.moments import Moments

if TYPE_CHECKING:
    from recsys_online.analysis.moments import Values

SPLITS, ALPHA, OUTSIDE = 1000, 0.05, 0.001
CELLS = 4_000_000  # listeners times splits held in memory at once


class AACheck(msgspec.Struct, frozen=True):
    """Share of random halvings of one arm that looked different at 5 %, and the range to be expected.

    Attributes
    ----------
    fine
        Whether ``low <= share <= high``, which chance alone leaves about once in 1,000.
    """

    share: float
    low: float
    high: float
    splits: int
    fine: bool


def aa_check(
    values: np.ndarray, rng: int | np.random.Generator = 0, *, splits: int = SPLITS
) -> AACheck | None:
    """Return how often halves of users who all got the same are told apart; ``values`` ``(n_users,)``.

    None where all values are equal: no halves can differ then. Kohavi, Tang & Xu, "Trustworthy Online
    Controlled Experiments", 2020, chapter 19.
    """
    if not np.ptp(values):
        return None
    generator, block = as_generator(rng), max(1, CELLS // len(values))
    sizes = [min(block, splits - start) for start in range(0, splits, block)]
    p_values = np.concatenate([_halved(values, generator, size) for size in sizes])
    share = float((p_values < ALPHA).mean())
    low, high = (float(stats.binom.ppf(q, splits, ALPHA)) / splits for q in (OUTSIDE / 2, 1 - OUTSIDE / 2))
    return AACheck(share, low, high, splits, low <= share <= high)


def _halved(values: np.ndarray, rng: np.random.Generator, size: int) -> Values:
    centred = values - values.mean()  # so that squares lose no digits
    first = (rng.random((size, len(values))) < 0.5).astype(np.float64)
    sums = np.stack([np.ones_like(centred), centred, centred**2], axis=1)
    inside = first @ sums
    return welch_p_value(_from_sums(sums.sum(axis=0) - inside), _from_sums(inside))


def _from_sums(sums: np.ndarray) -> Moments:
    n, total, squares = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return Moments(n, total / n, (squares - total**2 / n) / (n - 1))
