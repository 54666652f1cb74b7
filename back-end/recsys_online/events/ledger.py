"""What was brought away from a log, one line a segment."""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import msgspec

from recsys_core.whole_files import sync
from recsys_online.events.record import Seal
from recsys_online.events.segment import LogError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEDGER = "shipped.ledger"


class Shipped(msgspec.Struct, frozen=True):
    """A segment that is whole at its destination; its seal says which records it holds."""

    segment: str
    url: str
    bytes: int
    sha256: str
    seal: Seal | None = None


def read_ledger(folder: Path) -> list[Shipped]:
    """Return what has been shipped from ``folder``; a last line cut short by a crash does not count."""
    try:
        lines = (folder / LEDGER).read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return []
    decoder, found = msgspec.json.Decoder(Shipped), []
    for line in lines:
        with suppress(msgspec.DecodeError):
            found.append(decoder.decode(line))
    return found


def write_down(folder: Path, shipped: Shipped) -> None:
    """Add a line, which is on the disk when this returns."""
    fd = os.open(folder / LEDGER, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        size = os.fstat(fd).st_size
        torn = size and os.pread(fd, 1, size - 1) != b"\n"
        line = (b"\n" if torn else b"") + msgspec.json.encode(shipped) + b"\n"
        if os.write(fd, line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(fd)
    finally:
        os.close(fd)
    sync(folder)


@contextmanager
def nobody_else_ships(folder: Path) -> Iterator[None]:
    """Hold a lock on the folder, which ends with the process however that ends.

    Raises
    ------
    LogError
        If another process has it.
    """
    fd = os.open(folder, os.O_RDONLY)
    try:
        _lock(fd, folder)
        yield
    finally:
        os.close(fd)


def _lock(fd: int, folder: Path) -> None:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LogError(f"Another command is bringing away the log in {folder}. Wait for it.") from None
