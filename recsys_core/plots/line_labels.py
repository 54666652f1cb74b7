"""Names written beside lines in a unit square, where they cover no line and no other name."""

from __future__ import annotations

from typing import Literal

import numpy as np

from recsys_core.plots.placing import Box, least_crowded

Place = tuple[float, float, Literal["left", "right"]]

# the size of a plot on a phone, in pixels: what fits there fits everywhere
_WIDTH, _HEIGHT = 250, 250
_LETTER, _LINE, _AWAY = 6.6, 18, 8


def places_on_lines(x: np.ndarray, lines: dict[str, np.ndarray]) -> dict[str, Place]:
    """Return for each name of ``lines`` (rising from 0 to 1 over ``x``) where it starts or ends, and which.

    ``(x, y, "left")`` means that the text starts at ``x``, "right" that it ends there.
    """
    xs = np.concatenate([x * _WIDTH for _ in lines])
    ys = np.concatenate([shares * _HEIGHT for shares in lines.values()])
    taken: list[Box] = []
    places: dict[str, Place] = {}
    for name, shares in lines.items():
        choices = _choices(x, shares, _LETTER * len(name))
        best = least_crowded([box for box, _ in choices], xs, ys, taken)
        box, places[name] = choices[best]
        taken.append(box)
    return places


def _choices(x: np.ndarray, shares: np.ndarray, width: float) -> list[tuple[Box, Place]]:
    """Return boxes beside one line that lie inside the plot, those near its middle first."""
    found: list[tuple[Box, Place]] = []
    for height in sorted(np.arange(0.05, 0.96, 0.05), key=lambda one: abs(one - 0.5)):
        at, middle = float(np.interp(height, shares, x)) * _WIDTH, float(height) * _HEIGHT
        for left, anchor in ((at - _AWAY - width, "right"), (at + _AWAY, "left")):
            box = Box(left, middle - _LINE / 2, left + width, middle + _LINE / 2)
            if box.left >= 0 and box.right <= _WIDTH:
                edge = (box.right if anchor == "right" else box.left) / _WIDTH
                found.append((box, (edge, float(height), "right" if anchor == "right" else "left")))
    return found or [(Box(0, 0, width, _LINE), (0.0, 0.05, "left"))]
