"""Compiled functions: one decorator, so that all kernels are built and cached alike."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

SHARED = Path(__file__).parent / "ranking"
"""The package whose kernels other packages build on."""


def kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile ``function`` with numba at its first call, without the interpreter's lock, cached on disk.

    numba notices a change of the function's own file only, yet kernels inline functions of their neighbours
    and of the ranking package. The cache folder is therefore named after the state of all those files.
    """
    source = Path(function.__code__.co_filename)
    config: Any = numba.config
    usual = config.CACHE_DIR
    config.CACHE_DIR = str(_cache_folder(source.parent, usual))
    try:
        return numba.njit(nogil=True, cache=True, error_model="numpy")(function)
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
