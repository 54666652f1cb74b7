"""The one way in: a data set named by a small checked struct, loaded from wherever it is."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from recsys_core.datasets.column_guess import ColumnChoice, guess_columns
from recsys_core.datasets.dataset import Dataset
from recsys_core.datasets.demo import load_demo
from recsys_core.datasets.kept import load_kept
from recsys_core.datasets.lastfm import find_lastfm, load_lastfm
from recsys_core.datasets.named_path import named_path
from recsys_core.datasets.table_file import load_table
from recsys_core.datasets.uploads import find_upload, stored_uploads
from recsys_core.datasets.uploads import store_upload as _store_upload
from recsys_core.errors import DataError

DOWNLOADS, UPLOADS, KEPT = "downloads", "uploads", "kept"


class DatasetChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which data set: the demo, Last.fm (at ``path``, or as downloaded), or a file with its columns."""

    name: Literal["demo", "lastfm", "file"]
    path: str | None = None
    columns: ColumnChoice | None = None

    @property
    def title(self) -> str:
        """What to call it before it is loaded."""
        if self.name != "file" or self.path is None:
            return {"demo": "Demo data", "lastfm": "Last.fm 2011"}.get(self.name, self.name)
        upload = find_upload(Path(self.path))
        return upload.filename if upload else Path(self.path).name


def load_dataset(choice: DatasetChoice, *, data_root: Path) -> Dataset:
    """Return the data set that ``choice`` names; ``data_root`` is the folder of downloads and uploads.

    What was read from files is kept below ``data_root`` as arrays, and opened from there the next time.

    Raises
    ------
    DataError
        If it is not there or cannot be used; the text says how to get or mend it.
    """
    if choice.name == "demo":
        return load_demo()
    if choice.name == "lastfm":
        named = _lastfm_path(choice, data_root)
        source = find_lastfm([named]) or named
        return load_kept(data_root / KEPT, source, "lastfm", lambda: load_lastfm(source))
    return _load_file(choice, data_root / KEPT)


def available_choices(data_root: Path, named: Path | None = None) -> list[DatasetChoice]:
    """Return what can be loaded right now: Last.fm if found, the file at ``named``, uploads, then the demo.

    ``named`` is a folder, zip or table that the user pointed at; it is searched for Last.fm before
    the downloads are.
    """
    candidates = [path for path in (named, data_root / DOWNLOADS) if path is not None]
    lastfm = find_lastfm(candidates)
    choices = [DatasetChoice("lastfm", str(lastfm))] if lastfm else []
    if named is not None and lastfm != named:
        choices += _named_file(named)
    uploads = stored_uploads(data_root / UPLOADS)
    choices += [DatasetChoice("file", one.path, one.columns) for one in uploads]
    return [*choices, DatasetChoice("demo")]


def store_upload(data_root: Path, filename: str, content: bytes, columns: ColumnChoice) -> DatasetChoice:
    """Store a file that someone brought and return the choice that loads it.

    Raises
    ------
    DataError
        If the file cannot be loaded with ``columns``; nothing is stored then.
    """
    upload = _store_upload(data_root / UPLOADS, filename, content, columns)
    return DatasetChoice("file", upload.path, upload.columns)


def _lastfm_path(choice: DatasetChoice, data_root: Path) -> Path:
    """Return where the Last.fm files should be."""
    if choice.path is not None:
        return named_path(choice.path)
    found = find_lastfm([data_root / DOWNLOADS])
    if found is None:
        raise DataError(
            "The Last.fm data are not on this computer.",
            fix=(
                "Download them on the data page, or set REFRAIN_DATA (or --data-dir) to the folder or zip "
                f"that you have, or put the zip into {data_root / DOWNLOADS}."
            ),
        )
    return found


def _load_file(choice: DatasetChoice, kept: Path) -> Dataset:
    """Load a table file; columns not given are guessed."""
    if choice.path is None:
        raise DataError("No file is named.", fix="Name the file to read.")
    path = named_path(choice.path)
    columns = choice.columns or _guessed(path)
    upload = find_upload(path)
    title = upload.filename if upload else None
    said = [title, msgspec.to_builtins(columns)]
    return load_kept(kept, path, said, lambda: load_table(path, columns, title=title))


def _guessed(path: Path) -> ColumnChoice:
    """Return the guessed columns, refusing a file whose user or item column has no telling name."""
    guess = guess_columns(path)
    columns = guess.to_choice()
    if columns is None:
        role = "user" if guess.user is None else "item"
        raise DataError(
            f"No column looks like the {role}.",
            fix=f"Say which one it is; the file has: {', '.join(guess.columns)}.",
            file=path.name,
        )
    return columns


def _named_file(path: Path) -> list[DatasetChoice]:
    """Return the choice of a table file whose columns can be guessed, if ``path`` is one."""
    try:
        return [DatasetChoice("file", str(path), _guessed(path))] if path.is_file() else []
    except DataError:
        return []
