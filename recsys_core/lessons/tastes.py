"""Who is near to whom by the films they rated well, and what a neighbour liked that one does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.movies.jaccard import POSITIVE, jaccard_distances, positive_cells

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = ["person", "neighbour", "distance", "shared", "either", "suggested"]

# Leskovec, Rajaraman & Ullman, "Mining of Massive Datasets", exercise 9.3.1
PEOPLE, ITEMS = ("A", "B", "C"), tuple("abcdefgh")
STARS = (
    (4, 5, np.nan, 5, 1, np.nan, 3, 2),
    (np.nan, 3, 4, 3, 1, 2, 1, np.nan),
    (2, np.nan, 1, 3, np.nan, 4, 5, 3),
)


def nearest_pair(distances: np.ndarray) -> tuple[int, int] | None:
    """Return the rows of the two who are nearest, the first of equals; None if nobody shares anything.

    ``distances`` are :func:`recsys_core.movies.jaccard.jaccard_distances`, ``(n, n)``.
    """
    rows, columns = np.triu_indices(len(distances), k=1)
    apart = distances[rows, columns]
    if not len(apart) or apart.min() >= 1:
        return None
    place = int(np.argmin(apart))
    return int(rows[place]), int(columns[place])


def neighbours_table(
    people: Sequence[str], items: Sequence[str], stars: np.ndarray, positive: float = POSITIVE
) -> pd.DataFrame:
    """Return for every person the nearest other, by Jaccard's distance; columns ``COLUMNS``.

    ``shared`` and ``either`` are the two counts that the distance is made of; ``suggested`` are the items
    the neighbour rated at least ``positive`` and the person did not rate. Of equally near ones the first
    counts; who shares nothing with anybody has no neighbour ("").

    Parameters
    ----------
    stars
        People in rows, items in columns, NaN where there is no rating.
    """
    distances = jaccard_distances(stars, positive)
    likes = positive_cells(stars, positive).toarray().astype(bool)
    unrated = ~np.isfinite(np.asarray(stars, np.float64))
    rows: list[tuple[object, ...]] = []
    for person, name in enumerate(people):
        others = np.where(np.arange(len(people)) == person, np.inf, distances[person])
        near = int(np.argmin(others))
        if others[near] >= 1:
            rows.append((name, "", 1.0, 0, int(likes[person].sum()), ()))
            continue
        suggested = tuple(item for item, one in zip(items, likes[near] & unrated[person], strict=True) if one)
        shared, either = likes[person] & likes[near], likes[person] | likes[near]
        rows.append((name, people[near], others[near], int(shared.sum()), int(either.sum()), suggested))
    return pd.DataFrame(rows, columns=COLUMNS)
