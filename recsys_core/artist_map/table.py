"""The artists of a map as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recsys_core.columns import Columns

if TYPE_CHECKING:
    import numpy as np

    from recsys_core.artist_map.vectors import ItemVectors


def artist_table(
    vectors: ItemVectors, item_idx: np.ndarray, points: np.ndarray, labels: np.ndarray, strengths: np.ndarray
) -> pd.DataFrame:
    """Return the columns that :class:`recsys_core.artist_map.ArtistMap` lists, a row per item."""
    return pd.DataFrame(
        {
            "item_idx": item_idx,
            Columns.ITEM_ID: vectors.dataset.items.to_id(item_idx),
            Columns.NAME: vectors.dataset.names[item_idx].astype(str),
            "x": points[:, 0],
            "y": points[:, 1],
            "cluster": labels,
            "strength": strengths,
            "listeners": vectors.listeners[item_idx],
        }
    )
