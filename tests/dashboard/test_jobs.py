"""Background jobs, with real worker processes."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from recsys_core.errors import SettingsError
from recsys_dashboard.jobs.book import KEPT, QUEUE_LIMIT
from recsys_dashboard.jobs.queue import JobQueue
from recsys_dashboard.settings import worker_environment

HERE = Path(__file__).parent
WORKER = (sys.executable, str(HERE / "worker_with_test_tasks.py"))


@pytest.fixture
def manager():
    manager = JobQueue(WORKER)
    yield manager
    manager.close()


def wait_until(condition, timeout=20.0):
    deadline = time.monotonic() + timeout
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.005)
    return found


def finished(manager, job):
    return wait_until(lambda: (shot := manager.snapshot(job)) and not shot.live and shot)


def begun(manager, job):
    return wait_until(lambda: manager.snapshot(job).events)


def alive(pid):
    """Whether a process exists and is not merely waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_job_runs_in_another_process_and_leaves_its_events(manager):
    job = manager.submit("count", {"steps": 3}, owner="tab")
    shot = finished(manager, job)
    assert shot.state == "done"
    assert [event["step"] for event in shot.events] == [0, 1, 2]
    assert {event["pid"] for event in shot.events} == {manager.worker_pid} != {os.getpid()}
    assert {event["job_id"] for event in shot.events} == {job}
    assert shot.submitted <= shot.started <= shot.finished


def test_times_come_from_the_clock_that_was_given():
    ticks = itertools.count(100)
    manager = JobQueue(WORKER, clock=lambda: float(next(ticks)))
    try:
        shot = finished(manager, manager.submit("count", {"steps": 0}, owner="tab"))
    finally:
        manager.close()
    assert (shot.submitted, shot.started, shot.finished) == (100.0, 101.0, 102.0)


def test_a_snapshot_is_a_copy(manager):
    job = manager.submit("count", {"steps": 1}, owner="tab")
    finished(manager, job).events[0]["step"] = "spoiled"
    assert manager.snapshot(job).events[0]["step"] == 0


def test_what_libraries_print_does_not_spoil_the_conversation(manager):
    shot = finished(manager, manager.submit("chatter", {}, owner="tab"))
    assert (shot.state, [event["kind"] for event in shot.events]) == ("done", ["still here"])


def test_a_mistake_of_the_user_is_told_as_it_is(manager):
    shot = finished(manager, manager.submit("bad_data", {}, owner="tab"))
    assert shot.state == "failed"
    assert shot.error == "plays.csv, line 3: The weight is negative. Remove the row."


def test_a_mistake_of_ours_shows_an_id_and_no_details(manager):
    shot = finished(manager, manager.submit("bug", {}, owner="tab"))
    assert shot.state == "failed"
    assert "unexpected error" in shot.error
    assert "secret" not in shot.error


def test_an_unknown_task_fails_alone(manager):
    assert finished(manager, manager.submit("no such task", {}, owner="tab")).state == "failed"
    assert finished(manager, manager.submit("count", {"steps": 1}, owner="tab")).state == "done"


@pytest.mark.parametrize("task", ["deaf", "hog", "flood"])
def test_cancel_takes_effect_within_a_second_even_if_the_task_does_not_listen(manager, task):
    job = manager.submit(task, {}, owner="tab")
    begun(manager, job)
    asked = time.monotonic()
    manager.cancel(job, "tab")
    shot = finished(manager, job)
    assert time.monotonic() - asked < 5, "the promise is 1 s; five times that on a busy machine"
    assert shot.state == "cancelled"
    assert finished(manager, manager.submit("count", {"steps": 1}, owner="tab")).state == "done"


def test_a_task_that_listens_is_cancelled_without_losing_the_warm_process(manager):
    job = manager.submit("count", {"steps": 10_000, "pause": 0.01}, owner="tab")
    begun(manager, job)
    pid = manager.worker_pid
    manager.cancel(job, "tab")
    assert finished(manager, job).state == "cancelled"
    assert manager.worker_pid == pid


def test_a_waiting_job_is_cancelled_at_once(manager):
    first = manager.submit("deaf", {}, owner="a")
    begun(manager, first)
    second = manager.submit("deaf", {}, owner="b")
    manager.cancel(second, "b")
    assert manager.snapshot(second).state == "cancelled"
    assert manager.snapshot(first).state == "running"


def test_cancelling_what_has_ended_changes_nothing(manager):
    job = manager.submit("count", {"steps": 1}, owner="tab")
    finished(manager, job)
    manager.cancel(job, "tab")
    assert manager.snapshot(job).state == "done"


def test_only_the_owner_cancels(manager):
    job = manager.submit("deaf", {}, owner="a")
    with pytest.raises(SettingsError, match="Only the browser tab"):
        manager.cancel(job, "b")
    with pytest.raises(SettingsError, match="no longer known"):
        manager.cancel("never seen", "a")


