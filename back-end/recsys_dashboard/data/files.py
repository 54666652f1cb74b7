"""Which data sets there are, and when their files last changed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from recsys_core.datasets.choice import DatasetChoice, available_choices
from recsys_core.errors import DataError
from recsys_dashboard.settings import Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recsys_core.movies.choice import MovieChoice


def choices(settings: Settings | None = None) -> list[DatasetChoice]:
    """Return what can be loaded now, real data first, the demo always last."""
    settings = settings or read_settings()
    return available_choices(settings.data_root, settings.data_dir)


def key_of(choice: DatasetChoice | MovieChoice) -> str:
    """Return the name of a choice in addresses: ``lastfm``, ``demo``, or ``file-`` and a hash of its path."""
    if choice.name != "file":
        return choice.name
    return f"file-{hashlib.sha256(str(choice.path).encode()).hexdigest()[:8]}"


def by_key(known: Iterable[DatasetChoice], key: str) -> DatasetChoice:
    """Return the choice called ``key``; raises DataError if it is not among ``known``."""
    found = {key_of(choice): choice for choice in known}
    if key not in found:
        raise DataError(f"There is no data set {key!r} any more.", fix=f"Choose among {', '.join(found)}.")
    return found[key]


def stamp(choice: DatasetChoice | MovieChoice) -> int:
    """Return when the files of ``choice`` last changed, in nanoseconds; 0 for those that cannot."""
    if choice.path is None:
        return 0
    return max(map(_changed, _files_at(Path(choice.path))))


def _files_at(path: Path) -> list[Path]:
    """Return ``path`` and, of a folder that may be looked into, what is in it."""
    try:
        return [path, *path.iterdir()] if path.is_dir() else [path]
    except OSError:
        return [path]


def _changed(file: Path) -> int:
    """Return when a file last changed; 0 for what is gone or may not be looked at."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
