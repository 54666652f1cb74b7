"""Import what pages need while the first visitor is still on the way.

The server answers at once because it imports little; pages need pandas, scipy, numba and scikit-learn. They
are imported beside the server, and the first page waits for that instead of importing them a second
time: two threads importing the same circle of modules may see one of them half made.
"""

from __future__ import annotations

import importlib
import threading

MODULES = ("recsys_dashboard.controls", "recsys_dashboard.page_frame", "recsys_core.plots.datasets")

_started: list[threading.Thread] = []


def begin() -> None:
    """Start importing on a thread of its own; does nothing the second time."""
    if not _started:
        _started.append(threading.Thread(target=_import_all, name="preload", daemon=True))
        _started[0].start()


def finish() -> None:
    """Wait until the imports are done, if they were begun."""
    for thread in _started:
        thread.join()


def _import_all() -> None:
    for module in MODULES:
        importlib.import_module(module)
