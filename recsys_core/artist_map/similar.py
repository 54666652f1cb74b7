"""The artists nearest to one artist, for lists beside the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.columns import Columns
from recsys_core.errors import DataError, SettingsError

if TYPE_CHECKING:
    from recsys_core.artist_map.vectors import ItemVectors

COSINE, LISTENERS = "cosine", "listeners"


def similar_artists(
    vectors: ItemVectors, item_idx: int, k: int = 10, *, among: np.ndarray | None = None
) -> pd.DataFrame:
    """Return ``rank, item_idx, item_id, name, cosine, listeners`` of the nearest artists, rank 1 first.

    Parameters
    ----------
    item_idx
        The artist asked about; it need not be on a map itself.
    among
        The items to choose from, such as those of a map; all with a learned vector if None.

    Raises
    ------
    DataError
        If there is no such item, or the model saw nobody listen to it: its vector is chance.
    SettingsError
        If ``k`` is below 1.
    """
    if k < 1:
        raise SettingsError(f"k: expected a whole number of at least 1, not {k!r}.")
    _check(vectors, item_idx)
    others = vectors.chosen(1) if among is None else np.asarray(among, np.int32)
    others = others[others != item_idx]
    cosines = vectors.unit(others) @ vectors.unit(np.array([item_idx]))[0]
    best = np.argsort(-cosines, kind="stable")[:k]
    found = others[best]
    return pd.DataFrame(
        {
            Columns.RANK: np.arange(1, len(found) + 1),
            "item_idx": found,
            Columns.ITEM_ID: vectors.dataset.items.to_id(found),
            Columns.NAME: vectors.dataset.names[found].astype(str),
            COSINE: cosines[best],
            LISTENERS: vectors.listeners[found],
        }
    )


def _check(vectors: ItemVectors, item_idx: int) -> None:
    if not 0 <= item_idx < len(vectors.listeners):
        raise DataError(f"An item index lies outside 0 to {len(vectors.listeners) - 1}.")
    if not vectors.usable[item_idx]:
        raise DataError(
            f"{vectors.dataset.names[item_idx]}: the model saw nobody listen to this artist, "
            "so it cannot say who is similar.",
            fix="Choose an artist with more listeners.",
        )
