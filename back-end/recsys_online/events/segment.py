"""One file of the log: lines are appended whole or not at all; the last line of a finished one seals it."""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from recsys_core.errors import RefrainError
from recsys_core.whole_files import sync
from recsys_online.events.record import Seal, encode

if TYPE_CHECKING:
    from pathlib import Path

OPEN, SEALED, DAMAGED = ".open", ".jsonl", ".damaged"
_LINES = re.compile(r"\.(open|jsonl|damaged|json(\.\d+)?)$")  # the last: the older service's, rotated too


class LogError(RefrainError):
    """The event log cannot be written or read."""


def holds_lines(name: str) -> bool:
    """Return whether a file of this name holds lines of a log."""
    return _LINES.search(name) is not None


class Segment:
    """An open file of records.

    Parameters
    ----------
    path, fd
        The file, opened for appending; the segment closes it.
    first
        Sequence number of its first record.
    """

    def __init__(self, path: Path, fd: int, first: int) -> None:
        self.path, self.fd, self.first = path, fd, first
        self.size, self.count, self.limit = 0, 0, 0
        self._digest = hashlib.sha256()
        self._ragged = False  # holds a part of a line that could not be cut off yet

    def write(self, lines: bytes, count: int = 1) -> bool:
        """Append ``count`` lines and return True, or leave the file as it was: False (disk full)."""
        if not self._append(lines):
            return False
        self._digest.update(lines)
        self.count += count
        return True

    def recount(self, line: bytes) -> None:
        """Count a line that is in the file already."""
        self.size += len(line)
        self.count += 1
        self._digest.update(line)

    def seal(self, writer: str) -> None:
        """Write the last line, sync, rename and close; remove the file if it holds no record.

        On a full disk the segment stays open to be sealed later by :func:`seal_orphans`.

        Raises
        ------
        OSError
            If the disk refuses: its records may not survive the loss of power.
        """
        try:
            if not self.count:
                self.path.unlink()
                return
            finished = self._append(encode(self._last_line(writer)))
            os.fsync(self.fd)  # finished or not: its records are waited for
            if finished:
                self.path.rename(self.path.with_suffix(SEALED))
                sync(self.path.parent)
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the file and its lock; nothing can be written then."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def _append(self, lines: bytes) -> bool:
        if self._ragged and not self._cut():
            return False
        try:
            self._ragged = os.write(self.fd, lines) != len(lines)
        except OSError:
            self._ragged = True
        if self._ragged:
            self._cut()
            return False
        self.size += len(lines)
        return True

    def _cut(self) -> bool:
        """Remove what a failed write left behind."""
        with suppress(OSError):
            os.ftruncate(self.fd, self.size)
            self._ragged = False
        return not self._ragged

    def _last_line(self, writer: str) -> Seal:
        last = self.first + self.count - 1
        return Seal(writer, self.count, self.first, last, self._digest.hexdigest())
