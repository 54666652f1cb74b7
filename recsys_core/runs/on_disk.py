"""Files that are unchanged, and whose unfinished folders may be swept away."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from recsys_core.errors import RunError
from recsys_core.whole_files import card_of_file

if TYPE_CHECKING:
    from pathlib import Path

    from recsys_core.whole_files import FileCard

PARTIAL, DELETED = ".partial-", ".deleted-"


def check_file(path: Path, card: FileCard, of: str, mend: str) -> None:
    """Raise :class:`RunError` unless ``path`` is a file in its own folder that still matches ``card``.

    ``of`` names what the file belongs to, ``mend`` says what to do.
    """
    if not path.is_file():
        raise RunError(f"{path.name} of {of} is missing. {mend}")
    if path.parent.resolve() != path.resolve().parent or card_of_file(path) != card:
        raise RunError(f"{path.name} of {of} has changed since it was written (SHA-256 differs). {mend}")


def sweep(folder: Path) -> None:
    """Remove the hidden folders in ``folder`` whose writer or deleter, named by process id, is gone."""
    for left in folder.glob(".*-*-*") if folder.is_dir() else ():
        if left.name.startswith((PARTIAL, DELETED)) and not _alive(left.name.rpartition("-")[2]):
            shutil.rmtree(left, ignore_errors=True)


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True
