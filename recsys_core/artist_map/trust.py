"""Whether neighbours in the picture are neighbours in truth.

Venna & Kaski (2001), "Neighborhood preservation in nonlinear projection methods"; the value is that of
scikit-learn's ``trustworthiness``, for all points, without a matrix of all distances.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from recsys_core.ranking import Factors, held_out_ranks

NEIGHBOURS = 15


def trustworthiness(
    vectors: np.ndarray, points: np.ndarray, k: int = NEIGHBOURS, *, threads: int = 1
) -> float:
    """Return 1 if the ``k`` nearest in the picture are the ``k`` nearest by cosine, 0 at worst.

    A random picture has about 0.5. ``k`` shrinks to less than half the number of points.

    Parameters
    ----------
    vectors
        float32 rows of length one, shape ``(n, d)``.
    points
        Their places in the picture, shape ``(n, 2)``.

    Exact: the rank of each neighbour is counted among all artists, in blocks; equal cosines count half.
    """
    n = len(points)
    k = fitting(n, k)
    seen = _neighbours_in_the_picture(points, k)
    nothing = np.zeros(n, np.float32)
    itself = sparse.identity(n, dtype=np.float32, format="csr")
    factors = Factors(vectors, vectors, nothing, nothing)
    ranks = held_out_ranks(factors, seen, itself, threads=threads, ties="half").ranks
    intruders = np.maximum(ranks + 1 - k, 0).sum()
    return float(1 - intruders * 2 / (n * k * (2 * n - 3 * k - 1)))


def fitting(n: int, k: int = NEIGHBOURS) -> int:
    """Return ``k``, or less where it is not less than half of ``n`` points."""
    return max(1, min(k, (n - 1) // 2))


def _neighbours_in_the_picture(points: np.ndarray, k: int) -> sparse.csr_matrix:
    """Return ones at the ``k`` nearest other points of each point."""
    n = len(points)
    _, found = cKDTree(points).query(points, k=k + 1)
    other = found != np.arange(n)[:, None]
    # among copies of a point, itself need not be found at all: then the farthest gives way
    other[other.all(axis=1), -1] = False
    rows = np.repeat(np.arange(n), k)
    return sparse.csr_matrix((np.ones(n * k, np.float32), (rows, found[other])), shape=(n, n))
