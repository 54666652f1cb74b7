"""What a model takes a listener's history for: ones, logarithms of the weights, or the weights themselves.

Hu, Koren & Volinsky (2008), "Collaborative filtering for implicit feedback datasets": confidence grows with
``log(1 + r / epsilon)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from scipy import sparse

    from recsys_core.datasets import Dataset

Values = Literal["binary", "log", "weight"]


def profiles_of(data: Dataset, values: Values = "binary") -> sparse.csr_matrix:
    """Return the pairs of ``data`` as float32 CSR ``(n_users, n_items)``, every value above 0.

    ``log`` and ``weight`` are those of :func:`scaled`.
    """
    matrix = data.interactions.to_csr(binary=values == "binary")
    if values != "binary" and matrix.nnz:
        matrix.data = scaled(matrix.data, log=values == "log")
    return matrix


def scaled(weights: np.ndarray, *, log: bool) -> np.ndarray:
    """Return weights, or ``log(1 + w / smallest)`` of them, divided by their mean, float32, all above 0.

    So play counts and any multiple of them give the same. Pairs without a weight count as the smallest.
    """
    weights = weights.astype(np.float64)
    positive = weights[weights > 0]
    smallest = positive.min() if len(positive) else 1.0
    weights = np.maximum(weights, smallest)
    if log:
        weights = np.log1p(weights / smallest)
    return (weights / weights.mean()).astype(np.float32)
