"""TMDB 5000: films of The Movie Database with lists as JSON inside cells, with or without credits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recsys_core.datasets.dataset import Source
from recsys_core.datasets.loading_report import LoadingReport
from recsys_core.movies.loaders.cells import directors_among, names_of, read_json
from recsys_core.movies.loaders.credits import MAX_CAST, Credits, note_no_credits
from recsys_core.movies.loaders.fields import tmdb_link, web_address
from recsys_core.movies.loaders.film_files import find_films, read_films
from recsys_core.movies.loaders.opening import open_sheet
from recsys_core.movies.loaders.sheet import Sheet
from recsys_core.movies.schema import MovieColumns as Col
from recsys_core.movies.schema import Movies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILMS, CREDITS = "tmdb_5000_movies.csv", "tmdb_5000_credits.csv"
PUBLISHED_FILMS = 4803
LICENCE = (
    "From The Movie Database under its terms of use (non-commercial use, with attribution). "
    "Not part of this project: everybody brings their own copy."
)
CITATION = (
    "TMDB 5000 Movie Dataset, Kaggle, 2017, built from The Movie Database (themoviedb.org). "
    "This product uses the TMDB API but is not endorsed or certified by TMDB."
)
_REQUIRED = ("id", "title")
_OPTIONAL = (
    "genres",
    "homepage",
    "keywords",
    "original_language",
    "overview",
    "release_date",
    "vote_average",
    "vote_count",
)


def find_tmdb(candidates: Sequence[Path]) -> Path | None:
    """Return the first folder or zip with the file of films, at each candidate or one level below."""
    return find_films(candidates, (FILMS,))


def load_tmdb(path: Path) -> Movies:
    """Return the films of ``tmdb_5000_movies.csv``: 4,803 as published, with overviews and keywords.

    Cast and director come from ``tmdb_5000_credits.csv`` and are empty, with a note in ``report``,
    where that file is missing. Films without votes keep the mean of 0 that the source gives them.

    Raises
    ------
    DataError
        If the file of films is missing, damaged, or has no usable row, naming file, line and column.
    """
    contents = read_films(path, (FILMS,), (CREDITS,))
    report = LoadingReport()
    sheet = open_sheet(contents[FILMS], FILMS, _REQUIRED, _OPTIONAL, report, utf8_only=True)
    ids = sheet.whole_ids("id")
    titles = sheet.titles("title")
    frame = sheet.frame({Col.MOVIE_ID: ids, Col.TITLE: titles, **_fields(sheet, ids)})
    if len(frame) != PUBLISHED_FILMS:
        report.files[0].notes.append(f"As published the file has {PUBLISHED_FILMS:,} films.")
    people = _credits(contents.get(CREDITS), frame[Col.MOVIE_ID].to_numpy(), report)
    return Movies.from_frame(
        frame.assign(**people.columns_for(frame[Col.MOVIE_ID])),
        Source("tmdb-5000", "TMDB 5000", origin=str(path), licence=LICENCE, citation=CITATION),
        report=report,
    )


def _fields(sheet: Sheet, ids: np.ndarray) -> dict[str, list]:
    """Return everything about the films but id, title and people."""
    return {
        Col.YEAR: sheet.years("release_date"),
        Col.GENRES: sheet.lists("genres", lambda cell: names_of(read_json(cell))),
        Col.KEYWORDS: sheet.lists("keywords", lambda cell: names_of(read_json(cell))),
        Col.OVERVIEW: sheet.overviews("overview"),
        Col.VOTE_AVERAGE: sheet.votes("vote_average"),
        Col.VOTE_COUNT: sheet.counts("vote_count"),
        Col.LANGUAGE: sheet.texts("original_language"),
        Col.LINKS: [_links(one, home) for one, home in zip(ids.tolist(), sheet.raw("homepage"), strict=True)],
    }


def _links(movie_id: int, homepage: str) -> dict[str, str]:
    """Return the film's addresses."""
    own = web_address(homepage)
    return {"tmdb": tmdb_link(movie_id)} | ({"homepage": own} if own else {})


def _credits(data: bytes | None, known: np.ndarray, report: LoadingReport) -> Credits:
    """Return cast and directors by film, or nobody with a note."""
    if data is None:
        return note_no_credits(CREDITS, report)
    sheet = open_sheet(data, CREDITS, ("movie_id", "cast", "crew"), (), report, utf8_only=True)
    ids = sheet.whole_ids("movie_id")
    sheet.checks.refuse(~np.isin(ids, known), f"film not in {FILMS}", "movie_id")
    cast = sheet.lists("cast", lambda cell: names_of(read_json(cell)[:MAX_CAST]))
    crew = sheet.lists("crew", lambda cell: directors_among(read_json(cell)))
    return Credits.from_sheet(sheet, ids, cast, crew)
