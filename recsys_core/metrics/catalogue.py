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


def average_popularity(list_idx: np.ndarray, item_idx: np.ndarray, listeners: np.ndarray) -> float:
    """Return the mean over lists of the mean ``listeners`` of a list's items (Yin et al., PVLDB 5, 2012).

    Parameters
    ----------
    list_idx, item_idx
        Which list holds which item, parallel, int; each list counts the same however long it is.
    listeners
        How many users have each item, shape ``(n_items,)``.
    """
    return _mean_of_list_means(list_idx, np.asarray(listeners, np.float64)[item_idx])


def novelty(list_idx: np.ndarray, item_idx: np.ndarray, listeners: np.ndarray, n_users: int) -> float:
    """Return the mean over lists of the mean ``-log2(listeners / n_users)`` of a list's items, in bits.

    The mean self-information of Zhou et al. (PNAS 107, 2010): n bits are what one user in ``2 ** n`` has.
    An item without listeners counts as if it had one. Parameters as in :func:`average_popularity`.
    """
    known = np.maximum(np.asarray(listeners, np.float64), 1) / max(1, n_users)
    return _mean_of_list_means(list_idx, -np.log2(known)[item_idx])


def _mean_of_list_means(list_idx: np.ndarray, values: np.ndarray) -> float:
    sizes = np.bincount(list_idx)
    sums = np.bincount(list_idx, weights=values)
    return float((sums[sizes > 0] / sizes[sizes > 0]).mean()) if len(values) else 0.0
