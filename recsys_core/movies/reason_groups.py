"""The reasons of a list, spelled out for a file and summed by kind for a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recsys_core.movies.schema import MovieColumns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recsys_core.movies.similarity import Reason, SimilarMovies

GROUPS = {
    "word": "words",
    "genre": "genres",
    "keyword": "keywords",
    "actor": "people",
    "director": "people",
    "audience": "audience",
}
"""Kind of a reason -> the group it is shown in."""
GROUP_ORDER = ("audience", "words", "keywords", "people", "genres")


def grouped(similar: SimilarMovies) -> pd.DataFrame:
    """Return the similarity of each film by group: columns ``rank, title``, then those of ``GROUP_ORDER``.

    The groups of a row sum to its similarity.
    """
    sums = [_sums(reasons) for reasons in similar.table["reasons"]]
    table = similar.table[["rank", MovieColumns.TITLE]].reset_index(drop=True)
    return table.assign(**{group: [one.get(group, 0.0) for one in sums] for group in GROUP_ORDER})


def share_of_groups(groups: pd.DataFrame) -> dict[str, float]:
    """Return each group's share of all similarity of a list, the greatest first; groups of none left out."""
    totals = {group: float(groups[group].sum()) for group in GROUP_ORDER}
    whole = sum(totals.values())
    found = {group: total / whole for group, total in totals.items() if total > 0}
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def spelled(similar: SimilarMovies) -> pd.DataFrame:
    """Return the table with each film's reasons as one text: ``word: ring 0.0412; genre: Drama 0.0306``."""
    written = ["; ".join(_spelled(one) for one in reasons) for reasons in similar.table["reasons"]]
    return similar.table.assign(reasons=written)


def _sums(reasons: Iterable[Reason]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for reason in reasons:
        group = GROUPS[reason.kind]
        sums[group] = sums.get(group, 0.0) + reason.weight
    return sums


def _spelled(reason: Reason) -> str:
    return f"{reason.kind}: {reason.name} {reason.weight:.4f}"
