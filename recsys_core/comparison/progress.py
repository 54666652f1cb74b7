"""Where a comparison under way stands, read from the events it has sent so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from recsys_core.convergence import EPOCH, EVALUATION_SECONDS, SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass
class Progress:
    """The model in training, its epoch, and the rows of every curve so far.

    ``index`` counts models from 0; ``plan`` says how many epochs each model takes, in order.
    """

    model: str = ""
    index: int = 0
    epoch: int = 0
    plan: dict[str, int] = field(default_factory=dict)
    finished: list[str] = field(default_factory=list)
    rows: dict[str, list[dict[str, float]]] = field(default_factory=dict)

    @classmethod
    def from_events(cls, events: Iterable[dict[str, Any]]) -> Progress:
        """Return the state after ``events`` of :func:`recsys_core.comparison.compare`, others skipped."""
        progress = cls()
        for event in events:
            progress._hear(event)
        return progress

    def curves(self) -> dict[str, pd.DataFrame]:
        """Return the curve of each model that has been judged at least once, in order of training."""
        return {model: pd.DataFrame(rows) for model, rows in self.rows.items() if rows}

    @property
    def epochs(self) -> int:
        """Epochs the present model takes."""
        return self.plan.get(self.model, 0)

    @property
    def fraction(self) -> float:
        """Share of the work done, 0 to 1, every epoch of every model counted alike."""
        done, planned = sum(len(rows) for rows in self.rows.values()), sum(self.plan.values())
        return done / planned if planned else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds to go if epochs cost what they have cost so far; None before one that is typical.

        Models that take a single epoch are cheap and say nothing about the others.
        """
        costs = {model: _seconds_each(rows) for model, rows in self.rows.items() if rows}
        typical = [cost for model, cost in costs.items() if self.plan[model] > 1 or len(self.plan) == 1]
        if not typical:
            return None
        usual = sum(typical) / len(typical)
        return sum(
            (epochs - len(self.rows.get(model, ()))) * costs.get(model, usual)
            for model, epochs in self.plan.items()
        )

    def _hear(self, event: dict[str, Any]) -> None:
        kind = event.get("kind")
        if kind == "started":
            self.model, self.index, self.plan = event["model"], event["index"], event["plan"]
            self.epoch, self.rows[self.model] = 0, []
        elif kind == "epoch":
            row = {key: value for key, value in event.items() if key not in ("kind", "model")}
            self.rows[event["model"]].append(row)
            self.epoch = int(row[EPOCH])
        elif kind == "finished":
            self.finished.append(event["model"])


def _seconds_each(rows: list[dict[str, float]]) -> float:
    return (rows[-1][SECONDS] + sum(row[EVALUATION_SECONDS] for row in rows)) / len(rows)
