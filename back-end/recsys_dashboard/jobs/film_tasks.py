"""The jobs about films: fetch MovieLens, measure what lists and fewer dimensions of a catalogue cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from recsys_core.datasets.choice import DOWNLOADS
from recsys_core.movies import MovieChoice, download_movielens, load_movies
from recsys_core.movies.study_store import measure_films, save_measurements
from recsys_dashboard.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable


def fetch_movielens(
    payload: dict[str, Any], emit: Callable[[dict[str, Any]], None], should_stop: Callable[[], bool]
) -> None:
    """Fetch MovieLens latest-small; events ``progress`` with bytes ``done`` and ``total`` (or None)."""
    download_movielens(
        read_settings().data_root / DOWNLOADS,
        on_progress=lambda done, total: emit({"kind": "progress", "done": done, "total": total}),
        should_stop=should_stop,
        **payload.get("source", {}),
    )


def measure_catalogue(
    payload: dict[str, Any],
    emit: Callable[[dict[str, Any]], None],
    should_stop: Callable[[], bool],
    *,
    created: str,
) -> None:
    """Measure the catalogue ``payload["films"]`` and keep the figures; ``options`` may shorten the study.

    Events: ``progress`` with the steps ``done`` and their ``total``; then ``finished`` with ``fingerprint``.
    """
    settings = read_settings()
    movies = load_movies(msgspec.convert(payload["films"], MovieChoice), data_root=settings.data_root)
    measured = measure_films(
        movies,
        created=created,
        on_step=lambda done, total: emit({"kind": "progress", "done": done, "total": total}),
        should_stop=should_stop,
        **payload.get("options", {}),
    )
    save_measurements(settings.film_studies_dir, measured)
    emit({"kind": "finished", "fingerprint": measured.fingerprint})
