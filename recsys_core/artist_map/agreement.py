"""Whether two ways to sort the same artists say the same."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score


def seed_agreement(labels: np.ndarray, others: list[np.ndarray]) -> tuple[float, ...]:
    """Return the adjusted Rand index of ``labels`` with each of ``others`` (Hubert & Arabie, 1985).

    Artists without a cluster (-1) are counted as one more cluster.
    """
    return tuple(float(adjusted_rand_score(labels, other)) for other in others)


def tag_agreement(labels: np.ndarray, main_tags: np.ndarray) -> tuple[float | None, int]:
    """Return the adjusted mutual information of clusters and main tags, and over how many artists.

    Only artists that have both count (-1 is neither). None if those have a single cluster or a single tag.
    Vinh, Epps & Bailey (2010).
    """
    both = (labels >= 0) & (main_tags >= 0)
    n = int(both.sum())
    if any(len(np.unique(one[both])) < 2 for one in (labels, main_tags)):
        return None, n
    return float(adjusted_mutual_info_score(main_tags[both], labels[both])), n
