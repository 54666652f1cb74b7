"""The lists of several methods for one film: who is in whose."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from recsys_core.movies.schema import MovieColumns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recsys_core.movies.similarity import SimilarMovies

FOUND_BY = "found_by"


@dataclass(frozen=True, eq=False)
class SideBySide:
    """``table``: one row per film of any list, columns ``movie_id, title, year``, the rank per method
    (Int64, missing where a method does not list it) and ``found_by``, in how many lists it is; films of
    most lists first, then by their best rank. ``shared``: films in common of each pair of methods.
    """

    table: pd.DataFrame
    shared: dict[tuple[str, str], int]

    @property
    def in_all(self) -> int:
        """Films that every method lists."""
        methods = len(self.table.columns) - 4
        return int((self.table[FOUND_BY] == methods).sum())

    def lists_of(self, movie_id: object) -> int:
        """Return in how many lists a film is."""
        return int((self.table.loc[self.table[MovieColumns.MOVIE_ID] == movie_id, FOUND_BY]).sum())


def side_by_side(lists: Mapping[str, SimilarMovies]) -> SideBySide:
    """Return the lists of at least two methods, joined by film."""
    names = [MovieColumns.MOVIE_ID, MovieColumns.TITLE, MovieColumns.YEAR]
    films = pd.concat([similar.table[names] for similar in lists.values()])
    table = films.drop_duplicates(MovieColumns.MOVIE_ID).reset_index(drop=True)
    ids = table[MovieColumns.MOVIE_ID]
    for method, similar in lists.items():
        ranks = dict(zip(similar.table[MovieColumns.MOVIE_ID], similar.table["rank"], strict=True))
        table[method] = pd.array([ranks.get(one) for one in ids], dtype="Int64")
    methods = list(lists)
    table[FOUND_BY] = table[methods].notna().sum(axis=1).astype(int)
    best = table[methods].min(axis=1).rename("best")
    order = pd.concat([table[FOUND_BY], best], axis=1).sort_values(
        [FOUND_BY, "best"], ascending=[False, True], kind="stable"
    )
    shared = {
        (one, other): int((table[one].notna() & table[other].notna()).sum())
        for one, other in combinations(methods, 2)
    }
    return SideBySide(table.loc[order.index].reset_index(drop=True), shared)
