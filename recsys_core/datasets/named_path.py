"""A place on this computer as a person wrote it."""

from __future__ import annotations

from pathlib import Path

from recsys_core.errors import DataError


def named_path(words: str | Path) -> Path:
    """Return the path, ``~`` at its beginning being somebody's home.

    Raises
    ------
    DataError
        If that home is not known.
    """
    try:
        return Path(words).expanduser()
    except RuntimeError:
        fix = "Write the whole path, from its beginning."
        raise DataError(f"Nobody's home is known as {Path(words).parts[0]}.", fix=fix) from None


def is_file(path: Path) -> bool:
    """Tell whether there is such a file; one that may not be looked at, or cannot exist, counts as none."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_there(path: Path) -> bool:
    """Tell whether there is such a file or folder; one that may not be looked at counts as none."""
    try:
        return path.exists()
    except OSError:
        return False
