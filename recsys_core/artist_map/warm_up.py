"""Have everything a map needs loaded and compiled before anybody waits for it."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from recsys_core.artist_map.clusters import density_validity, find_clusters
from recsys_core.artist_map.layout import lay_out


def warm_up() -> None:
    """Compile the layout, or load it from the cache on disk, and import hdbscan, by mapping a few points."""
    triangle = sparse.csr_matrix(np.ones((3, 3), np.float32) - np.eye(3, dtype=np.float32))
    lay_out(triangle, np.eye(3, 2), epochs=1, min_distance=0.1, seed=0)
    points = np.random.default_rng(0).normal(size=(60, 2)) + np.repeat([[0], [20], [40]], 20, axis=0)
    density_validity(points, find_clusters(points, 5).labels)
