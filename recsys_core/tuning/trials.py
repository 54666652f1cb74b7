"""One trial of a study, read from Optuna's record into plain words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from optuna.trial import TrialState

if TYPE_CHECKING:
    from datetime import datetime

    from optuna.trial import FrozenTrial

State = Literal["waiting", "running", "complete", "pruned", "diverged", "failed", "stopped", "lost"]
UNFINISHED: frozenset[State] = frozenset({"stopped", "lost"})  # what a later sitting does again

# what a trial carries along in the journal
WORKER, DRAW, ASKED, WHY, REASON, CURVE, BEST_EPOCH = (
    "worker",
    "draw",
    "asked",
    "why",
    "reason",
    "curve",
    "best_epoch",
)
_STATES: dict[TrialState, State] = {
    TrialState.WAITING: "waiting",
    TrialState.RUNNING: "running",
    TrialState.COMPLETE: "complete",
    TrialState.PRUNED: "pruned",
    TrialState.FAIL: "failed",
}


@dataclass(frozen=True)
class Trial:
    """One setting tried.

    Parameters
    ----------
    number
        From 0, in the order of starting.
    state
        ``stopped`` by the user and ``lost`` with its process do not count: the setting is tried again.
    parameters
        What the search chose; defaults and fixed parameters are not repeated.
    values
        One per objective at ``best_epoch``, on the validation part; None unless complete.
    curve
        A row per epoch: ``epoch``, ``seconds`` of training, and every metric on the validation part.
    asked
        Whether a person asked for this setting.
    """

    number: int
    state: State
    parameters: dict[str, Any]
    values: tuple[float, ...] | None
    best_epoch: int | None = None
    curve: list[dict[str, float]] = field(default_factory=list)
    asked: bool = False
    draw: int | None = None
    worker: str = ""
    reason: str = ""
    started: datetime | None = None
    ended: datetime | None = None

    @property
    def counts(self) -> bool:
        """Whether this trial is part of the study's budget."""
        return self.state not in UNFINISHED

    @property
    def seconds(self) -> float:
        """Training seconds so far."""
        return self.curve[-1].get("seconds", 0.0) if self.curve else 0.0


def read_trial(record: FrozenTrial, objective: str = "") -> Trial:
    """Return the trial that Optuna recorded.

    Before its end, or after a kill, the curve has only ``epoch`` and ``objective``, the first of the study.
    """
    extra = record.user_attrs
    return Trial(
        number=record.number,
        state=extra.get(WHY) or _STATES[record.state],
        parameters=dict(record.params) or dict(record.system_attrs.get("fixed_params", {})),
        values=tuple(record.values) if record.state is TrialState.COMPLETE else None,
        best_epoch=extra.get(BEST_EPOCH),
        curve=extra.get(CURVE) or _reported(record, objective),
        asked=extra.get(ASKED, False),
        draw=extra.get(DRAW),
        worker=extra.get(WORKER, ""),
        reason=extra.get(REASON, ""),
        started=record.datetime_start,
        ended=record.datetime_complete,
    )


def _reported(record: FrozenTrial, objective: str) -> list[dict[str, float]]:
    return [{"epoch": epoch, objective: value} for epoch, value in sorted(record.intermediate_values.items())]
