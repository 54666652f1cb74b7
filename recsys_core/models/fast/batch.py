"""The examples of a training, the rules of its loss, and the working space of its threads, as kernels get them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recsys_core.models.fast.draws import RING, shuffle
from recsys_core.models.fast.lanes import WIDTH
from recsys_core.models.fast.memory import address_of
from recsys_core.models.fast.search import losses_by_draws


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
    """Addresses of draws (int32 rings), scores (float32) and rows (int64) of ``k`` items."""

    drawn: int
    owned: int
    values: int
    items: int


class Examples:
    """The pairs to train on and their weights, in an order that :meth:`shuffle` changes."""

    def __init__(self, user_idx: np.ndarray, item_idx: np.ndarray, weights: np.ndarray | None) -> None:
        self._pairs = np.column_stack([user_idx, item_idx]).astype(np.int32)
        self._weighted = weights is not None
        self._weights = np.ones(1, np.float32) if weights is None else weights.astype(np.float32)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self._pairs)

    @property
    def batch(self) -> Batch:
        """What kernels get; valid while this object lives."""
        pairs, weights = address_of(self._pairs, np.int32), address_of(self._weights, np.float32)
        return Batch(pairs, weights, int(self._weighted), len(self))

    def shuffle(self, key: np.uint64) -> None:
        """Put the examples in a random order."""
        batch = self.batch
        shuffle(batch.pairs, batch.weights if self._weighted else 0, len(self), key)


class RuleArrays:
    """The array behind :class:`Rules`."""

    def __init__(self, n_items: int, max_sampled: int, k: int, n: int) -> None:
        self._losses = losses_by_draws(n_items, max_sampled)
        self.rules = Rules(max_sampled, address_of(self._losses, np.float32), k, n)


class RoomArrays:
    """The arrays behind :class:`Room`, one set per thread."""

    def __init__(self, k: int) -> None:
        self._rings = np.zeros((2, RING * WIDTH), np.int32)
        self._values, self._items = np.zeros(k, np.float32), np.zeros(k, np.int64)
        rings = address_of(self._rings, np.int32)
        values, items = address_of(self._values, np.float32), address_of(self._items, np.int64)
        self.room = Room(rings, rings + self._rings[0].nbytes, values, items)
