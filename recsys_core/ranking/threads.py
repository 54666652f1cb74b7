"""Work in parallel without a thread pool that other libraries share.

Kernels release the interpreter's lock, so plain Python threads run them side by side. That keeps numba's
and OpenBLAS's pools out of each other's way (mixing them costs a factor of 100 on a busy machine) and is safe
when several pages evaluate at once, which numba's own ``workqueue`` pool is not.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

from threadpoolctl import ThreadpoolController

from recsys_core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager


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


def single_blas_thread() -> AbstractContextManager[object]:
    """Return a context in which matrix products run on one thread."""
    return _controller().limit(limits=1, user_api="blas")


@cache
def _controller() -> ThreadpoolController:
    """Look for the loaded BLAS libraries once: it takes longer than a small evaluation."""
    return ThreadpoolController()
