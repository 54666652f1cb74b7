"""Train the best setting of a study once more on all it may learn from, and look at the test part."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from recsys_core.comparison import ComparisonRequest, Event, compare
from recsys_core.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Callable

    from recsys_core.datasets import Dataset
    from recsys_core.runs import Run
    from recsys_core.tuning.study import TuningStudy
    from recsys_core.tuning.trials import Trial


def train_best(
    study: TuningStudy,
    dataset: Dataset,
    *,
    created: str,
    trial: int | None = None,
    choice: dict[str, Any] | None = None,
    comparison_id: str | None = None,
    list_length: int | None = None,
    on_event: Callable[[Event], None] = lambda _event: None,
    on_run: Callable[[Run], None] = lambda _run: None,
    should_stop: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.perf_counter,
    threads: int = 1,
) -> Run:
    """Return the run of the best setting (or of ``trial``), trained on training and validation part together.

    Trained for as many epochs as were best on the validation part: the test part, which no trial has seen,
    decides nothing. The popularity baseline is trained beside it. The run's manifest says in ``tuned_from``
    which ``study``, ``trial``, ``objectives``, ``values`` and number of ``trials`` it comes from. Judged at
    the list length of the first objective that has one, if none is given. Everything else is as in
    :func:`recsys_core.comparison.compare`.

    Raises
    ------
    StudyError
        If the study has no complete trial, or not that one, or searches on other data.
    """
    if dataset.fingerprint != study.card.dataset.fingerprint:
        raise StudyError(f"Study {study.card.name} searches on other data: {study.card.dataset.title}.")
    chosen = chosen_trial(study, trial)
    runs = compare(
        dataset,
        _request(study, chosen, list_length),
        created=created,
        choice=choice,
        comparison_id=comparison_id,
        tuned_from={study.request.model: _origin(study, chosen)},
        on_event=on_event,
        on_run=on_run,
        should_stop=should_stop,
        clock=clock,
        threads=threads,
    )
    return runs[-1]


def _request(study: TuningStudy, chosen: Trial, list_length: int | None) -> ComparisonRequest:
    asked = study.request
    return ComparisonRequest(
        models=(asked.model,),
        list_length=list_length or asked.list_length,
        protocol=asked.protocol.replace(validation_share=0.0),
        settings={asked.model: asked.parameters(chosen.parameters)},
        epochs_of={asked.model: chosen.best_epoch or asked.epochs},
    )


def _origin(study: TuningStudy, chosen: Trial) -> dict[str, Any]:
    """Return what the manifest says of where the settings come from."""
    return {
        "study": study.card.name,
        "trial": chosen.number,
        "trials": sum(one.counts for one in study.trials()),
        "objectives": list(study.request.objectives),
        "values": list(chosen.values or ()),
        "validation_share": study.request.protocol.validation_share,
    }


def chosen_trial(study: TuningStudy, number: int | None = None) -> Trial:
    """Return the complete trial ``number``, the best if None.

    Raises
    ------
    StudyError
        If there is none.
    """
    if number is None:
        best = study.best()
        if best is None:
            raise StudyError(f"Study {study.card.name} has no complete trial yet: let it run on.")
        return best
    found = [trial for trial in study.trials() if trial.number == number and trial.state == "complete"]
    if not found:
        raise StudyError(f"Study {study.card.name} has no complete trial {number}.")
    return found[0]
