"""One file of the log: lines are appended whole or not at all; the last line of a finished one seals it."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from recsys_core.errors import RefrainError
from recsys_online.events.record import Seal, encode

if TYPE_CHECKING:
    from pathlib import Path

OPEN, SEALED = ".open", ".jsonl"


class LogError(RefrainError):
    """The event log cannot be written or read."""


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
        """
        try:
            if not self.count:
                self.path.unlink()
            elif self._append(encode(self._last_line(writer))):
                os.fsync(self.fd)
                self.path.rename(self.path.with_suffix(SEALED))
        finally:
            os.close(self.fd)

    def _append(self, line: bytes) -> bool:
        try:
            done = os.write(self.fd, line)
        except OSError:
            done = 0
        if done != len(line):
            os.ftruncate(self.fd, self.size)
            return False
        self.size += done
        return True

    def _last_line(self, writer: str) -> Seal:
        last = self.first + self.count - 1
        return Seal(writer, self.count, self.first, last, self._digest.hexdigest())
