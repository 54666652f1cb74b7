"""Principal components: the view that is there at once, and the start of every UMAP layout."""

from __future__ import annotations

import numpy as np

from recsys_core.ranking import single_blas_thread


def principal_components(vectors: np.ndarray, n: int = 2) -> np.ndarray:
    """Return the first ``n`` principal components of some rows, float32, shape ``(len(vectors), n)``.

    The same vectors give the same bits: no randomised solver, and each axis points so that its largest
    loading is positive. Axes beyond the number of columns are 0.
    """
    with single_blas_thread():
        centred = vectors - vectors.mean(axis=0, dtype=np.float64)
        _, directions = np.linalg.eigh(centred.T @ centred)
        first = directions[:, ::-1][:, :n]
        largest = np.abs(first).argmax(axis=0)
        first = first * np.sign(first[largest, np.arange(first.shape[1])])
        found = centred @ first
    points = np.zeros((len(vectors), n), np.float32)
    points[:, : found.shape[1]] = found
    return points
