"""The first lines of a text table: its separator, whether it has a header, and its column names."""

from __future__ import annotations

import codecs
import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recsys_core.datasets.text_encoding import clean_text
from recsys_core.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

SEPARATORS = (",", "\t", ";", "|", "::")
HEAD_BYTES = 1 << 18
_SAMPLE_LINES = 50
# The ASCII unit separator: stands in for "::", since CSV readers split at one character only.
UNIT_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class TableHead:
    """How a text table begins; ``rows`` are its first rows without the header."""

    separator: str
    header: bool
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_head_text(path: Path) -> bytes:
    """Return the first 256 KB of a text file as clean UTF-8, whole lines only if there are more.

    Raises
    ------
    DataError
        If the file is empty, no text, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(HEAD_BYTES)
            more = bool(file.read(1))
    except OSError as error:
        raise DataError(f"The file cannot be read ({error.strerror}).", file=path) from error
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # The cut may have gone through a character; an incremental decoder keeps that part back.
        data = codecs.getincrementaldecoder("utf-16")(errors="replace").decode(data).encode()
    if more:
        data = data[: max(data.rfind(b"\n"), data.rfind(b"\r")) + 1] or data
    return clean_text(data, path.name).utf8


def parse_head(
    text: bytes,
    file: str,
    *,
    separator: str | None = None,
    header: bool | None = None,
    single: bool = False,
) -> TableHead:
    """Return the head of clean UTF-8 ``text``; what is None is sniffed. ``single`` lets one column do.

    Raises
    ------
    DataError
        If there are only blank lines, no separator cuts the lines, or the header names a column twice.
    """
    lines = [line for line in text.decode(errors="replace").split("\n")[: _SAMPLE_LINES * 4] if line.strip()]
    sample = lines[:_SAMPLE_LINES]
    if not sample:
        fix = "Choose a file with a header and rows."
        raise DataError("The file begins with nothing but blank lines.", fix=fix, file=file)
    cut = separator or _sniff_separator(sample, file, single=single)
    rows = _fields(sample, cut)
    has_header = _looks_like_header(rows) if header is None else header
    names = _names(rows[0], has_header, file)
    return TableHead(cut, has_header, names, tuple(map(tuple, rows[int(has_header) :])))


def _fields(lines: list[str], separator: str) -> list[list[str]]:
    """Cut sample lines into trimmed fields."""
    single = separator if len(separator) == 1 else UNIT_SEPARATOR
    cut_lines = [line.replace(separator, single) for line in lines]
    return [[field.strip() for field in row] for row in csv.reader(cut_lines, delimiter=single)]


def _sniff_separator(lines: list[str], file: str, *, single: bool) -> str:
    """Return the separator that cuts the first line, and most others into as many fields.

    Of a ``single`` column it is one that no text holds: what looks like a separator is part of the words.
    """
    best, best_score = "", (0, 0)
    for separator in SEPARATORS:
        widths = [len(row) for row in _fields(lines, separator)]
        score = (widths.count(widths[0]), widths[0])
        if widths[0] > 1 and score > best_score:
            best, best_score = separator, score
    if not best and single:
        return UNIT_SEPARATOR
    if not best:
        raise DataError(
            "No separator was found: the first line is one single field.",
            fix="Separate user and item by a comma, tab, semicolon, | or ::.",
            file=file,
            line=1,
        )
    return best


def _looks_like_header(rows: list[list[str]]) -> bool:
    """Tell whether the first row names columns, which is when it holds no number."""
    return not any(_is_number(field) for field in rows[0])


def _is_number(field: str) -> bool:
    """Tell whether ``field`` could be a number."""
    return field.replace(".", "", 1).replace("-", "", 1).isdigit()


def _names(first: list[str], has_header: bool, file: str) -> tuple[str, ...]:
    """Return the column names, "column 1" and so on where the file gives none."""
    given = first if has_header else [""] * len(first)
    names = tuple(name or f"column {at}" for at, name in enumerate(given, start=1))
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise DataError(
            "The header names this column twice.", fix="Rename one of them.", file=file, line=1, column=twice
        )
    return names
