"""One pass of UMAP's layout: neighbours pull, points drawn at random push."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recsys_core.kernel import kernel

LARGEST_STEP = np.float32(4.0)
PUSHES = 5
ONE, TWO, LITTLE = np.float32(1.0), np.float32(2.0), np.float32(0.001)


class Edges(NamedTuple):
    """Edge ``i`` joins ``heads[i]`` to ``tails[i]``, is used ``every[i]`` passes and next when ``due[i]``."""

    heads: np.ndarray
    tails: np.ndarray
    every: np.ndarray
    due: np.ndarray


class Curve(NamedTuple):
    """``1 / (1 + a d^2b)``: how strongly two points at distance d belong together in the picture; float32."""

    a: np.float32
    b: np.float32


@kernel
def _draw(state: np.ndarray) -> np.uint64:
    """Return 32 random bits and move ``state`` on (xorshift64*, Vigna 2016)."""
    bits = state[0]
    bits ^= bits >> np.uint64(12)
    bits ^= bits << np.uint64(25)
    bits ^= bits >> np.uint64(27)
    state[0] = bits
    return (bits * np.uint64(2685821657736338717)) >> np.uint64(32)


@kernel
def _clipped(step: np.float32) -> np.float32:
    return min(max(step, -LARGEST_STEP), LARGEST_STEP)


@kernel
def _squared(points: np.ndarray, one: int, other: int) -> np.float32:
    total = np.float32(0.0)
    for axis in range(points.shape[1]):
        gap = points[one, axis] - points[other, axis]
        total += gap * gap
    return total


@kernel
def _pull(points: np.ndarray, head: int, tail: int, curve: Curve, rate: np.float32) -> None:
    """Move both ends of an edge towards each other."""
    squared = _squared(points, head, tail)
    if squared == 0:
        return
    power = squared**curve.b
    strength = -TWO * curve.a * curve.b * power / (squared * (curve.a * power + ONE))
    for axis in range(points.shape[1]):
        step = rate * _clipped(strength * (points[head, axis] - points[tail, axis]))
        points[head, axis] += step
        points[tail, axis] -= step


@kernel
def _push(
    points: np.ndarray, head: int, curve: Curve, rate: np.float32, state: np.ndarray, away: np.ndarray
) -> None:
    """Move a point away from a few others drawn at random.

    All pushes are measured before any is carried out, so that the processor works on them side by side.
    """
    for axis in range(points.shape[1]):
        away[axis] = np.float32(0.0)
    for _ in range(PUSHES):
        other = np.int64((_draw(state) * np.uint64(points.shape[0])) >> np.uint64(32))
        squared = _squared(points, head, other)
        strength = TWO * curve.b / ((LITTLE + squared) * (curve.a * squared**curve.b + ONE))
        for axis in range(points.shape[1]):
            away[axis] += _clipped(strength * (points[head, axis] - points[other, axis]))
    for axis in range(points.shape[1]):
        points[head, axis] += rate * away[axis]


@kernel
def run_pass(
    points: np.ndarray, edges: Edges, number: int, rate: np.float32, curve: Curve, state: np.ndarray
) -> None:
    """Move ``points``, float32 ``(n, d)``, along the edges that are due in pass ``number``.

    McInnes et al. (2018), algorithm 5. ``state``, uint64 ``(1,)``, is that of the random numbers.
    """
    away = np.zeros(points.shape[1], np.float32)
    for edge in range(len(edges.heads)):
        if edges.due[edge] <= number:
            edges.due[edge] += edges.every[edge]
            _pull(points, edges.heads[edge], edges.tails[edge], curve, rate)
            _push(points, edges.heads[edge], curve, rate, state, away)
