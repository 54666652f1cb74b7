"""How the training code is compiled: kernels that Python calls, and the pieces that disappear into them."""

from __future__ import annotations

from typing import Any

from numba import extending, njit

from recsys_core.kernel import kernel

__all__ = ["INLINED", "inlined", "intrinsic", "kernel"]

intrinsic: Any = extending.intrinsic
"""numba's own, without its types: they describe the function that writes code, not the one that is called."""

INLINED: Any = {"nogil": True, "error_model": "numpy", "forceinline": True}
inlined: Any = njit(**INLINED)
"""Decorate a function that is only ever called by kernels."""
