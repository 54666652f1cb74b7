"""Files people brought: stored under the hash of their content, with the columns to read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from recsys_core.datasets.column_guess import ColumnChoice, ColumnGuess, guess_columns
from recsys_core.datasets.stored_content import (
    StoredFile,
    find_record,
    on_disk,
    store_content,
    stored_records,
)
from recsys_core.datasets.table_file import load_table

if TYPE_CHECKING:
    from pathlib import Path

_NAME_LENGTH = 120


class Upload(StoredFile, frozen=True):
    """A stored file and its columns."""

    columns: ColumnChoice


def guess_upload(
    filename: str, content: bytes, *, separator: str | None = None, header: bool | None = None
) -> ColumnGuess:
    """Return what ``guess_columns`` says of a file that is not on disk.

    Raises
    ------
    DataError
        As ``guess_columns`` does, and if ``content`` has more than 200 MB.
    """
    return on_disk(
        _plain_name(filename), content, lambda path: guess_columns(path, separator=separator, header=header)
    )


def store_upload(folder: Path, filename: str, content: bytes, columns: ColumnChoice) -> Upload:
    """Store ``content`` in ``folder`` if it loads with ``columns``; the same content again is stored once.

    The name on disk is made of the SHA-256 of the content, so ``filename`` is only ever shown.

    Raises
    ------
    DataError
        If the file cannot be loaded; nothing is stored then.
    """
    name = _plain_name(filename)
    return store_content(
        folder,
        name,
        content,
        record=lambda path: Upload(str(path), name, columns),
        load=lambda path: load_table(path, columns, title=name),
    )


def stored_uploads(folder: Path) -> list[Upload]:
    """Return the stored files, by the name they came with; damaged records are passed over."""
    return stored_records(folder, Upload)


def find_upload(path: Path) -> Upload | None:
    """Return the record of the stored file at ``path``, or None if there is none."""
    return find_record(path, Upload)


def _plain_name(filename: str) -> str:
    """Return the last part of ``filename``, printable and short, fit to be shown and to be a file."""
    last = os.path.basename(filename.replace("\\", "/"))  # noqa: PTH119 - a name from outside, no path
    printable = "".join(letter for letter in last if letter.isprintable())
    return printable.strip(". ")[-_NAME_LENGTH:] or "upload"
