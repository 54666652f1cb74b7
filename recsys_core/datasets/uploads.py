"""Files people brought: stored under the hash of their content, with the columns to read."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import msgspec

from recsys_core.datasets.column_guess import ColumnChoice, ColumnGuess, guess_columns
from recsys_core.datasets.file_bundle import MAX_FILE_BYTES
from recsys_core.datasets.table_file import load_table
from recsys_core.errors import DataError

_NAME_LENGTH = 120


class Upload(msgspec.Struct, frozen=True):
    """A stored file: its path, the name it came with, and its columns."""

    path: str
    filename: str
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
    _check_length(filename, content)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _plain_name(filename)
        path.write_bytes(content)
        return guess_columns(path, separator=separator, header=header)


def store_upload(folder: Path, filename: str, content: bytes, columns: ColumnChoice) -> Upload:
    """Store ``content`` in ``folder`` if it loads with ``columns``; the same content again is stored once.

    The name on disk is made of the SHA-256 of the content, so ``filename`` is only ever shown.

    Raises
    ------
    DataError
        If the file cannot be loaded; nothing is stored then.
    """
    _check_length(filename, content)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(content).hexdigest()[:32]}.data"
    upload = Upload(str(path), _plain_name(filename), columns)
    with tempfile.TemporaryDirectory(prefix=".upload-", dir=folder) as scratch:
        part = Path(scratch) / "part"
        part.write_bytes(content)
        load_table(part, columns, title=upload.filename)
        part.replace(path)
        part.write_bytes(msgspec.json.encode(upload))
        part.replace(path.with_suffix(".json"))
    return upload


def stored_uploads(folder: Path) -> list[Upload]:
    """Return the stored files, by the name they came with; damaged records are passed over."""
    found = (find_upload(path) for path in folder.glob("*.data"))
    return sorted((upload for upload in found if upload), key=lambda one: (one.filename, one.path))


def find_upload(path: Path) -> Upload | None:
    """Return the record of the stored file at ``path``, or None if there is none."""
    try:
        record = msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=Upload)
    except (OSError, msgspec.MsgspecError):
        return None
    # The folder may have moved since.
    return msgspec.structs.replace(record, path=str(path))


def _check_length(filename: str, content: bytes) -> None:
    """Refuse contents above the limit for files."""
    if len(content) > MAX_FILE_BYTES:
        raise DataError(
            f"The file has {len(content) / 1e6:,.0f} MB; the limit is {MAX_FILE_BYTES / 1e6:,.0f} MB.",
            fix="Keep only the columns and rows you need, or store it as Parquet.",
            file=_plain_name(filename),
        )


def _plain_name(filename: str) -> str:
    """Return the last part of ``filename``, printable and short, fit to be shown and to be a file."""
    last = os.path.basename(filename.replace("\\", "/"))  # noqa: PTH119 - a name from outside, no path
    printable = "".join(letter for letter in last if letter.isprintable())
    return printable.strip(". ")[-_NAME_LENGTH:] or "upload"
