"""How listening and recommending spread over the catalogue."""

from __future__ import annotations

import numpy as np


def gini(counts: np.ndarray) -> float:
    """Return the Gini coefficient of ``counts`` over all items, zeros included: 0 equal, 1 one has all.

    ``G = sum((2 i - n - 1) x_i) / (n sum(x))`` with x sorted ascending and i from 1 (Gini, 1912).
    """
    ascending = np.sort(np.asarray(counts, np.float64))
    n, total = len(ascending), ascending.sum()
    if not total:
        return 0.0
    position = np.arange(1, n + 1)
    return float(((2 * position - n - 1) * ascending).sum() / (n * total))


def lorenz(counts: np.ndarray, points: int = 201) -> tuple[np.ndarray, np.ndarray]:
    """Return ``(share of items, share of counts)``, both from 0 to 1, the least popular items first."""
    ascending = np.sort(np.asarray(counts, np.float64))
    cumulative = np.concatenate([[0.0], np.cumsum(ascending)])
    at = np.linspace(0, len(ascending), points)
    total = cumulative[-1] or 1.0
    return at / max(1, len(ascending)), np.interp(at, np.arange(len(cumulative)), cumulative) / total


def share_of_top(counts: np.ndarray, top: float = 0.01) -> float:
    """Return the share of all counts that goes to the ``top`` share of items (at least one item)."""
    descending = np.sort(np.asarray(counts, np.float64))[::-1]
    n_top = max(1, round(top * len(descending)))
    return float(descending[:n_top].sum() / (descending.sum() or 1.0))


def items_for_share(counts: np.ndarray, share: float = 0.8) -> float:
    """Return the smallest share of items, 0 to 1, that together receive ``share`` of all counts."""
    descending = np.sort(np.asarray(counts, np.float64))[::-1]
    total = descending.sum()
    if not total:
        return 0.0
    needed = int(np.searchsorted(np.cumsum(descending), share * total * (1 - 1e-12))) + 1
    return min(needed, len(descending)) / len(descending)


def coverage(counts: np.ndarray) -> float:
    """Return the share of items with a count above 0."""
    counts = np.asarray(counts)
    return float((counts > 0).mean()) if len(counts) else 0.0
