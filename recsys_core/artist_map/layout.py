"""UMAP's layout of a graph, in compiled code of our own that is kept on disk: no wait for a compiler."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import curve_fit

from recsys_core.artist_map.layout_kernel import Curve, Edges, run_pass

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy import sparse

SIZE = 10.0  # of the square in which the layout starts
JITTER = 1e-4


def lay_out(
    graph: sparse.csr_matrix,
    start: np.ndarray,
    *,
    epochs: int,
    min_distance: float,
    seed: int,
    on_epoch: Callable[[int], None] = lambda _done: None,
) -> np.ndarray:
    """Return points that keep neighbours of ``graph`` together, float32, the shape of ``start``.

    Parameters
    ----------
    graph
        From :func:`recsys_core.artist_map.fuzzy_graph.fuzzy_graph`.
    start
        First positions, such as principal components, shape ``(n, d)``.
    epochs
        Passes over the edges; the strongest edge is used in each.
    on_epoch
        Called after every pass with the number done; what it raises ends the layout.

    The same arguments give the same bits.
    """
    rng = np.random.default_rng(seed)
    points, edges, curve = _started(start, rng), _edges(graph, epochs), fitted_curve(min_distance)
    state = rng.integers(1, 2**63, 1).astype(np.uint64)
    for number in range(epochs):
        run_pass(points, edges, number, np.float32(1 - number / epochs), curve, state)
        on_epoch(number + 1)
    return points


@lru_cache(maxsize=32)
def fitted_curve(min_distance: float, spread: float = 1.0) -> Curve:
    """Return the curve that is nearly 1 up to ``min_distance`` and then decays.

    Least squares as umap-learn's ``find_ab_params``.
    """
    distance = np.linspace(0, 3 * spread, 300)
    wanted = np.where(distance < min_distance, 1.0, np.exp(-(distance - min_distance) / spread))
    (a, b), _ = curve_fit(lambda x, a, b: 1 / (1 + a * x ** (2 * b)), distance, wanted)
    return Curve(np.float32(a), np.float32(b))


def _started(start: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return ``start`` from 0 to ``SIZE`` on each axis, with a touch of noise so that no points coincide."""
    largest = float(np.abs(start).max(initial=0.0)) or 1.0
    points = start / largest * SIZE + rng.normal(0.0, JITTER, start.shape)
    low, high = points.min(axis=0), points.max(axis=0)
    return np.ascontiguousarray(SIZE * (points - low) / np.maximum(high - low, 1e-12), np.float32)


def _edges(graph: sparse.csr_matrix, epochs: int) -> Edges:
    """Return the edges that are strong enough to be used at all; the strongest is used in every pass."""
    edges = graph.tocoo()
    strongest = edges.data.max()
    used = edges.data >= strongest / epochs
    every = (strongest / edges.data[used]).astype(np.float64)
    return Edges(edges.row[used].astype(np.int32), edges.col[used].astype(np.int32), every, every.copy())
