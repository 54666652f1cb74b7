"""Where the names of groups go on a map: beside their points rather than over them, none over another."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recsys_core.plots.placing import Box

LETTER, LINE = 7.2, 20  # pixels of the font
DISTANCES = (0, 26, 44, 66, 92, 124)
DIRECTIONS = 12
OVERLAP, OUTSIDE = 1000.0, 400.0
PER_PIXEL = 0.12
"""How many covered points a pixel further away is worth."""


class Place(NamedTuple):
    """Pixels from the point a name belongs to, to the middle of the name; x to the right, y upwards."""

    right: float
    up: float


def places_of_names(
    names: list[str], anchors: np.ndarray, points: np.ndarray, size: tuple[float, float]
) -> list[Place]:
    """Return where each name goes.

    Parameters
    ----------
    names
        Those placed first choose first.
    anchors, points
        Where the names belong, and all points, shapes ``(len(names), 2)`` and ``(n, 2)``, in pixels.
    size
        Width and height of the map in pixels.

    The cost of a place is the number of points it covers, a little for its distance, much for another name.
    """
    taken: list[Box] = []
    places = []
    for name, (x, y) in zip(names, anchors, strict=True):
        width = LETTER * len(name) + 6
        choices = _choices()
        boxes = [_box(x + one.right, y + one.up, width) for one in choices]
        costs = [
            box.holds(points[:, 0], points[:, 1])
            + PER_PIXEL * float(np.hypot(*one))
            + OVERLAP * sum(box.meets(other) for other in taken)
            + OUTSIDE * (not _inside(box, size))
            for box, one in zip(boxes, choices, strict=True)
        ]
        best = int(np.argmin(costs))
        taken.append(boxes[best])
        places.append(choices[best])
    return places


def _choices() -> list[Place]:
    angles = np.linspace(0, 2 * np.pi, DIRECTIONS, endpoint=False) + np.pi / 2
    around = [
        # names are wide: to the side they must go further than up or down
        Place(float(1.6 * away * np.cos(angle)), float(away * np.sin(angle)))
        for away in DISTANCES[1:]
        for angle in angles
    ]
    return [Place(0.0, 0.0), *around]


def _box(x: float, y: float, width: float) -> Box:
    return Box(x - width / 2, y - LINE / 2, x + width / 2, y + LINE / 2)


def _inside(box: Box, size: tuple[float, float]) -> bool:
    return box.left >= 0 and box.bottom >= 0 and box.right <= size[0] and box.top <= size[1]
