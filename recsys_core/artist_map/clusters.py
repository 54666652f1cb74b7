"""Groups of artists that lie densely together: the only importer of hdbscan.

Campello, Moulavi & Sander (2013), "Density-based clustering based on hierarchical density estimates".
"""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np

NO_CLUSTER = -1
MIN_SAMPLES = 5
LARGEST_SHARE = 0.4  # of the artists: a group of nearly everybody would say nothing
TYPICAL = 5


class Clusters(NamedTuple):
    """The group of each point, int32, 0 the largest and -1 none, and how firmly it belongs, 0 to 1."""

    labels: np.ndarray
    strengths: np.ndarray

    @property
    def n(self) -> int:
        """Number of groups."""
        return int(self.labels.max(initial=NO_CLUSTER)) + 1


def find_clusters(points: np.ndarray, min_cluster_size: int) -> Clusters:
    """Return the dense groups among ``points``, shape ``(n, d)``; many points may belong to none.

    No group holds more than two fifths of all points, unless the smallest allowed one does. The same points
    give the same groups.
    """
    hdbscan = _hdbscan()
    n = len(points)
    found = hdbscan.HDBSCAN(
        min_cluster_size=min(min_cluster_size, n // 2),
        min_samples=min(MIN_SAMPLES, n - 1),
        max_cluster_size=max(int(LARGEST_SHARE * n), min_cluster_size),
        core_dist_n_jobs=1,
    ).fit(points.astype(np.float64))
    return Clusters(_by_size(found.labels_), found.probabilities_.astype(np.float32))


def density_validity(points: np.ndarray, labels: np.ndarray) -> float | None:
    """Return the density-based validity of groups, -1 to 1; None where there are not two groups.

    DBCV of Moulavi et al. (2014) proper, as ``hdbscan.validity`` computes it in the space of ``points``;
    points without a group lower it by their share.
    """
    if len(np.unique(labels[labels != NO_CLUSTER])) < 2:
        return None
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        value = float(
            _hdbscan().validity.validity_index(points.astype(np.float64), labels, d=points.shape[1])
        )
    return value if np.isfinite(value) else None


def typical_members(
    vectors: np.ndarray, labels: np.ndarray, listeners: np.ndarray, n: int = TYPICAL
) -> list[np.ndarray]:
    """Return for each group the positions of up to ``n`` members nearest to its middle, the nearest first.

    Only the half with more listeners is asked, so that the names mean something. Among vectors of length one,
    whoever is nearest to the mean vector has the highest mean cosine to all members: the medoid.
    """
    typical = []
    for group in range(int(labels.max(initial=NO_CLUSTER)) + 1):
        members = np.flatnonzero(labels == group)
        known = members[listeners[members] >= np.median(listeners[members])]
        closeness = vectors[known] @ vectors[members].mean(axis=0, dtype=np.float64)
        typical.append(known[np.argsort(-closeness, kind="stable")[:n]])
    return typical


def medoids(points: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return for each group the position of the member nearest to its median in the picture, int64."""
    found = []
    for group in range(int(labels.max(initial=NO_CLUSTER)) + 1):
        members = np.flatnonzero(labels == group)
        gaps = points[members] - np.median(points[members], axis=0)
        found.append(members[np.argmin((gaps**2).sum(axis=1))])
    return np.array(found, np.int64)


def _by_size(labels: np.ndarray) -> np.ndarray:
    """Number groups by falling size, equal sizes in the order they came."""
    sizes = np.bincount(labels[labels >= 0]) if (labels >= 0).any() else np.zeros(0, np.int64)
    order = np.argsort(-sizes, kind="stable")
    place = np.empty(len(order) + 1, np.int32)
    place[order], place[-1] = np.arange(len(order)), NO_CLUSTER
    return place[labels]


def _hdbscan() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import hdbscan  # noqa: PLC0415
        import hdbscan.validity  # noqa: PLC0415
    return hdbscan
