"""IMDB 5000: films with their votes, people and plot keywords, but without overviews."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.datasets.dataset import Source
from recsys_core.datasets.loading_report import LoadingReport
from recsys_core.movies.loaders.credits import join_directors
from recsys_core.movies.loaders.fields import distinct_names, imdb_link, imdb_number, tidy
from recsys_core.movies.loaders.film_files import find_films, read_films
from recsys_core.movies.loaders.languages import language_code
from recsys_core.movies.loaders.opening import open_sheet
from recsys_core.movies.loaders.sheet import Sheet
from recsys_core.movies.schema import MovieColumns as Col
from recsys_core.movies.schema import Movies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILMS = "movie_metadata.csv"
LICENCE = (
    "Collected from IMDb, whose terms allow personal and non-commercial use only. "
    "Not part of this project: everybody brings their own copy."
)
CITATION = "IMDB 5000 Movie Dataset, Kaggle, 2016, collected from IMDb (imdb.com) and The Numbers."
_REQUIRED = ("movie_title", "movie_imdb_link")
_ACTORS = ("actor_1_name", "actor_2_name", "actor_3_name")
_OPTIONAL = (
    "director_name",
    "genres",
    "plot_keywords",
    "language",
    "title_year",
    "imdb_score",
    "num_voted_users",
    *_ACTORS,
)
# "Ã©" is an "é" whose two bytes were taken for two letters, "â€™" an apostrophe.
_GARBLED = re.compile(
    "[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â[€‚][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
)


def find_imdb(candidates: Sequence[Path]) -> Path | None:
    """Return the first folder or zip with ``movie_metadata.csv``, at each candidate or one level below."""
    return find_films(candidates, (FILMS,))


def load_imdb(path: Path) -> Movies:
    """Return the films of ``movie_metadata.csv``, 5,043 rows as published; ids are IMDb's, "tt0499549".

    Fields are cut at commas or semicolons, whichever the file uses. Films listed more than once keep
    their first row; titles are freed of the hard blanks at their end and of garbled accents. There are
    no overviews.

    Raises
    ------
    DataError
        If the file is missing, damaged, or has no usable row, naming file, line and column.
    """
    contents = read_films(path, (FILMS,), ())
    report = LoadingReport()
    sheet = open_sheet(contents[FILMS], FILMS, _REQUIRED, _OPTIONAL, report)
    ids = _ids(sheet)
    titles = sheet.titles("movie_title", clean_title)
    sheet.mended(
        [bool(_GARBLED.search(text)) for text in sheet.as_read("movie_title")], "accents of the title"
    )
    frame = sheet.frame({Col.MOVIE_ID: ids, Col.TITLE: titles, **_fields(sheet, ids)})
    source = Source("imdb-5000", "IMDB 5000", origin=str(path), licence=LICENCE, citation=CITATION)
    return Movies.from_frame(frame, source, report=report)


def clean_title(text: str) -> str:
    """Return a title without hard blanks around it and with garbled accents restored.

    >>> clean_title("AmÃ©lieÂ\u00a0")
    'Amélie'
    """
    return tidy(_GARBLED.sub(lambda match: _ungarbled(match.group()), text))


def _ungarbled(letters: str) -> str:
    """Return the letter whose UTF-8 bytes were read as ``letters`` of Windows' Latin alphabet."""
    codes = [letter.encode("cp1252", "ignore") or letter.encode("latin-1") for letter in letters]
    return b"".join(codes).decode("utf-8", "replace")


def _ids(sheet: Sheet) -> list[str]:
    """Return IMDb's ids from the addresses, refusing rows without one and all but the first of each."""
    numbers = [imdb_number(text) for text in sheet.raw("movie_imdb_link")]
    column = "movie_imdb_link"
    sheet.checks.refuse(np.array([one is None for one in numbers]), f"{column} names no film", column)
    ids = [f"tt{one}" for one in numbers]
    sheet.refuse_repeats(np.array(ids, dtype=object), column)
    return ids


def _fields(sheet: Sheet, ids: list[str]) -> dict[str, list]:
    """Return everything but id and title."""
    actors = zip(*(sheet.as_read(name) for name in _ACTORS), strict=True)
    return {
        Col.YEAR: sheet.years("title_year"),
        Col.GENRES: sheet.lists("genres", lambda cell: cell.split("|")),
        Col.KEYWORDS: sheet.lists("plot_keywords", lambda cell: cell.split("|")),
        Col.CAST: [distinct_names([clean_title(name) for name in names]) for names in actors],
        Col.DIRECTOR: [join_directors([clean_title(name)]) for name in sheet.as_read("director_name")],
        Col.VOTE_AVERAGE: sheet.votes("imdb_score"),
        Col.VOTE_COUNT: sheet.counts("num_voted_users"),
        Col.LANGUAGE: [language_code(name) for name in sheet.texts("language")],
        Col.LINKS: [{"imdb": imdb_link(one.removeprefix("tt"))} for one in ids],
    }
