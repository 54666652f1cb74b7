"""Clusters in words: sizes, distinctive tags, typical artists, and a name that no other cluster has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recsys_core.artist_map.artist_map import Cluster
from recsys_core.artist_map.clusters import medoids, typical_members
from recsys_core.artist_map.distinctive import distinctive_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.artist_map.tags import ArtistTags


def described(
    labels: np.ndarray,
    points: np.ndarray,
    vectors: np.ndarray,
    item_idx: np.ndarray,
    names: np.ndarray,
    listeners: np.ndarray,
    tags: ArtistTags | None,
) -> tuple[Cluster, ...]:
    """Return the clusters of ``labels``, the largest first.

    All arrays have one row per artist: places in the picture, vectors of length one, items, names, listeners.
    """
    typical = typical_members(vectors, labels, listeners)
    words: list[tuple[str, ...]] = [()] * len(typical)
    if tags is not None:
        words = distinctive_words(tags.counts, labels, tags.names)
    artists = [tuple(str(names[one]) for one in members) for members in typical]
    titles = unique_names([said or who for said, who in zip(words, artists, strict=True)])
    sizes = np.bincount(labels[labels >= 0], minlength=len(typical))
    middles = medoids(points, labels)
    return tuple(
        Cluster(
            label=label,
            size=int(sizes[label]),
            name=titles[label],
            words=words[label],
            artists=artists[label],
            item_idx=tuple(item_idx[typical[label]].tolist()),
            medoid=int(item_idx[middles[label]]),
        )
        for label in range(len(typical))
    )


def unique_names(words: Sequence[tuple[str, ...]]) -> list[str]:
    """Return for each list of words as many of its first ones as set it apart from all names before it.

    Examples
    --------
    >>> unique_names([("pop", "dance"), ("pop", "80s"), ("pop",), ()])
    ['pop', 'pop, 80s', 'pop (3)', '4']
    """
    taken: set[str] = set()
    names = []
    for number, one in enumerate(words, start=1):
        choices = [", ".join(one[:length]) for length in range(1, len(one) + 1)]
        last = f"{choices[0]} ({number})" if choices else str(number)
        name = next((choice for choice in choices if choice not in taken), last)
        taken.add(name)
        names.append(name)
    return names
