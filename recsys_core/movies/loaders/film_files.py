"""Where the files of a film data set lie: a folder, one folder deeper, a zip, or one named file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_core.datasets.file_bundle import holds_file, read_bundle, read_file
from recsys_core.datasets.named_path import is_there
from recsys_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# credits.csv of The Movies Dataset has 190 MB.
MAX_FILE_BYTES = 400_000_000


def find_films(candidates: Sequence[Path], key_files: Sequence[str]) -> Path | None:
    """Return the first folder or zip that holds all ``key_files``, at each candidate or one level below."""
    found = (_find(path, key_files) for path in candidates)
    return next((path for path in found if path is not None), None)


def read_films(path: Path, key_files: Sequence[str], optional: Sequence[str]) -> dict[str, bytes]:
    """Return the contents by file name of all ``key_files`` and of those ``optional`` ones that are there.

    Raises
    ------
    DataError
        If a key file is missing, or a file is too large or cannot be read; a zip that is damaged or
        unfolds beyond measure is refused as well.
    """
    bundle = _find(path, key_files) or path
    if bundle.is_file() and bundle.name == key_files[0]:
        bundle = bundle.parent
    contents = _contents(bundle, [*key_files, *optional])
    absent = next((name for name in key_files if name not in contents), None)
    if absent is not None:
        fix = f"Name the folder or zip that holds {' and '.join(key_files)}."
        raise DataError(f"{absent} is not there.", fix=fix, file=path)
    return contents


def _contents(bundle: Path, wanted: list[str]) -> dict[str, bytes]:
    """Return the contents of those ``wanted`` files that are there."""
    if not bundle.is_dir():
        return read_bundle(bundle, wanted)
    there = [name for name in wanted if (bundle / name).is_file()]
    return {name: read_file(bundle / name, MAX_FILE_BYTES) for name in there}


def _find(path: Path, key_files: Sequence[str]) -> Path | None:
    """Return ``path``, or the first folder or zip right below it, that holds all key files."""
    if path.name == key_files[0] and is_there(path) and path.is_file():
        return path
    return next((place for place in (path, *_below(path)) if _holds(place, key_files)), None)


def _below(path: Path) -> list[Path]:
    """Return the folders and zips in a folder, none if it cannot be looked into."""
    try:
        return sorted(one for one in path.iterdir() if one.is_dir() or one.suffix == ".zip")
    except OSError:
        return []


def _holds(place: Path, key_files: Sequence[str]) -> bool:
    """Tell whether all key files are in one folder or zip."""
    return all(holds_file(place, name) for name in key_files)
