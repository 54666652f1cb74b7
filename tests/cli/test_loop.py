"""``refrain loop``: one command on demo data, the older service's files, going on after a stop."""

from __future__ import annotations

import json
import signal
import time

from recsys_online.index.versions import read_current
from tests.online.simulator.conftest import write_files

SMALL = ("--logged", 3000, "--sessions", 1500, "--trials", 1, "--epochs", 3)


def test_one_command_without_redis_says_who_won(refrain, home, tmp_path):
    report = tmp_path / "report.md"
    code, out, err = refrain("loop", *SMALL, "--report", report, "--json", tmp_path / "loop.json")
    assert code == 0
    assert "T1 wins: +" in out
    assert "All listeners are simulated" in out
    assert err.count("\n") == 8  # a line per step
    assert err.startswith("[1/8] turn 1, log: 3,000 sessions")
    found = json.loads((tmp_path / "loop.json").read_text())
    assert found["finished"]
    assert found["reports"]["1"]["verdicts"][0]["outcome"] == "wins"
    words = report.read_text()
    assert words.startswith("# The closed loop")
    assert "- Turn 1. T1 wins: +" in words
    assert "| model | 1 settings tried" in words


def test_two_turns_on_the_older_service_s_files_compare_the_turns(refrain, home, tmp_path):
    users, tracks = write_files(tmp_path)
    code, out, err = refrain(
        "loop", *SMALL, "--users", users, "--tracks", tracks, "--turns", 2, "--json", "-"
    )
    found = json.loads(out)
    assert code == 0
    assert err.count("\n") == 15
    (change,) = found["steps"][-1]["found"]["improvements"]
    assert change["turn"] == 2
    assert change["change"]["low"] < change["change"]["value"] < change["change"]["high"]


def test_a_log_that_is_there_is_learned_from_instead_of_a_simulated_one(refrain, home):
    code, _, _ = refrain("loop", *SMALL, "--name", "first", "--until", "pairs")
    assert code == 0
    log = home / "loops" / "first" / "log"
    code, out, _ = refrain("loop", "--log", log, "--name", "second", "--until", "pairs", "--json", "-")
    assert code == 0
    logged, pairs = (one["found"] for one in json.loads(out)["steps"])
    assert logged["sessions"] == 3000
    first, second = (home / "loops" / name / "turn-1" / "pairs.parquet" for name in ("first", "second"))
    assert pairs["pairs"] > 0
    assert second.read_bytes() == first.read_bytes()
    assert not (home / "loops" / "second" / "log").exists()
    code, _, err = refrain("loop", "--log", home / "nowhere", "--until", "log")
    assert code == 2
    assert "nowhere" in err
    code, _, err = refrain("loop", "--log", "s3://bucket/log", "--turns", 2)
    assert code == 2
    assert "bring this one here first" in err


def test_the_lists_are_handed_to_the_service(refrain, home):
    code, _, err = refrain("loop", *SMALL, "--name", "mine", "--publish", "--until", "index")
    assert code == 0
    assert "The service serves version mine-turn-1 now." in err
    assert read_current(home / "index") == "mine-turn-1"
    code, _, err = refrain("loop", "--name", "other", *SMALL, "--until", "log", "--publish")
    assert code == 2
    assert "no lists yet" in err


def test_until_a_step_and_on_with_resume(refrain, home):
    code, out, _ = refrain("loop", *SMALL, "--name", "mine", "--until", "pairs", "--json", "-")
    assert code == 0
    assert [one["name"] for one in json.loads(out)["steps"]] == ["log", "pairs"]
    code, out, err = refrain("loop", "--resume", "mine", "--json", "-")
    assert code == 0
    assert json.loads(out)["finished"]
    assert err.startswith("[3/8] turn 1, dataset")


def test_orders_that_cannot_be_followed_are_refused_in_a_sentence(refrain, home, tmp_path):
    users, tracks = write_files(tmp_path)
    for words, reason in (
        (("--users", users), "needs both files"),
        (("--folder", tmp_path), "users_2024.json is not there"),
        (("--world", "demo", "--users", users, "--tracks", tracks), "leave it out"),
        (("--resume", "nothing"), "There is no loop 'nothing'"),
        (("--name", "../x"), "cannot name a loop"),
        (("--above-usual", "much"), "takes a share or 'off'"),
        (("--arm", "T9"), "T9 is no treatment"),
        (("--redis", "redis://127.0.0.1:9/0"), "Redis does not answer"),
    ):
        code, _, err = refrain("loop", *words)
        assert code == 2
        assert reason in err


def test_ctrl_c_says_how_to_go_on(program, home):
    process = program("loop", "--logged", 5_000_000, "--name", "long")
    log = home / "loops" / "long" / "log"
    deadline = time.monotonic() + 60
    while not (log.is_dir() and any(one.stat().st_size for one in log.iterdir())):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped. Go on with: refrain loop --resume long" in err
