"""How the training code is compiled: kernels that Python calls, and the pieces that disappear into them."""

from __future__ import annotations

from numba import njit

from recsys_core.kernel import kernel

__all__ = ["INLINED", "inlined", "kernel"]

INLINED = {"nogil": True, "error_model": "numpy", "forceinline": True}
inlined = njit(**INLINED)
"""Decorate a function that is only ever called by kernels."""
