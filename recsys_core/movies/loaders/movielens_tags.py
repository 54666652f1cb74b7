"""Tags of MovieLens as keywords of films."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.movies.loaders.fields import tidy
from recsys_core.movies.loaders.opening import open_sheet

if TYPE_CHECKING:
    from recsys_core.datasets.loading_report import LoadingReport

FILM, TAG = "movieId", "tag"
# Says something of the person's evening, nothing of the film.
PERSONAL = "in netflix queue"


def read_tags(data: bytes | None, file: str, films: np.ndarray, report: LoadingReport) -> list[list[str]]:
    """Return the tags of each of ``films``, those given most often first, then by alphabet.

    Tags that differ in case only are one, in the spelling used most.
    """
    if data is None:
        report.start(file, 0).notes.append("Not there: no keywords in this catalogue.")
        return [[] for _ in films]
    sheet = open_sheet(data, file, (FILM, TAG), (), report, utf8_only=True)
    ids = sheet.whole_ids(FILM, unique=False)
    tags = sheet.titles(TAG)
    sheet.checks.refuse(~np.isin(ids, films), "film not in the catalogue", FILM)
    personal = np.array([tag.casefold() == PERSONAL for tag in tags])
    sheet.checks.refuse(personal, "tag about the person and not about the film", TAG)
    rows = np.flatnonzero(sheet.checks.alive).tolist()
    given = pd.DataFrame({FILM: [int(ids[row]) for row in rows], TAG: [tags[row] for row in rows]})
    by_film = _ordered(given)
    return [by_film.get(one, []) for one in films.tolist()]


def _ordered(given: pd.DataFrame) -> dict[int, list[str]]:
    """Return the tags of each film, most given first."""
    spelled = given.groupby(TAG).size()
    plain = given[TAG].map(lambda tag: tidy(tag).casefold())
    # the spelling used most, then the first by alphabet
    usual = (
        pd.DataFrame({"tag": given[TAG], "plain": plain, "uses": given[TAG].map(spelled)})
        .sort_values(["uses", "tag"], ascending=[False, True])
        .drop_duplicates("plain")
        .set_index("plain")["tag"]
    )
    counts = given.assign(plain=plain).groupby([FILM, "plain"]).size().rename("uses").reset_index()
    counts = counts.sort_values([FILM, "uses", "plain"], ascending=[True, False, True])
    return counts.assign(tag=counts["plain"].map(usual)).groupby(FILM)["tag"].agg(list).to_dict()
