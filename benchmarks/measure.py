"""Time things in turns, so that a busy machine slows all of them alike, and keep the results as JSON."""

from __future__ import annotations

import gc
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from threadpoolctl import threadpool_info

RESULTS = Path(__file__).parent / "results.json"
PACKAGES = ("numpy", "scipy", "numba", "lightfm-next", "implicit", "scikit-learn")


@dataclass(frozen=True)
class Row:
    """One line of the results: the peer's seconds and ours are medians, the ratio is theirs over ours."""

    job: str
    peer: str
    peer_seconds: float
    our_seconds: float
    repetitions: int
    equality: str
    ratio: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ratio", self.peer_seconds / self.our_seconds)

    def __str__(self) -> str:
        times = f"{1000 * self.peer_seconds:10.1f} ms  {1000 * self.our_seconds:8.1f} ms"
        return f"{self.job:<44} {self.peer:<28} {times}  {self.ratio:7.2f} x   {self.equality}"


def in_turns(jobs: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of every job: after one unmeasured run, each round runs all of them once."""
    seconds = {name: [] for name in jobs}
    for job in jobs.values():
        job()
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, job in jobs.items():
                seconds[name].append(_seconds(job))
    finally:
        gc.enable()
    return seconds


def _seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def row(job: str, peer: str, peer_seconds: list[float], our_seconds: list[float], equality: str) -> Row:
    """Print and return a result."""
    theirs, ours = statistics.median(peer_seconds), statistics.median(our_seconds)
    result = Row(job, peer, theirs, ours, min(len(peer_seconds), len(our_seconds)), equality)
    print(result, flush=True)
    return result


def store(rows: list[Row], data: str, path: Path = RESULTS) -> None:
    """Append the rows to the JSON file, with the machine, the versions, the data and the time."""
    stored = json.loads(path.read_text("utf-8")) if path.exists() else []
    run = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "data": data, **machine()}
    path.write_text(json.dumps([*stored, {**run, "rows": [asdict(row) for row in rows]}], indent=1), "utf-8")


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
