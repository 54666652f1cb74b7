"""Bringing the log away: each segment once, whole, compared, whatever interrupts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from fsspec.registry import _registry

from recsys_online.events import EventWriter, read_events
from recsys_online.events.ledger import LEDGER, read_ledger
from recsys_online.events.places import destination
from recsys_online.events.segment import LogError
from recsys_online.events.verify import verify
from recsys_online.shipping import sync_log
from tests.online.conftest import ROOT
from tests.online.log_writer import event


@pytest.fixture
def log(tmp_path: Path) -> Path:
    writer = EventWriter(tmp_path / "log", segment_bytes=5_000)
    for number in range(100):
        writer.append(event(number))
    writer.close()
    return tmp_path / "log"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.jsonl")}


def test_every_sealed_segment_arrives_once_and_whole(log, tmp_path):
    target = tmp_path / "away"
    shipped = sync_log(log, str(target))
    assert {one.segment for one in shipped} == names(log) == names(target)
    assert len(shipped) > 3
    assert verify(target) == verify(log)
    assert sync_log(log, str(target)) == []


def test_the_open_segment_stays(log, tmp_path):
    writer = EventWriter(log)
    writer.append(event(7))
    sync_log(log, str(tmp_path / "away"))
    assert verify(tmp_path / "away").events == 100
    writer.close()
    assert len(sync_log(log, str(tmp_path / "away"))) == 1
    assert verify(tmp_path / "away").events == 101


def test_local_copies_go_only_when_they_are_there(log, tmp_path):
    before = names(log)
    sync_log(log, str(tmp_path / "away"), delete=True)
    assert names(log) == set()
    assert names(tmp_path / "away") == before
    assert len(read_ledger(log)) == len(before)


def test_what_was_brought_away_and_removed_here_is_no_hole(log, tmp_path):
    writer = EventWriter(log, segment_bytes=5_000)
    for number in range(30):
        writer.append(event(number))
    writer.rotate()
    sync_log(log, str(tmp_path / "away"), delete=True)
    writer.append(event(30))
    report = verify(log)
    assert (report.events, report.shipped, report.holes, report.whole) == (1, 130, 0, True)
    writer.close()
    sync_log(log, str(tmp_path / "away"))
    assert verify(log) == msgspec.structs.replace(report, open_segments=0)  # what is still here counts once
    assert verify(str(tmp_path / "away")).events == 131


def test_what_is_gone_at_the_destination_is_brought_there_again_before_it_goes_here(log, tmp_path):
    target = tmp_path / "away"
    sync_log(log, str(target))
    lost, changed, *_ = sorted(target.iterdir())
    lost.unlink()
    content = changed.read_bytes()
    changed.write_bytes(content[:-1])
    with pytest.raises(LogError, match="holds another"):
        sync_log(log, str(target), delete=True)
    assert lost.is_file()
    assert changed.name in names(log)
    changed.write_bytes(content)
    assert sync_log(log, str(target), delete=True) == []
    assert names(log) == set()
    assert verify(target).events == 100


def test_something_else_under_the_same_name_is_never_overwritten(log, tmp_path):
    target, before = tmp_path / "away", names(log)
    target.mkdir()
    (target / min(before)).write_bytes(b"something else")
    with pytest.raises(LogError, match="holds another"):
        sync_log(log, str(target), delete=True)
    assert (target / min(before)).read_bytes() == b"something else"
    assert names(log) == before


def test_two_commands_do_not_ship_the_same_log_at_once(log, tmp_path):
    url = str(tmp_path / "away")

    def second(*_progress: object) -> None:
        with pytest.raises(LogError, match="Another command"):
            sync_log(log, url, delete=True)

    sync_log(log, url, on_segment=second)
    assert verify(url).events == 100


def test_a_damaged_segment_travels_as_it_is_and_is_told_here_and_there(log, tmp_path):
    path = log / min(names(log))
    path.write_bytes(path.read_bytes()[:-10])
    sync_log(log, str(tmp_path / "away"), delete=True)
    assert verify(tmp_path / "away").bad_seals == [path.name]
    assert verify(log).holes > 0


def test_what_another_call_brought_there_is_compared_not_copied(log, tmp_path):
    target = tmp_path / "away"
    sync_log(log, str(target))
    (log / LEDGER).unlink()
    before = {path.name: path.stat().st_mtime_ns for path in target.iterdir()}
    assert len(sync_log(log, str(target))) == len(before)
    assert {path.name: path.stat().st_mtime_ns for path in target.iterdir()} == before


def test_a_ledger_cut_short_by_a_crash_is_read_as_far_as_it_goes(log, tmp_path):
    sync_log(log, str(tmp_path / "away"))
    whole = (log / LEDGER).read_bytes()
    (log / LEDGER).write_bytes(whole[:-20])
    assert len(read_ledger(log)) == len(names(log)) - 1
    assert len(sync_log(log, str(tmp_path / "away"))) == 1
    assert len(read_ledger(log)) == len(names(log))


def test_killed_at_any_moment_the_destination_holds_whole_segments_only(log, tmp_path):
    """The copy is slowed down by a small chunk and a pause, killed, and taken up again."""
    script = """
import sys, time
from pathlib import Path
from recsys_online import shipping
shipping.CHUNK = 200
real = shipping.hashlib.sha256
class Slow:
    def __init__(self): self.inner = real()
    def update(self, chunk): time.sleep(0.002); self.inner.update(chunk)
    def hexdigest(self): return self.inner.hexdigest()
shipping.hashlib.sha256 = Slow
shipping.sync_log(Path(sys.argv[1]), sys.argv[2], on_segment=lambda *one: print(one[1], flush=True))
"""
    target = tmp_path / "away"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "back-end")])}
    command = [sys.executable, "-c", script, str(log), str(target)]
    for _ in range(2):
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
            process.stdout.readline()
            process.kill()
        for path in target.glob("*.jsonl"):
            assert path.read_bytes() == (log / path.name).read_bytes()
    assert len(names(target)) < len(names(log))
    sync_log(log, str(target))
    assert {path.name for path in target.iterdir()} == names(log)
    assert verify(target) == verify(log)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_s3_takes_the_log(log, s3):
    shipped = sync_log(log, s3, delete=True)
    files, root = destination(s3)
    arrived = {path.rpartition("/")[2]: files.cat_file(path) for path in files.ls(root)}
    assert arrived.keys() == {one.segment for one in shipped}
    report = verify(s3)
    assert (report.events, report.segments, report.whole) == (100, len(shipped), True)
    assert len(list(read_events(s3))) == 100
    assert names(log) == set()


def test_a_package_that_is_not_installed_is_named(log, monkeypatch):
    for name in ("hdfs_native", "hdfs_native.fsspec", "s3fs"):
        monkeypatch.setitem(sys.modules, name, None)
    for protocol in ("s3", "s3a"):
        monkeypatch.delitem(_registry, protocol, raising=False)  # forgotten if it was loaded
    for url, extra in (("hdfs://127.0.0.1:1/logs", "hdfs"), ("s3://bucket/logs", "s3")):
        for call in (lambda url: sync_log(log, url), verify):
            with pytest.raises(LogError, match=rf"install --editable '\.\[{extra}\]'"):
                call(url)


@pytest.mark.parametrize("url", ["nothing://x/y", "/dev/null/logs"])
def test_a_destination_that_cannot_be_used_is_named(log, url):
    with pytest.raises(LogError, match="could not be brought"):
        sync_log(log, url, delete=True)
    assert names(log)
