"""Recounting a log: is every sequence whole, every seal right?"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from recsys_online.events.ledger import read_ledger
from recsys_online.events.places import local_folder, or_log_error, segments
from recsys_online.events.ranges import Ranges
from recsys_online.events.reading import read_lines
from recsys_online.events.record import Event, Gap, Seal
from recsys_online.events.segment import DAMAGED, OPEN, SEALED

if TYPE_CHECKING:
    from pathlib import Path

    from recsys_online.events.places import RemoteFile

ANEW = 3  # times a recount begins anew while a living service renames its files


class LogReport(msgspec.Struct):
    """What a log holds; :attr:`whole` says whether nothing acknowledged is known to be missing.

    What comes after a writer's last record that is still there leaves no trace: the end of a file that was
    cut between two lines while it was open, its last segment, or all of a writer's segments removed.

    Attributes
    ----------
    events, sessions_ended
        Distinct records of requests, and those among them that ended a session.
    shipped
        Records of segments that were brought elsewhere and removed here: the ledger says so, they were not
        looked at.
    older
        Records of the older service: they have no sequence and are not in the other counts.
    dropped
        Events that writers could not store (disk full) and said so.
    torn
        Last lines without an end, at most one per file whose writer was killed.
    damaged
        Lines that are no record, fail their checksum, or stand after a seal.
    holes
        Sequence numbers missing before a writer's last.
    duplicates
        Further copies of a record (a segment shipped twice); harmless.
    bad_seals
        Finished segments without a seal, or whose count, range or SHA-256 is not what the seal says.
    set_aside
        Files of killed writers that are damaged inside; what is readable in them is counted.
    """

    writers: int = 0
    segments: int = 0
    open_segments: int = 0
    events: int = 0
    sessions_ended: int = 0
    shipped: int = 0
    older: int = 0
    dropped: int = 0
    torn: int = 0
    damaged: int = 0
    holes: int = 0
    duplicates: int = 0
    bad_seals: list[str] = []
    set_aside: list[str] = []

    @property
    def whole(self) -> bool:
        """Whether every sequence is complete and every seal right; dropped events are not hidden but said."""
        return not (self.damaged or self.holes or self.bad_seals)


Sequences = defaultdict[str, Ranges]


def verify(place: Path | str) -> LogReport:
    """Return the recount of the log at ``place``: a folder, or an address that fsspec knows.

    Raises
    ------
    LogError
        If there is no such folder, or it cannot be read.
    """
    with or_log_error(f"The log at {place} cannot be read"):
        for _ in range(ANEW):
            with suppress(FileNotFoundError):  # sealed or brought away after the folder was looked into
                return _recount(place)
        return _recount(place)


def _recount(place: Path | str) -> LogReport:
    report, sequences = LogReport(), Sequences(Ranges)
    found = segments(place)
    for path in found:
        _count_segment(path, report, sequences)
    folder = local_folder(place)
    if folder is not None:
        _count_shipped(folder, {path.name for path in found}, report, sequences)
    report.writers = len(sequences)
    report.holes = sum(numbers.holes for numbers in sequences.values())
    return report


def _count_segment(path: Path | RemoteFile, report: LogReport, sequences: Sequences) -> None:
    report.segments += 1
    report.open_segments += path.name.endswith(OPEN)
    if path.name.endswith(DAMAGED):
        report.set_aside.append(path.name)
    digest, count, first, last, older = hashlib.sha256(), 0, 0, -1, 0
    seal = None
    for raw, record in read_lines(path):
        if record is None or seal is not None:
            _count_damage(path, raw, report)
        elif isinstance(record, Seal):
            seal = record
            continue
        elif isinstance(record, Event) and not record.w:
            older += 1
        else:
            count, first, last = count + 1, first if count else record.seq, record.seq
            _count_record(record, report, sequences)
        digest.update(raw)
    report.older += older
    if seal is None:  # whoever named the older service's file .jsonl has not lost a seal
        wrong = path.name.endswith(SEALED) and (count > 0 or not older)
    else:
        wrong = (seal.count, seal.first, seal.last, seal.sha256) != (count, first, last, digest.hexdigest())
    if wrong:
        report.bad_seals.append(path.name)


def _count_damage(path: Path | RemoteFile, raw: bytes, report: LogReport) -> None:
    """Count a line; a finished segment has no torn end, so that one without an end was cut."""
    if raw.endswith(b"\n") or path.name.endswith(SEALED):
        report.damaged += 1
    else:
        report.torn += 1


def _count_record(record: Event | Gap, report: LogReport, sequences: Sequences) -> None:
    if not sequences[record.w].add(record.seq, record.seq):
        report.duplicates += 1
    elif isinstance(record, Gap):
        report.dropped += record.dropped
    else:
        report.events += 1
        report.sessions_ended += record.message == "last"


def _count_shipped(folder: Path, here: set[str], report: LogReport, sequences: Sequences) -> None:
    for one in read_ledger(folder):
        if one.segment not in here and one.seal is not None:
            report.shipped += sequences[one.seal.w].add(one.seal.first, one.seal.last)
