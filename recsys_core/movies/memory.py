"""What the matrix of all pairs of films would take, whether it fits here, and what is kept instead."""

from __future__ import annotations

import tracemalloc
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import psutil

from recsys_core.errors import SettingsError
from recsys_core.movies.checks import checked_count

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
NEIGHBOURS = 30
BYTES_PER_NEIGHBOUR = 4 + 4
"""An int32 row number and a float32 similarity."""


@dataclass(frozen=True)
class SimilarityMemory:
    """Bytes, all of them.

    ``matrix_bytes``: all pairs of ``n_films`` in ``dtype``. ``machine_bytes``, ``free_bytes``: memory of this
    machine, and what of it is free now. ``kept_bytes``: ``n k (4 + 4)``, the ``k`` nearest of every film.
    ``row_bytes``: one film's similarities to all, what a single question needs for a moment.
    """

    n_films: int
    dtype: str
    k: int
    matrix_bytes: int
    machine_bytes: int
    free_bytes: int
    kept_bytes: int
    row_bytes: int

    @property
    def fits(self) -> bool:
        """Whether the matrix fits into what is free now."""
        return self.matrix_bytes <= self.free_bytes

    @property
    def fits_machine(self) -> bool:
        """Whether it would fit into this machine with nothing else running."""
        return self.matrix_bytes <= self.machine_bytes

    @property
    def saving(self) -> float:
        """How many times smaller the lists are than the matrix."""
        return self.matrix_bytes / self.kept_bytes


def similarity_memory(
    n_films: int, dtype: str | np.dtype = "float32", *, k: int = NEIGHBOURS
) -> SimilarityMemory:
    """Return what all pairs of ``n_films`` take in ``dtype``, beside this machine and the ``k``-lists.

    Examples
    --------
    >>> similarity_memory(45_466, "float64").matrix_bytes / 1e9
    16.537257248

    Raises
    ------
    SettingsError
        If a number is not positive or ``dtype`` is no floating-point type.
    """
    n_films, k = checked_count(n_films, "number of films"), checked_count(k, "number of neighbours")
    kind = _floating(dtype)
    total, free = machine_memory()
    return SimilarityMemory(
        n_films=n_films,
        dtype=kind.name,
        k=k,
        matrix_bytes=n_films**2 * kind.itemsize,
        machine_bytes=total,
        free_bytes=free,
        kept_bytes=n_films * k * BYTES_PER_NEIGHBOUR,
        row_bytes=n_films * 4,
    )


def machine_memory(groups: Path = Path("/sys/fs/cgroup")) -> tuple[int, int]:
    """Return the bytes this process may have in all, and those free now: a container may get less.

    ``groups`` is where Linux tells a container its limit (control groups, version 2).
    """
    machine = psutil.virtual_memory()
    try:
        limit = int((groups / "memory.max").read_text("ascii"))
        used = int((groups / "memory.current").read_text("ascii"))
    except (OSError, ValueError):  # no container, or one without a limit ("max")
        return machine.total, machine.available
    return min(machine.total, limit), min(machine.available, max(0, limit - used))


def measured_peak(work: Callable[[], T]) -> tuple[T, int]:
    """Return the result of ``work()`` and the most bytes it held at one time beyond those held before.

    Counts what Python and NumPy allocate in this process, other threads' allocations meanwhile included.
    """
    running = tracemalloc.is_tracing()
    if not running:
        tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        result = work()
        return result, tracemalloc.get_traced_memory()[1] - before
    finally:
        if not running:
            tracemalloc.stop()


def _floating(dtype: str | np.dtype) -> np.dtype:
    try:
        kind = np.dtype(dtype)
    except TypeError:
        kind = np.dtype(bool)
    if kind.kind != "f":
        raise SettingsError(f"Similarities are floating-point numbers (float32, float64), not {dtype!r}.")
    return kind
