"""One worker of a study: take a setting, train it, write down what came out, until there is no more to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from optuna.trial import TrialState

from recsys_core.convergence import EPOCH
from recsys_core.errors import CancelledError, DivergedError, RefrainError, ScoreError
from recsys_core.tuning.judging import best_row
from recsys_core.tuning.taking import take
from recsys_core.tuning.trials import BEST_EPOCH, CURVE, REASON, WHY

if TYPE_CHECKING:
    from collections.abc import Callable

    import optuna

    from recsys_core.tuning.judging import Judge, Row
    from recsys_core.tuning.study import TuningStudy

Event = dict[str, Any]


class PrunedError(RefrainError):
    """Others did better after as many epochs: raised to end a trial, caught where it began."""


class Worker:
    """Runs trials one after another.

    ``name`` tells this worker from all others of all processes; ``enough`` says, given how many trials count
    so far, when no further one is to begin.
    """

    def __init__(
        self,
        study: TuningStudy,
        judge: Judge,
        name: str,
        *,
        enough: Callable[[int], bool],
        should_stop: Callable[[], bool],
        on_event: Callable[[Event], None],
    ) -> None:
        self.study, self.judge, self.name = study, judge, name
        self.enough, self.should_stop, self.on_event = enough, should_stop, on_event

    def run(self) -> None:
        """Work until there is enough, nothing is left to try, or ``should_stop`` says so."""
        while not self.should_stop():
            taken = take(self.study, self.name, self.enough)
            if taken is None:
                return
            opened, trial = taken
            self.on_event({"kind": "trial", "trial": trial.number, "parameters": trial.params})
            self._try(opened, trial)

    def _try(self, opened: optuna.Study, trial: optuna.Trial) -> None:
        curve: list[Row] = []
        end: Event = {"kind": "ended", "trial": trial.number}
        try:
            self.judge.curve(trial.params, lambda row: self._hear(trial, curve, row), self.should_stop)
        except PrunedError:
            end |= self._tell(opened, trial, curve, TrialState.PRUNED)
        except (DivergedError, ScoreError) as error:
            # told as pruned, so that the search learns to keep away from there
            end |= self._tell(opened, trial, curve, TrialState.PRUNED, "diverged", str(error))
        except CancelledError:
            end |= self._tell(opened, trial, curve, TrialState.FAIL, "stopped")
        except RefrainError as error:
            end |= self._tell(opened, trial, curve, TrialState.FAIL, "failed", str(error))
        except BaseException:
            self._tell(opened, trial, curve, TrialState.FAIL, "stopped")
            raise
        else:
            end |= self._tell(opened, trial, curve, TrialState.COMPLETE)
        self.on_event(end)

    def _hear(self, trial: optuna.Trial, curve: list[Row], row: Row) -> None:
        curve.append(row)
        self.on_event({"kind": "epoch", "trial": trial.number, **row})
        objectives = self.study.request.objectives
        if len(objectives) == 1:  # Optuna takes no curve of several objectives
            trial.report(row[objectives[0]], int(row[EPOCH]))
            if row[EPOCH] < self.study.request.epochs and trial.should_prune():
                raise PrunedError

    def _tell(
        self,
        opened: optuna.Study,
        trial: optuna.Trial,
        curve: list[Row],
        state: TrialState,
        why: str = "",
        reason: str = "",
    ) -> Event:
        """Write the end of a trial down and return what the event says of it."""
        best = best_row(curve, self.study.request.objectives) if curve else None
        trial.set_user_attr(CURVE, curve)
        notes = {WHY: why, REASON: reason, BEST_EPOCH: int(best[EPOCH]) if best else None}
        for name, note in notes.items():
            if note:
                trial.set_user_attr(name, note)
        complete = state is TrialState.COMPLETE and best is not None
        values = [best[name] for name in self.study.request.objectives] if complete and best else None
        opened.tell(trial, values, state=state, skip_if_finished=True)
        return {
            "state": why or state.name.lower(),
            "values": values,
            "best_epoch": notes[BEST_EPOCH],
            "reason": reason,
        }
