"""Delimited text as columns of strings that remember their lines: fast if regular, else precise."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.csv

from recsys_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recsys_core.datasets.loading_report import FileReport

_END_MARK = "\x1e"


@dataclass(frozen=True)
class TextFormat:
    """How a text is cut into fields.

    ``names`` are all columns in file order, of which the first ``required`` must be on every row;
    ``wanted`` are those to read. ``delimiter`` is one character. ``quoting`` honours double quotes.
    """

    names: tuple[str, ...]
    required: int
    wanted: tuple[str, ...]
    delimiter: str = "\t"
    quoting: bool = False
    header: bool = True


class TextTable:
    """Columns of strings; :meth:`line_of` gives the line of the file that a row came from."""

    def __init__(self, columns: dict[str, pa.Array], lines: LineNumbers) -> None:
        self.columns, self._lines = columns, lines

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(next(iter(self.columns.values())))

    def line_of(self, row: int) -> int:
        """Return the line number, from 1."""
        return self._lines.of(row)


@dataclass(frozen=True)
class LineNumbers:
    """Line of each row: ``first + row``, or read from ``table`` where rows and lines differ."""

    first: int = 1
    table: np.ndarray | None = None

    def of(self, row: int) -> int:
        """Return the line number of ``row``, from 1."""
        return int(self.first + row if self.table is None else self.table[row])


def read_text_table(text: bytes, form: TextFormat, report: FileReport) -> TextTable:
    """Return the wanted columns of clean UTF-8 ``text`` (see ``clean_text``), every field a string.

    Counts the rows in ``report``; rows with too few or too many fields are dropped there. Blank
    lines are no rows.

    Raises
    ------
    DataError
        If a quote is never closed (its line is named).
    """
    table = _read_regular(text, form)
    if table is None:
        return _Irregular(text, form, report.file).read(report)
    report.read = len(table)
    return table


def _read_regular(text: bytes, form: TextFormat) -> TextTable | None:
    """Return the table when each line is one complete row, which Arrow checks ten times faster; else None."""
    parse = pa.csv.ParseOptions(
        delimiter=form.delimiter,
        quote_char='"' if form.quoting else False,
        ignore_empty_lines=True,
    )
    read = pa.csv.ReadOptions(column_names=form.names, skip_rows=int(form.header), block_size=1 << 24)
    convert = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(form.wanted, pa.string()),
        strings_can_be_null=False,
        include_columns=form.wanted,
    )
    try:
        table = pa.csv.read_csv(pa.BufferReader(text), read, parse, convert)
    except pa.ArrowInvalid:
        return None
    # A quoted line break, an unclosed quote or a blank line: fewer rows than lines.
    n_lines = text.count(b"\n") + (not text.endswith(b"\n"))
    if table.num_rows + form.header != n_lines:
        return None
    columns = {name: in_one_piece(table.column(name)) for name in form.wanted}
    return TextTable(columns, LineNumbers(first=1 + form.header))


def in_one_piece(column: pa.ChunkedArray) -> pa.Array:
    """Return a chunked column as one array."""
    whole = column.combine_chunks()
    return pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole


class _Irregular:
    """Reads row by row, so that each oddity can be named with its line."""

    def __init__(self, text: bytes, form: TextFormat, file: str) -> None:
        self._text, self._form, self._file = text.decode(), form, file

    def read(self, report: FileReport) -> TextTable:
        """Return the complete rows; drop the others in ``report``."""
        kept, lines, all_rows = [], [], self._rows()
        if self._form.header:
            next(all_rows, None)
        for line, fields in all_rows:
            report.read += 1
            reason = self._misfit(fields)
            if reason:
                report.drop(reason, 1, line)
            else:
                kept.append(fields)
                lines.append(line)
        return TextTable(self._columns(kept), LineNumbers(table=np.array(lines, np.int64)))

    def _misfit(self, fields: list[str]) -> str:
        """Say what is wrong with the number of fields, if anything."""
        if len(fields) < self._form.required:
            return "too few fields"
        surplus = fields[len(self._form.names) :]
        return "too many fields" if any(field.strip() for field in surplus) else ""

    def _columns(self, rows: list[list[str]]) -> dict[str, pa.Array]:
        """Turn rows into one string array per wanted column; absent optional fields are empty."""
        where = {name: self._form.names.index(name) for name in self._form.wanted}
        return {
            name: pa.array([row[at] if at < len(row) else "" for row in rows], pa.string())
            for name, at in where.items()
        }

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the first line and the fields of every row that is more than white space."""
        rows = self._quoted_rows() if self._form.quoting else self._plain_rows()
        return ((line, fields) for line, fields in rows if len(fields) > 1 or "".join(fields).strip())

    def _plain_rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield rows of text in which a quote is a character like any other."""
        for line, row in enumerate(self._text.split("\n"), start=1):
            yield line, row.split(self._form.delimiter)

    def _quoted_rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield rows in which quoted fields may hold delimiters and line breaks."""
        body = self._text if self._text.endswith("\n") else self._text + "\n"
        reader = csv.reader(io.StringIO(body + _END_MARK, newline=""), delimiter=self._form.delimiter)
        while True:
            line = reader.line_num + 1
            try:
                fields = next(reader)
            except (csv.Error, StopIteration) as error:
                # The end mark was swallowed, or a field outgrew csv's limit of 131,072 characters.
                raise self._unclosed(line) from error
            if fields == [_END_MARK]:
                return
            if fields and fields[-1].endswith("\n" + _END_MARK):
                raise self._unclosed(line)
            yield line, fields

    def _unclosed(self, line: int) -> DataError:
        """Say where a quote that never closes was opened."""
        return DataError(
            "A quoted field that starts here never ends, or is longer than 131,072 characters.",
            fix='Close the quote, or double a quote that is part of the text ("").',
            file=self._file,
            line=line,
        )
