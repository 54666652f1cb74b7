"""Appending events: what was acknowledged is in the file, whatever ends the process."""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from recsys_core.whole_files import sync
from recsys_online.events.record import Event, Gap, encode
from recsys_online.events.segment import OPEN, LogError, Segment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SEGMENT_BYTES = 64 * 2**20


class NotStoredError(LogError):
    """An event is not in the log, so that its request must not be answered as if it were."""


def new_writer_id() -> str:
    """Return a name no other writer has: host, process and 64 random bits."""
    host = "".join(letter if letter.isalnum() else "_" for letter in socket.gethostname())[:40]
    return f"{host}-{os.getpid()}-{secrets.token_hex(8)}"


class EventWriter:
    """One process's own file, one ``write`` per record; safe to call from several threads.

    A record is in the operating system's hands when :meth:`append` returns, so that the end of the
    process, even by ``kill -9``, loses nothing. :meth:`sync` makes it survive the loss of power too.
    A segment is sealed (last line: count, first, last, SHA-256) and renamed when it is full and on
    :meth:`close`.

    Parameters
    ----------
    folder
        Where segments go; made if missing.
    segment_bytes
        A segment is sealed when it has grown to this size.
    strict
        Whether an event that finds no room is refused (:class:`NotStoredError`), not only counted.

    Raises
    ------
    LogError
        If the folder cannot be written.
    """

    def __init__(self, folder: Path, *, segment_bytes: int = SEGMENT_BYTES, strict: bool = False) -> None:
        self.id = new_writer_id()
        self.dropped = 0
        self._folder, self._segment_bytes, self._strict = folder, segment_bytes, strict
        self._lock = threading.Lock()
        self._seq, self._segments = 0, 0
        self._closed = False
        self._unsynced: OSError | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._open_segment()
        except OSError as error:
            raise LogError(
                f"The event log cannot be written to {folder}: {error.strerror}. Choose another folder."
            ) from None

    @property
    def written(self) -> int:
        """Records in the log so far, gaps included."""
        return self._seq

    def append(self, event: Event) -> bool:
        """Write ``event`` and return True, or count it as dropped and return False while the disk is full.

        Raises
        ------
        NotStoredError
            If it is dropped and this writer is strict.
        """
        with self._lock:
            if self.dropped and not self._close_gap():
                return self._drop(1)
            event.w, event.seq = self.id, self._seq
            if not self._write(encode(event)):
                return self._drop(1)
            if self._segment.size >= self._segment.limit + self._segment_bytes:
                self._turn_over()
            return True

    def append_lines(self, encode_from: Callable[[str, int], list[bytes]]) -> bool:
        """Write many records at once, all or none, and return whether they were written.

        ``encode_from(writer, seq)`` returns their lines as :func:`recsys_online.events.record.encode`
        would, numbered from ``seq``; on a full disk they count as dropped.
        """
        with self._lock:
            ready = not self.dropped or self._close_gap()
            lines = encode_from(self.id, self._seq)
            if not (ready and self._write(b"".join(lines), len(lines))):
                return self._drop(len(lines))
            if self._segment.size >= self._segment.limit + self._segment_bytes:
                self._turn_over()
            return True

    def rotate(self) -> None:
        """Seal the present segment and begin another, so that what it holds can be shipped."""
        with self._lock:
            if self._segment.count:
                self._turn_over()

    def sync(self) -> None:
        """Return when everything appended so far is on the disk itself.

        Raises
        ------
        OSError
            If the disk refuses, now or when a full segment was finished since the last call.
        """
        with self._lock:
            fd = os.dup(self._segment.fd)
            refused, self._unsynced = self._unsynced, None
        try:
            os.fdatasync(fd)
        finally:
            os.close(fd)
        if refused is not None:
            raise refused

    def close(self) -> None:
        """Seal the present segment; an empty one is removed."""
        with self._lock:
            if not self._closed:
                self._closed = True
                if self.dropped:
                    self._close_gap()
                with suppress(OSError):  # its records are in the file, which is sealed at the next start
                    self._segment.seal(self.id)

    # everything below holds the lock

    def _open_segment(self) -> None:
        path = self._folder / f"{self.id}-{self._segments:06d}{OPEN}"
        self._segments += 1
        self._segment = Segment(path, _create(path), self._seq)

    def _write(self, lines: bytes, count: int = 1) -> bool:
        if not self._segment.write(lines, count):
            return False
        self._seq += count
        return True

    def _drop(self, count: int) -> bool:
        self.dropped += count
        if self._strict:
            raise NotStoredError("The event could not be stored. Try again.")
        return False

    def _close_gap(self) -> bool:
        if not self._write(encode(Gap(self.dropped, self.id, self._seq))):
            return False
        self.dropped = 0
        return True

    def _turn_over(self) -> None:
        full = self._segment
        try:
            self._open_segment()
        except OSError:  # no room for another file: go on in the old one
            full.limit += self._segment_bytes
            return
        try:
            full.seal(self.id)
        except OSError as error:  # the record is in the file; who waits for the disk must hear of it
            self._unsynced = error


def _create(path: Path) -> int:
    """Return a new file whose name is on the disk, locked to tell others that its writer lives."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    while True:
        fd = os.open(path, flags, 0o644)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            if os.fstat(fd).st_nlink:
                sync(path.parent)
                return fd
        except OSError:
            with suppress(OSError):
                path.unlink()
            os.close(fd)
            raise
        os.close(fd)  # before it was locked another process took it for an orphan and removed it
