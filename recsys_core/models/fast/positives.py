"""What each user has: the test that keeps a known item from being drawn as a negative one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from recsys_core.models.fast.compiled import inlined, kernel
from recsys_core.models.fast.memory import element, prefetch_element

if TYPE_CHECKING:
    from scipy import sparse

HASH = np.uint64(0x9E3779B97F4A7C15)
SHIFT = np.uint64(40)


class Positives(NamedTuple):
    """Items of each user, sorted (``pointers``, ``items``), and a filter of 16 or more bits an item before them.

    User ``u`` owns words ``starts[u]`` to ``starts[u + 1]``, a power of two of them. An item whose bit is not set is
    certainly none of hers, which settles 15 of 16 questions with one load; only the rest search the sorted items.
    """

    pointers: np.ndarray
    items: np.ndarray
    starts: np.ndarray
    words: np.ndarray


def positives_of(matrix: sparse.csr_matrix) -> Positives:
    """Return the lookup of a binary CSR matrix with sorted indices."""
    needed = np.maximum(np.diff(matrix.indptr) // 4, 1)
    starts = np.zeros(matrix.shape[0] + 1, np.int64)
    np.cumsum(1 << np.ceil(np.log2(needed)).astype(np.int64), out=starts[1:])
    words = np.zeros(starts[-1], np.int64)
    positives = Positives(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), starts, words)
    fill_filter(positives)
    return positives


@inlined
def _hash(item: int) -> int:
    return np.intp((np.uint64(item) * HASH) >> SHIFT)


@kernel
def fill_filter(positives: Positives) -> None:
    """Set the bit of every known pair."""
    for user in range(positives.pointers.size - 1):
        start = positives.starts[user]
        last = positives.starts[user + 1] - start - 1
        for place in range(positives.pointers[user], positives.pointers[user + 1]):
            bits = _hash(positives.items[place])
            positives.words[start + ((bits >> 6) & last)] |= np.int64(1) << (bits & 63)


@inlined
def fetch_filter(positives: Positives, user: int) -> None:
    """Ask for the first lines of a user's filter ahead of its use."""
    start = element(positives.starts, user)
    prefetch_element(positives.words, start)
    prefetch_element(positives.words, start + 8)


@inlined
def has_item(positives: Positives, user: int, item: int) -> bool:
    """Return whether the pair is known."""
    bits = _hash(item)
    start = element(positives.starts, user)
    last = element(positives.starts, user + 1) - start - 1
    word = element(positives.words, start + ((bits >> 6) & last))
    if (word >> (bits & 63)) & 1 == 0:
        return False
    return _search(positives, user, item)


@inlined
def _search(positives: Positives, user: int, item: int) -> bool:
    place = element(positives.pointers, user)
    left = element(positives.pointers, user + 1) - place
    while left > 1:
        half = left >> 1
        if element(positives.items, place + half) <= item:
            place += half
        left -= half
    return left == 1 and element(positives.items, place) == item
