"""Where labels go so that none covers another: plain arithmetic on pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_CENTRES = (1.0, 0.0, 0.5, 0.75, 0.25)  # shares of the width, in order of liking


def spread(wanted: np.ndarray, gap: float, low: float, high: float) -> np.ndarray:
    """Return positions at least ``gap`` apart, between ``low`` and ``high``, as near to ``wanted`` as can be.

    Least squares by pooling neighbours that push each other (isotonic regression of ``wanted - i * gap``).
    If they do not all fit, the gap shrinks.
    """
    n = len(wanted)
    if n == 0:
        return np.asarray(wanted, np.float64)
    gap = min(gap, (high - low) / max(n - 1, 1))
    order = np.argsort(wanted, kind="stable")
    steps = np.arange(n) * gap
    blocks: list[tuple[float, int]] = []  # mean and size, means increasing
    for value in np.asarray(wanted, np.float64)[order] - steps:
        mean, size = float(value), 1
        while blocks and blocks[-1][0] > mean:
            other, others = blocks.pop()
            mean, size = (mean * size + other * others) / (size + others), size + others
        blocks.append((mean, size))
    free = np.concatenate([np.full(size, mean) for mean, size in blocks])
    placed = np.empty(n)
    placed[order] = np.clip(free, low, high - steps[-1]) + steps
    return placed


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, y upwards."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: np.ndarray, y: np.ndarray) -> int:
        """Return how many of the points are inside."""
        return int(((x >= self.left) & (x <= self.right) & (y >= self.bottom) & (y <= self.top)).sum())

    def meets(self, other: Box) -> bool:
        """Return whether the two overlap."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.top <= other.bottom or other.top <= self.bottom)


def least_crowded(boxes: list[Box], x: np.ndarray, y: np.ndarray, taken: list[Box]) -> int:
    """Return the index of the box with fewest points inside, the first of equals; taken ones cost dear."""
    costs = [box.holds(x, y) + 1000 * sum(box.meets(other) for other in taken) for box in boxes]
    return int(np.argmin(costs))


def beside_level(
    y: float, width: float, line: float, plot: float, points: tuple[np.ndarray, np.ndarray], taken: list[Box]
) -> tuple[float, bool]:
    """Return where along a level line its name goes (share of the width), and whether above it.

    Parameters
    ----------
    y, width, line, plot
        Height of the level, width and height of the name, width of the plot, all in pixels.
    points, taken
        What is to be left free; the chosen place is added to ``taken``.
    """
    places = [(centre, above) for centre in _CENTRES for above in (False, True)]
    boxes = []
    for centre, above in places:
        middle = min(max(centre * plot, width / 2), plot - width / 2)
        bottom = y if above else y - line
        boxes.append(Box(middle - width / 2, bottom, middle + width / 2, bottom + line))
    chosen = least_crowded(boxes, *points, taken)
    taken.append(boxes[chosen])
    return places[chosen]
