"""A map: where each artist lies, which group it belongs to, and how far to believe it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from recsys_core.artist_map.settings import MapSettings
from recsys_core.artist_map.vectors import ArtistFacts

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

ITEM_IDX, X, Y, CLUSTER, STRENGTH, LISTENERS = "item_idx", "x", "y", "cluster", "strength", "listeners"


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """A group of artists.

    Parameters
    ----------
    label
        Its number in the column ``cluster``, 0 for the largest.
    name
        For people, different from all other names: its most distinctive tags, or its most typical artists.
    words
        Its most distinctive tags, best first; empty where the data have no tags.
    artists, item_idx
        Names and items of its most typical artists, best first.
    medoid
        The item nearest to its middle in the picture, where its name is written.
    """

    label: int
    size: int
    name: str
    words: tuple[str, ...]
    artists: tuple[str, ...]
    item_idx: tuple[int, ...]
    medoid: int


class MapQuality(msgspec.Struct, frozen=True, kw_only=True):
    """How far to believe a map.

    Parameters
    ----------
    trustworthiness
        1 if the ``trust_neighbours`` nearest in the picture are the nearest by cosine; about 0.5 by chance.
    unclustered
        Share of artists in no group.
    density_validity
        DBCV of the groups in the space they were found in, -1 to 1; None with fewer than two groups.
    tag_agreement
        Adjusted mutual information of groups and main tags, over the ``n_tagged`` artists that have both:
        1 if one says the other, 0 as by chance; None where there are no tags.
    seed_agreement
        Adjusted Rand index of these groups with those of each of ``other_seeds``, artists without a group
        counted as one more group: 1 if the same, 0 as by chance.
    """

    trustworthiness: float
    trust_neighbours: int
    n_clusters: int
    unclustered: float
    density_validity: float | None
    tag_agreement: float | None
    n_tagged: int
    seed_agreement: tuple[float, ...]
    other_seeds: tuple[int, ...]


class MapCard(msgspec.Struct, frozen=True, kw_only=True):
    """All that is said of a map without its points. ``seconds`` are those of each step."""

    run_id: str
    model: str
    created: str
    settings: MapSettings
    facts: ArtistFacts
    quality: MapQuality
    clusters: tuple[Cluster, ...]
    seconds: dict[str, float]
    versions: dict[str, str]


@dataclass(frozen=True, eq=False)
class ArtistMap:
    """A card, and a row per artist, ``item_idx`` ascending.

    Columns of ``artists``: ``item_idx`` (int32), ``item_id``, ``name``, ``x``, ``y`` (float32, no unit),
    ``cluster`` (int32, -1 for none), ``strength`` (float32, how firmly it belongs, 0 to 1), ``listeners``
    (int64, in the whole data set).
    """

    card: MapCard
    artists: pd.DataFrame

    @property
    def points(self) -> np.ndarray:
        """The places, float32, shape ``(n, 2)``."""
        return self.artists[[X, Y]].to_numpy()

    def name_of(self, label: int) -> str:
        """Return the name of a cluster; empty for -1."""
        return self.card.clusters[label].name if label >= 0 else ""
