"""Reading a log back: torn tails are skipped and counted, the older service's lines are understood."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from recsys_online.events.places import segments
from recsys_online.events.ranges import Ranges
from recsys_online.events.record import Event, Gap, Seal, intact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recsys_online.events.places import RemoteFile

SEAL_BYTES = 4096  # no seal is longer
_checked = msgspec.json.Decoder(Event)
_gap = msgspec.json.Decoder(Gap)
_seal = msgspec.json.Decoder(Seal)


class Line(NamedTuple):
    """One line of a file: its bytes (newline included), and the record in it or None if it is damaged."""

    raw: bytes
    record: Event | Gap | Seal | None


def read_lines(path: Path | RemoteFile) -> Iterator[Line]:
    """Yield every line of a file in order; a tail without newline is damaged, whatever it says."""
    with path.open("rb") as file:
        for raw in file:
            yield Line(raw, _record(raw))


def read_events(place: Path | str) -> Iterator[Event]:
    """Yield each event of a log once, writer by writer in sequence; ``place`` is a folder or an address."""
    seen: defaultdict[str, Ranges] = defaultdict(Ranges)
    for path in segments(place):
        for _, record in read_lines(path):
            if isinstance(record, Event) and (not record.w or seen[record.w].add(record.seq, record.seq)):
                yield record


def read_seal(path: Path) -> Seal | None:
    """Return the seal of a finished segment, None if its last line is none."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - SEAL_BYTES))
        *_, last = file.read().splitlines(keepends=True) or [b""]
    record = _record(last)
    return record if isinstance(record, Seal) else None


def _record(raw: bytes) -> Event | Gap | Seal | None:
    line = raw[:-1]
    if raw[-1:] != b"\n":
        return None
    try:
        if not intact(line):
            return _older(line)
        if line.startswith(b'{"message":"gap"'):
            return _gap.decode(line)
        if line.startswith(b'{"message":"seal"'):
            return _seal.decode(line)
        return _checked.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _older(line: bytes) -> Event | None:
    """Return an event without our own fields, as the older service wrote it: nothing to check it by."""
    if b'"crc":' in line:
        return None
    event = _checked.decode(line)
    return event if not event.w else None
