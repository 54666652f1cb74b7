"""What each user has: the test that keeps a known item from being drawn as a negative one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from recsys_core.models.fast.compiled import inlined, kernel
from recsys_core.models.fast.memory import address_of, get_int, get_long, prefetch, set_long

if TYPE_CHECKING:
    from scipy import sparse

HASH = np.uint64(0x9E3779B97F4A7C15)
SHIFT = np.uint64(40)


class Positives(NamedTuple):
    """Items of each user, sorted (``pointers``, ``items``), and a filter of 16 or more bits an item.

    User ``u`` owns words ``starts[u]`` to ``starts[u + 1]``, a power of two of them. An item whose bit is not
    set is certainly none of hers, which settles 15 of 16 questions with one load; only the rest search the
    sorted items.
    """

    pointers: int
    items: int
    starts: int
    words: int


class PositiveArrays:
    """The arrays behind :class:`Positives`, from a CSR matrix with sorted indices."""

    def __init__(self, matrix: sparse.csr_matrix) -> None:
        needed = np.maximum(np.diff(matrix.indptr) // 4, 1)
        self.pointers = matrix.indptr.astype(np.int64)
        self.items = matrix.indices.astype(np.int32)
        self.starts = np.zeros(matrix.shape[0] + 1, np.int64)
        np.cumsum(1 << np.ceil(np.log2(needed)).astype(np.int64), out=self.starts[1:])
        self.words = np.zeros(self.starts[-1], np.int64)
        fill_filter(self.lookup, matrix.shape[0])

    @property
    def lookup(self) -> Positives:
        """What kernels take; valid while these arrays live."""
        return Positives(
            pointers=address_of(self.pointers, np.int64),
            items=address_of(self.items, np.int32),
            starts=address_of(self.starts, np.int64),
            words=address_of(self.words, np.int64),
        )


@inlined
def _hash(item: int) -> Any:
    return np.intp((np.uint64(item) * HASH) >> SHIFT)


@kernel
def fill_filter(positives: Positives, n_users: int) -> None:
    """Set the bit of every known pair."""
    for user in range(n_users):
        for place in range(get_long(positives.pointers, user), get_long(positives.pointers, user + 1)):
            bits = _hash(get_int(positives.items, place))
            word = _word(positives, user, bits)
            set_long(positives.words, word, get_long(positives.words, word) | (np.int64(1) << (bits & 63)))


@inlined
def _word(positives: Positives, user: int, bits: int) -> int:
    start = get_long(positives.starts, user)
    last = get_long(positives.starts, user + 1) - start - 1
    return start + ((bits >> 6) & last)


@inlined
def fetch_filter(positives: Positives, user: int) -> None:
    """Ask for the first lines of a user's filter ahead of its use."""
    start = 8 * get_long(positives.starts, user)
    prefetch(positives.words, start)
    prefetch(positives.words, start + 64)


@inlined
def has_item(positives: Positives, user: int, item: int) -> bool:
    """Return whether the pair is known."""
    bits = _hash(item)
    word = get_long(positives.words, _word(positives, user, bits))
    if (word >> (bits & 63)) & 1 == 0:
        return False
    return _search(positives, user, item)


@inlined
def _search(positives: Positives, user: int, item: int) -> bool:
    place = get_long(positives.pointers, user)
    left = get_long(positives.pointers, user + 1) - place
    while left > 1:
        half = left >> 1
        if get_int(positives.items, place + half) <= item:
            place += half
        left -= half
    return left == 1 and get_int(positives.items, place) == item
