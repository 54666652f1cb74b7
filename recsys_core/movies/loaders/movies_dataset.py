"""The Movies Dataset (Kaggle): 45,466 rows with lists as Python literals inside cells, in three files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recsys_core.datasets.dataset import Source
from recsys_core.datasets.loading_report import LoadingReport
from recsys_core.movies.loaders.broken_rows import join_broken_rows
from recsys_core.movies.loaders.cells import directors_among, names_of, read_literal
from recsys_core.movies.loaders.credits import MAX_CAST, Credits, note_no_credits
from recsys_core.movies.loaders.fields import imdb_link, imdb_number, tmdb_link, web_address
from recsys_core.movies.loaders.film_files import find_films, read_films
from recsys_core.movies.loaders.opening import open_sheet
from recsys_core.movies.loaders.sheet import Sheet
from recsys_core.movies.schema import MovieColumns as Col
from recsys_core.movies.schema import Movies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

FILMS, CREDITS, KEYWORDS = "movies_metadata.csv", "credits.csv", "keywords.csv"
# The header of the file of films as published; where a row broke in two is known by position only.
SCHEMA = (
    "adult",
    "belongs_to_collection",
    "budget",
    "genres",
    "homepage",
    "id",
    "imdb_id",
    "original_language",
    "original_title",
    "overview",
    "popularity",
    "poster_path",
    "production_companies",
    "production_countries",
    "release_date",
    "revenue",
    "runtime",
    "spoken_languages",
    "status",
    "tagline",
    "title",
    "video",
    "vote_average",
    "vote_count",
)
LICENCE = (
    "Published on Kaggle as CC0; the facts come from The Movie Database under its terms of use. "
    "Not part of this project: everybody brings their own copy."
)
CITATION = (
    "R. Banik: The Movies Dataset, Kaggle, 2017 (kaggle.com/datasets/rounakbanik/the-movies-dataset), "
    "collected from The Movie Database and GroupLens. "
    "This product uses the TMDB API but is not endorsed or certified by TMDB."
)


def find_movies_dataset(candidates: Sequence[Path]) -> Path | None:
    """Return the first folder or zip with ``movies_metadata.csv``, at each candidate or one level below."""
    return find_films(candidates, (FILMS,))


def load_movies_dataset(path: Path) -> Movies:
    """Return the films of ``movies_metadata.csv`` with cast, director and keywords of the files beside it.

    Rows that a line break tore in two are joined, repeated ids keep their first row, and the other
    files are looked up by id, so that their repeats multiply nothing. Either of ``credits.csv`` and
    ``keywords.csv`` may be missing; a note says so. Films without votes keep the mean of 0 that the
    source gives them.

    Raises
    ------
    DataError
        If the file of films is missing, damaged, or has no usable row, naming file, line and column.
    """
    contents = read_films(path, (FILMS,), (CREDITS, KEYWORDS))
    report = LoadingReport()
    sheet = open_sheet(
        contents[FILMS], FILMS, ("id", "title"), SCHEMA, report, utf8_only=True, short_rows=True
    )
    join_broken_rows(sheet, SCHEMA)
    ids = sheet.whole_ids("id")
    titles = sheet.titles("title")
    frame = sheet.frame({Col.MOVIE_ID: ids, Col.TITLE: titles, **_fields(sheet, ids)})
    people = _credits(contents.get(CREDITS), frame, report)
    keywords = _keywords(contents.get(KEYWORDS), frame, report)
    found = frame[Col.MOVIE_ID].tolist()
    joined = people.columns_for(found) | {Col.KEYWORDS: [keywords.get(one, []) for one in found]}
    return Movies.from_frame(
        frame.assign(**joined),
        Source("movies-dataset", "The Movies Dataset", origin=str(path), licence=LICENCE, citation=CITATION),
        report=report,
    )


def _fields(sheet: Sheet, ids: np.ndarray) -> dict[str, list]:
    """Return what the file of films tells beside id and title."""
    links = zip(ids.tolist(), sheet.raw("imdb_id"), sheet.raw("homepage"), strict=True)
    return {
        Col.YEAR: sheet.years("release_date"),
        Col.GENRES: sheet.lists("genres", lambda cell: names_of(read_literal(cell))),
        Col.OVERVIEW: sheet.overviews("overview"),
        Col.VOTE_AVERAGE: sheet.votes("vote_average"),
        Col.VOTE_COUNT: sheet.counts("vote_count"),
        Col.LANGUAGE: sheet.texts("original_language"),
        Col.LINKS: [_links(*one) for one in links],
    }


def _links(movie_id: int, imdb_id: str, homepage: str) -> dict[str, str]:
    """Return the film's addresses."""
    number, own = imdb_number(imdb_id), web_address(homepage)
    links = {"tmdb": tmdb_link(movie_id)}
    links |= {"imdb": imdb_link(number)} if number else {}
    return links | ({"homepage": own} if own else {})


def _credits(data: bytes | None, frame: pd.DataFrame, report: LoadingReport) -> Credits:
    """Return cast and directors by film, or nobody with a note."""
    if data is None:
        return note_no_credits(CREDITS, report)
    sheet, ids = _open_beside(data, CREDITS, ("cast", "crew"), frame, report)
    cast = sheet.lists("cast", lambda cell: names_of(read_literal(cell, first=MAX_CAST)))
    crew = sheet.lists("crew", lambda cell: directors_among(read_literal(cell, holding="Director")))
    return Credits.from_sheet(sheet, ids, cast, crew)


def _keywords(data: bytes | None, frame: pd.DataFrame, report: LoadingReport) -> dict[int, list[str]]:
    """Return keywords by film, or none with a note."""
    if data is None:
        report.start(KEYWORDS, 0).notes.append("Not there: no keywords in this catalogue.")
        return {}
    sheet, ids = _open_beside(data, KEYWORDS, ("keywords",), frame, report)
    words = sheet.lists("keywords", lambda cell: names_of(read_literal(cell)))
    return {int(ids[row]): words[row] for row in np.flatnonzero(sheet.checks.alive).tolist()}


def _open_beside(
    data: bytes, file: str, columns: tuple[str, ...], frame: pd.DataFrame, report: LoadingReport
) -> tuple[Sheet, np.ndarray]:
    """Return a file beside that of the films and its ids, one row for each known film at most."""
    sheet = open_sheet(data, file, ("id", *columns), (), report, utf8_only=True)
    ids = sheet.whole_ids("id")
    sheet.checks.refuse(~np.isin(ids, frame[Col.MOVIE_ID]), f"film not in {FILMS}", "id")
    return sheet, ids
