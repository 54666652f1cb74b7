"""The nearest artists by their vectors, exactly: no approximate index, so no luck in the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_core.ranking import similar_items

if TYPE_CHECKING:
    from recsys_core.artist_map.settings import Metric


class Neighbourhood(NamedTuple):
    """Positions of the nearest rows, int32, and their distances, float32, both ``(n, k)``, nearest first."""

    positions: np.ndarray
    distances: np.ndarray


def nearest(vectors: np.ndarray, k: int, metric: Metric = "cosine", *, threads: int = 1) -> Neighbourhood:
    """Return the ``k`` nearest other rows of every row, fewer if there are not so many.

    Parameters
    ----------
    vectors
        float32 rows of length one, shape ``(n, d)``.
    metric
        ``cosine`` gives 1 - cosine, ``euclidean`` the straight line, which orders rows alike.

    Only a block of scores is in memory at a time.
    """
    n = len(vectors)
    positions, cosines = similar_items(vectors, np.arange(n), min(k, n - 1), threads=threads)
    apart = np.maximum(1 - cosines, 0)
    return Neighbourhood(positions, np.sqrt(2 * apart) if metric == "euclidean" else apart)
