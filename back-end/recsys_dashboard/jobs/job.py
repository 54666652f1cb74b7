"""One background job: what the manager keeps, and what it shows of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import msgspec

State = Literal["queued", "running", "done", "failed", "cancelled"]
LIVE: frozenset[State] = frozenset({"queued", "running"})


@dataclass(frozen=True)
class JobSnapshot:
    """A job at one moment; nothing in it changes afterwards.

    ``position`` is 0 unless queued, then 1 for the next to start. Times are seconds of the manager's
    clock, or None for what has not happened yet.
    """

    id: str
    task: str
    owner: str
    state: State
    position: int
    error: str
    submitted: float
    started: float | None
    finished: float | None
    raw_events: tuple[msgspec.Raw, ...] = ()

    @property
    def live(self) -> bool:
        """Whether the job is still waiting or running."""
        return self.state in LIVE

    @cached_property
    def events(self) -> tuple[dict[str, Any], ...]:
        """Events so far, oldest first, decoded afresh for this snapshot."""
        return tuple(msgspec.json.decode(event) for event in self.raw_events)


@dataclass
class Job:
    """The manager's own record; only touched under its lock."""

    id: str
    task: str
    owner: str
    line: bytes
    submitted: float
    state: State = "queued"
    error: str = ""
    started: float | None = None
    finished: float | None = None
    raw_events: list[msgspec.Raw] = field(default_factory=list)
    kill_at: float | None = None

    def end(self, state: State, now: float, error: str = "") -> None:
        """Close the record."""
        self.state, self.finished, self.error, self.kill_at = state, now, error, None

    def snapshot(self, position: int) -> JobSnapshot:
        """Return a picture of this record."""
        return JobSnapshot(
            self.id,
            self.task,
            self.owner,
            self.state,
            position,
            self.error,
            self.submitted,
            self.started,
            self.finished,
            tuple(self.raw_events),
        )
