"""A worker like the real one, with tasks that misbehave on request; started by test_jobs.py."""

from __future__ import annotations

import os
import re
import sys
import time

from recsys_core.errors import CancelledError, DataError
from recsys_dashboard.jobs.worker import serve


def count(payload, emit, should_stop):
    """Cooperative: one event per step, stops when told."""
    for step in range(payload["steps"]):
        if should_stop():
            raise CancelledError("The caller asked to stop.")
        emit({"kind": "step", "step": step, "pid": os.getpid(), "job_id": payload["job_id"]})
        time.sleep(payload.get("pause", 0))


def deaf(payload, emit, should_stop):
    """Never looks at the stop flag."""
    emit({"kind": "begun"})
    while True:
        time.sleep(0.01)


def hog(payload, emit, should_stop):
    """Holds the interpreter lock for a very long time: one regular expression that never ends."""
    emit({"kind": "begun"})
    re.match(r"(a+)+$", "a" * 60 + "b")


def flood(payload, emit, should_stop):
    """Sends events as fast as the pipe takes them, for ever."""
    while True:
        emit({"kind": "noise"})


def chatter(payload, emit, should_stop):
    """Prints to stdout from Python and from below it."""
    sys.stdout.write("printed by Python\n")
    os.write(1, b"printed by a C library\n")
    emit({"kind": "still here"})


def bad_data(payload, emit, should_stop):
    """A mistake of the user."""
    raise DataError("The weight is negative.", file="plays.csv", line=3, fix="Remove the row.")


def bug(payload, emit, should_stop):
    """A mistake of ours."""
    raise ZeroDivisionError("secret details")


def leave(payload, emit, should_stop):
    """The process ends in the middle of a job."""
    os._exit(3)


TASKS = {f.__name__: f for f in (count, deaf, hog, flood, chatter, bad_data, bug, leave)}

if __name__ == "__main__":
    serve(TASKS, prepare=lambda: None)
