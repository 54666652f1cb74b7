"""Data sets read once are kept as arrays, so that the next process opens them instead of reading the files.

Nothing here can fail a load: what is damaged, out of date or cannot be written is passed over.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import secrets
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from recsys_core.datasets.stored import PARTIAL, open_dataset, save_dataset
from recsys_core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

    from recsys_core.datasets.dataset import Dataset

log = logging.getLogger(__name__)

KEPT = 8
"""Data sets kept at most; the ones not opened for longest go first."""
ABANDONED = 3600.0
"""Seconds after which a half-written folder has no writer any more."""
DELETED = ".deleted-"


def load_kept(
    folder: Path,
    source: Path,
    said: object,
    load: Callable[[], Dataset],
    *,
    clock: Callable[[], float] = time.time,
) -> Dataset:
    """Return what ``load`` returns, from ``folder`` if it is kept there for the present state of ``source``.

    Parameters
    ----------
    source
        The file or folder that is read; changed files (name, size, time) mean another key, and so does
        another version of the code that reads them.
    said
        Whatever else decides how the files are read, of JSON's types.
    """
    place = folder / _key(source, said)
    if place.is_dir():
        try:
            dataset = open_dataset(place)
        except DataError as error:
            log.warning("A kept data set is read from its files again: %s", error)
            _remove(place)
        else:
            with contextlib.suppress(OSError):
                place.touch()
            return dataset
    dataset = load()
    try:
        save_dataset(dataset, place)
        _forget_old(folder, clock())
    except (DataError, OSError) as error:
        log.info("The data set is not kept: %s", error)
    return dataset


def _key(source: Path, said: object) -> str:
    """Return a name for the state of the files, how they are read, and the code that reads them."""
    files = sorted(source.iterdir()) if source.is_dir() else [source]
    code = sorted(Path(__file__).parent.glob("*.py"))
    found = [(path, path.stat()) for path in (*files, *code) if path.is_file()]
    states = [(str(path), state.st_size, state.st_mtime_ns) for path, state in found]
    return hashlib.sha256(msgspec.json.encode([str(source.resolve()), said, states])).hexdigest()[:32]


def _forget_old(folder: Path, now: float) -> None:
    states = [(path.stat().st_mtime, path) for path in folder.iterdir()]
    kept = sorted((state for state in states if not state[1].name.startswith(".")), reverse=True)
    left = [
        (changed, path)
        for changed, path in states
        if path.name.startswith((PARTIAL, DELETED)) and changed < now - ABANDONED
    ]
    for _, path in (*kept[KEPT:], *left):
        _remove(path)


def _remove(path: Path) -> None:
    """Take a folder out of sight first: nobody may open it while it is being emptied."""
    doomed = path.with_name(f"{DELETED}{secrets.token_hex(8)}")
    with contextlib.suppress(OSError):
        path.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)
