"""The worker process: warm, patient, silent on stdout, gone when its parent is gone.

Requests arrive as lines on stdin, replies leave as lines on what was stdout at start. Tasks run one
after another on the main thread; a second thread listens, so that a cancel is heard at any time.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import sys
import threading
import traceback
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any

from recsys_core.errors import CancelledError, RefrainError
from recsys_dashboard.jobs import protocol
from recsys_dashboard.jobs.tasks import TASKS, Task, warm_up, warm_up_later
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NICENESS = 5
PR_SET_PDEATHSIG = 1


class Inbox:
    """Requests as they arrive: what to start, in order, and what to stop."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.starts: SimpleQueue[protocol.Start] = SimpleQueue()
        self.cancelled: set[str] = set()

    def listen(self) -> None:
        """Read until the parent closes its end, then end this process at once, whatever it is doing."""
        for line in self._stream:
            request = protocol.decode_request(line)
            if isinstance(request, protocol.Cancel):
                self.cancelled.add(request.job)
            else:
                self.starts.put(request)
        os._exit(0)


class StopFlag:
    """Answers "should I stop?" for one job, and remembers having said yes."""

    def __init__(self, job: str, cancelled: set[str]) -> None:
        self._job, self._cancelled, self.heeded = job, cancelled, False

    def __call__(self) -> bool:
        """Return whether the job was cancelled."""
        self.heeded = self.heeded or self._job in self._cancelled
        return self.heeded


def run_task(tasks: Mapping[str, Task], start: protocol.Start, stop: StopFlag, send: Callable) -> None:
    """Run one task and send its events, then exactly one of done, failed or cancelled."""

    def emit(event: dict[str, Any]) -> None:
        send(protocol.Event(start.job, protocol.raw(event)))

    try:
        tasks[start.task](start.payload, emit, stop)
    except CancelledError:
        send(protocol.Cancelled(start.job))
    except RefrainError as error:
        send(protocol.Failed(start.job, str(error)))
    except Exception:
        error_id = secrets.token_hex(3)
        sys.stderr.write(f"Job {start.job} failed, error {error_id}\n")
        traceback.print_exc()
        send(protocol.Failed(start.job, text("jobs.unexpected", error_id=error_id)))
    else:
        send(protocol.Cancelled(start.job) if stop.heeded else protocol.Done(start.job))


def private_stdout() -> IO[bytes]:
    """Return what was stdout, and let everything that prints write to stderr instead.

    Libraries, compiled ones included, may print: they must not spoil the protocol.
    """
    channel = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return channel


def settle() -> None:
    """Be a good child: polite to the pages, dead when the parent is dead."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def serve(
    tasks: Mapping[str, Task],
    prepare: Callable[[], None] = warm_up,
    afterwards: Callable[[], None] = warm_up_later,
) -> None:
    """Answer requests until stdin closes.

    ``prepare`` runs once before the worker says it is ready, ``afterwards`` once beside the first requests.
    """
    channel = private_stdout()
    settle()
    inbox = Inbox(sys.stdin.buffer)
    threading.Thread(target=inbox.listen, name="inbox", daemon=True).start()

    def send(reply: protocol.Reply) -> None:
        channel.write(protocol.encode(reply))

    prepare()
    send(protocol.Ready())
    threading.Thread(target=afterwards, name="warm-up", daemon=True).start()
    while True:
        start = inbox.starts.get()
        run_task(tasks, start, StopFlag(start.job, inbox.cancelled), send)


if __name__ == "__main__":
    serve(TASKS)
