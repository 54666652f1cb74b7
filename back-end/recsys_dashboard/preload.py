"""Import what pages need while the first visitor is still on the way.

The server answers at once because it imports little; pages need pandas, scipy, numba and scikit-learn. They
are imported beside the server, and the first page waits for that instead of importing them a second
time: two threads importing the same circle of modules may see one of them half made.

The compiled kernels that pages call come later: the worker compiles them while it gets ready, then this
process reads them from the cache, so that no visitor waits for a compiler.
"""

from __future__ import annotations

import importlib
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MODULES = ("recsys_dashboard.controls", "recsys_dashboard.page_frame", "recsys_core.plots.datasets")
KERNELS = ("recsys_core.ranking.warm_up", "recsys_core.movies.text_index.warm_up")
"""Packages of kernels that pages call in their own process."""

_started: list[threading.Thread] = []


def begin(compiled: Callable[[], object]) -> None:
    """Start importing on a thread of its own, and load kernels when ``compiled()`` returns; only once."""
    if not _started:
        _started.append(threading.Thread(target=_import_all, name="preload", daemon=True))
        _started[0].start()
        threading.Thread(target=_load_after, args=(compiled,), name="kernels", daemon=True).start()


def finish() -> None:
    """Wait until the imports are done, if they were begun."""
    for thread in _started:
        thread.join()


def load_kernels() -> None:
    """Load what :data:`KERNELS` names from the cache, or compile it."""
    for module in KERNELS:
        importlib.import_module(module).warm_up()


def _load_after(compiled: Callable[[], object]) -> None:
    with _allowed_to_end():
        compiled()
        finish()
        load_kernels()


def _import_all() -> None:
    with _allowed_to_end():
        for module in MODULES:
            importlib.import_module(module)


@contextmanager
def _allowed_to_end() -> Iterator[None]:
    """Stop without a word when Python ends in the midst: modules can start nothing any more then."""
    try:
        yield
    except RuntimeError as error:
        if not str(error).endswith("shutdown"):
            raise
