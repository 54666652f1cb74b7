"""Processes that die: nothing finished is lost, what was under way is marked and tried again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

from recsys_core.tuning import Budget, journal, run_study
from recsys_core.tuning.journal import door, drop_torn_line
from recsys_core.tuning.taking import alive, this_process
from tests.core.tuning.studies import ROOT, begin, small_request, start_program, told


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """What ten trials give if nobody is killed."""
    study, data = begin(tmp_path_factory.mktemp("undisturbed"), small_request())
    run_study(study, data, Budget(trials=10))
    return told(study)


@pytest.fixture
def killed(tmp_path):
    """The study of a process that was killed -9 in the third epoch of its fifth trial."""
    process = start_program(tmp_path, trials=10, die_in=4, die_at=3)
    process.wait(120)
    process.stderr.close()
    assert process.returncode == -signal.SIGKILL
    return begin(tmp_path, small_request())


def test_a_killed_study_goes_on_as_if_nothing_had_happened(killed, undisturbed):
    study, data = killed
    before = study.trials()
    assert [one.state for one in before][:4] == [state for state, *_ in undisturbed[:4]]
    assert before[4].state == "running"
    assert [row["epoch"] for row in before[4].curve] == [1, 2]
    run_study(study, data, Budget(trials=10))
    after = study.trials()
    assert after[4].state == "lost"
    assert len(after[4].curve) == 2
    assert len(after) == 11
    assert told(study) == undisturbed


def test_a_line_cut_in_the_middle_is_dropped_and_nothing_else(killed, undisturbed):
    study, data = killed
    journal = study.folder / "journal.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"op_code":7,"worker_id":"x","tri')
    assert len(study.trials()) == 5
    run_study(study, data, Budget(trials=10))
    assert told(study) == undisturbed
    assert journal.read_bytes().startswith(whole)
    assert b'"tri{' not in journal.read_bytes()


def test_two_processes_share_one_study(tmp_path):
    crew = [start_program(tmp_path, trials=8) for _ in range(2)]
    for process in crew:
        _, errors = process.communicate(timeout=180)
        assert (process.returncode, errors) == (0, "")
    study, _ = begin(tmp_path, small_request())
    trials = study.trials()
    assert len(trials) == 8
    assert {one.state for one in trials} <= {"complete", "pruned"}
    assert sorted(one.draw for one in trials) == list(range(8))


def test_a_setting_asked_for_by_a_person_is_not_forgotten_with_the_process(tmp_path):
    study, data = begin(tmp_path, small_request())
    study.ask_for({"embedding_size": 44})
    process = start_program(tmp_path, trials=3, die_in=0, die_at=2)
    process.communicate(timeout=120)
    run_study(study, data, Budget(trials=2))
    asked = [one for one in study.trials() if one.asked]
    assert [one.state for one in asked] == ["lost", "complete"]
    assert {one.parameters["embedding_size"] for one in asked} == {44}


def test_who_is_alive():
    own = this_process()
    assert alive(own)
    assert alive(f"{own}/3")
    assert not alive("")
    assert not alive("999999999:1.0/0")
    assert not alive(f"{os.getpid()}:1.0/0")  # the number is taken again by a later process


def test_the_door_opens_when_its_holder_dies(tmp_path):
    holder = (
        "import os, signal, sys; from pathlib import Path; from recsys_core.tuning.journal import door\n"
        "with door(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", holder, tmp_path], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    with door(tmp_path):
        assert (tmp_path / "door.lock").exists()


@pytest.mark.parametrize("failing", ["_locked", "drop_torn_line"])
def test_a_lock_that_could_not_be_had_holds_nobody_up(tmp_path, monkeypatch, failing):
    def refuse(_path):
        raise PermissionError("not for you")

    path = tmp_path / "journal"
    path.touch()
    lock = journal.DyingLock(tmp_path / "lock", path)
    with monkeypatch.context() as patch:
        patch.setattr(journal, failing, refuse)
        with pytest.raises(PermissionError):
            lock.acquire()
    taken = threading.Thread(target=lambda: (lock.acquire(), lock.release()), daemon=True)
    taken.start()
    taken.join(10)
    assert not taken.is_alive()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b""),
        (b"one\n", b"one\n"),
        (b"one\ntw", b"one\n"),
        (b"half", b""),
        (b"one\n" + b"x" * 200_000, b"one\n"),
    ],
)
def test_only_what_follows_the_last_line_end_is_dropped(tmp_path, before, after):
    path = tmp_path / "journal"
    path.write_bytes(before)
    assert drop_torn_line(path) == len(before) - len(after)
    assert path.read_bytes() == after
