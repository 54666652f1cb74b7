"""The job that makes a map of a stored run's artists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recsys_core.artist_map import ItemVectors, MapStore, build_map, default_settings
from recsys_core.runs import RunStore
from recsys_dashboard.settings import read_settings, worker_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from recsys_core.datasets import Dataset


def make_map(
    run_id: str,
    changes: dict[str, Any],
    load: Callable[[dict[str, Any]], Dataset],
    *,
    created: str,
    emit: Callable[[dict[str, Any]], None],
    should_stop: Callable[[], bool],
) -> None:
    """Make and keep the map of a run with ``changes`` to the settings that fit its data, unless it is there.

    Events: those of :func:`recsys_core.artist_map.build_map`, then ``{"kind": "finished", "run_id": ...,
    "settings": ...}``, whose settings find the map in the store. ``load`` reads a data set by its choice.
    """
    runs = RunStore(read_settings().runs_dir)
    run = runs.load(run_id)
    vectors = ItemVectors.of_run(
        run, load(run.manifest.dataset.choice or {"name": run.manifest.dataset.name})
    )
    settings = default_settings(vectors, **changes)
    MapStore(runs).get(
        run_id,
        settings,
        lambda: build_map(
            vectors,
            settings,
            created=created,
            on_event=emit,
            should_stop=should_stop,
            threads=worker_threads(),
        ),
    )
    emit({"kind": "finished", "run_id": run_id, "settings": settings.to_dict()})
