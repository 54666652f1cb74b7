"""One parameter that a search may vary: a range, or a list of choices."""

from __future__ import annotations

from math import log
from typing import Any, Literal

import msgspec

NEAR_END = 0.01
Value = int | float | str | bool


class Dimension(msgspec.Struct, frozen=True, kw_only=True):
    """What values ``name`` may take: ``low`` to ``high`` (both included), or one of ``choices``.

    ``log`` means that a step from 1 to 2 is as large as one from 10 to 20.
    """

    name: str
    kind: Literal["whole", "number", "choice"]
    low: float = 0
    high: float = 0
    log: bool = False
    choices: tuple[Value, ...] = ()

    def nearest(self, value: Any) -> Value:
        """Return ``value``, moved to the nearest end if it lies outside (first choice if there is none such).

        Examples
        --------
        >>> whole("embedding_size", 8, 256).nearest(2)
        8
        """
        if self.kind == "choice":
            return value if value in self.choices else self.choices[0]
        inside = min(max(float(value), self.low), self.high)
        return round(inside) if self.kind == "whole" else inside

    def at_end(self, value: Any) -> bool:
        """Return whether a number lies within a hundredth of the range from one of its ends.

        Examples
        --------
        >>> number("learning_rate", 0.01, 1).at_end(0.0101)
        True
        >>> number("learning_rate", 0.01, 1).at_end(0.02)
        False
        """
        if self.kind == "choice" or self.low == self.high:
            return False
        low, high, at = (log(one) if self.log else one for one in (self.low, self.high, float(value)))
        return min(at - low, high - at) <= NEAR_END * (high - low)


def whole(name: str, low: int, high: int, *, log: bool = True) -> Dimension:
    """Return a dimension of whole numbers."""
    return Dimension(name=name, kind="whole", low=low, high=high, log=log)


def number(name: str, low: float, high: float, *, log: bool = True) -> Dimension:
    """Return a dimension of numbers."""
    return Dimension(name=name, kind="number", low=low, high=high, log=log)


def choice(name: str, choices: tuple[Value, ...]) -> Dimension:
    """Return a dimension of named choices."""
    return Dimension(name=name, kind="choice", choices=choices)


def spanning(name: str, values: tuple[Any, ...]) -> Dimension:
    """Return the dimension that holds exactly the given grid values and what lies between them."""
    if all(isinstance(one, int) and not isinstance(one, bool) for one in values):
        return whole(name, min(values), max(values), log=min(values) > 0)
    if all(isinstance(one, int | float) and not isinstance(one, bool) for one in values):
        return number(name, float(min(values)), float(max(values)), log=min(values) > 0)
    return choice(name, tuple(values))
