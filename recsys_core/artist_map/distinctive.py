"""The words that set a group apart: class-based TF-IDF.

Grootendorst (2022), "BERTopic: Neural topic modeling with a class-based TF-IDF procedure", equation 2, with
tag assignments in the place of words and groups of artists in the place of topics.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse


def distinctive_weights(counts: sparse.csr_matrix, labels: np.ndarray) -> np.ndarray:
    """Return the weight of each word in each group, float64, shape ``(n_groups, n_words)``.

    Parameters
    ----------
    counts
        How often each row has each word, shape ``(n, n_words)``.
    labels
        The group of each row, -1 for none; such rows do not count.

    ``W = tf * log(1 + A / f)``: ``tf`` is the share of a word among the words of the group, ``f`` its number
    over all groups, ``A`` the mean number of words of a group.
    """
    n_groups = int(labels.max(initial=-1)) + 1
    rows = np.flatnonzero(labels >= 0)
    ones = np.ones(len(rows))
    member = sparse.csr_matrix((ones, (labels[rows], rows)), shape=(n_groups, len(labels)))
    totals = np.asarray((member @ counts.astype(np.float64)).todense())
    sizes = totals.sum(axis=1, keepdims=True)
    everywhere = totals.sum(axis=0)
    shares = totals / np.maximum(sizes, 1)
    mean_size = sizes.mean() if n_groups else 0.0
    return shares * np.log1p(mean_size / np.maximum(everywhere, 1))


def distinctive_words(
    counts: sparse.csr_matrix, labels: np.ndarray, names: tuple[str, ...], n: int = 5
) -> list[tuple[str, ...]]:
    """Return up to ``n`` words of each group, the most distinctive first; none for a group without words."""
    weights = distinctive_weights(counts, labels)
    best = np.argsort(-weights, axis=1, kind="stable")[:, :n]
    return [tuple(names[word] for word in row if weights[group, word] > 0) for group, row in enumerate(best)]
