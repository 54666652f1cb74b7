"""Reading a log: every record once, in order, cut at `last`; what is damaged or missing is counted."""

from __future__ import annotations

import shutil

import pytest

from recsys_core.errors import DataError, SettingsError
from recsys_online.analysis import Question, analyse
from recsys_online.analysis.compaction import compact_log
from recsys_online.analysis.database import database
from recsys_online.analysis.files import find_log
from recsys_online.analysis.loading import load
from recsys_online.analysis.sessions import LogCounts, count_log, cut_sessions
from recsys_online.events import Event
from recsys_online.events.places import destination
from recsys_online.events.record import Gap, encode
from recsys_online.events.segment import LogError
from recsys_online.events.verify import verify
from recsys_online.shipping import sync_log
from tests.online.analysis.made_up import (
    START,
    random_events,
    session_events,
    slow_sessions,
    write_log,
    write_older,
)


def sessions_of(url, experiment="PERSONALIZED") -> tuple[list[tuple], LogCounts]:
    log = find_log(str(url))
    with database(log.files) as connection:
        load(connection, log, experiment)
        cut_sessions(connection)
        rows = connection.execute(
            "SELECT listener, arm, finished, ended, tracks, round(time, 6), round(latency, 6) FROM sessions"
        ).fetchall()
        return sorted(rows), count_log(connection)


@pytest.mark.parametrize("writers", [1, 3])
@pytest.mark.parametrize("seed", range(3))
def test_sessions_are_those_of_the_plain_loop(tmp_path, seed, writers):
    write_log(tmp_path, random_events(seed), writers=writers, seed=seed)
    found, counts = sessions_of(tmp_path)
    assert found == slow_sessions(tmp_path)
    assert counts.events == verify(tmp_path).events == sum(row[4] for row in found)
    assert counts.sessions == sum(row[2] for row in found)
    assert counts.unfinished == sum(not row[2] for row in found) > 0
    assert (counts.torn_lines, counts.copies, counts.holes, counts.writers) == (0, 0, 0, writers)


def test_who_left_without_a_word_and_came_back_has_two_sessions(tmp_path):
    left = session_events(7, [1.0, 0.5], at=START, finished=False)
    back = session_events(7, [1.0, 0.25, 0.5], at=START + 86_400_000)
    write_log(tmp_path, left + back)
    rows, counts = sessions_of(tmp_path)
    assert sorted(row[2:6:2] for row in rows) == [(False, 2), (True, 3)]
    assert (counts.sessions, counts.unfinished) == (1, 1)


def test_a_log_of_the_older_service_is_read_and_a_last_comes_after_a_next_of_the_same_moment(tmp_path):
    events = random_events(5)
    tied = session_events(77, [1.0, 0.5, 0.25], at=START)
    for event in tied:
        event.timestamp = START
    write_older(tmp_path / "data.json", [tied[2], tied[0], tied[1], *events])
    write_older(tmp_path / "data.json.1", session_events(78, [1.0, 0.5], at=START))
    found, counts = sessions_of(tmp_path)
    assert ("77", "T1", True, START, 3, 1.75, 0.006) in found
    assert any(row[0] == "78" for row in found)
    assert counts.events == len(events) + 5
    assert (counts.writers, counts.holes, counts.copies) == (0, 0, 0)


def test_lines_without_a_sequence_are_never_taken_for_copies(tmp_path):
    same = session_events(7, [1.0, 0.5], at=START)
    write_older(tmp_path / "data.json", same + same)
    _, counts = sessions_of(tmp_path)
    assert (counts.events, counts.copies) == (4, 0)


def test_a_segment_that_came_twice_is_counted_once(tmp_path):
    write_log(tmp_path, random_events(1))
    clean, _ = sessions_of(tmp_path)
    first = min(tmp_path.glob("*.jsonl"))
    shutil.copy(first, tmp_path / "again.jsonl")
    found, counts = sessions_of(tmp_path)
    assert found == clean
    assert counts.copies == verify(tmp_path).duplicates > 0


def test_a_writer_s_own_order_holds_though_its_clock_jumps_back(tmp_path):
    events = session_events(4, [1.0, 0.5, 0.25], at=START + 3_600_000)
    events[1].timestamp = events[2].timestamp = START  # an hour earlier
    later = session_events(4, [1.0, 0.125], at=START + 5_000_000)
    other = session_events(5, [1.0, 0.5], at=START)
    write_log(tmp_path, events + later)
    for _ in range(2):
        found, _ = sessions_of(tmp_path)
        assert {(row[4], row[5]) for row in found if row[0] == "4"} == {(3, 1.75), (2, 1.125)}
        write_log(tmp_path, other)  # from now on there are two writers


