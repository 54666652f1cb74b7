"""What the worker process can do: task names and the functions behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any

import msgspec
from threadpoolctl import threadpool_limits

from recsys_core.artist_map.warm_up import warm_up as warm_up_map
from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.comparison.split_seeds import id_on, request_again
from recsys_core.datasets import Dataset, load_demo
from recsys_core.datasets.choice import DOWNLOADS, DatasetChoice, load_dataset
from recsys_core.datasets.download import download_lastfm
from recsys_core.metrics.accuracy import warm_up as warm_up_metrics
from recsys_core.models.fast.warm_up import warm_up as warm_up_trainer
from recsys_core.runs import Run, RunStore
from recsys_core.runs.default_model import default_of, write_default
from recsys_core.tuning import Budget, StudyStore, TuningRequest, run_study, train_best
from recsys_dashboard.data.files import stamp
from recsys_dashboard.jobs.film_tasks import fetch_movielens, measure_catalogue
from recsys_dashboard.jobs.loop_task import go_round
from recsys_dashboard.jobs.map_task import make_map
from recsys_dashboard.preload import load_kernels
from recsys_dashboard.settings import read_settings, worker_threads

Emit = Callable[[dict[str, Any]], None]
ShouldStop = Callable[[], bool]
Task = Callable[[dict[str, Any], Emit, ShouldStop], None]


def compare_models(payload: dict[str, Any], emit: Emit, should_stop: ShouldStop) -> None:
    """Train and judge the models of ``payload["request"]`` on ``payload["dataset"]``, storing each as a run.

    The events are those of :func:`recsys_core.comparison.compare`; the comparison is called after the job.
    """
    choice = msgspec.convert(payload["dataset"], DatasetChoice)
    store = RunStore(read_settings().runs_dir)
    store.clean()  # a worker killed by a cancel may have been writing

    compare(
        _dataset(choice, stamp(choice)),
        ComparisonRequest.from_dict(payload["request"]),
        created=_now(),
        choice=payload["dataset"],
        comparison_id=payload["job_id"],
        on_event=emit,
        on_run=lambda run: _keep(store, run),
        should_stop=should_stop,
        threads=worker_threads(),
    )


def compare_on_more_splits(payload: dict[str, Any], emit: Emit, should_stop: ShouldStop) -> None:
    """Repeat the comparison ``payload["comparison_id"]`` on ``seeds``, its models trained as they were.

    The first event, ``splits``, says which and where; then come those of
    :func:`recsys_core.comparison.split_seeds.compare_on_seeds`. Models that an earlier job finished on a seed
    are left alone.
    """
    first, seeds = payload["comparison_id"], payload["seeds"]
    emit({"kind": "splits", "comparison_id": first, "seeds": seeds})
    choice = msgspec.convert(payload["dataset"], DatasetChoice)
    dataset, store = _dataset(choice, stamp(choice)), RunStore(read_settings().runs_dir)
    store.clean()
    known = store.list()
    for index, seed in enumerate(seeds):
        own = id_on(first, seed)
        done = {one.model for one in known if one.comparison_id == own}
        left = [one for one in known if one.comparison_id == first and one.model not in done]
        if not left:
            continue
        compare(
            dataset,
            request_again(left, seed, list_length=payload["list_length"]),
            created=_now(),
            choice=payload["dataset"],
            comparison_id=own,
            on_event=partial(_placed, emit, {"seed": seed, "seed_index": index, "seeds": len(seeds)}),
            on_run=lambda run: _keep(store, run),
            should_stop=should_stop,
            threads=worker_threads(),
        )


def tune(payload: dict[str, Any], emit: Emit, should_stop: ShouldStop) -> None:
    """Go on with the study ``payload["study"]``, begun as ``payload["request"]`` on ``payload["dataset"]``.

    ``budget`` (trials in all, minutes of this job) and ``workers`` may be given. The events are those of
    :func:`recsys_core.tuning.run_study`; whatever was tried stays, after a cancel too.
    """
    choice = msgspec.convert(payload["dataset"], DatasetChoice)
    dataset = _dataset(choice, stamp(choice))
    study = StudyStore(read_settings().studies_dir).open_or_create(
        payload["study"],
        TuningRequest.from_dict(payload["request"]),
        dataset,
        created=_now(),
        choice=payload["dataset"],
    )
    run_study(
        study,
        dataset,
        Budget.from_dict(payload.get("budget", {})),
        workers=payload.get("workers", 1),
        threads=worker_threads(),
        on_event=emit,
        should_stop=should_stop,
    )


def adopt(payload: dict[str, Any], emit: Emit, should_stop: ShouldStop) -> None:
    """Train the best of ``payload["study"]`` (or its ``trial``) on all but the test part, as the default.

    The events are those of a comparison, then ``adopted`` with ``run_id``.
    """
    choice = msgspec.convert(payload["dataset"], DatasetChoice)
    settings = read_settings()
    store = RunStore(settings.runs_dir)
    run = train_best(
        StudyStore(settings.studies_dir).open(payload["study"]),
        _dataset(choice, stamp(choice)),
        created=_now(),
        trial=payload.get("trial"),
        choice=payload["dataset"],
        comparison_id=payload["job_id"],
        on_event=emit,
        on_run=lambda run: _keep(store, run),
        should_stop=should_stop,
        threads=worker_threads(),
    )
    write_default(settings.default_model, default_of(run.manifest, chosen=_now()))
    emit({"kind": "adopted", "run_id": run.manifest.run_id})


def draw_map(payload: dict[str, Any], emit: Emit, should_stop: ShouldStop) -> None:
    """Map the artists of the run ``payload["run_id"]``; ``settings`` may hold changes to fitting ones.

    The events are those of :func:`recsys_dashboard.jobs.map_task.make_map`.
    """

    def load(chosen: dict[str, Any]) -> Dataset:
        choice = msgspec.convert(payload.get("dataset") or chosen, DatasetChoice)
        return _dataset(choice, stamp(choice))

    changes = payload.get("settings") or {}
    make_map(payload["run_id"], changes, load, created=_now(), emit=emit, should_stop=should_stop)


def download(payload: dict[str, Any], emit: Emit, should_stop: ShouldStop) -> None:
    """Fetch the official Last.fm archive; events ``progress`` with bytes ``done`` and ``total`` (or None)."""
    download_lastfm(
        read_settings().data_root / DOWNLOADS,
        on_progress=lambda done, total: emit({"kind": "progress", "done": done, "total": total}),
        should_stop=should_stop,
        **payload.get("source", {}),
    )


def measure_films(payload: dict[str, Any], emit: Emit, should_stop: ShouldStop) -> None:
    """Measure memory and dimensions of a film catalogue; see :func:`measure_catalogue`."""
    measure_catalogue(payload, emit, should_stop, created=_now())


TASKS: dict[str, Task] = {
    "compare": compare_models,
    "splits": compare_on_more_splits,
    "tune": tune,
    "adopt": adopt,
    "map": draw_map,
    "download": download,
    "movielens": fetch_movielens,
    "pca": measure_films,
    "loop": go_round,
}


def warm_up() -> None:
    """Load and compile what the first job would otherwise wait for, and leave a core to the pages."""
    threadpool_limits(worker_threads())
    load_kernels()
    warm_up_metrics()
    # a job in small finds every import that a list of imports would forget
    request = ComparisonRequest(models=("lightfm-warp", "svd"), epochs=1, embedding_size=2)
    compare(load_demo(n_users=30), request, created="")


def warm_up_later() -> None:
    """Load and compile what only some jobs need: on the first start of all it takes half a minute."""
    warm_up_trainer()
    warm_up_map()


def _placed(emit: Emit, place: dict[str, Any], event: dict[str, Any]) -> None:
    emit({**event, **place})


def _keep(store: RunStore, run: Run) -> None:
    store.save(run)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@lru_cache(maxsize=1)
def _dataset(choice: DatasetChoice, _stamp: int) -> Dataset:
    return load_dataset(choice, data_root=read_settings().data_root)
