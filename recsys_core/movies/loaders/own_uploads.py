"""Film tables people brought: stored under the hash of their content, with the columns to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_core.datasets.stored_content import (
    StoredFile,
    find_record,
    on_disk,
    store_content,
    stored_records,
)
from recsys_core.movies.loaders.fields import tidy
from recsys_core.movies.loaders.own_columns import FilmColumnGuess, FilmColumns, guess_film_columns
from recsys_core.movies.loaders.own_table import load_own_films

if TYPE_CHECKING:
    from pathlib import Path

_NAME_LENGTH = 120


class FilmUpload(StoredFile, frozen=True):
    """A stored file and its columns."""

    columns: FilmColumns


def guess_film_upload(filename: str, content: bytes, *, separator: str | None = None) -> FilmColumnGuess:
    """Return what ``guess_film_columns`` says of a file that is not on disk; raises as that does."""
    return on_disk(_shown_name(filename), content, lambda path: guess_film_columns(path, separator=separator))


def store_film_upload(folder: Path, filename: str, content: bytes, columns: FilmColumns) -> FilmUpload:
    """Store ``content`` in ``folder`` if it loads with ``columns``; the same content again is stored once.

    Raises
    ------
    DataError
        If the file cannot be loaded; nothing is stored then.
    """
    name = _shown_name(filename)
    return store_content(
        folder,
        name,
        content,
        record=lambda path: FilmUpload(str(path), name, columns),
        load=lambda path: load_own_films(path, columns, title=name),
    )


def stored_film_uploads(folder: Path) -> list[FilmUpload]:
    """Return the stored files, by the name they came with; damaged records are passed over."""
    return stored_records(folder, FilmUpload)


def find_film_upload(path: Path) -> FilmUpload | None:
    """Return the record of the stored file at ``path``, or None if there is none."""
    return find_record(path, FilmUpload)


def _shown_name(filename: str) -> str:
    """Return the last part of ``filename``, printable and short, fit to be shown and to be a file."""
    return tidy(filename.replace("\\", "/").rpartition("/")[2]).strip(". ")[-_NAME_LENGTH:] or "upload"
