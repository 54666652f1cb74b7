"""Your own films: CSV, TSV or Parquet with a title on every row, and whatever else you have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recsys_core.datasets.dataset import Source
from recsys_core.datasets.file_bundle import check_size, read_file
from recsys_core.datasets.loading_report import LoadingReport
from recsys_core.datasets.parquet_table import is_parquet, read_parquet_table
from recsys_core.errors import DataError
from recsys_core.movies.loaders.cells import read_any_list
from recsys_core.movies.loaders.credits import join_directors
from recsys_core.movies.loaders.fields import imdb_link, imdb_number, with_point, without_groups
from recsys_core.movies.loaders.languages import language_code
from recsys_core.movies.loaders.movielens_titles import split_title
from recsys_core.movies.loaders.opening import open_sheet
from recsys_core.movies.loaders.sheet import Sheet
from recsys_core.movies.schema import MovieColumns as Col
from recsys_core.movies.schema import Movies

if TYPE_CHECKING:
    from pathlib import Path

    from recsys_core.movies.loaders.own_columns import FilmColumns

_SCALES = (5.0, 10.0, 100.0)


def load_own_films(path: Path, columns: FilmColumns, *, title: str | None = None) -> Movies:
    """Return the films of a CSV, TSV or Parquet file, read as ``columns`` says.

    Lists may be JSON, Python's, Parquet's, or words between ``|``, ``;`` or ``,``. Without an id column
    films get the numbers of their rows, from 1; without a year column it is taken from titles that end in
    "(1995)". Votes are read on the scale of 5, 10 or 100 that holds them all, "8,3" as 8.3 and
    "800 000" as a whole number.

    Raises
    ------
    DataError
        If the file is above 200 MB, no table, lacks a chosen column or has no usable row.
    """
    file = title or path.name
    chosen = columns.chosen()
    _check_choice(list(chosen.values()), file)
    report = LoadingReport()
    sheet = _open(path, columns, file, report)
    fields = _Fields(sheet, chosen)
    identity = {Col.MOVIE_ID: fields.ids(), **fields.titles_and_years()}
    scale = fields.vote_scale()
    frame = sheet.frame({**identity, **fields.rest(scale)})
    source = Source("file", file, origin=str(path))
    return Movies.from_frame(frame, source, report=report, vote_scale=scale)


def _open(path: Path, columns: FilmColumns, file: str, report: LoadingReport) -> Sheet:
    """Return the chosen columns of the file."""
    check_size(path)
    names = list(columns.chosen().values())
    if is_parquet(path):
        entry = report.start(file, 0)
        return Sheet(read_parquet_table(path, names, entry, lists=True), entry, tuple(names))
    return open_sheet(read_file(path), file, names, (), report, separator=columns.separator)


def _check_choice(names: list[str], file: str) -> None:
    """Refuse a column that is chosen for two roles."""
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError("This column is chosen twice.", fix="Choose another one.", file=file, column=twice)


class _Fields:
    """Reads each role from its column; a role without one reads as unknown."""

    def __init__(self, sheet: Sheet, chosen: dict[str, str]) -> None:
        self._sheet, self._chosen = sheet, chosen

    def ids(self) -> np.ndarray:
        """Return ids: whole numbers if all are spelled as such, else texts; row numbers without a column."""
        column = self._chosen.get(Col.MOVIE_ID)
        if column is None:
            return np.arange(1, len(self._sheet) + 1)
        ids = self._sheet.checks.ids(column)
        values = _plainest(ids, self._sheet.checks.alive)
        self._sheet.refuse_repeats(values, column)
        return values

    def titles_and_years(self) -> dict[str, list[Any]]:
        """Return both, the year from the title where there is no column for it."""
        titles = self._sheet.titles(self._chosen[Col.TITLE])
        if Col.YEAR in self._chosen:
            return {Col.TITLE: titles, Col.YEAR: self._sheet.years(self._chosen[Col.YEAR])}
        split = [split_title(title) for title in titles]
        return {
            Col.TITLE: [title or "" for title, _ in split],
            Col.YEAR: [year for _, year in split],
        }

    def vote_scale(self) -> tuple[float, float]:
        """Return 0 and the lowest of 5, 10 and 100 that no vote exceeds."""
        if Col.VOTE_AVERAGE not in self._chosen:
            return (0.0, 10.0)
        column, widest = self._chosen[Col.VOTE_AVERAGE], (0.0, _SCALES[-1])
        votes = np.array(self._sheet.votes(column, widest, clean=with_point))
        known = votes[self._sheet.checks.alive & ~np.isnan(votes)]
        if not len(known):
            return (0.0, 10.0)
        highest = float(known.max())
        scale = next(top for top in _SCALES if highest <= top)
        self._sheet.note(f"Votes are taken to go from 0 to {scale:g}, since the highest is {highest:g}.")
        return (0.0, scale)

    def rest(self, scale: tuple[float, float]) -> dict[str, list[Any]]:
        """Return everything but ids, titles and years."""
        sheet, of = self._sheet, self._chosen.get
        directors = self._lists(Col.DIRECTOR)
        return {
            Col.GENRES: self._lists(Col.GENRES),
            Col.KEYWORDS: self._lists(Col.KEYWORDS),
            Col.CAST: self._lists(Col.CAST),
            Col.DIRECTOR: [join_directors(names) for names in directors],
            Col.OVERVIEW: sheet.overviews(of(Col.OVERVIEW, "")),
            # refused and noted already
            Col.VOTE_AVERAGE: sheet.votes(of(Col.VOTE_AVERAGE, ""), scale, quiet=True, clean=with_point),
            Col.VOTE_COUNT: sheet.counts(of(Col.VOTE_COUNT, ""), clean=without_groups),
            Col.LANGUAGE: [language_code(name) for name in sheet.texts(of(Col.LANGUAGE, ""))],
            Col.LINKS: [_links(text) for text in sheet.raw(of(Col.MOVIE_ID, ""))],
        }

    def _lists(self, role: str) -> list[list[str]]:
        """Return the names in each cell of a role."""
        return self._sheet.lists(self._chosen.get(role, ""), read_any_list)


def _plainest(ids: pa.Array, alive: np.ndarray) -> np.ndarray:
    """Return ids as int64 if each living one is spelled as a plain whole number would be, else as texts."""
    if pa.types.is_integer(ids.type):
        return ids.to_numpy()
    plain = pc.match_substring_regex(ids, r"^(0|-?[1-9][0-9]{0,17})$").to_numpy(zero_copy_only=False)
    if not plain[alive].all():
        return ids.to_numpy(zero_copy_only=False)
    return pc.if_else(pa.array(plain), ids, "0").cast(pa.int64()).to_numpy()


def _links(movie_id: str) -> dict[str, str]:
    """Return the address on IMDb of an id like "tt0114709", else nothing."""
    number = imdb_number(movie_id)
    return {"imdb": imdb_link(number)} if number else {}
