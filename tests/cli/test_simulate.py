"""``refrain simulate``: in process, at a service, stopped in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from recsys_online.events.verify import verify
from tests.online.simulator.conftest import write_files

ROOT = Path(__file__).resolve().parents[2]


def test_in_process_on_demo_data(refrain, home):
    code, out, _ = refrain("simulate", "--in-process", "--episodes", 500, "--json", "-")
    found = json.loads(out)
    assert code == 0
    assert found["sessions"] == found["asked"] == 500
    assert [one["name"] for one in found["arms"]] == ["PERSONALIZED T1: indexed", "PERSONALIZED C: random"]
    assert found["arms"][0]["fallback_share"] == 1  # nothing was published


def test_the_older_service_s_files_and_a_log(refrain, home, tmp_path):
    users, tracks = write_files(tmp_path)
    words = ("simulate", "--in-process", "--world", "botify", "--users", users, "--tracks", tracks)
    code, out, _ = refrain(
        *words, "--episodes", 300, "--recommender", "sticky-artist", "--log", tmp_path / "log"
    )
    assert code == 0
    assert "sticky-artist" in out
    assert "300 sessions" in out
    report = verify(tmp_path / "log")
    assert report.whole
    assert report.sessions_ended == 300
    again = refrain(*words, "--episodes", 300, "--recommender", "sticky-artist")[1]
    assert out.splitlines()[1:3] == again.splitlines()[1:3]  # the same seed


def test_orders_that_contradict_themselves_are_refused(refrain, tmp_path):
    users, tracks = write_files(tmp_path)
    for words, reason in (
        ((), "Choose one"),
        (("--in-process", "--url", "http://x"), "Choose one"),
        (("--url", "http://x", "--log", tmp_path), "belong to --in-process"),
        (("--in-process", "--world", "botify"), "needs --users and --tracks"),
        (("--in-process", "--users", users, "--tracks", tracks), "needs --users and --tracks"),
        (("--in-process", "--fatigue", "2"), "fatigue"),
    ):
        code, _, err = refrain("simulate", *words)
        assert code == 2
        assert reason in err


def test_nobody_answers(refrain):
    code, _, err = refrain("simulate", "--url", "http://127.0.0.1:9", "--episodes", 3)
    assert code == 2
    assert "no service at 127.0.0.1:9" in err


def test_ctrl_c_keeps_what_is_done(home, tmp_path):
    log = tmp_path / "log"
    command = [sys.executable, "-m", "recsys_cli", "simulate", "--in-process", "--episodes", "100000000"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "back-end")])}
    process = subprocess.Popen(
        [*command, "--log", str(log), "--json", "-"], env=environment, stdout=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not (log.is_dir() and any(path.stat().st_size for path in log.iterdir())):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    report = verify(log)
    assert process.returncode == 130
    assert report.whole
    assert not report.open_segments
    assert report.sessions_ended == json.loads(out)["sessions"] > 0
