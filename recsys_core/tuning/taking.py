"""Which setting comes next: what a person asked for, then a grid's next cell, then the sampler's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psutil
from optuna.trial import TrialState

from recsys_core.tuning.distributions import draw_value
from recsys_core.tuning.space import active
from recsys_core.tuning.study import whole_setting
from recsys_core.tuning.trials import ASKED, DRAW, WHY, WORKER, Trial, read_trial

if TYPE_CHECKING:
    from collections.abc import Callable

    import optuna

    from recsys_core.tuning.request import TuningRequest
    from recsys_core.tuning.study import TuningStudy

CLOCK_CORRECTION = 30.0  # seconds


def take(
    study: TuningStudy, worker: str, enough: Callable[[int], bool]
) -> tuple[optuna.Study, optuna.Trial] | None:
    """Return the next trial, marked as ``worker``'s, or None if there is enough or nothing is left.

    One worker at a time goes through here, so that no setting is taken twice and no budget overrun. What a
    person asked for is tried even after the budget is spent.
    """
    with study.door():
        clear_lost(study)
        trials = study.trials()
        waiting = any(trial.state == "waiting" for trial in trials)
        spent = enough(sum(trial.counts and trial.state != "waiting" for trial in trials))
        if spent and not waiting:
            return None
        draw = _free_draw(trials)
        fixed = None if waiting else _given(study.request, trials, draw)
        if not waiting and study.request.sampler == "grid" and fixed is None:
            return None
        opened = study.open(draw)
        if fixed is not None:
            opened.enqueue_trial(fixed)
        trial = opened.ask()
        trial.set_user_attr(WORKER, worker)
        if not trial.user_attrs.get(ASKED):
            trial.set_user_attr(DRAW, draw)
        suggest(study.request, trial)
        return opened, trial


def suggest(request: TuningRequest, trial: optuna.Trial) -> dict[str, Any]:
    """Return the setting of ``trial``, each dimension drawn only if it acts under those drawn before."""
    chosen: dict[str, Any] = {}
    for one in request.space():
        if active(request.model, one, request.parameters(chosen)):
            chosen[one.name] = draw_value(trial, one)
    return chosen


def clear_lost(study: TuningStudy) -> list[int]:
    """Mark the running trials of workers that are no more as lost and return their numbers.

    Call it behind the door. What a person had asked for goes back to the queue.
    """
    opened = study.open()
    lost = []
    for record in opened.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        trial = read_trial(record)
        if alive(trial.worker):
            continue
        study.storage.set_trial_user_attr(record._trial_id, WHY, "lost")
        opened.tell(record.number, state=TrialState.FAIL)
        if trial.asked:
            opened.enqueue_trial(trial.parameters, user_attrs={ASKED: True})
        lost.append(record.number)
    return lost


def this_process() -> str:
    """Return ``pid:start``, which no other process of this machine has or will have soon."""
    own = psutil.Process()
    return f"{own.pid}:{own.create_time():.2f}"


def alive(worker: str) -> bool:
    """Return whether the process in a worker's name still runs."""
    pid, _, start = worker.partition("/")[0].partition(":")
    try:
        process = psutil.Process(int(pid))
        # a corrected clock moves all starting times a little
        same = abs(process.create_time() - float(start)) < CLOCK_CORRECTION
        return same and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, ValueError):
        return False


def _free_draw(trials: list[Trial]) -> int:
    """Return the smallest number of a draw that no counting trial has: lost ones are drawn again."""
    used = {trial.draw for trial in trials if trial.counts}
    return next(draw for draw in range(len(trials) + 1) if draw not in used)


def _given(request: TuningRequest, trials: list[Trial], draw: int) -> dict[str, Any] | None:
    """Return the setting that is not for the sampler to choose: a grid's next cell, or the defaults first."""
    if request.sampler == "grid":
        taken = [trial.parameters for trial in trials if trial.counts]
        return next((cell for cell in request.cells() if cell not in taken), None)
    if draw:
        return None
    return whole_setting(request, {})
