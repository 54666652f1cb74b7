"""The examples of a training, the rules of its loss and the working space of its threads, for kernels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recsys_core.models.fast.draws import RING, shuffle
from recsys_core.models.fast.lanes import WIDTH
from recsys_core.models.fast.memory import address_of
from recsys_core.models.fast.positives import Positives
from recsys_core.models.fast.search import losses_by_draws

PAIR_BYTES, WEIGHT_BYTES = 8, 4


class Batch(NamedTuple):
    """Addresses of int32 ``(n, 2)`` pairs and of float32 weights.

    There is one weight per example (``weighted`` 1), or a single 1 for all of them (``weighted`` 0).
    """

    pairs: int
    weights: int
    weighted: int
    n_examples: int


class Rules(NamedTuple):
    """WARP's bound and the address of its float32 losses by number of draws; ``k`` of ``n`` for k-OS."""

    max_sampled: int
    losses: int
    k: int
    n: int


class Room(NamedTuple):
    """Addresses of draws (int32 rings), and of scores (float32) and rows (int64) of ``n`` drawn positives."""

    drawn: int
    owned: int
    values: int
    items: int


class Job(NamedTuple):
    """All that a kernel works with besides the tables."""

    positives: Positives
    batch: Batch
    rules: Rules
    room: Room


class Examples:
    """The pairs to train on and their weights, in parts of whole users, in a random order within each.

    Threads that share no user do not wait for each other's writes to users; with one part the order is that
    of a plain shuffle.
    """

    def __init__(
        self, user_idx: np.ndarray, item_idx: np.ndarray, weights: np.ndarray | None, n_parts: int = 1
    ) -> None:
        counts = np.cumsum(np.bincount(user_idx, minlength=1))
        part = (counts[user_idx] - 1) * n_parts // len(user_idx)
        order = np.argsort(part, kind="stable")
        self._pairs = np.column_stack([user_idx, item_idx]).astype(np.int32)[order]
        self._weighted = weights is not None
        self._weights = np.ones(1, np.float32) if weights is None else weights.astype(np.float32)[order]
        self._cuts = np.searchsorted(part[order], np.arange(n_parts + 1)).tolist()

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self._pairs)

    @property
    def batch(self) -> Batch:
        """What kernels get; valid while this object lives."""
        pairs, weights = address_of(self._pairs, np.int32), address_of(self._weights, np.float32)
        return Batch(pairs, weights, int(self._weighted), len(self))

    def slices(self, block: int, n_blocks: int) -> list[tuple[int, int]]:
        """Return where each part's share of a block begins and ends."""
        return [
            (start + (stop - start) * block // n_blocks, start + (stop - start) * (block + 1) // n_blocks)
            for start, stop in zip(self._cuts[:-1], self._cuts[1:], strict=True)
        ]

    def shuffle(self, part: int, key: np.uint64) -> None:
        """Put the examples of one part in a random order."""
        start, stop = self._cuts[part], self._cuts[part + 1]
        batch, own = self.batch, np.uint64((int(key) + part) % 2**64)
        weights = batch.weights + WEIGHT_BYTES * start if self._weighted else 0
        shuffle(batch.pairs + PAIR_BYTES * start, weights, stop - start, own)


class RuleArrays:
    """The array behind :class:`Rules`."""

    def __init__(self, n_items: int, max_sampled: int, k: int, n: int) -> None:
        self._losses = losses_by_draws(n_items, max_sampled)
        self.rules = Rules(max_sampled, address_of(self._losses, np.float32), k, n)


class RoomArrays:
    """The arrays behind :class:`Room`, one set per thread."""

    def __init__(self, n: int) -> None:
        whole = -(-n // WIDTH) * WIDTH
        self._rings = np.zeros((2, RING * WIDTH), np.int32)
        self._values, self._items = np.zeros(whole, np.float32), np.zeros(whole, np.int64)
        rings = address_of(self._rings, np.int32)
        values, items = address_of(self._values, np.float32), address_of(self._items, np.int64)
        self.room = Room(rings, rings + self._rings[0].nbytes, values, items)
