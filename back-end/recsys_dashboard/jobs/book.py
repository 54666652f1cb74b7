"""The book of all jobs: who waits, who runs, who may do what. Starts and stops nothing itself."""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from recsys_core.errors import SettingsError
from recsys_dashboard.jobs import protocol
from recsys_dashboard.jobs.job import Job, JobSnapshot, State
from recsys_dashboard.texts import text, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    import msgspec

QUEUE_LIMIT = 8
KEPT = 50


class JobBook:
    """At most one job runs, at most eight wait, at most one is live per owner; safe to share between threads.

    ``clock`` gives the times shown in snapshots.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._jobs: dict[str, Job] = {}
        self._queue: deque[Job] = deque()
        self.running: Job | None = None
        self.closed = False

    def add(self, task: str, payload: dict[str, Any], owner: str) -> str:
        """Queue a job and return its id; raises SettingsError if there is no room for it."""
        job_id = secrets.token_hex(5)
        line = protocol.encode(protocol.Start(job_id, task, {**payload, "job_id": job_id}))
        with self._lock:
            self._check_room(owner)
            self._jobs[job_id] = job = Job(job_id, task, owner, line, self._clock())
            self._queue.append(job)
            self._forget_old()
        return job_id

    def snapshot(self, job_id: str) -> JobSnapshot | None:
        """Return the present state of a job, or None if it is not known (any more)."""
        with self._lock:
            job = self._jobs.get(job_id)
            return None if job is None else job.snapshot(self._position(job))

    def wait(self, job_id: str, seen: int, seconds: float) -> JobSnapshot | None:
        """Return a job once it has more than ``seen`` events or has ended, at the latest in ``seconds``."""
        with self._lock:
            self._changed.wait_for(lambda: self._has_news(job_id, seen), seconds)
            return self.snapshot(job_id)

    def recent(self) -> tuple[JobSnapshot, ...]:
        """Return all jobs still remembered, newest first."""
        with self._lock:
            return tuple(job.snapshot(self._position(job)) for job in reversed(self._jobs.values()))

    def cancel(self, job_id: str, owner: str, patience: float) -> Job | None:
        """Cancel a waiting job at once; return a running one that must now be asked to stop, else None.

        Raises
        ------
        SettingsError
            If the job is not known or belongs to someone else.
        """
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None:
                raise SettingsError(text("jobs.unknown"))
            if job.owner != owner:
                raise SettingsError(text("jobs.not_yours"))
            if job.state == "queued":
                self._queue.remove(job)
                job.end("cancelled", self._clock())
            if job.state != "running" or job.kill_at is not None:
                return None
            job.kill_at = time.monotonic() + patience
            return job

    def waiting(self) -> bool:
        """Return whether a job could start if a worker were there."""
        with self._lock:
            return self.running is None and bool(self._queue)

    def start_next(self) -> Job | None:
        """Make the first waiting job the running one and return it."""
        with self._lock:
            if not self.waiting():
                return None
            self.running = job = self._queue.popleft()
            job.state, job.started = "running", self._clock()
            return job

    def note(self, event: msgspec.Raw) -> None:
        """Add an event to the running job."""
        with self._lock:
            if self.running is not None:
                self.running.raw_events.append(event)
                self._changed.notify_all()

    def end_running(self, state: State, error: str = "") -> None:
        """Close the record of the running job, if there is one."""
        with self._lock:
            if self.running is not None:
                self.running.end(state, self._clock(), error)
            self.running = None
            self._changed.notify_all()

    def fail_next(self, error: str) -> None:
        """Give up the first waiting job, if there is one."""
        with self._lock:
            if self._queue:
                self._queue.popleft().end("failed", self._clock(), error)

    def _has_news(self, job_id: str, seen: int) -> bool:
        job = self._jobs.get(job_id)
        return job is None or job.finished is not None or len(job.raw_events) > seen

    def _check_room(self, owner: str) -> None:
        if self.closed:
            raise SettingsError(text("jobs.closed"))
        if any(job.owner == owner and job.finished is None for job in self._jobs.values()):
            raise SettingsError(text("jobs.one_each"))
        if len(self._queue) >= QUEUE_LIMIT:
            raise SettingsError(text("jobs.queue_full", limit=whole(QUEUE_LIMIT)))

    def _forget_old(self) -> None:
        finished = [job_id for job_id, job in self._jobs.items() if job.finished is not None]
        for job_id in finished[: max(0, len(finished) - KEPT)]:
            del self._jobs[job_id]

    def _position(self, job: Job) -> int:
        return self._queue.index(job) + 1 if job.state == "queued" else 0
