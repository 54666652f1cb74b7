"""The best of one row of totals, best first."""

from __future__ import annotations

import numpy as np

from recsys_core.kernel import kernel
from recsys_core.movies.checks import checked_count
from recsys_core.ranking.comparing import float_of
from recsys_core.ranking.selection import LOW_BITS, keep_best, offer_tile, score_bits_of
from recsys_core.ranking.simd import PANEL

SPARE = PANEL + 64
"""Room in a buffer beyond what is kept: a panel at a time is added without a look at the room."""


def nearest_of_row(similarities: np.ndarray, movie_idx: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return up to ``k`` rows above 0 but ``movie_idx``, greatest first, equal ones by lower row.

    int32 and float32, of the same length; ``similarities`` float32 ``(n,)``.

    Raises
    ------
    SettingsError
        If ``k`` is below 1.
    """
    n_films = similarities.size
    totals = np.zeros(padded(n_films), np.float32)
    totals[:n_films] = similarities
    rows, values = empty_list(k, n_films)
    found = write_best(totals, int(movie_idx), rows, values)
    return rows[:found], values[:found]


def padded(n_films: int) -> int:
    """Return how long a row of totals is: whole panels."""
    return -(-n_films // PANEL) * PANEL


def empty_list(k: int, n_films: int) -> tuple[np.ndarray, np.ndarray]:
    """Return room for ``k`` rows and their totals, but not for more than there are films."""
    room = min(checked_count(k), max(1, n_films))
    return np.empty(room, np.int32), np.empty(room, np.float32)


@kernel
def write_best(totals: np.ndarray, own: int, documents: np.ndarray, products: np.ndarray) -> int:
    """Write the documents with the greatest totals above 0 but ``own``; return how many there are.

    Greatest first, equal ones by lower number. ``totals`` is padded with 0 to whole panels; that of ``own``
    is set to 0.
    """
    k = documents.size
    keys = np.empty((1, k + k // 2 + SPARE), np.int64)
    totals[own] = 0
    _, length = offer_tile(totals, (0, totals.size // PANEL), 0, keys, (0, k), (np.float32(0), 0))
    if length > k:
        length = keep_best(keys[0], length, k, k)
    sort_down(keys[0], length)
    for i in range(length):
        documents[i] = LOW_BITS - (keys[0, i] & LOW_BITS)
        products[i] = float_of(score_bits_of(keys[0, i]))
    return length


@kernel
def sort_down(keys: np.ndarray, length: int) -> None:
    """Sort ``keys[:length]``, greatest first (Shell 1959): lists are short, and it compiles in no time."""
    gap = length // 2
    while gap > 0:
        for i in range(gap, length):
            key, at = keys[i], i
            while at >= gap and keys[at - gap] < key:
                keys[at] = keys[at - gap]
                at -= gap
            keys[at] = key
        gap = 1 if gap == 2 else gap * 5 // 11
