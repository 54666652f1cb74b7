"""Finishing what a killed writer left open."""

from __future__ import annotations

import fcntl
import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from recsys_core.whole_files import sync
from recsys_online.events.reading import read_lines
from recsys_online.events.record import Seal
from recsys_online.events.segment import DAMAGED, OPEN, Segment

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)


def seal_orphans(folder: Path) -> int:
    """Seal the segments whose writer is gone and return how many; a torn last line is cut off.

    A file that is damaged inside is kept as it is under the suffix ``.damaged``. A living writer holds a
    lock on its file, which ends with its process however that ends.
    """
    sealed = 0
    for path in sorted(folder.glob(f"*{OPEN}")):
        with suppress(OSError):  # its writer lives, another process was faster, or the disk refuses
            sealed += _seal(path)
    return sealed


def _seal(path: Path) -> bool:
    segment = Segment(path, os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC), 0)
    try:
        fcntl.flock(segment.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not _recovered(segment):  # opened by its name: not found if another process has finished it
            _set_aside(path)
            return False
        os.ftruncate(segment.fd, segment.size)
        segment.seal(path.name.removesuffix(OPEN).rpartition("-")[0])
        return True
    finally:
        segment.close()


def _recovered(segment: Segment) -> bool:
    """Count what is in the file; False if anything but a torn or a sealing last line would be lost."""
    ended = False
    for raw, record in read_lines(segment.path):
        if ended or (record is None and raw.endswith(b"\n")):
            return False
        ended = record is None or isinstance(record, Seal)
        if record is None or isinstance(record, Seal):
            continue
        if not segment.count:
            segment.first = record.seq
        segment.recount(raw)
    return True


def _set_aside(path: Path) -> None:
    kept = path.with_suffix(DAMAGED)
    path.rename(kept)
    sync(kept.parent)
    log.warning("%s is damaged inside and was kept as it is. See refrain logs verify.", kept)
