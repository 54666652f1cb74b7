"""Recounting a log: is every sequence whole, every seal right?"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from recsys_online.events.reading import read_lines, segments
from recsys_online.events.record import Event, Gap, Seal
from recsys_online.events.segment import OPEN, LogError

if TYPE_CHECKING:
    from pathlib import Path


class LogReport(msgspec.Struct):
    """What a log holds; :attr:`whole` says whether nothing acknowledged is missing.

    Attributes
    ----------
    events, sessions_ended
        Distinct records of requests, and those among them that ended a session.
    older
        Records of the older service: they have no sequence and are not in the other counts.
    dropped
        Events that writers could not store (disk full) and said so.
    torn
        Last lines without an end, at most one per file whose writer was killed.
    damaged
        Lines inside a file that are no record, or fail their checksum.
    holes
        Sequence numbers missing before a writer's last.
    duplicates
        Further copies of a record (a segment shipped twice); harmless.
    bad_seals
        Sealed segments whose count, range or SHA-256 is wrong.
    """

    writers: int = 0
    segments: int = 0
    open_segments: int = 0
    events: int = 0
    sessions_ended: int = 0
    older: int = 0
    dropped: int = 0
    torn: int = 0
    damaged: int = 0
    holes: int = 0
    duplicates: int = 0
    bad_seals: list[str] = []

    @property
    def whole(self) -> bool:
        """Whether every sequence is complete and every seal right; dropped events are not hidden but said."""
        return not (self.damaged or self.holes or self.bad_seals)


def verify(folder: Path) -> LogReport:
    """Return the recount of the log in ``folder``.

    Raises
    ------
    LogError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise LogError(f"There is no log folder {folder}. Name the folder the service writes to.")
    report = LogReport()
    sequences: dict[str, set[int]] = {}
    for path in segments(folder):
        _count_segment(path, report, sequences)
    report.writers = len(sequences)
    report.holes = sum(max(numbers) + 1 - len(numbers) for numbers in sequences.values())
    return report


def _count_segment(path: Path, report: LogReport, sequences: dict[str, set[int]]) -> None:
    report.segments += 1
    report.open_segments += path.suffix == OPEN
    digest, numbers = hashlib.sha256(), []
    seal = None
    for raw, record in read_lines(path):
        if isinstance(record, Seal):
            seal = record
            break
        digest.update(raw)
        if record is None:
            _count_damage(raw, report)
        elif isinstance(record, Event) and not record.w:
            report.older += 1
        else:
            numbers.append(record.seq)
            _count_record(record, report, sequences)
    if seal is not None and (seal.count, seal.first, seal.last, seal.sha256) != (
        len(numbers), min(numbers, default=0), max(numbers, default=-1), digest.hexdigest(),
    ):  # fmt: skip
        report.bad_seals.append(path.name)


def _count_damage(raw: bytes, report: LogReport) -> None:
    if raw.endswith(b"\n"):
        report.damaged += 1
    else:
        report.torn += 1


def _count_record(record: Event | Gap, report: LogReport, sequences: dict[str, set[int]]) -> None:
    numbers = sequences.setdefault(record.w, set())
    if record.seq in numbers:
        report.duplicates += 1
        return
    numbers.add(record.seq)
    if isinstance(record, Gap):
        report.dropped += record.dropped
    else:
        report.events += 1
        report.sessions_ended += record.message == "last"
