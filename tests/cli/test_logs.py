"""``refrain logs``: the recount in words and as JSON, an error where something is missing, shipping."""

from __future__ import annotations

import json

import pytest

from recsys_online.events import EventWriter
from tests.online.log_writer import event


@pytest.fixture
def log(home):
    writer = EventWriter(home / "logs", segment_bytes=2_000)
    for number in range(20):
        writer.append(event(number))
    writer.close()
    return home / "logs"


def segments(folder):
    return sorted(folder.glob("*.jsonl"))


def test_verify_says_what_the_log_holds(refrain, log):
    code, out, err = refrain("logs", "verify")
    assert (code, err) == (0, "")
    assert out.startswith(f"20 events of 1 writer in {len(segments(log))} files (0 still open)")
    assert "Holes 0, damaged lines 0" in out


def test_verify_counts_one_as_one(refrain, tmp_path):
    writer = EventWriter(tmp_path / "one")
    writer.append(event(1))
    writer.close()
    _, out, _ = refrain("logs", "verify", "--logs", tmp_path / "one")
    assert out.startswith("1 event of 1 writer in 1 file (0 still open), 0 sessions ended.")


def test_verify_as_json(refrain, log):
    code, out, _ = refrain("logs", "verify", "--json", "-")
    report = json.loads(out)
    assert (code, report["events"], report["holes"], report["whole"]) == (0, 20, 0, True)


def test_verify_ends_with_an_error_and_names_the_file_where_something_is_missing(refrain, log):
    cut = segments(log)[1]
    cut.write_bytes(cut.read_bytes()[:-5])
    code, out, err = refrain("logs", "verify")
    assert code == 2
    assert f"Not what was sealed: {cut.name}" in out
    assert err == "refrain: The log is not whole; the counts above say what is missing.\n"
    cut.unlink()
    code, out, _ = refrain("logs", "verify")
    assert code == 2
    assert "Holes 0" not in out


@pytest.mark.parametrize(
    ("place", "words"), [("/nowhere", "There is no log folder"), ("nothing://x/y", "cannot be read")]
)
def test_verify_of_no_log_is_one_line(refrain, place, words):
    code, out, err = refrain("logs", "verify", "--logs", place)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_sync_brings_the_log_away_once_and_verify_agrees_on_both_sides(refrain, log, tmp_path):
    n, away = len(segments(log)), tmp_path / "away"
    code, out, err = refrain("logs", "sync", "--to", away)
    assert (code, out) == (0, f"{n} segments brought to {away}.\n"), err
    assert refrain("logs", "sync", "--to", away)[1] == f"Nothing new for {away}.\n"
    refrain("logs", "sync", "--to", away, "--delete")
    assert segments(log) == []
    assert refrain("logs", "verify", "--logs", away.as_uri())[1].startswith("20 events")
    code, out, _ = refrain("logs", "verify")
    assert code == 0
    assert "20 records more brought elsewhere and removed here." in out


def test_sync_as_json_names_each_segment(refrain, log, tmp_path):
    before = segments(log)
    _, out, _ = refrain("logs", "sync", "--to", tmp_path / "away", "--json", "-")
    shipped = json.loads(out)
    assert [one["segment"] for one in shipped] == [path.name for path in before]
    assert sum(one["seal"]["count"] for one in shipped) == 20


def test_sync_seals_what_a_killed_writer_left(refrain, home, tmp_path):
    writer = EventWriter(home / "logs")
    writer.append(event(1))
    writer._segment.close()
    assert "1 segment brought" in refrain("logs", "sync", "--to", tmp_path / "away")[1]


def test_sync_to_somewhere_impossible_is_one_line_and_removes_nothing(refrain, log):
    before = segments(log)
    code, out, err = refrain("logs", "sync", "--to", "/dev/null/logs", "--delete")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert segments(log) == before
