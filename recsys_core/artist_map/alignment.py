"""Turn one map so that it lies as well as possible over another.

Procrustes analysis: Schönemann (1966), "A generalized solution of the orthogonal Procrustes problem".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Alignment:
    """``points`` moved, turned, mirrored and scaled; ``disparity`` is 0 for equal maps, 1 for nothing alike.

    ``disparity`` is the share of the other map's spread that is left over, over the artists both have.
    """

    points: np.ndarray
    disparity: float
    n_common: int


def aligned(points: np.ndarray, item_idx: np.ndarray, other: np.ndarray, other_idx: np.ndarray) -> Alignment:
    """Return ``points`` laid over ``other`` by the artists that are on both maps.

    Parameters
    ----------
    points, other
        Two pictures, shapes ``(n, 2)`` and ``(m, 2)``.
    item_idx, other_idx
        The item of each point, distinct.

    With fewer than three artists in common nothing is turned, and the disparity is 1.
    """
    _, mine, theirs = np.intersect1d(item_idx, other_idx, return_indices=True)
    if len(mine) < 3:
        return Alignment(points.astype(np.float32), 1.0, len(mine))
    a, b = points[mine].astype(np.float64), other[theirs].astype(np.float64)
    a_middle, b_middle = a.mean(axis=0), b.mean(axis=0)
    a, b = a - a_middle, b - b_middle
    left, strengths, right = np.linalg.svd(a.T @ b)
    a_spread, b_spread = (a**2).sum(), (b**2).sum()
    scale = strengths.sum() / a_spread if a_spread else 1.0
    moved = (points - a_middle) @ (left @ right) * scale + b_middle
    disparity = 1 - strengths.sum() ** 2 / (a_spread * b_spread) if a_spread and b_spread else 1.0
    return Alignment(moved.astype(np.float32), float(np.clip(disparity, 0, 1)), len(mine))
