"""What looking early costs: experiments without any effect, and how many of them cry wolf."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.rng import as_generator
from recsys_online.analysis.effects import relative_effect
from recsys_online.analysis.moments import Moments
from recsys_online.analysis.sequential import always_valid_effect

if TYPE_CHECKING:
    from collections.abc import Callable

    from recsys_online.analysis.moments import Bounds

TESTS, USERS, LOOKS = 1000, 2000, 20
SHAPE = 2.0  # listening times: a gamma of mean 1, skewed as real ones are
COLUMNS = ["look", "users", "one_look", "any_time", "at_this_look"]


def false_alarms(
    rng: int | np.random.Generator = 0,
    *,
    tests: int = TESTS,
    users: int = USERS,
    looks: int = LOOKS,
    effect: float = 0.0,
) -> pd.DataFrame:
    """Return the share of A/A tests that claimed a difference by each look; columns ``COLUMNS``.

    Both arms draw from the same distribution (the treatment times ``1 + effect``). After each of ``looks``
    equal parts of the ``users`` per arm two 95 % intervals are asked whether they leave out 0: the one for a
    single look (Welch, delta method) and the one for any time. ``one_look`` and ``any_time`` are the shares
    of tests that were alarmed at this look or before; ``at_this_look`` the share of single-look intervals
    that are alarmed at this very look, 5 % whatever the look.
    """
    generator = as_generator(rng)
    sizes = np.diff(np.linspace(0, users, looks + 1).round().astype(np.int64))
    control, treatment = (_running(generator, sizes, tests, scale) for scale in (1.0, 1.0 + effect))
    once = _alarms(relative_effect, control, treatment)
    always = _alarms(always_valid_effect, control, treatment)
    return pd.DataFrame(
        {
            "look": np.arange(1, looks + 1),
            "users": np.cumsum(sizes),
            "one_look": np.maximum.accumulate(once, axis=1).mean(axis=0),
            "any_time": np.maximum.accumulate(always, axis=1).mean(axis=0),
            "at_this_look": once.mean(axis=0),
        },
        columns=COLUMNS,
    )


def _running(rng: np.random.Generator, sizes: np.ndarray, tests: int, scale: float) -> Moments:
    """Return the moments of one arm of every test after each look, ``(tests, looks)``."""
    total, squares = np.zeros((2, tests, len(sizes)))
    for look, size in enumerate(sizes):
        # less the mean, so that the squares lose no digits
        drawn = scale * rng.gamma(SHAPE, 1 / SHAPE, (tests, size)) - 1
        total[:, look], squares[:, look] = drawn.sum(axis=1), np.einsum("ij,ij->i", drawn, drawn)
    n = np.broadcast_to(np.cumsum(sizes).astype(np.float64), total.shape)
    total, squares = np.cumsum(total, axis=1), np.cumsum(squares, axis=1)
    return Moments(n, 1 + total / n, (squares - total**2 / n) / (n - 1))


def _alarms(
    interval: Callable[[Moments, Moments], Bounds], control: Moments, treatment: Moments
) -> np.ndarray:
    """Return which tests' intervals leave out 0, bool ``(tests, looks)``."""
    bounds = interval(control, treatment)
    return (np.asarray(bounds.low) > 0) | (np.asarray(bounds.high) < 0)
