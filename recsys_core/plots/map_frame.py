"""The part of a map that is shown, and how it becomes pixels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

HEIGHT, WIDTH = 650, 640  # pixels; the width is a guess, made for placing names only
ROOM = 0.04  # of the map's extent, left free around it
ZOOM = 0.14  # of the map's extent, shown around an artist asked for


class Frame(NamedTuple):
    """Bounds of what is shown, in the map's own units."""

    x: tuple[float, float]
    y: tuple[float, float]

    def pixels(self, points: np.ndarray, height: int) -> np.ndarray:
        """Return where ``points`` are drawn, in pixels from the lower left, at equal scales of both axes."""
        low, extent = np.array([self.x[0], self.y[0]]), np.array([self.x[1], self.y[1]])
        extent = extent - low
        scale = min(WIDTH / extent[0], height / extent[1])
        edge = (np.array([WIDTH, height]) - scale * extent) / 2
        return (points - low) * scale + edge


def frame_of(*maps: np.ndarray) -> Frame:
    """Return bounds that hold all points of some maps, with a little room; shapes ``(n, 2)``."""
    points = np.concatenate(maps)
    low, high = points.min(axis=0).astype(float), points.max(axis=0).astype(float)
    room = np.maximum(ROOM * (high - low), 1e-3)
    low, high = low - room, high + room
    return Frame((float(low[0]), float(high[0])), (float(low[1]), float(high[1])))


def around(point: np.ndarray, frame: Frame) -> Frame:
    """Return bounds that show the surroundings of one point."""
    half = ZOOM * max(frame.x[1] - frame.x[0], frame.y[1] - frame.y[0])
    x, y = float(point[0]), float(point[1])
    return Frame((x - half, x + half), (y - half, y + half))
