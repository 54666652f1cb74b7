"""Compiled functions: one decorator, so that all kernels are built and cached alike."""

from __future__ import annotations

import hashlib
import os
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

OPTIONS: Any = {"nogil": True, "error_model": "numpy"}
_lock = threading.Lock()
"""numba reads the cache folder from a setting of the whole process."""
SHARED = Path(__file__).parent / "ranking"
"""The package whose kernels other packages build on."""


def kernel(
    function: Callable[..., Any] | None = None, *, fastmath: frozenset[str] = frozenset()
) -> Callable[..., Any]:
    """Compile ``function`` with numba at its first call, without the interpreter's lock, cached on disk.

    Where no folder can be written it is compiled anew in every process.

    numba notices a change of the function's own file only, yet kernels inline functions of their neighbours
    and of the ranking package. The cache folder is therefore named after the state of all those files.
    ``fastmath`` names LLVM's permissions: ``@kernel(fastmath=frozenset({"reassoc"}))`` lets it reorder sums.
    """
    if function is None:
        return partial(kernel, fastmath=fastmath)
    source, options = Path(function.__code__.co_filename), {**OPTIONS, "fastmath": set(fastmath)}
    config: Any = numba.config
    with _lock:
        usual = config.CACHE_DIR
        config.CACHE_DIR = str(_cache_folder(source.parent, usual))
        try:
            return numba.njit(**options, cache=True)(function)
        except RuntimeError:
            # a read-only installation of somebody without a home: every process compiles for itself
            return numba.njit(**options)(function)
        finally:
            config.CACHE_DIR = usual


def _cache_folder(package: Path, chosen: str) -> Path | str:
    """Return a folder for this state of ``package``, or numba's own choice where it cannot be written."""
    base = Path(chosen) if chosen else package / "__pycache__"
    writable = base if base.exists() else base.parent
    if not os.access(writable, os.W_OK):
        return chosen
    files = sorted({*package.glob("*.py"), *SHARED.glob("*.py")})
    states = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    digest = hashlib.blake2b(repr(states).encode(), digest_size=6).hexdigest()
    return base / f"kernels-{digest}"
