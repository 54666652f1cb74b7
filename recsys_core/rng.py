"""Random numbers come from a generator that the caller passes in, never from global state."""

from __future__ import annotations

import numpy as np

from recsys_core.errors import SettingsError

MAX_SEED = 2**32 - 1


def as_generator(rng: int | np.random.Generator) -> np.random.Generator:
    """Return ``rng`` itself, or a new generator seeded with it (0 to 2**32 - 1).

    Raises
    ------
    SettingsError
        If a seed is not an integer in that range.
    """
    if isinstance(rng, np.random.Generator):
        return rng
    return np.random.default_rng(check_seed(rng))


def check_seed(seed: int) -> int:
    """Return ``seed`` as an int, which NumPy's old and new generators both accept.

    Raises
    ------
    SettingsError
        If it is not an integer from 0 to 2**32 - 1.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed <= MAX_SEED:
        raise SettingsError(f"A seed is a whole number from 0 to {MAX_SEED}, not {seed!r}.")
    return int(seed)
