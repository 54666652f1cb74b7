"""The part of the data a convergence figure shows, and how data become pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_core.convergence import SECONDS

if TYPE_CHECKING:
    import pandas as pd

NEAR_BEST, NEARLY_BEST = 0.95, 0.99
LOG_SECONDS = "log_seconds"  # the decimal logarithm of SECONDS
HEIGHT, WIDTH = 340, 640  # pixels of the plot itself; the width is a guess, made for placing labels only


class Frame(NamedTuple):
    """Data bounds of the plot."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def x_pixels(self, x: np.ndarray | float) -> np.ndarray:
        """Return pixels from the left edge."""
        return np.asarray((np.asarray(x) - self.x_low) / (self.x_high - self.x_low) * WIDTH)

    def y_pixels(self, y: np.ndarray | float) -> np.ndarray:
        """Return pixels from the bottom edge."""
        return np.asarray((np.asarray(y) - self.y_low) / (self.y_high - self.y_low) * HEIGHT)


def frame_of(
    curves: dict[str, pd.DataFrame], metric: str, x: str, *, epochs: int | None = None, training: bool = False
) -> Frame:
    """Return bounds that show where every curve ends; the first epochs of a slow starter may lie below.

    Chance (the model ``random``) is left out below rather than squeezing all others together.
    """
    test = f"test_{metric}"
    shown = [test, f"train_{metric}"] if training else [test]
    top = max(float(curve[shown].max().max()) for curve in curves.values())
    near_best = NEAR_BEST * max(float(curve[test].max()) for curve in curves.values())
    ends = {model: float(curve[test].iloc[-1]) for model, curve in curves.items()}
    bottom = min([near_best, *(end for model, end in ends.items() if model != "random")])
    span = max(top - bottom, 0.02 * abs(top), 1e-6)
    low = max(bottom - 0.25 * span, min(0.0, bottom))
    return Frame(*_x_bounds(curves, x, epochs), low, top + 0.08 * span)


def _x_bounds(curves: dict[str, pd.DataFrame], x: str, epochs: int | None) -> tuple[float, float]:
    last = max(float(curve[x].iloc[-1]) for curve in curves.values())
    if x == SECONDS:
        return 0.0, max(last, 0.01)
    if x == LOG_SECONDS:
        first = min(float(curve[x].iloc[0]) for curve in curves.values())
        return first, max(last, first + 0.5)
    last = max(last, epochs or 1)
    return (1.0, last) if last > 1 else (0.5, 1.5)
