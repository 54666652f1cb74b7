"""Who is close to whom, as UMAP sees it: a weighted graph of nearest neighbours.

McInnes, Healy & Melville (2018), "UMAP: Uniform Manifold Approximation and Projection", sections 3.1 and 4;
the values are those of umap-learn's ``fuzzy_simplicial_set`` with its defaults.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

SEARCH_STEPS = 64
TOLERANCE = 1e-5
LEAST_WIDTH = 1e-3  # of the mean distance: keeps copies of one artist from getting a width of nothing


def fuzzy_graph(item_idx: np.ndarray, distances: np.ndarray) -> sparse.csr_matrix:
    """Return the symmetric graph of memberships, float32 CSR ``(n, n)``, values above 0 up to 1.

    Parameters
    ----------
    item_idx
        The nearest neighbours of each row, the row itself left out, int, shape ``(n, k)``, nearest first.
    distances
        Their distances, not negative, shape ``(n, k)``.
    """
    n, k = item_idx.shape
    nearest = _nearest_above_zero(distances)
    widths = _widths(distances, nearest, np.log2(k + 1))
    gaps = np.maximum(distances - nearest[:, None], 0.0)
    strengths = np.exp(-gaps / widths[:, None]).astype(np.float32)
    rows = np.repeat(np.arange(n), k)
    directed = sparse.csr_matrix((strengths.ravel(), (rows, item_idx.ravel())), shape=(n, n))
    both = directed.multiply(directed.T)
    graph = (directed + directed.T - both).tocsr()
    graph.eliminate_zeros()
    graph.sort_indices()
    return graph


def _nearest_above_zero(distances: np.ndarray) -> np.ndarray:
    """Return each row's smallest distance above 0; 0 where there is none."""
    above = np.where(distances > 0, distances, np.inf).min(axis=1)
    return np.where(np.isfinite(above), above, 0.0)


def _widths(distances: np.ndarray, nearest: np.ndarray, target: float) -> np.ndarray:
    """Return the width for which each row's memberships sum to ``target``: bisection of all rows at once."""
    n = len(distances)
    gaps = np.maximum(distances.astype(np.float64) - nearest[:, None], 0.0)
    low, high, width = np.zeros(n), np.full(n, np.inf), np.ones(n)
    for _ in range(SEARCH_STEPS):
        sums = np.exp(-gaps / width[:, None]).sum(axis=1)
        if (np.abs(sums - target) < TOLERANCE).all():
            break
        open_ = np.abs(sums - target) >= TOLERANCE
        wide = open_ & (sums > target)
        narrow = open_ & ~wide
        high[wide], low[narrow] = width[wide], width[narrow]
        middle = np.where(np.isfinite(high), (low + high) / 2, width * 2)
        width = np.where(open_, middle, width)
    # umap-learn counts the row itself, at distance 0, into these means
    means = distances.sum(axis=1) / (distances.shape[1] + 1)
    floor = np.where(nearest > 0, means, means.mean())
    return np.maximum(width, LEAST_WIDTH * floor)
