"""What can be shown before a map is made: the same artists by their first two principal components."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recsys_core.artist_map.clusters import NO_CLUSTER
from recsys_core.artist_map.principal import principal_components
from recsys_core.artist_map.table import artist_table

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.artist_map.vectors import ItemVectors


def first_view(vectors: ItemVectors, min_listeners: int) -> pd.DataFrame:
    """Return the artists of a map (columns of :class:`ArtistMap`) without groups, in a fraction of a second.

    Raises
    ------
    DataError
        If fewer than ten artists are left.
    """
    item_idx = vectors.checked(min_listeners)
    points = principal_components(vectors.unit(item_idx), 2)
    nowhere = np.full(len(item_idx), NO_CLUSTER, np.int32)
    return artist_table(vectors, item_idx, points, nowhere, np.zeros(len(item_idx), np.float32))
