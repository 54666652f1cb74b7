"""Finishing what a killed writer left open."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from recsys_online.events.reading import read_lines
from recsys_online.events.record import Event, Gap
from recsys_online.events.segment import OPEN, Segment

if TYPE_CHECKING:
    from pathlib import Path


def seal_orphans(folder: Path) -> int:
    """Seal the segments whose writer is gone and return how many; a torn tail is cut off.

    A living writer holds a lock on its file, which ends with its process however that ends.
    """
    return sum(_seal(path) for path in sorted(folder.glob(f"*{OPEN}")))


def _seal(path: Path) -> bool:
    try:
        fd = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
    except FileNotFoundError:
        return False  # another process was faster
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        return False
    writer = path.name.removesuffix(OPEN).rpartition("-")[0]
    _recovered(path, fd).seal(writer)
    return True


def _recovered(path: Path, fd: int) -> Segment:
    segment = Segment(path, fd, 0)
    for line in read_lines(path):
        if not isinstance(line.record, Event | Gap):
            break
        if not segment.count:
            segment.first = line.record.seq
        segment.recount(line.raw)
    os.ftruncate(fd, segment.size)
    return segment
