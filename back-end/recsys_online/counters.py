"""What happened so far, in Prometheus's words."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

if TYPE_CHECKING:
    from pathlib import Path

    from recsys_online.next_track import Choice

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)


class Counters:
    """Counts of one worker.

    Parameters
    ----------
    shared
        The folder in which all workers count, PROMETHEUS_MULTIPROC_DIR of the environment, so that
        :meth:`page` adds them up; None for one process alone.
    """

    def __init__(self, shared: Path | None = None) -> None:
        self._shared = shared
        self._registry = registry = CollectorRegistry()
        self._choices = Counter(
            "refrain_next_total", "Recommendations given", ["recommender", "fallback"], registry=registry
        )
        self._known: dict[tuple[str, bool], Counter] = {}
        self._last = Counter("refrain_last_total", "Sessions ended", registry=registry)
        self._seconds = Histogram(
            "refrain_next_seconds", "Seconds to a recommendation", buckets=BUCKETS, registry=registry
        )
        self._records = Gauge(
            "refrain_log_records", "Records logged", registry=registry, multiprocess_mode="sum"
        )
        self._dropped = Gauge(
            "refrain_log_dropped", "Events waiting as dropped", registry=registry, multiprocess_mode="livesum"
        )

    def next(self, choice: Choice, seconds: float) -> None:
        """Count a recommendation."""
        key = choice.recommender, choice.fallback
        counter = self._known.get(key)
        if counter is None:
            counter = self._known[key] = self._choices.labels(key[0], "yes" if key[1] else "no")
        counter.inc()
        self._seconds.observe(seconds)

    def last(self) -> None:
        """Count the end of a session."""
        self._last.inc()

    def log(self, written: int, dropped: int) -> None:
        """Note the state of this worker's event log."""
        self._records.set(written)
        self._dropped.set(dropped)

    def page(self) -> tuple[bytes, str]:
        """Return the text of ``/metrics`` and its content type."""
        registry = self._registry
        if self._shared is not None:
            _forget_the_dead(self._shared)
            registry = CollectorRegistry()
            MultiProcessCollector(registry, str(self._shared))
        return generate_latest(registry), CONTENT_TYPE_LATEST


def _forget_the_dead(folder: Path) -> None:
    """Take out what killed workers said of themselves; what they counted stays."""
    for path in folder.glob("gauge_live*_*.db"):
        pid = int(path.stem.rpartition("_")[2])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            mark_process_dead(pid, str(folder))
        except PermissionError:  # alive, under another name
            continue
