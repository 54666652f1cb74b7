"""How long the next trial will take, from those that are done."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.tuning.trials import Trial

SIZE = "embedding_size"
FLAT = 16  # memory traffic costs as much as some sixteen further dimensions


def expected_trial_seconds(trials: Sequence[Trial], epochs: int, size: int | None = None) -> float | None:
    """Return the seconds of a trial of ``epochs`` epochs, judging included; None before any trial has ended.

    The median over ended trials of the time per epoch; with ``size`` (a taste-profile size), per epoch and
    dimension, as larger profiles take longer.
    """
    paces = [
        _seconds(trial) / len(trial.curve) / (_weight(trial.parameters.get(SIZE)) if size else 1)
        for trial in trials
        if trial.curve and trial.state in ("complete", "pruned") and _seconds(trial) > 0
    ]
    return median(paces) * epochs * (_weight(size) if size else 1) if paces else None


def usual_trial_seconds(trials: Sequence[Trial]) -> float | None:
    """Return the mean seconds of an ended trial, those given up early included; None before one has ended."""
    ended = [_seconds(trial) for trial in trials if trial.counts and trial.started and trial.ended]
    return sum(ended) / len(ended) if ended else None


def _seconds(trial: Trial) -> float:
    if trial.started is None or trial.ended is None:
        return 0.0
    return (trial.ended - trial.started).total_seconds()


def _weight(size: int | None) -> int:
    return (size or 0) + FLAT
