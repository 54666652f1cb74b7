"""One experiment as the page shows it: waiting, running, stopped in the middle, done, damaged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from recsys_core.errors import RefrainError
from recsys_dashboard.experiment import desk, shelf
from recsys_dashboard.texts import text
from recsys_online.loop import Improvement, steps_of

if TYPE_CHECKING:
    from recsys_dashboard.jobs.job import JobSnapshot
    from recsys_online.loop import LoopCard, LoopRequest, StepDone
    from recsys_online.loop.looking import Look
    from recsys_online.loop.store import Loop


@dataclass(frozen=True, eq=False)
class ExperimentView:
    """A loop and the newest job about it; ``job`` is None after a restart."""

    loop: Loop
    job: JobSnapshot | None

    @property
    def card(self) -> LoopCard:
        """Return what was asked and what is done."""
        return self.loop.card

    @property
    def name(self) -> str:
        """Return the loop's name, as in the address."""
        return self.card.loop_id

    @property
    def request(self) -> LoopRequest:
        """Return what was asked."""
        return self.card.request

    @property
    def live(self) -> bool:
        """Whether a job of this dashboard is waiting or at work on it."""
        return self.job is not None and self.job.live

    @cached_property
    def elsewhere(self) -> bool:
        """Whether another program, such as ``refrain loop``, is at work on it."""
        return not self.live and not self.finished and self.loop.busy()

    @property
    def moving(self) -> bool:
        """Whether to look again."""
        return self.live or self.elsewhere

    @cached_property
    def order(self) -> list[tuple[int, str]]:
        """Return turn and name of every step."""
        return list(steps_of(self.request))

    @property
    def finished(self) -> bool:
        """Whether every step is done."""
        return len(self.card.steps) >= len(self.order)

    @cached_property
    def due(self) -> tuple[int, str] | None:
        """Return the step that is under way or comes next."""
        return next((one for one in self.order if self.card.done(*one) is None), None)

    @cached_property
    def turns(self) -> list[int]:
        """Return the turns whose experiment has been looked at."""
        return [turn for turn in range(1, self.request.turns + 1) if self.look(turn) is not None]

    def look(self, turn: int) -> Look | None:
        """Return what the experiment of a turn says so far."""
        return shelf.look_of(self.loop, turn)

    def step(self, turn: int, name: str) -> StepDone | None:
        """Return a finished step."""
        return self.card.done(turn, name)

    def settled(self, turn: int) -> bool:
        """Whether the experiment of a turn has been analysed to its end."""
        return self.step(turn, "analysis") is not None

    def improvements(self, turn: int) -> list[Improvement]:
        """Return how a turn compares with the one before; nothing for the first."""
        step = self.step(turn, "analysis")
        return msgspec.convert(step.found.get("improvements", []), list[Improvement]) if step else []

    @cached_property
    def progress(self) -> dict[str, Any] | None:
        """Return the last event about the step under way, None before the first."""
        return self._last({"started", "progress", "done"})

    @cached_property
    def service_url(self) -> str:
        """Return the address of the service that the running experiment uses, '' if there is none."""
        event = self._last({"service"}) if self.due is not None and self.due[1] == "experiment" else None
        return event["url"] if event is not None and self.live else ""

    def _last(self, kinds: set[str]) -> dict[str, Any] | None:
        for raw in reversed(self.job.raw_events if self.job is not None else ()):
            event = msgspec.json.decode(raw)
            if event["kind"] in kinds:
                return event
        return None


def opened(loop_id: str) -> tuple[ExperimentView | None, str]:
    """Return the experiment ``loop_id``, or None and the sentence that says why not."""
    if not shelf.exists(loop_id):
        return None, text("experiment.unknown", name=loop_id)
    try:
        job = desk.job_of(loop_id)  # before its turns: a job that ends meanwhile is looked at once more
        return ExperimentView(shelf.opened(loop_id), job), ""
    except RefrainError as error:
        return None, str(error)
