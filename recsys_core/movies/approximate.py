"""Approximate nearest neighbours on dense vectors: a third way beside exact words and fewer dimensions."""

from __future__ import annotations

import numpy as np
from usearch.index import Index

EXPANSION = 100
"""How many candidates a search keeps in view: more find more and take longer."""


class ApproximateIndex:
    """A graph over unit vectors (HNSW, Malkov & Yashunin 2018), from ``usearch``; one thread.

    Parameters
    ----------
    rows
        float32 ``(n, d)`` of length one, or zero; a zero row is never found.
    """

    def __init__(self, rows: np.ndarray) -> None:
        self._rows = rows
        self._index = Index(ndim=rows.shape[1], metric="ip", dtype="f32", expansion_search=EXPANSION)
        keys = np.flatnonzero(rows.any(axis=1))
        self._index.add(keys, rows[keys], threads=1)

    def nearest(self, row: int, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return up to ``k`` other rows, probably the nearest, nearest first, and their cosines above 0."""
        if not len(self._index) or not self._rows[row].any():
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        found = self._index.search(self._rows[row], k + 1, threads=1)
        rows, cosines = found.keys.astype(np.int32), 1 - found.distances.astype(np.float32)
        kept = (rows != row) & (cosines > 0)
        return rows[kept][:k], cosines[kept][:k]
