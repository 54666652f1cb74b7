"""Keep the best few of many scores: a bar that rises, behind it a small buffer of candidates.

A candidate is one integer: its score in the upper half, mapped so that integers order as the scores do, and
the item in the lower half, complemented so that of equal scores the lower item is the greater candidate. One
comparison then decides both.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from recsys_core.kernel import kernel
from recsys_core.ranking.comparing import bits_of, float_of, lowest_bit, next_panel_above, panel_above
from recsys_core.ranking.simd import PANEL

LOW_BITS = np.int64(0xFFFFFFFF)
NO_CANDIDATE = np.int64(-(2**63))
"""Less than the key of any score."""
SIGN_BIT = np.int32(-(2**31))


@kernel
def as_key(bits: Any, item: int) -> Any:
    """Return the candidate of ``item``, whose float32 score has these ``bits``; -0.0 counts as 0.0."""
    if bits == SIGN_BIT:
        bits = np.int32(0)
    ordered = bits ^ ((bits >> np.int32(31)) & np.int32(0x7FFFFFFF))
    return (np.int64(ordered) << np.int64(32)) | (LOW_BITS - np.int64(item))


@kernel
def score_bits_of(key: int) -> Any:
    """Return the bits of a candidate's float32 score."""
    ordered = np.int32(key >> np.int64(32))
    return ordered ^ ((ordered >> np.int32(31)) & np.int32(0x7FFFFFFF))


@kernel
def offer_tile(
    scores: np.ndarray,
    row: tuple[int, int],
    first_item: int,
    keys: np.ndarray,
    buffer: tuple[int, int],
    state: tuple[float, int],
) -> tuple[float, int]:
    """Add the scores of a row, (start, length in panels), that exceed the bar to a user's candidates.

    ``buffer`` is (row of ``keys``, how many candidates matter); ``state``, (bar, candidates so far), is
    returned anew.
    """
    bar, length = state
    user, k = buffer
    panel = next_panel_above(scores, row[0], 0, row[1], bar)
    while panel < row[1]:
        start = row[0] + panel * PANEL
        above = panel_above(scores, start, bar)
        while above:
            at = lowest_bit(above)
            above &= above - 1
            keys[user, length] = as_key(bits_of(scores[start + at]), first_item + panel * PANEL + at)
            length += 1
        if length + PANEL > keys.shape[1]:
            length = keep_best(keys[user], length, k, k + k // 4)
            bar = float_of(score_bits_of(keys[user, length - 1]))
        panel = next_panel_above(scores, row[0], panel + 1, row[1], bar)
    return bar, length


@kernel
def keep_best(keys: np.ndarray, length: int, k: int, most: int) -> int:
    """Move the greatest of ``keys[:length]`` to the front, the least of them last; return how many they are.

    That is anything from ``k`` to ``most``, which is found sooner than exactly ``k``.
    Hoare's selection with Lomuto's partition, whose inner loop has no branch to mispredict.
    """
    low, high = 0, length
    while True:
        middle = (low + high) >> 1
        pivot, keys[middle] = keys[middle], keys[low]
        at: Any = low + 1
        for i in range(low + 1, high):
            key = keys[i]
            keys[i] = keys[at]
            keys[at] = key
            at += np.int64(key > pivot)
        keys[low] = keys[at - 1]
        keys[at - 1] = pivot
        if k <= at <= most:
            return at
        if at > most:
            high = at - 1
        else:
            low = at


@kernel
def move_best(keys: np.ndarray, length: int, best: np.ndarray) -> None:
    """Copy the greatest of ``keys[:length]`` to ``best``, in no order; NO_CANDIDATE to what is left of it."""
    if length > best.size:
        length = keep_best(keys, length, best.size, best.size)
    # plain loops: slice assignments take seconds to compile
    for i in range(best.size):
        best[i] = keys[i] if i < length else NO_CANDIDATE


@kernel
def decode(keys: np.ndarray, item_idx: np.ndarray, score_bits: np.ndarray) -> None:
    """Write the items and score bits of ascending ``keys``, greatest first; skip NO_CANDIDATE."""
    k = keys.shape[1]
    for row in range(keys.shape[0]):
        for i in range(k):
            key = keys[row, k - 1 - i]
            if key != NO_CANDIDATE:
                item_idx[row, i] = LOW_BITS - (key & LOW_BITS)
                score_bits[row, i] = score_bits_of(key)
