"""Some artists of a map as a table to read and take away, and what they have in common."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.artist_map.artist_map import CLUSTER, ITEM_IDX, LISTENERS
from recsys_core.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from recsys_core.artist_map.tags import ArtistTags

GROUP, TAGS = "group", "tags"
TAGS_SHOWN = 3


def selected_artists(
    artists: pd.DataFrame, item_idx: Collection[int], groups: Mapping[int, str], tags: ArtistTags | None
) -> pd.DataFrame:
    """Return ``item_idx, item_id, name, group, tags, listeners, x, y`` of some artists, the most heard first.

    Parameters
    ----------
    artists
        Those of a map; ``item_idx`` that are not among them are left out.
    groups
        Names by label; without one, the group is empty.
    tags
        Of ``artists``, row by row. An artist's three most given are joined by commas.
    """
    rows = np.flatnonzero(artists[ITEM_IDX].isin(list(item_idx)).to_numpy())
    rows = rows[np.argsort(-artists[LISTENERS].to_numpy()[rows], kind="stable")]
    table = artists.iloc[rows][[ITEM_IDX, Columns.ITEM_ID, Columns.NAME, LISTENERS, "x", "y"]]
    labels = artists[CLUSTER].to_numpy()[rows]
    table.insert(3, GROUP, [groups.get(int(label), "") for label in labels])
    table.insert(4, TAGS, [""] * len(rows) if tags is None else _words(tags, rows))
    return table.reset_index(drop=True)


def _words(tags: ArtistTags, rows: np.ndarray) -> list[str]:
    """Return the first tags of some artists as :meth:`ArtistTags.of` has them, all in one sort."""
    cells = tags.counts[rows].tocoo()
    totals = np.asarray(tags.counts.sum(axis=0)).ravel()
    order = np.lexsort((-totals[cells.col], -cells.data, cells.row))
    ends = np.searchsorted(cells.row[order], np.arange(len(rows) + 1))
    best = cells.col[order]
    return [
        ", ".join(tags.names[tag] for tag in best[start : min(start + TAGS_SHOWN, end)])
        for start, end in pairwise(ends)
    ]


def shared_tags(tags: ArtistTags, rows: Sequence[int], n: int = 5) -> list[tuple[str, int]]:
    """Return the tags that most of some artists have, each with the number of artists, most first."""
    counts = np.asarray((tags.counts[rows] > 0).sum(axis=0)).ravel()
    best = np.argsort(-counts, kind="stable")[:n]
    return [(tags.names[tag], int(counts[tag])) for tag in best if counts[tag]]


def commonest_main_tags(tags: ArtistTags) -> list[tuple[int, int]]:
    """Return each tag that is some artist's main one, with the number of those artists, most first."""
    main = tags.main()
    found, counts = np.unique(main[main >= 0], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return [(int(found[at]), int(counts[at])) for at in order]


def remaining(listeners: np.ndarray, least: tuple[int, ...], fewest: int) -> tuple[int, ...]:
    """Return those of ``least`` that leave ``fewest`` artists or more; ``listeners`` has one count each."""
    return tuple(one for one in least if int((listeners >= one).sum()) >= fewest)
