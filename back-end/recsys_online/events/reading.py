"""Reading a log back: torn tails are skipped and counted, the older service's lines are understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from recsys_online.events.record import Event, Gap, Seal, intact
from recsys_online.events.segment import OPEN, SEALED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLDER = ".json"
_checked = msgspec.json.Decoder(Event)
_gap = msgspec.json.Decoder(Gap)
_seal = msgspec.json.Decoder(Seal)


class Line(NamedTuple):
    """One line of a file: its bytes (newline included), and the record in it or None if it is damaged."""

    raw: bytes
    record: Event | Gap | Seal | None


def segments(folder: Path) -> list[Path]:
    """Return the files of a log by name: sealed, open, and those of the older service."""
    return sorted(path for path in folder.iterdir() if path.suffix in (OPEN, SEALED, OLDER))


def read_lines(path: Path) -> Iterator[Line]:
    """Yield every line of a file in order; a tail without newline is damaged, whatever it says."""
    with path.open("rb") as file:
        for raw in file:
            yield Line(raw, _record(raw))


def read_events(folder: Path) -> Iterator[Event]:
    """Yield each event of a log once, writer by writer in sequence."""
    seen: set[tuple[str, int]] = set()
    for path in segments(folder):
        for line in read_lines(path):
            if isinstance(line.record, Event):
                key = (line.record.w, line.record.seq)
                if not line.record.w or key not in seen:
                    seen.add(key)
                    yield line.record


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
