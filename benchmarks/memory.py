"""How far the memory of this process rises while something runs."""

from __future__ import annotations

import ctypes
import gc
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PROC = Path("/proc/self")
RESET_PEAK = "5"


def megabytes_over(work: Callable[[], object]) -> float:
    """Return the peak during ``work`` less what was held before, in MB of 2^20 bytes.

    Linux resets its record of the peak when asked to; elsewhere only a rise above all earlier peaks shows.
    """
    _give_back()
    if not (PROC / "clear_refs").exists():
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        work()
        return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    (PROC / "clear_refs").write_text(RESET_PEAK)
    before = _status("VmRSS")
    work()
    return (_status("VmHWM") - before) / 1024


def peak_megabytes() -> float:
    """Return the most that this process has held since it started (or since its peak was reset)."""
    if (PROC / "status").exists():
        return _status("VmHWM") / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _give_back() -> None:
    """Return freed memory to the system: what the allocator held in reserve would hide a rise."""
    gc.collect()
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


def _status(name: str) -> int:
    lines = (PROC / "status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
