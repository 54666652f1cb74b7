"""Keeping a copy of the Last.fm files that somebody has in a folder or zip of their own."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from recsys_core.datasets.file_bundle import read_bundle
from recsys_core.datasets.lastfm import ARTISTS, FILES, PLAYS, find_lastfm, load_lastfm
from recsys_core.errors import DataError

ADOPTED = "lastfm-own-copy"


def adopt_lastfm(source: Path, downloads: Path) -> Path:
    """Copy the Last.fm files found at ``source`` into a folder below ``downloads`` and return that folder.

    They are loaded once first: files that cannot be used are not copied, and a copy is there whole or
    not at all.

    Raises
    ------
    DataError
        If no Last.fm files are at ``source``, they cannot be used, or the copy cannot be written.
    """
    found = find_lastfm([source])
    if found is None:
        fix = f"Name the folder or zip that holds {PLAYS} and {ARTISTS}."
        raise DataError("The Last.fm files are not there.", fix=fix, file=source)
    load_lastfm(found)
    target = downloads / ADOPTED
    if target.is_dir():
        return target
    try:
        downloads.mkdir(parents=True, exist_ok=True)
        # after the rename there is nothing left to clean up
        with (
            contextlib.suppress(FileNotFoundError),
            tempfile.TemporaryDirectory(prefix=".adopt-", dir=downloads) as scratch,
        ):
            for name, content in read_bundle(found, FILES).items():
                (Path(scratch) / name).write_bytes(content)
            Path(scratch).rename(target)
    except OSError as error:
        raise DataError(
            f"The files could not be copied ({error.strerror}).",
            fix="Make room or choose another folder.",
            file=target,
        ) from error
    return target
