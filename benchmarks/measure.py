"""Time things in turns, so that a busy machine slows all of them alike, and keep the results as JSON."""

from __future__ import annotations

import fcntl
import gc
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from threadpoolctl import threadpool_info

from recsys_core.whole_files import write_whole

RESULTS = Path(__file__).parent / "results.json"
PACKAGES = ("numpy", "scipy", "numba", "lightfm-next", "implicit", "scikit-learn")


@dataclass(frozen=True)
class Row:
    """One line of the results: medians, and the peer's over ours.

    On a busy machine ``cpu_ratio``, of processor seconds, is steadier than ``ratio``, of the wall clock.
    Megabytes are peaks of memory, where they were measured.
    """

    job: str
    peer: str
    peer_seconds: float
    our_seconds: float
    ratio: float
    cpu_ratio: float
    repetitions: int
    equality: str
    peer_megabytes: float | None = None
    our_megabytes: float | None = None
    peer_cpu_seconds: float | None = None
    our_cpu_seconds: float | None = None

    def __str__(self) -> str:
        ratios = f"{self.ratio:7.2f} x (CPU {self.cpu_ratio:7.2f} x)"
        times = f"{1000 * self.peer_seconds:10.1f} ms  {1000 * self.our_seconds:8.1f} ms"
        return f"{self.job:<44} {self.peer:<28} {times}  {ratios}  {self.equality}"


class Sample(NamedTuple):
    """Seconds of one run: by the wall clock, and of processor time over all threads."""

    wall: float
    cpu: float


def in_turns(jobs: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[Sample]]:
    """Samples of every job: after one unmeasured run, each round runs all of them once."""
    samples: dict[str, list[Sample]] = {name: [] for name in jobs}
    for job in jobs.values():
        job()
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, job in jobs.items():
                samples[name].append(_sample(job))
    finally:
        gc.enable()
    return samples


def _sample(job: Callable[[], object]) -> Sample:
    wall, cpu = time.perf_counter(), time.process_time()
    job()
    return Sample(time.perf_counter() - wall, time.process_time() - cpu)


def row(job: str, peer: str, theirs: list[Sample], ours: list[Sample], equality: str) -> Row:
    """Print and return a result."""
    (their_wall, their_cpu), (our_wall, our_cpu) = (
        (
            statistics.median(sample.wall for sample in samples),
            statistics.median(sample.cpu for sample in samples),
        )
        for samples in (theirs, ours)
    )
    ratios = their_wall / our_wall, their_cpu / our_cpu
    result = Row(
        job, peer, their_wall, our_wall, *ratios, min(len(theirs), len(ours)), equality,
        peer_cpu_seconds=their_cpu, our_cpu_seconds=our_cpu,
    )  # fmt: skip
    print(result, flush=True)
    return result


def store(rows: list[Row], data: str, path: Path | None = None) -> None:
    """Append the rows to the JSON file, with the machine, the versions, the data and the time."""
    keep(data, path, rows=[asdict(row) for row in rows])


def keep(data: str, path: Path | None = None, **found: object) -> None:
    """Append what one run of a benchmark found, whatever it is, in the same way; several take turns."""
    path = path or RESULTS
    run = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "data": data, **machine(), **found}
    with _alone_in(path.parent):
        stored = json.loads(path.read_text("utf-8")) if path.exists() else []
        write_whole(path, json.dumps([*stored, run], indent=1).encode("utf-8"))


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold a lock on ``folder`` that the system frees even if this process dies."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def machine() -> dict[str, object]:
    """What the figures depend on: processor, cores, load, versions, the BLAS kernel in use."""
    blas = sorted({str(pool.get("architecture")) for pool in threadpool_info() if pool["user_api"] == "blas"})
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "blas": blas,
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text("utf-8").splitlines() if cpuinfo.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
