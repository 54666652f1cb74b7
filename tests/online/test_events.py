"""The event log: what was acknowledged is there, after any death; losses are counted, damage is found."""

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
from recsys_online.events.ranges import Ranges
from recsys_online.events.record import encode, intact
from recsys_online.events.segment import LogError
from recsys_online.events.verify import verify
from tests.online.log_writer import event

ROOT = Path(__file__).resolve().parents[2]
OLDER = (
    '{"message": "next", "timestamp": 1634213443123, "user": 7, "track": 3, "time": 1.0, "latency": 0.0012, '
    '"recommendation": 12, "experiments": {"AA": "C", "PERSONALIZED": "T1"}}\n'
    '{"message": "last", "timestamp": 1634213443456, "user": 7, "track": 12, "time": 0.31, "latency": 0.001, '
    '"recommendation": null, "experiments": {"AA": "C", "PERSONALIZED": "T1"}}\n'
)


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


def written(folder: Path, n: int, **options: int) -> EventWriter:
    log = EventWriter(folder, **options)
    for number in range(n):
        assert log.append(event(number))
    return log


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


# ---- damage ---------------------------------------------------------------------------------


def orphan(folder: Path, n: int) -> Path:
    """The file of a writer that was killed after ``n`` events."""
    log = written(folder, n)
    log._segment.close()
    return log._segment.path


def test_an_orphan_that_is_damaged_inside_is_kept_and_its_readable_records_count(tmp_path):
    path = orphan(tmp_path, 100)
    content = path.read_bytes()
    lines = content.splitlines(keepends=True)
    lines[10] = lines[10].replace(b'"user":10', b'"user":11')
    path.write_bytes(b"".join(lines))
    assert seal_orphans(tmp_path) == 0
    (kept,) = tmp_path.iterdir()
    assert kept.read_bytes() == b"".join(lines)
    report = verify(tmp_path)
    assert (report.events, report.damaged, report.holes, report.set_aside) == (99, 1, 1, [kept.name])
    assert not report.whole
    assert len(list(read_events(tmp_path))) == 99
    assert seal_orphans(tmp_path) == 0


def test_an_orphan_killed_between_its_seal_and_its_new_name_is_sealed_again(tmp_path):
    written(tmp_path, 7).close()
    (path,) = tmp_path.iterdir()
    path.rename(path.with_suffix(".open"))
    assert seal_orphans(tmp_path) == 1
    assert (verify(tmp_path).events, verify(tmp_path).whole) == (7, True)


def test_every_changed_byte_of_a_sealed_segment_is_found(tmp_path):
    written(tmp_path, 20).close()
    (path,) = tmp_path.glob("*.jsonl")
    whole = path.read_bytes()
    draw = random.Random(3)
    for place in draw.sample(range(len(whole)), 60):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert not verify(tmp_path).whole, f"byte {place}"


def test_wherever_a_sealed_segment_is_cut_it_is_found(tmp_path):
    written(tmp_path, 3).close()
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        report = verify(tmp_path)
        assert (report.bad_seals, report.torn) == ([path.name], 0), f"{size} bytes"


def test_nothing_comes_after_a_seal(tmp_path):
    written(tmp_path, 3).close()
    (path,) = tmp_path.iterdir()
    with path.open("ab") as file:
        file.write(path.read_bytes().splitlines(keepends=True)[0])
    report = verify(tmp_path)
    assert (report.events, report.damaged, report.whole) == (3, 1, False)


def test_a_removed_segment_leaves_a_hole_that_is_counted(tmp_path):
    written(tmp_path, 300, segment_bytes=20_000).close()
    sorted(tmp_path.iterdir())[0].unlink()
    report = verify(tmp_path)
    assert report.holes == 300 - report.events > 0
    assert not report.whole


def test_a_segment_shipped_twice_counts_once(tmp_path):
    written(tmp_path, 10).close()
    (path,) = tmp_path.iterdir()
    shutil.copy(path, tmp_path / "copy.jsonl")
    report = verify(tmp_path)
    assert (report.events, report.duplicates, report.whole) == (10, 10, True)
    assert len(list(read_events(tmp_path))) == 10


def test_the_checksum_covers_the_whole_line():
    line = encode(event(5))[:-1]
    assert intact(line)
    assert not intact(line.replace(b'"user":5', b'"user":6'))


def test_runs_of_numbers_are_a_set_of_numbers():
    draw = random.Random(2)
    for _ in range(200):
        runs, plain = Ranges(), set()
        for _ in range(draw.randint(1, 15)):
            first = draw.randint(0, 40)
            numbers = set(range(first, first + draw.randint(1, 8)))
            assert runs.add(first, max(numbers)) == len(numbers - plain)
            plain |= numbers
            assert runs.holes == max(plain) + 1 - len(plain)


@pytest.mark.parametrize("name", ["data.json", "data.json.1", "data.json.10", "data.jsonl"])
def test_the_older_service_s_logs_are_readable(tmp_path, name):
    (tmp_path / name).write_text(OLDER)
    first, second = read_events(tmp_path)
    assert (first.user, first.recommendation, first.experiments["PERSONALIZED"]) == (7, 12, "T1")
    assert (second.message, second.recommendation, second.time) == ("last", None, 0.31)
    assert (verify(tmp_path).older, verify(tmp_path).whole) == (2, True)


def test_a_user_id_cannot_smuggle_a_line_into_the_log(tmp_path):
    log = EventWriter(tmp_path)
    log.append(Event("next", 1, 'x\n{"message":"next"}', 3, 0.1, 0.1, 4, {}))
    log.close()
    (path,) = tmp_path.iterdir()
    assert len(path.read_bytes().splitlines()) == 2  # the event and the seal


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
