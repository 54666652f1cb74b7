"""Film tables people brought: stored under the hash of their content, with the columns to read."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import msgspec

from recsys_core.datasets.file_bundle import MAX_FILE_BYTES
from recsys_core.errors import DataError
from recsys_core.movies.loaders.fields import tidy
from recsys_core.movies.loaders.own_columns import FilmColumnGuess, FilmColumns, guess_film_columns
from recsys_core.movies.loaders.own_table import load_own_films

_NAME_LENGTH = 120


class FilmUpload(msgspec.Struct, frozen=True):
    """A stored file: its path, the name it came with, and its columns."""

    path: str
    filename: str
    columns: FilmColumns


def guess_film_upload(filename: str, content: bytes, *, separator: str | None = None) -> FilmColumnGuess:
    """Return what ``guess_film_columns`` says of a file that is not on disk; raises as that does."""
    _check_length(filename, content)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _shown_name(filename)
        path.write_bytes(content)
        return guess_film_columns(path, separator=separator)


def store_film_upload(folder: Path, filename: str, content: bytes, columns: FilmColumns) -> FilmUpload:
    """Store ``content`` in ``folder`` if it loads with ``columns``; the same content again is stored once.

    Raises
    ------
    DataError
        If the file cannot be loaded; nothing is stored then.
    """
    _check_length(filename, content)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(content).hexdigest()[:32]}.data"
    upload = FilmUpload(str(path), _shown_name(filename), columns)
    with tempfile.TemporaryDirectory(prefix=".upload-", dir=folder) as scratch:
        part = Path(scratch) / "part"
        part.write_bytes(content)
        load_own_films(part, columns, title=upload.filename)
        part.replace(path)
        part.write_bytes(msgspec.json.encode(upload))
        part.replace(path.with_suffix(".json"))
    return upload


def stored_film_uploads(folder: Path) -> list[FilmUpload]:
    """Return the stored files, by the name they came with; damaged records are passed over."""
    found = (find_film_upload(path) for path in folder.glob("*.data"))
    return sorted((upload for upload in found if upload), key=lambda one: (one.filename, one.path))


def find_film_upload(path: Path) -> FilmUpload | None:
    """Return the record of the stored file at ``path``, or None if there is none."""
    try:
        record = msgspec.json.decode(path.with_suffix(".json").read_bytes(), type=FilmUpload)
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
            file=_shown_name(filename),
        )


def _shown_name(filename: str) -> str:
    """Return the last part of ``filename``, printable and short, fit to be shown and to be a file."""
    return tidy(filename.replace("\\", "/").rpartition("/")[2]).strip(". ")[-_NAME_LENGTH:] or "upload"
