"""How a map is drawn, with limits, and defaults that fit the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from msgspec import Meta

from recsys_core.rng import MAX_SEED
from recsys_core.settings import Settings

if TYPE_CHECKING:
    from recsys_core.artist_map.vectors import ItemVectors

Method = Literal["umap", "umap-learn", "pca"]
Metric = Literal["cosine", "euclidean"]

ENOUGH_ARTISTS, USUAL_LISTENERS = 50, 5
FEW_ARTISTS, EPOCHS_FOR_FEW, EPOCHS_FOR_MANY = 10_000, 300, 200


class MapSettings(Settings, frozen=True, kw_only=True):
    """What decides about a map; the same settings of the same run give the same bits.

    Parameters
    ----------
    method
        How the picture is drawn: UMAP in our own compiled code, UMAP as ``umap-learn`` lays it out, or the
        first two principal components. Groups are found in the same way under all three.
    min_listeners
        Artists with fewer listeners are left out.
    neighbours
        How many artists make a neighbourhood, the artist itself counted (umap-learn's ``n_neighbors``).
    min_distance
        How close points may come to each other in the picture; 0 packs groups tightly.
    metric
        Distance of two embeddings of length one: 1 - cosine, or the straight line between them.
    min_cluster_size
        A group has at least so many artists.
    epochs
        Passes of the layout.
    """

    method: Method = "umap"
    min_listeners: Annotated[int, Meta(ge=1, le=100_000)] = USUAL_LISTENERS
    neighbours: Annotated[int, Meta(ge=3, le=200)] = 15
    min_distance: Annotated[float, Meta(ge=0, le=0.99)] = 0.1
    metric: Metric = "cosine"
    min_cluster_size: Annotated[int, Meta(ge=2, le=2000)] = 15
    epochs: Annotated[int, Meta(ge=10, le=2000)] = EPOCHS_FOR_FEW
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] = 42


def default_settings(vectors: ItemVectors, **changes: object) -> MapSettings:
    """Return settings that fit the number of artists, with ``changes`` put in.

    At least 5 listeners, fewer where that would leave less than 50 artists; groups of 0.3 times the square
    root of the number of artists, 5 at least; 300 passes, 200 from 10,000 artists on.

    Raises
    ------
    SettingsError
        If a change is unknown or out of range.
    """
    base = MapSettings().replace(**changes)
    least = base.min_listeners if "min_listeners" in changes else _least_listeners(vectors)
    n = len(vectors.chosen(least))
    fitting = {
        "min_listeners": least,
        "min_cluster_size": max(5, round(0.3 * np.sqrt(n))),
        "epochs": EPOCHS_FOR_FEW if n <= FEW_ARTISTS else EPOCHS_FOR_MANY,
    }
    return base.replace(**{**fitting, **changes})


def _least_listeners(vectors: ItemVectors) -> int:
    wanted = range(USUAL_LISTENERS, 1, -1)
    return next((least for least in wanted if len(vectors.chosen(least)) >= ENOUGH_ARTISTS), 1)
