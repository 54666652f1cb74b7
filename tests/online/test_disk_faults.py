"""Whichever operation of the disk fails, wherever the power goes: nothing acknowledged is lost, no litter."""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from fsspec.implementations.local import LocalFileOpener, LocalFileSystem

from recsys_online.events import EventWriter, read_events
from recsys_online.events.ledger import LEDGER
from recsys_online.events.orphans import seal_orphans
from recsys_online.events.segment import LogError
from recsys_online.events.verify import verify
from recsys_online.shipping import sync_log
from tests.online.log_writer import event

WRITER = [(os, name) for name in ("open", "write", "ftruncate", "fsync", "fdatasync", "dup", "fstat")]
WRITER += [(Path, "rename"), (Path, "unlink"), (fcntl, "flock")]
SHIPPING = [(os, "open"), (os, "write"), (os, "fsync"), (Path, "unlink"), (LocalFileOpener, "write")]
SHIPPING += [(LocalFileSystem, name) for name in ("makedirs", "ls", "exists", "_open", "mv", "rm_file")]

IN_A_ROW = pytest.mark.parametrize("in_a_row", [1, 2, 10_000])  # the last: from then on


def failing(patch: pytest.MonkeyPatch, operations: list, n: int, in_a_row: int = 1) -> list[int]:
    """Let the ``n``-th operation fail, and so many in a row with it; return how many are left before."""
    left, quick = [n], dict.fromkeys(("fsync", "fdatasync"), lambda fd: None)

    def around(real: Callable) -> Callable:
        def wrapped(*args: object, **options: object) -> object:
            left[0] -= 1
            if -in_a_row <= left[0] < 0:
                if real is os_write:
                    return os_write(args[0], args[1][: len(args[1]) // 2])  # a part finds room
                raise OSError(28, "No space left on device")
            return real(*args, **options)

        return wrapped

    os_write = os.write
    for owner, name in operations:
        patch.setattr(owner, name, around(quick.get(name) or getattr(owner, name)))
    return left


def story(folder: Path) -> list[int]:
    """Log thirty events in several segments; return those that were acknowledged."""
    log = EventWriter(folder, segment_bytes=2_000)
    said = []
    for number in range(30):
        if log.append(event(number)):
            said.append(number)
        if number % 7 == 0:
            log.rotate()
            with suppress(OSError):  # it is the caller's to answer with an error
                log.sync()
    log.close()
    return said


@IN_A_ROW
def test_whichever_operation_of_the_writer_fails_what_it_acknowledged_is_there(tmp_path, in_a_row):
    for n in itertools.count():
        folder, said = tmp_path / str(n), []
        with pytest.MonkeyPatch.context() as patch:
            left = failing(patch, WRITER, n, in_a_row)
            try:
                said = story(folder)
            except LogError as error:
                assert "Choose another folder" in str(error)
        seal_orphans(folder)
        report = verify(folder)
        assert [one.user for one in read_events(folder)] == said, f"operation {n}"
        assert (report.whole, report.open_segments, report.torn) == (True, 0, 0), f"operation {n}"
        assert {path.suffix for path in folder.iterdir()} <= {".jsonl"}
        if left[0] >= 0:
            break
    assert said == list(range(30))
    assert n > 60


def test_whichever_operation_of_the_sealing_of_orphans_fails_the_next_call_ends_it(tmp_path):
    for n in itertools.count():
        log = EventWriter(tmp_path / str(n))
        for number in range(5):
            log.append(event(number))
        log._segment.close()
        with pytest.MonkeyPatch.context() as patch:
            left = failing(patch, WRITER, n)
            seal_orphans(tmp_path / str(n))
        seal_orphans(tmp_path / str(n))
        report = verify(tmp_path / str(n))
        assert (report.events, report.open_segments, report.whole) == (5, 0, True), f"operation {n}"
        if left[0] >= 0:
            break
    assert n > 5


@IN_A_ROW
def test_whichever_operation_of_shipping_fails_every_event_is_here_or_there(tmp_path, in_a_row, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda fd: None)  # the power stays on here
    story(tmp_path / "log")
    for n in itertools.count():
        log = shutil.copytree(tmp_path / "log", tmp_path / f"log{n}")
        away = tmp_path / f"away{n}"
        with pytest.MonkeyPatch.context() as patch:
            left = failing(patch, SHIPPING, n, in_a_row)
            try:
                sync_log(log, str(away), delete=True)
            except LogError as error:
                assert "No space left on device. Try again." in str(error)
        events = [one for place in (log, away) if place.is_dir() for one in read_events(place)]
        assert {one.user for one in events} == set(range(30)), f"operation {n}"
        sync_log(log, str(away), delete=True)
        assert [one.user for one in read_events(away)] == list(range(30))
        assert verify(log).whole
        assert {path.suffix for path in away.iterdir()} == {".jsonl"}
        if left[0] >= 0:
            break
    assert n > 60


class Disk:
    """What of a folder would be found after a loss of power: bytes and names that were synced, no more."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.contents: dict[int, bytes] = {}
        self.names: dict[str, int] = {}

    def synced(self, fd: int) -> None:
        found = os.fstat(fd)
        if stat.S_ISDIR(found.st_mode):
            if not os.path.samestat(found, self.folder.stat()):
                return
            self.names = {path.name: path.stat().st_ino for path in self.folder.iterdir()}
        else:
            self.contents[found.st_ino] = Path(f"/proc/self/fd/{fd}").read_bytes()

    def restored(self, to: Path) -> Path:
        to.mkdir()
        for name, inode in self.names.items():
            (to / name).write_bytes(self.contents.get(inode, b""))
        return to


def test_wherever_the_power_goes_what_was_synced_is_there(tmp_path, monkeypatch):
    """After each sync the disk is as a crash would leave it, all that was not synced forgotten."""
    folder = tmp_path / "log"
    disk = Disk(folder)
    monkeypatch.setattr(os, "fsync", disk.synced)
    monkeypatch.setattr(os, "fdatasync", disk.synced)
    log = EventWriter(folder, segment_bytes=1_000)
    for number in range(20):
        log.append(event(number))
        log.sync()
        found = disk.restored(tmp_path / str(number))
        seal_orphans(found)
        assert [one.user for one in read_events(found)] == list(range(number + 1))
        assert verify(found).whole
    log.close()
    assert verify(disk.restored(tmp_path / "closed")).events == 20


def test_a_copy_and_the_ledger_are_on_the_disk_before_the_original_goes(tmp_path, monkeypatch):
    story(tmp_path / "log")
    here, there = Disk(tmp_path / "log"), Disk(tmp_path / "away")
    monkeypatch.setattr(os, "fsync", lambda fd: (here.synced(fd), there.synced(fd)))
    unlink, gone = Path.unlink, []

    def checked(path: Path, **options: bool) -> None:
        assert there.contents[there.names[path.name]] == path.read_bytes()
        assert path.name.encode() in here.contents[here.names[LEDGER]]
        gone.append(path)
        unlink(path, **options)

    monkeypatch.setattr(Path, "unlink", checked)
    sync_log(tmp_path / "log", str(tmp_path / "away"), delete=True)
    assert len(gone) > 3
