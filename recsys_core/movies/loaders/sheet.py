"""One table of films, opened: every field in its type, every odd row counted with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from recsys_core.datasets.row_checks import RowChecks
from recsys_core.datasets.timestamps import read_timestamps
from recsys_core.errors import DataError
from recsys_core.movies.loaders.cells import CellError
from recsys_core.movies.loaders.fields import (
    MAX_NAME,
    MAX_OVERVIEW,
    count_of,
    distinct_names,
    tidy,
    vote_of,
    year_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from recsys_core.datasets.loading_report import FileReport
    from recsys_core.datasets.text_table import TextTable

_FIX = "Check that this is the right file, whole and unchanged."
_NO_OVERVIEW = frozenset(("no overview found", "no overview", "no overview yet", "nan", "none", "null"))


class Sheet:
    """The columns of one file; rows refused stay in every result until :meth:`frame` leaves them out.

    Ask for ids and titles first: what is mended is counted among the rows alive by then. A column
    that the file lacks reads as empty.
    """

    def __init__(self, table: TextTable, entry: FileReport, names: tuple[str, ...]) -> None:
        self._table, self._entry, self._names = table, entry, names
        self.checks = RowChecks(table, entry)
        if not len(table):
            raise DataError("There is a header but no row.", fix=_FIX, file=entry.file)

    def __len__(self) -> int:
        """Return the number of rows read."""
        return len(self._table)

    def whole_ids(self, column: str, *, unique: bool = True) -> np.ndarray:
        """Return int64 ids, refusing rows without one and, if ``unique``, all but the first of each."""
        ids = self.checks.whole_numbers(column)
        if unique:
            self.refuse_repeats(ids, column)
        return ids

    def refuse_repeats(self, ids: np.ndarray, column: str) -> None:
        """Refuse rows whose id was seen on an earlier one."""
        self.checks.refuse_repeats([ids], f"{column} seen before (first row kept)", column)

    def titles(self, column: str, clean: Callable[[str], str] = tidy) -> list[str]:
        """Return cleaned titles, refusing rows with none or with one of more than 256 characters."""
        titles = [clean(text) for text in self.as_read(column)]
        lengths = np.array([len(title) for title in titles])
        self.checks.refuse(lengths == 0, f"{column} is empty", column)
        self.checks.refuse(lengths > MAX_NAME, f"{column} is longer than {MAX_NAME} characters", column)
        return titles

    def texts(self, column: str, limit: int = MAX_NAME) -> list[str]:
        """Return tidy texts, "" where there is none; one above ``limit`` characters is cut."""
        texts = [tidy(text) for text in self.raw(column)]
        self.mended([len(text) > limit for text in texts], f"{column} cut after {limit:,} characters")
        return [text[:limit] for text in texts]

    def overviews(self, column: str) -> list[str]:
        """Return overviews, "" where there is none."""
        # "No overview found." and the like are words of the site's, not of the film.
        texts = self.texts(column, MAX_OVERVIEW)
        return ["" if text.casefold().rstrip(".") in _NO_OVERVIEW else text for text in texts]

    def years(self, column: str) -> list[int | None]:
        """Return the years of dates or years, None where there is none."""
        return self._typed(column, year_of, lambda year: year is None, "no plausible year")

    def votes(
        self,
        column: str,
        scale: tuple[float, float] = (0.0, 10.0),
        *,
        quiet: bool = False,
        clean: Callable[[str], str] = str,
    ) -> list[float]:
        """Return mean votes, NaN where there is none within ``scale``, noting such unless ``quiet``."""
        if quiet:
            return [vote_of(clean(text), scale) for text in self.raw(column)]
        what = f"no number from {scale[0]:g} to {scale[1]:g}"
        return self._typed(column, lambda text: vote_of(clean(text), scale), np.isnan, what)

    def counts(self, column: str, *, clean: Callable[[str], str] = str) -> list[int]:
        """Return numbers of votes, 0 where there is none."""
        what = "no whole number, read as 0"
        counts = self._typed(column, lambda text: count_of(clean(text)), lambda count: count is None, what)
        return [count or 0 for count in counts]

    def lists(self, column: str, read: Callable[[str], list[str]]) -> list[list[str]]:
        """Return the names in each cell; a cell that ``read`` cannot take counts as empty."""
        found, bad = [], []
        for cell in self.raw(column):
            try:
                found.append(distinct_names(read(cell)))
                bad.append(False)
            except CellError:
                found.append([])
                bad.append(True)
        self.mended(bad, f"{column} cannot be read, taken as empty")
        return found

    def raw(self, column: str) -> list[str]:
        """Return the fields of ``column`` trimmed, "" where there is none."""
        if column not in self._table.columns:
            return [""] * len(self)
        return self.checks.texts(column).to_pylist()

    def as_read(self, column: str) -> list[str]:
        """Return the fields of ``column`` with the blanks around them, "" where there is none."""
        if column not in self._table.columns:
            return [""] * len(self)
        return [text or "" for text in self.checks.column(column).cast(pa.string()).to_pylist()]

    def has(self, columns: Sequence[str]) -> bool:
        """Tell whether ``columns`` are those of the file, all and in this order."""
        return tuple(columns) == self._names

    def overwrite(self, column: str, changes: Mapping[int, str]) -> None:
        """Replace the fields of ``column`` at some rows."""
        fields = self._table.columns[column].to_pylist()
        for row, text in changes.items():
            fields[row] = text
        self._table.columns[column] = pa.array(fields, pa.string())

    def note(self, text: str) -> None:
        """Add a remark to the report of this file."""
        self._entry.notes.append(text)

    def times(self, column: str) -> np.ndarray:
        """Return int64 seconds since 1970, refusing rows without a usable time."""
        return read_timestamps(self.checks, column, self._entry)

    def line_of(self, row: int) -> int:
        """Return the line of the file that a row came from."""
        return self._table.line_of(row)

    def mended(self, bad: Sequence[bool], what: str) -> None:
        """Note how many living rows were read as something else, and the first of their lines."""
        rows = np.flatnonzero(np.asarray(bad, dtype=bool) & self.checks.alive)
        if len(rows):
            line = self._table.line_of(int(rows[0]))
            self._entry.notes.append(f"{len(rows):,} rows mended: {what} (first on line {line:,}).")

    def frame(self, columns: dict[str, Any]) -> pd.DataFrame:
        """Return ``columns``, each of ``len(self)`` values, as a table of the rows not refused.

        Raises
        ------
        DataError
            If none is left; the first refused row is named.
        """
        self.require_some()
        rows = np.flatnonzero(self.checks.alive).tolist()
        return pd.DataFrame(
            {name: pd.Series([values[row] for row in rows]) for name, values in columns.items()}
        )

    def require_some(self) -> None:
        """Raise DataError about the first refused row when no row is left."""
        self.checks.require_some(_FIX)

    def _typed(
        self, column: str, read: Callable[[str], Any], is_unknown: Callable[[Any], bool], what: str
    ) -> list[Any]:
        """Return each field as ``read``, noting fields that hold something unreadable."""
        texts = self.raw(column)
        values = [read(text) for text in texts]
        bad = [bool(text) and is_unknown(value) for text, value in zip(texts, values, strict=True)]
        self.mended(bad, f"{column} is {what}")
        return values
