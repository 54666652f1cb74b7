"""Refuse parameters out of range, in the same words everywhere."""

from __future__ import annotations

import math

import numpy as np

from recsys_core.errors import SettingsError


def checked_count(value: object, what: str = "length of a list", most: float = math.inf) -> int:
    """Return ``value`` if it is a whole number from 1 to ``most``, else raise :class:`SettingsError`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not 1 <= value <= most:
        bound = "" if most == math.inf else f" to {most}"
        raise SettingsError(f"The {what} is a whole number from 1{bound}, not {value!r}.")
    return int(value)


def checked_share(value: object, what: str) -> float:
    """Return ``value`` if it is a number from 0 to 1, else raise :class:`SettingsError`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise SettingsError(f"The {what} lies between 0 and 1, not at {value!r}.")
    return float(value)
