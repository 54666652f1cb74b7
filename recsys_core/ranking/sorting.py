"""Sorting of short rows inside kernels: numba's own sort is slow to compile and allocates for every row."""

from __future__ import annotations

import numpy as np

from recsys_core.kernel import kernel


@kernel
def sort_with(values: np.ndarray, source: np.ndarray, start: int, stop: int) -> None:
    """Sort ``values[start:stop]`` in place, ``source`` along with it (Shell's sort with Knuth's gaps)."""
    gap = 1
    while 3 * gap + 1 < stop - start:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(start + gap, stop):
            value, origin = values[i], source[i]
            at = i
            while at >= start + gap and values[at - gap] > value:
                values[at], source[at] = values[at - gap], source[at - gap]
                at -= gap
            values[at], source[at] = value, origin
        gap //= 3
