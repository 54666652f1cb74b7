"""Which column of your own film table is what: chosen, or guessed by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import pandas as pd

from recsys_core.datasets.file_bundle import check_size
from recsys_core.datasets.parquet_table import is_parquet, parquet_preview
from recsys_core.datasets.table_head import parse_head, read_head_text
from recsys_core.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

PREVIEW_ROWS = 20
_WORDS: dict[str, tuple[str, ...]] = {
    "title": ("title", "movietitle", "filmtitle", "primarytitle", "name", "movie", "film", "originaltitle"),
    "movie_id": ("movieid", "filmid", "id", "tmdbid", "imdbid", "tconst", "showid"),
    "year": ("year", "titleyear", "releaseyear", "startyear", "releasedate", "released", "date"),
    "genres": ("genres", "genre", "listedin", "category", "categories"),
    "keywords": ("keywords", "plotkeywords", "keyword", "tags", "tag"),
    "cast": ("cast", "actors", "stars", "starring", "castmembers"),
    "director": ("director", "directors", "directorname", "directedby"),
    "overview": ("overview", "plot", "description", "synopsis", "summary", "story", "storyline"),
    "vote_average": (
        "voteaverage",
        "averagerating",
        "imdbrating",
        "imdbscore",
        "rating",
        "score",
        "averagevote",
    ),
    "vote_count": ("votecount", "numvotes", "votes", "numvotedusers", "numberofvotes", "ratingcount"),
    "language": ("language", "originallanguage", "lang", "languages"),
}


class FilmColumns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The columns to read; only the title must be there. ``separator`` is sniffed when None."""

    title: str
    movie_id: str | None = None
    year: str | None = None
    genres: str | None = None
    keywords: str | None = None
    cast: str | None = None
    director: str | None = None
    overview: str | None = None
    vote_average: str | None = None
    vote_count: str | None = None
    language: str | None = None
    separator: str | None = None

    def chosen(self) -> dict[str, str]:
        """Return the column of each role that has one, the title first."""
        roles = {role: getattr(self, role) for role in _WORDS}
        return {role: name for role, name in roles.items() if name is not None}


@dataclass(frozen=True, eq=False)
class FilmColumnGuess:
    """What a file seems to hold, for a person to confirm; ``chosen`` lacks roles without a fitting column."""

    columns: tuple[str, ...]
    chosen: dict[str, str]
    separator: str | None
    preview: pd.DataFrame

    def to_choice(self) -> FilmColumns | None:
        """Return the guess as a choice, or None when no column looks like a title."""
        if "title" not in self.chosen:
            return None
        return FilmColumns(**self.chosen, separator=self.separator)


def guess_film_columns(path: Path, *, separator: str | None = None) -> FilmColumnGuess:
    """Return the likely roles of the columns of a CSV, TSV or Parquet file of films, and 20 of its rows.

    Raises
    ------
    DataError
        If the file is missing, above 200 MB, no table, or names a column twice.
    """
    check_size(path)
    if is_parquet(path):
        preview = parquet_preview(path, PREVIEW_ROWS)
        names = tuple(map(str, preview.columns))
        return FilmColumnGuess(names, _by_name(names), None, preview)
    head = parse_head(read_head_text(path), path.name, separator=separator, header=True, single=True)
    width = len(head.names)
    rows = [(*row, *[""] * width)[:width] for row in head.rows[:PREVIEW_ROWS]]
    preview = pd.DataFrame(rows, columns=list(head.names), dtype=object)
    return FilmColumnGuess(head.names, _by_name(head.names), head.separator, preview)


def guessed_or_refused(path: Path) -> FilmColumns:
    """Return the guessed columns of a film table.

    Raises
    ------
    DataError
        If no column looks like a title; the columns that there are stand in the text.
    """
    guess = guess_film_columns(path)
    choice = guess.to_choice()
    if choice is None:
        fix = f"Say which one it is; the file has: {', '.join(guess.columns)[:500]}."
        raise DataError("No column looks like the title of a film.", fix=fix, file=path.name)
    return choice


def _by_name(names: tuple[str, ...]) -> dict[str, str]:
    """Return the likely column of each role; no column plays two roles."""
    plain = {re.sub(r"[^a-z]", "", name.lower()): name for name in reversed(names)}
    found = {
        role: next((plain[word] for word in words if word in plain), None) for role, words in _WORDS.items()
    }
    return {role: name for role, name in found.items() if name is not None}
