"""Optuna's journal on disk, made to survive a kill -9 in the middle of a line."""

from __future__ import annotations

import fcntl
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHUNK = 65_536


class DyingLock(JournalFileOpenLock):
    """A lock that the system frees when its holder dies; Optuna's own would be waited for 30 seconds."""

    def __init__(self, path: Path, journal: Path) -> None:
        super().__init__(str(path))
        self._path, self._journal = path, journal
        self._among_threads = threading.Lock()
        self._descriptor = -1

    def acquire(self) -> bool:
        """Wait for the lock, then cut off what a killed writer left of its last line."""
        self._among_threads.acquire()
        try:
            self._descriptor = _locked(self._path)
        except BaseException:  # nobody would ever let the other threads in
            self._among_threads.release()
            raise
        try:
            drop_torn_line(self._journal)
        except BaseException:
            self.release()
            raise
        return True

    def release(self) -> None:
        """Let the next one write."""
        os.close(self._descriptor)
        self._among_threads.release()


def open_journal(folder: Path) -> JournalStorage:
    """Return the storage in ``folder``, shared with whoever else has it open."""
    journal = folder / "journal.jsonl"
    return JournalStorage(
        JournalFileBackend(str(journal), lock_obj=DyingLock(folder / "journal.lock", journal))
    )


@contextmanager
def door(folder: Path) -> Iterator[None]:
    """Let one worker at a time through, of all threads and processes that have the study open."""
    descriptor = _locked(folder / "door.lock")
    try:
        yield
    finally:
        os.close(descriptor)


def drop_torn_line(path: Path) -> int:
    """Cut off what follows the last line end of ``path`` and return how many bytes that were.

    Such a line was never acknowledged to anybody; the next one would be glued to it and the file unreadable.
    """
    with path.open("r+b") as file:
        end = file.seek(0, os.SEEK_END)
        keep = end
        while keep:
            start = max(0, keep - CHUNK)
            file.seek(start)
            found = file.read(keep - start).rfind(b"\n")
            keep = start + found + 1
            if found >= 0:
                break
        if keep < end:
            file.truncate(keep)
        return end - keep


def _locked(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor
