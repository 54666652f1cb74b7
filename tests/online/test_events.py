"""The event log: what was acknowledged is there, after any death; what a full disk refused is counted."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recsys_online.events import Event, EventWriter, orphans, read_events, writer
from recsys_online.events.orphans import seal_orphans
from recsys_online.events.record import encode
from recsys_online.events.segment import LogError
from recsys_online.events.verify import verify
from tests.online.log_writer import event
from tests.online.written_logs import written

ROOT = Path(__file__).resolve().parents[2]
Kill = Callable[..., list[int]]


@pytest.fixture(scope="module")
def killed() -> Iterator[Kill]:
    """Log in a child, kill it with -9 after ``after`` acknowledgements, return all it gave."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "back-end")])}
    command = [sys.executable, "-m", "tests.online.log_writer"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=ROOT, env=environment) as process:

        def kill(folder: Path, mode: str, *, after: int) -> list[int]:
            process.stdin.write(f"{mode} {folder}\n".encode())
            process.stdin.flush()
            pid = int(process.stdout.readline().removeprefix(b"pid "))
            said = [process.stdout.readline() for _ in range(after)]
            os.kill(pid, signal.SIGKILL)
            said += iter(process.stdout.readline, b"dead\n")
            return [int(line) for line in said]

        yield kill
        process.stdin.close()


def test_an_event_comes_back_as_it_was_written(tmp_path):
    log = EventWriter(tmp_path)
    logged = Event(
        "next", 1, 2, 3, 0.25, 0.001, 4, {"A": "T1"},
        request="r", session="s", experiment="A", treatment="T1",
        recommender="indexed", propensity=0.5, fallback=True, index_version="v",
    )  # fmt: skip
    log.append(logged)
    log.close()
    assert list(read_events(tmp_path)) == [logged]
    assert (logged.w, logged.seq) == (log.id, 0)


def test_the_first_fields_are_the_older_service_s_in_its_order(tmp_path):
    older = "message timestamp user track time latency recommendation experiments"
    assert list(Event.__struct_fields__)[:8] == older.split()


def test_segments_are_sealed_when_full_and_all_recounted(tmp_path):
    written(tmp_path, 1000, segment_bytes=20_000).close()
    report = verify(tmp_path)
    assert (report.events, report.writers, report.open_segments, report.holes) == (1000, 1, 0, 0)
    assert report.segments > 10
    assert report.whole
    assert [one.user for one in read_events(tmp_path)] == list(range(1000))


def test_rotating_loses_nothing_and_an_empty_log_leaves_no_file(tmp_path):
    log = written(tmp_path, 3)
    log.rotate()
    log.rotate()
    assert log.append(event(3))
    log.close()
    assert verify(tmp_path).events == 4
    EventWriter(tmp_path / "empty").close()
    assert list((tmp_path / "empty").iterdir()) == []


def test_threads_may_share_a_writer(tmp_path):
    log = EventWriter(tmp_path, segment_bytes=50_000)
    threads = [
        threading.Thread(target=lambda: [log.append(event(one)) for one in range(500)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.close()
    report = verify(tmp_path)
    assert (report.events, report.holes, report.duplicates) == (2000, 0, 0)


def test_two_writers_share_a_folder_without_meeting(tmp_path):
    one, other = written(tmp_path, 10), written(tmp_path, 20)
    one.close()
    other.close()
    assert (verify(tmp_path).writers, verify(tmp_path).events) == (2, 30)


def test_a_user_id_cannot_smuggle_a_line_into_the_log(tmp_path):
    log = EventWriter(tmp_path)
    log.append(Event("next", 1, 'x\n{"message":"next"}', 3, 0.1, 0.1, 4, {}))
    log.close()
    (path,) = tmp_path.iterdir()
    assert len(path.read_bytes().splitlines()) == 2  # the event and the seal


# ---- death ----------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["written", "durable"])
def test_a_hundred_kills_lose_nothing_acknowledged(tmp_path, killed, mode):
    draw = random.Random(11)
    acknowledged = 0
    for round_ in range(100):
        folder = tmp_path / str(round_)
        said = killed(folder, mode, after=draw.randint(1, 500))
        acknowledged += len(said)
        assert set(said) <= {one.user for one in read_events(folder)}
        assert verify(folder).whole
        shutil.rmtree(folder)
    assert acknowledged > 10_000


def test_a_buffered_writer_loses_events_so_the_test_above_can_fail(tmp_path, killed):
    lost = 0
    for round_ in range(4):  # one kill may come just after the buffer was emptied
        folder = tmp_path / str(round_)
        said = killed(folder, "buffered", after=1000)
        lost += len(set(said) - {one.user for one in read_events(folder)})
    assert lost > 0


def test_what_a_killed_writer_left_open_is_sealed_and_its_torn_end_cut_off(tmp_path, killed):
    killed(tmp_path, "written", after=100)
    *full, path = sorted(tmp_path.glob("*.open"))  # the kill may have come between two segments
    before = verify(tmp_path).events
    with path.open("ab") as file:
        file.write(encode(event(-1))[:50])
    assert verify(tmp_path).torn == 1
    assert seal_orphans(tmp_path) == 1 + len(full)
    report = verify(tmp_path)
    assert (report.events, report.torn, report.open_segments) == (before, 0, 0)
    assert report.whole


def test_a_living_writer_s_file_is_left_alone(tmp_path):
    log = written(tmp_path, 5)
    assert seal_orphans(tmp_path) == 0
    assert log.append(event(5))
    log.close()
    assert verify(tmp_path).events == 6


def during(monkeypatch, module, meanwhile: Callable[[], object]) -> None:
    """Let ``meanwhile`` happen just before ``module`` locks its next file."""
    real, left = module.fcntl.flock, [meanwhile]

    def flock(fd: int, how: int) -> None:
        if left:
            left.pop()()
        real(fd, how)

    monkeypatch.setattr(module.fcntl, "flock", flock)


def test_a_file_taken_for_an_orphan_before_it_was_locked_is_made_anew(tmp_path, monkeypatch):
    during(monkeypatch, writer, lambda: seal_orphans(tmp_path))
    written(tmp_path, 5).close()
    assert verify(tmp_path).events == 5


def test_two_processes_may_seal_the_same_orphan(tmp_path, killed, monkeypatch):
    killed(tmp_path, "written", after=100)
    before = verify(tmp_path).events
    during(monkeypatch, orphans, lambda: seal_orphans(tmp_path))
    seal_orphans(tmp_path)
    report = verify(tmp_path)
    assert (report.events, report.open_segments, report.whole) == (before, 0, True)


# ---- a full disk -----------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["counting", "strict"])
def test_a_full_disk_stops_nothing_and_every_dropped_event_is_counted(tmp_path, how):
    """The size of files is limited to play a full disk: writes come back short or fail."""
    script = """
import resource, signal, sys
from pathlib import Path
from recsys_online.events import EventWriter
from recsys_online.events.writer import NotStoredError
from tests.online.log_writer import event
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
strict = sys.argv[2] == "strict"
log = EventWriter(Path(sys.argv[1]), strict=strict)
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
def append(number):
    try:
        kept = log.append(event(number))
    except NotStoredError:
        return False
    assert kept or not strict
    return kept
kept = [append(number) for number in range(100)]
assert True in kept and False in kept, kept
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
assert log.append(event(100)) and log.dropped == 0
log.close()
print(kept.count(False))
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "back-end")])}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), how],
        capture_output=True, text=True, env=environment, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = verify(tmp_path)
    assert report.dropped == int(done.stdout)
    assert report.events == 101 - report.dropped
    assert report.whole
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 10_000


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(LogError, match="Choose another folder"):
        EventWriter(tmp_path / "file")
    with pytest.raises(LogError, match="no log folder"):
        verify(tmp_path / "nowhere")