@pytest.mark.parametrize("how", ["kill -9", "exit"])
def test_a_worker_that_dies_fails_its_job_and_not_the_next_one(manager, how):
    job = manager.submit("deaf" if how == "kill -9" else "leave", {}, owner="a")
    following = manager.submit("count", {"steps": 1}, owner="b")
    if how == "kill -9":
        begun(manager, job)
        os.kill(manager.worker_pid, signal.SIGKILL)
    shot = finished(manager, job)
    assert shot.state == "failed"
    assert "ended without warning" in shot.error
    assert finished(manager, following).state == "done"


def test_a_worker_killed_while_idle_is_replaced_before_it_is_needed(manager):
    wait_until(lambda: manager.warm)
    pid = manager.worker_pid
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: manager.warm and manager.worker_pid != pid)


@pytest.mark.parametrize("command", [("/no/such/program",), (sys.executable, "-c", "raise SystemExit(1)")])
def test_a_worker_that_cannot_start_fails_each_job_and_is_not_tried_for_ever(command):
    manager = JobQueue(command)
    try:
        for _ in range(2):
            shot = finished(manager, manager.submit("count", {"steps": 1}, owner="tab"))
            assert shot.state == "failed"
            assert "could not start" in shot.error
    finally:
        manager.close()


def test_a_worker_that_talks_nonsense_is_not_believed():
    manager = JobQueue((sys.executable, "-c", "print('nonsense', flush=True); import time; time.sleep(60)"))
    try:
        assert finished(manager, manager.submit("count", {}, owner="tab")).state == "failed"
    finally:
        manager.close()


def test_eight_wait_in_order_one_each_and_the_ninth_is_told(manager):
    running = manager.submit("deaf", {}, owner="first")
    begun(manager, running)
    waiting = [manager.submit("count", {"steps": 1}, owner=f"tab {n}") for n in range(QUEUE_LIMIT)]
    assert [manager.snapshot(job).position for job in waiting] == list(range(1, QUEUE_LIMIT + 1))
    with pytest.raises(SettingsError, match="Many jobs are waiting"):
        manager.submit("count", {"steps": 1}, owner="one too many")
    with pytest.raises(SettingsError, match="One of your jobs"):
        manager.submit("count", {"steps": 1}, owner="first")
    manager.cancel(waiting[0], "tab 0")
    assert manager.snapshot(waiting[1]).position == 1
    manager.cancel(running, "first")
    started = [finished(manager, job).started for job in waiting[1:]]
    assert started == sorted(started)


def test_two_tabs_asking_at_the_same_moment_never_run_two_jobs_each(manager):
    outcomes = []

    def ask(owner):
        try:
            outcomes.append(manager.submit("count", {"steps": 20, "pause": 0.01}, owner))
        except SettingsError:
            outcomes.append(None)

    threads = [threading.Thread(target=ask, args=(f"tab {n % 2}",)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accepted = [job for job in outcomes if job]
    assert len(accepted) == 2
    assert {finished(manager, job).state for job in accepted} == {"done"}


def test_recent_jobs_come_newest_first_and_old_ones_are_forgotten(manager):
    jobs = [manager.submit("count", {"steps": 0}, owner=str(n)) for n in range(3)]
    assert [shot.id for shot in manager.recent()] == jobs[::-1]
    for _ in range(KEPT):
        finished(manager, manager.submit("count", {"steps": 0}, owner="tab"))
    assert manager.snapshot(jobs[0]) is None
    assert len(manager.recent()) <= KEPT + 1


def test_closing_ends_the_process_and_takes_no_more_jobs():
    manager = JobQueue(WORKER)
    begun(manager, manager.submit("hog", {}, owner="tab"))
    pid = manager.worker_pid
    manager.close()
    assert not alive(pid)
    with pytest.raises(SettingsError, match="stopping"):
        manager.submit("count", {"steps": 1}, owner="other")


@pytest.mark.parametrize("task", ["deaf", "hog"])
def test_no_worker_outlives_a_dashboard_that_was_killed(task):
    parent = subprocess.Popen(
        (sys.executable, HERE / "parent_to_be_killed.py", task, *WORKER),
        stdout=subprocess.PIPE,
        text=True,
        env=worker_environment(),
    )
    with parent:
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
        wait_until(lambda: not alive(pid), timeout=2)


def test_the_real_worker_becomes_warm():
    manager = JobQueue()
    try:
        wait_until(lambda: manager.warm, timeout=120)
        manager.wait_until_warm()  # returns at once
    finally:
        manager.close()


def test_who_waits_for_news_is_woken_by_the_next_event(manager):
    job = manager.submit("count", {"steps": 50, "pause": 0.02}, owner="tab")
    seen = 0
    while (shot := manager.wait(job, seen, seconds=20)).live:
        assert len(shot.raw_events) > seen
        seen = len(shot.raw_events)
    assert shot.state == "done"
    assert len(shot.raw_events) == 50


def test_waiting_ends_in_time_with_a_job_that_says_nothing(manager):
    job = manager.submit("deaf", {}, owner="tab")
    begun(manager, job)
    start = time.monotonic()
    assert manager.wait(job, 1, seconds=0.05).live
    assert time.monotonic() - start < 5
    manager.cancel(job, "tab")
    assert manager.wait(job, 1, seconds=20).state == "cancelled"


def test_waiting_for_a_job_nobody_knows_returns_at_once(manager):
    assert manager.wait("unheard-of", 0, seconds=20) is None
