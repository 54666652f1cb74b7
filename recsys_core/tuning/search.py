"""Run a study: workers, budget, and what is told on the way."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from optuna.distributions import check_distribution_compatibility

from recsys_core.errors import SettingsError, StudyError
from recsys_core.tuning.distributions import distribution
from recsys_core.tuning.judging import Judge
from recsys_core.tuning.request import Budget
from recsys_core.tuning.taking import clear_lost, this_process
from recsys_core.tuning.worker import Event, Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from recsys_core.datasets import Dataset
    from recsys_core.tuning.study import TuningStudy

MOST_WORKERS = 32


def run_study(
    study: TuningStudy,
    dataset: Dataset,
    budget: Budget | None = None,
    *,
    workers: int = 1,
    threads: int = 1,
    on_event: Callable[[Event], None] = lambda _event: None,
    should_stop: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.perf_counter,
) -> str:
    """Try settings until the budget is spent; return why: ``trials``, ``minutes``, ``grid`` or ``stopped``.

    Everything tried is in the study when this returns, and every epoch's value even after a kill -9; call it
    again to go on. Trials whose process is gone are marked as lost and their settings tried again. With one
    worker and a seed the same trials come out every time, interrupted or not (measured seconds excepted;
    Hyperband also draws on the trial's number).

    Parameters
    ----------
    budget
        None: without end, or until a grid is full.
    workers
        Trials at a time, on threads; further processes may work on the same study as well.
    threads
        Threads that judge one epoch.
    on_event
        Called with JSON-ready dicts, one at a time: ``study`` (study, model, objectives, done, trials,
        epochs), ``trial`` (trial, parameters), ``epoch`` (trial, epoch, seconds and each metric on the
        validation part), ``ended`` (trial, state, values, best_epoch, reason) and ``finished`` (why).
    should_stop
        Asked before each trial and epoch, and within long epochs; the trial under way is then ``stopped``.

    Raises
    ------
    StudyError
        If ``dataset`` is not the study's, or another version began it with other kinds of ranges.
    SettingsError
        If the split leaves no validation part, or the number of workers is out of range.
    """
    if isinstance(workers, bool) or not 1 <= workers <= MOST_WORKERS:
        raise SettingsError(f"workers: expected a whole number from 1 to {MOST_WORKERS}, not {workers!r}.")
    _check_data(study, dataset)
    _check_space(study)
    budget = (budget or Budget()).checked()
    run = _Run(study, budget, on_event, should_stop, clock)
    judge = Judge(dataset, study.request, clock=clock, threads=threads)
    with study.door():
        clear_lost(study)
    run.begin()
    run.work(judge, workers)
    return run.finish()


class _Run:
    """One sitting: its deadline, and whether somebody wants it to end."""

    def __init__(
        self,
        study: TuningStudy,
        budget: Budget,
        on_event: Callable[[Event], None],
        should_stop: Callable[[], bool],
        clock: Callable[[], float],
    ) -> None:
        self.study, self.budget, self.clock = study, budget, clock
        self.deadline = None if budget.minutes is None else clock() + 60 * budget.minutes
        self.why = "grid"
        self._stop, self._stopped = should_stop, threading.Event()
        self._on_event, self._speaking = on_event, threading.Lock()

    def begin(self) -> None:
        request, done = self.study.request, sum(trial.counts for trial in self.study.trials())
        self.tell(
            {
                "kind": "study",
                "study": self.study.card.name,
                "model": request.model,
                "objectives": list(request.objectives),
                "done": done,
                "trials": len(request.cells()) if request.grid else self.budget.trials,
                "epochs": request.epochs,
            }
        )

    def work(self, judge: Judge, workers: int) -> None:
        process = this_process()
        crew = [
            Worker(
                self.study,
                judge,
                f"{process}/{number}",
                enough=self.enough,
                should_stop=self.should_stop,
                on_event=self.tell,
            )
            for number in range(workers)
        ]
        if workers == 1:
            crew[0].run()
            return
        with ThreadPoolExecutor(workers, thread_name_prefix="tuning") as pool:
            for done in [pool.submit(self._run_one, one) for one in crew]:
                done.result()

    def finish(self) -> str:
        why = "stopped" if self._stopped.is_set() else self.why
        self.tell({"kind": "finished", "why": why})
        return why

    def enough(self, counted: int) -> bool:
        if self.deadline is not None and self.clock() >= self.deadline:
            self.why = "minutes"
            return True
        if self.budget.trials is not None and counted >= self.budget.trials:
            self.why = "trials"
            return True
        return False

    def should_stop(self) -> bool:
        if not self._stopped.is_set() and self._stop():
            self._stopped.set()
        return self._stopped.is_set()

    def tell(self, event: Event) -> None:
        with self._speaking:
            self._on_event(event)

    def _run_one(self, worker: Worker) -> None:
        try:
            worker.run()
        except BaseException:
            self._stopped.set()  # the others need not go on without it
            raise


def _check_space(study: TuningStudy) -> None:
    """Refuse to go on with trials of another version's ranges where no sampler could read both."""
    wanted = {one.name: distribution(one) for one in study.request.space()}
    for record in study.open().get_trials(deepcopy=False):
        for name, old in record.distributions.items():
            try:
                check_distribution_compatibility(old, wanted.get(name, old))
            except ValueError:
                raise StudyError(
                    f"Study {study.card.name} was begun by another version, which varied {name} otherwise. "
                    "Its trials stay readable; begin a new study to search on."
                ) from None


def _check_data(study: TuningStudy, dataset: Dataset) -> None:
    card = study.card.dataset
    if dataset.fingerprint != card.fingerprint:
        raise StudyError(
            f"Study {study.card.name} searches on {card.title} ({card.fingerprint}), not on "
            f"{dataset.source.title} ({dataset.fingerprint}). Choose that data set or another name."
        )