def test_torn_tails_damage_gaps_and_holes_are_counted_as_verify_counts_them(tmp_path):
    write_log(tmp_path, random_events(2, sessions=400))
    first, second, *_ = sorted(tmp_path.glob("*.jsonl"))
    lines = first.read_bytes().splitlines(keepends=True)
    first.write_bytes(b"".join([*lines[:3], b"\x00\xff nonsense\n", *lines[4:]]))  # one record damaged
    lines = second.read_bytes().splitlines(keepends=True)
    second.write_bytes(b"".join(lines[2:]))  # two records gone
    gap = encode(Gap(5, "other", 0))
    event = Event("next", START, 1, 2, 0.5, 0.1, 3, {"PERSONALIZED": "C"}, w="other", seq=1)
    (tmp_path / "other-000000.open").write_bytes(gap + encode(event) + encode(event)[:-40])
    _, counts = sessions_of(tmp_path)
    said = verify(tmp_path)
    assert counts.torn_lines == 2 == said.torn + said.damaged
    assert counts.holes == said.holes == 3
    assert counts.dropped == said.dropped == 5
    assert counts.events == said.events
    assert counts.seals == len(list(tmp_path.glob("*.jsonl")))


def test_a_listener_may_have_a_number_or_a_name(tmp_path):
    named, numbered = session_events(7, [1.0, 0.5], at=START), session_events(7, [1.0, 0.25], at=START + 99)
    for event in named:
        event.user = "7"
    strange = session_events(8, [1.0, 0.5], at=START, arm="C")
    for event in strange:
        event.user = "анна 'or' 1=1"
    write_log(tmp_path, [*named, *numbered, *strange])
    found, counts = sessions_of(tmp_path)
    assert counts.users == 2
    assert {row[0] for row in found} == {"7", "анна 'or' 1=1"}


def test_another_experiment_of_the_same_log_has_its_own_arms(tmp_path):
    write_log(tmp_path, random_events(1))
    assert {row[1] for row in sessions_of(tmp_path, "AA")[0]} == {"C"}
    assert {row[1] for row in sessions_of(tmp_path)[0]} == {"C", "T1"}
    with pytest.raises(DataError, match="No event of this log names the experiment OTHER"):
        analyse(str(tmp_path), Question("OTHER"))


@pytest.mark.parametrize("name", ["", "a'b", 'a"b', "x" * 101, "a b"])
def test_a_name_that_no_experiment_can_have_is_refused(tmp_path, name):
    write_log(tmp_path, random_events(1, sessions=5))
    with pytest.raises(SettingsError, match="no name of an experiment"):
        analyse(str(tmp_path), Question(name))


def test_no_log_is_said(tmp_path):
    for url in (tmp_path / "nowhere", tmp_path, "nothing://there"):
        with pytest.raises(LogError, match="log"):
            analyse(str(url), Question("PERSONALIZED"))


def test_a_file_that_is_no_parquet_is_named_in_one_sentence(tmp_path):
    (tmp_path / "x.parquet").write_bytes(b"no parquet at all")
    with pytest.raises(LogError, match="cannot be analysed"):
        analyse(str(tmp_path), Question("PERSONALIZED"))


def test_parquet_and_lines_say_the_same(tmp_path):
    write_log(tmp_path, random_events(3, sessions=400))
    before = analyse(str(tmp_path), Question("PERSONALIZED"))
    done = compact_log(tmp_path)
    assert len(done) == len(list(tmp_path.glob("*.jsonl"))) > 2
    assert sum(one.bytes_after for one in done) < sum(one.bytes_before for one in done) / 2
    assert compact_log(tmp_path) == []
    assert not list(tmp_path.glob(".*"))
    for path in tmp_path.glob("*.jsonl"):
        path.write_text("these lines are not read any more\n")
    after = analyse(str(tmp_path), Question("PERSONALIZED"))
    assert after.log.events == before.log.events
    assert after.log.holes == before.log.holes == 0
    for one, other in zip(after.effects, before.effects, strict=True):
        assert one.effect.value == pytest.approx(other.effect.value, rel=1e-9)
        assert one.effect.low == pytest.approx(other.effect.low, rel=1e-9)


def test_a_damaged_segment_is_not_compacted(tmp_path):
    write_log(tmp_path, random_events(3))
    first = min(tmp_path.glob("*.jsonl"))
    first.write_bytes(first.read_bytes().replace(b'"time":0.', b'"time":1.', 1))
    with pytest.raises(LogError, match=r"not what was sealed"):
        compact_log(tmp_path)
    assert not first.with_suffix(".parquet").exists()


def test_a_log_in_s3_is_read_where_it_is(tmp_path, s3):
    write_log(tmp_path, random_events(4))
    sync_log(tmp_path, s3)
    compact_log(tmp_path)
    files, root = destination(s3)
    one = min(tmp_path.glob("*.parquet"))
    files.put_file(str(one), f"{root}/{one.name}")  # part of it compacted
    there, here = analyse(s3, Question("PERSONALIZED")), analyse(str(tmp_path), Question("PERSONALIZED"))
    assert there.log.events == here.log.events
    assert there.sessions == here.sessions
