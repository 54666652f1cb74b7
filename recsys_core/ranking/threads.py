"""Work in parallel without a thread pool that other libraries share.

Kernels release the interpreter's lock, so plain Python threads run them side by side. That keeps numba's
and OpenBLAS's pools out of each other's way (mixing them costs a factor of 100 on a busy machine) and is safe
when several pages evaluate at once, which numba's own ``workqueue`` pool is not.
"""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from threadpoolctl import ThreadpoolController

from recsys_core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


def run_blocks(work: Callable[[int, int], None], bounds: Iterable[tuple[int, int]], threads: int) -> None:
    """Call ``work(start, stop)`` for every block, on up to ``threads`` threads; re-raise the first error."""
    blocks = list(bounds)
    if threads == 1 or len(blocks) <= 1:
        for start, stop in blocks:
            work(start, stop)
        return
    with ThreadPoolExecutor(min(threads, len(blocks)), thread_name_prefix="ranking") as pool:
        for done in [pool.submit(work, start, stop) for start, stop in blocks]:
            done.result()


def block_bounds(n_rows: int, rows_per_block: int) -> list[tuple[int, int]]:
    """Return ``(start, stop)`` pairs that cut ``n_rows`` into blocks of at most ``rows_per_block``."""
    return [(start, min(start + rows_per_block, n_rows)) for start in range(0, n_rows, rows_per_block)]


def check_threads(threads: int) -> int:
    """Return ``threads``; raise :class:`SettingsError` unless it is a whole number from 1."""
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise SettingsError(f"The number of threads is a whole number from 1, not {threads!r}.")
    return threads


@contextmanager
def single_blas_thread() -> Iterator[None]:
    """Run matrix products on one thread for as long as anybody in this process is in such a context."""
    _blas.enter()
    try:
        yield
    finally:
        _blas.leave()


class _BlasLimit:
    """The limit is the process's: who comes first sets it, who leaves last gives back what there was."""

    def __init__(self) -> None:
        self._lock, self._inside, self._limit = threading.Lock(), 0, ExitStack()

    def enter(self) -> None:
        with self._lock:
            if not self._inside:
                self._limit.enter_context(_controller(len(sys.modules)).limit(limits=1, user_api="blas"))
            self._inside += 1

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._limit.close()


_blas = _BlasLimit()


@lru_cache(maxsize=1)
def _controller(_n_modules: int) -> ThreadpoolController:
    """Look for the loaded BLAS libraries, anew only after an import: a small evaluation takes less time."""
    return ThreadpoolController()
