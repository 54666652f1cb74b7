"""Logs to test with: of writers that end as they should, and of writers that are killed."""

from __future__ import annotations

from pathlib import Path

from recsys_online.events import EventWriter
from tests.online.log_writer import event


def written(folder: Path, n: int, **options: int) -> EventWriter:
    log = EventWriter(folder, **options)
    for number in range(n):
        assert log.append(event(number))
    return log


def orphan(folder: Path, n: int) -> Path:
    """The file of a writer that was killed after ``n`` events."""
    log = written(folder, n)
    log._segment.close()
    return log._segment.path
