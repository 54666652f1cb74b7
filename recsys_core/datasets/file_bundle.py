"""The files of a data set, whether they lie in a folder, one folder deeper, or in a zip."""

from __future__ import annotations

import zipfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from recsys_core.datasets.safe_zip import looks_like_zip, member_names, read_members
from recsys_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_FILE_BYTES = 200_000_000


def find_bundle(path: Path, key_file: str) -> Path | None:
    """Return the folder or zip at ``path`` or one level below that holds ``key_file``, or None."""
    if holds_file(path, key_file):
        return path
    if not path.is_dir():
        return None
    below = sorted(one for one in path.iterdir() if one.is_dir() or one.suffix == ".zip")
    return next((one for one in below if holds_file(one, key_file)), None)


def holds_file(path: Path, key_file: str) -> bool:
    """Tell whether ``path`` is a folder with ``key_file`` at its top, or a readable zip with it inside.

    A place that may not be looked into holds nothing.
    """
    try:
        if (path / key_file).is_file():
            return True
        if not looks_like_zip(path):
            return False
        about = path.stat()
    except OSError:
        return False
    return key_file in _names_in_zip(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=256)
def _names_in_zip(path: Path, modified: int, size: int) -> frozenset[str]:
    """Return the names in a zip of that state, none of a damaged one; asked once for each file looked for."""
    del modified, size
    try:
        return frozenset(member_names(path))
    except DataError:
        return frozenset()


def read_bundle(path: Path, wanted: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of those ``wanted`` files that are there, by name.

    Raises
    ------
    DataError
        If ``path`` is neither folder nor sound zip, or a file is too large or cannot be read.
    """
    if path.is_dir():
        return {name: read_file(path / name) for name in wanted if (path / name).is_file()}
    if not path.exists():
        raise DataError("There is no such file or folder.", fix="Check the path.", file=path)
    if not zipfile.is_zipfile(path) and not looks_like_zip(path):
        raise DataError(
            "This is neither a folder nor a zip archive.",
            fix="Name the folder that holds the files, or the zip as downloaded.",
            file=path,
        )
    return read_members(path, wanted)


def check_size(path: Path, limit: int = MAX_FILE_BYTES) -> int:
    """Return the size of the file ``path`` in bytes.

    Raises
    ------
    DataError
        If it is above ``limit``, missing, or no plain file.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from error
    if not path.is_file():
        raise DataError("This is not a file.", fix="Name one file.", file=path)
    if size > limit:
        raise DataError(
            f"The file has {size / 1e6:,.0f} MB; the limit is {limit / 1e6:,.0f} MB.",
            fix="Keep only the columns and rows you need, or store it as Parquet.",
            file=path,
        )
    return size


def read_file(path: Path, limit: int = MAX_FILE_BYTES) -> bytes:
    """Return the bytes of ``path``, refusing more than ``limit`` before reading any.

    Raises
    ------
    DataError
        If it is too large, missing, or changes or vanishes while being read.
    """
    size = check_size(path, limit)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(data) != size:
        raise DataError("The file changed while it was being read.", fix="Try again.", file=path)
    return data


def _unreadable(path: Path, error: OSError) -> DataError:
    """Say that a file cannot be read."""
    fix = "Check that it exists and may be read."
    return DataError(f"The file cannot be read ({error.strerror}).", fix=fix, file=path)
