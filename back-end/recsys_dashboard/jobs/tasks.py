"""What the worker process can do: task names and the functions behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec
from threadpoolctl import threadpool_limits

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets import Dataset, load_demo
from recsys_core.datasets.choice import DOWNLOADS, DatasetChoice, load_dataset
from recsys_core.datasets.download import download_lastfm
from recsys_core.metrics.accuracy import warm_up as warm_up_metrics
from recsys_core.models.fast.warm_up import warm_up as warm_up_trainer
from recsys_core.ranking.warm_up import warm_up as warm_up_ranking
from recsys_core.runs import Run, RunStore
from recsys_dashboard.data.files import stamp
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

    def keep(run: Run) -> None:
        store.save(run)

    compare(
        _dataset(choice, stamp(choice)),
        ComparisonRequest.from_dict(payload["request"]),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        choice=payload["dataset"],
        comparison_id=payload["job_id"],
        on_event=emit,
        on_run=keep,
        should_stop=should_stop,
        threads=worker_threads(),
    )


def download(payload: dict[str, Any], emit: Emit, should_stop: ShouldStop) -> None:
    """Fetch the official Last.fm archive; events ``progress`` with bytes ``done`` and ``total`` (or None)."""
    download_lastfm(
        read_settings().data_root / DOWNLOADS,
        on_progress=lambda done, total: emit({"kind": "progress", "done": done, "total": total}),
        should_stop=should_stop,
        **payload.get("source", {}),
    )


TASKS: dict[str, Task] = {"compare": compare_models, "download": download}


def warm_up() -> None:
    """Load and compile what the first job would otherwise wait for, and leave a core to the pages."""
    threadpool_limits(worker_threads())
    warm_up_ranking()
    warm_up_metrics()
    # a job in small finds every import that a list of imports would forget
    request = ComparisonRequest(models=("lightfm-warp", "svd"), epochs=1, embedding_size=2)
    compare(load_demo(n_users=30), request, created="")


def warm_up_later() -> None:
    """Load and compile what only some jobs need: on the first start of all it takes half a minute."""
    warm_up_trainer()


@lru_cache(maxsize=1)
def _dataset(choice: DatasetChoice, _stamp: int) -> Dataset:
    return load_dataset(choice, data_root=read_settings().data_root)
