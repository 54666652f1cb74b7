"""Recounting a log: damage, cuts and holes are found, the harmless is no fault, older logs are read."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from recsys_online.events import read_events, reading
from recsys_online.events import verify as recount
from recsys_online.events.orphans import seal_orphans
from recsys_online.events.ranges import Ranges
from recsys_online.events.reading import Line
from recsys_online.events.record import encode, intact
from recsys_online.events.verify import verify
from tests.online.log_writer import event
from tests.online.written_logs import orphan, written

OLDER = (
    '{"message": "next", "timestamp": 1634213443123, "user": 7, "track": 3, "time": 1.0, "latency": 0.0012, '
    '"recommendation": 12, "experiments": {"AA": "C", "PERSONALIZED": "T1"}}\n'
    '{"message": "last", "timestamp": 1634213443456, "user": 7, "track": 12, "time": 0.31, "latency": 0.001, '
    '"recommendation": null, "experiments": {"AA": "C", "PERSONALIZED": "T1"}}\n'
)


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


def test_a_log_is_recounted_while_its_writer_renames_a_file(tmp_path, monkeypatch):
    log = written(tmp_path, 5)

    def read_lines(path: Path) -> Iterator[Line]:
        log.rotate()
        return reading.read_lines(path)

    monkeypatch.setattr(recount, "read_lines", read_lines)
    report = verify(tmp_path)
    assert (report.events, report.whole) == (5, True)
    log.close()


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
