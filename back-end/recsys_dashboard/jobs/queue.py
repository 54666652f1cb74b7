"""Long work beside the pages: a short queue in front of one warm worker process.

One thread, the supervisor, owns the worker and carries out every change; pages only ask. It also is the
thread that starts worker processes, because a worker dies with the thread that created it.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from recsys_dashboard.jobs import protocol
from recsys_dashboard.jobs.book import JobBook
from recsys_dashboard.jobs.worker_process import WorkerProcess
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recsys_dashboard.jobs.job import Job, JobSnapshot

log = logging.getLogger(__name__)

WORKER = (sys.executable, "-m", "recsys_dashboard.jobs.worker")
PATIENCE = 0.7  # seconds a cancelled task has before its process is killed


class JobQueue:
    """Runs one job at a time in a worker process; at most eight wait, at most one per owner.

    Parameters
    ----------
    command
        Starts the worker process.
    clock
        Gives the times shown in snapshots.
    """

    def __init__(self, command: Sequence[str] = WORKER, *, clock: Callable[[], float] = time.time) -> None:
        self._command = command
        self._book = JobBook(clock)
        self._worker: WorkerProcess | None = None
        self._first_ready = threading.Event()
        self._todo: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._todo.put(self._start_worker)
        self._supervisor = threading.Thread(target=self._supervise, name="jobs", daemon=True)
        self._supervisor.start()

    @property
    def warm(self) -> bool:
        """Whether the worker process has loaded everything, so that a job starts without delay."""
        worker = self._worker
        return worker is not None and worker.ready

    def wait_until_warm(self) -> None:
        """Return when the first worker process has loaded everything; never, if none can be started."""
        self._first_ready.wait()

    @property
    def worker_pid(self) -> int | None:
        """Process id of the present worker, None between two of them."""
        worker = self._worker
        return None if worker is None else worker.pid

    def submit(self, task: str, payload: dict[str, Any], owner: str) -> str:
        """Return the id of a new job; the task finds the same id in ``payload["job_id"]``.

        Raises
        ------
        SettingsError
            If the queue is full, the owner has a live job already, or the manager is closed.
        """
        job_id = self._book.add(task, payload, owner)
        self._todo.put(self._dispatch)
        return job_id

    def snapshot(self, job_id: str) -> JobSnapshot | None:
        """Return the present state of a job, or None if it is not known (any more)."""
        return self._book.snapshot(job_id)

    def wait(self, job_id: str, seen: int, seconds: float) -> JobSnapshot | None:
        """Return a job once it has more than ``seen`` events or has ended, at the latest in ``seconds``."""
        return self._book.wait(job_id, seen, seconds)

    def recent(self) -> tuple[JobSnapshot, ...]:
        """Return all jobs still remembered, newest first."""
        return self._book.recent()

    def cancel(self, job_id: str, owner: str) -> None:
        """Stop a job within a second, by force if it does not listen; a finished job is left alone.

        Raises
        ------
        SettingsError
            If the job is not known or belongs to someone else.
        """
        job = self._book.cancel(job_id, owner, PATIENCE)
        if job is not None:
            self._todo.put(partial(self._ask_to_stop, job))

    def close(self) -> None:
        """End the worker process and take no more jobs."""
        self._book.closed = True
        self._todo.put(lambda: None)
        self._supervisor.join(timeout=5)

    # Everything below runs on the supervisor thread.

    def _supervise(self) -> None:
        while not self._book.closed:
            try:
                self._todo.get(timeout=self._time_left())()
            except Empty:
                log.debug("The deadline of a cancelled job has come.")
            except Exception:  # the supervisor must outlive any mistake, or every job would hang
                log.exception("The job supervisor met an unexpected error.")
            if self._time_left() == 0:  # not only when idle: a task may flood us with events
                self._kill_overdue()
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    def _time_left(self) -> float | None:
        job = self._book.running
        return None if job is None or job.kill_at is None else max(0.0, job.kill_at - time.monotonic())

    def _start_worker(self) -> None:
        try:
            self._worker = WorkerProcess(
                self._command, lambda worker, reply: self._todo.put(partial(self._hear, worker, reply))
            )
        except OSError:
            log.exception("The worker process could not be started.")
            self._give_up_next()

    def _give_up_next(self) -> None:
        self._book.fail_next(text("jobs.worker_missing"))
        self._todo.put(self._dispatch)

    def _dispatch(self) -> None:
        if not self._book.waiting():
            return
        if self._worker is None:
            self._start_worker()
        elif self._worker.ready and (job := self._book.start_next()):
            self._worker.send(job.line)

    def _ask_to_stop(self, job: Job) -> None:
        if self._worker is not None and job is self._book.running:
            self._worker.send(protocol.encode(protocol.Cancel(job.id)))

    def _hear(self, worker: WorkerProcess, reply: protocol.Reply | None) -> None:
        if worker is not self._worker:
            return  # the last words of a process killed on purpose
        if reply is None:
            self._bury(worker)
        elif isinstance(reply, protocol.Event):
            self._book.note(reply.event)
        else:
            if isinstance(reply, protocol.Ready):
                worker.ready = True
                self._first_ready.set()
            else:
                self._book.end_running(reply.state, getattr(reply, "message", ""))
            self._dispatch()

    def _bury(self, worker: WorkerProcess) -> None:
        """Clear up after a worker that ended by itself; one that never got ready is not tried for ever."""
        worker.kill()
        self._worker = None
        job = self._book.running
        if job is not None and job.kill_at is not None:
            self._book.end_running("cancelled")
        self._book.end_running("failed", text("jobs.worker_died"))
        if worker.ready:
            self._start_worker()
        else:
            self._give_up_next()

    def _kill_overdue(self) -> None:
        if self._worker is not None:
            self._worker.kill()
        self._book.end_running("cancelled")
        self._start_worker()
