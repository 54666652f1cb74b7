"""Opening a file of films: its text, its separator, its header, and the columns that are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_core.datasets.table_head import parse_head
from recsys_core.datasets.text_encoding import clean_text, foreign_kind, line_at
from recsys_core.datasets.text_table import TextFormat, read_text_table
from recsys_core.errors import DataError
from recsys_core.movies.loaders.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.datasets.loading_report import LoadingReport

_HEAD_BYTES = 1 << 16


def open_sheet(
    data: bytes,
    file: str,
    required: Sequence[str],
    optional: Sequence[str],
    report: LoadingReport,
    *,
    utf8_only: bool = False,
    separator: str | None = None,
    short_rows: bool = False,
) -> Sheet:
    """Return the sheet of a delimited text with a header that names all ``required`` columns.

    The separator is sniffed among comma, semicolon, tab and | unless given. Columns may stand in any
    order, others are passed over, rows may end early after the last required one (``short_rows``: after
    the first of ``required``). ``utf8_only`` is for files whose publisher says that they are UTF-8:
    anything else is damage then.

    Raises
    ------
    DataError
        If the text is empty, no text, names no such column, never closes a quote or has no row.
    """
    entry = report.start(file, 0)
    if utf8_only:
        _check_utf8(data, file)
    text = clean_text(data, file)
    entry.notes.extend(text.notes)
    head = parse_head(_first_lines(text.utf8), file, separator=separator, header=True, single=True)
    absent = next((name for name in required if name not in head.names), None)
    if absent is not None:
        fix = f"Expected at least: {', '.join(required)}. The file has: {', '.join(head.names)[:500]}."
        raise DataError("The header lacks this column.", fix=fix, file=file, line=1, column=absent)
    form = TextFormat(
        names=head.names,
        required=1 + max(head.names.index(name) for name in required[: 1 if short_rows else None]),
        wanted=tuple(name for name in head.names if name in {*required, *optional}),
        delimiter=head.separator,
        quoting=True,
    )
    return Sheet(read_text_table(text.utf8, form, entry), entry, head.names)


def _check_utf8(data: bytes, file: str) -> None:
    """Refuse text that is not UTF-8; what is no text at all is left to others."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if foreign_kind(data) is None and b"\0" not in data:
            fix = "Fetch the file again, or save it as UTF-8 text."
            line = line_at(data, error.start)
            raise DataError("The text is not UTF-8.", fix=fix, file=file, line=line) from None


def _first_lines(text: bytes) -> bytes:
    """Return enough of ``text`` to see its header; whole lines if there are any."""
    head = text[:_HEAD_BYTES]
    return head if len(text) <= _HEAD_BYTES else head[: head.rfind(b"\n") + 1] or head
