"""k-th order statistic WARP: train on the k-th best of some positives drawn from the user's items.

Weston, Yee & Weiss (2013), "Learning to rank recommendations with the k-order statistic loss"; ``min(n, number of
positives)`` draws with replacement, then WARP's step without a weight, as LightFM does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from recsys_core.models.fast.compiled import inlined, kernel
from recsys_core.models.fast.draws import draw, stream
from recsys_core.models.fast.lanes import WIDTH, total
from recsys_core.models.fast.memory import at, element
from recsys_core.models.fast.positives import fetch_filter
from recsys_core.models.fast.search import LARGEST_LOSS, find_violation
from recsys_core.models.fast.verbs import begin, fetch_item, fetch_user, must_pause, score, step_apart, width_of

AHEAD = 2
"""Examples between asking for rows and using them."""
FETCHED = 10
RING = 8
OTHER_KEY = np.uint64(0xD1B54A32D192ED03)
"""Turns the key of the negatives' draws into that of the positives'."""


@kernel
def warp_kos(tables: Any, positives: Any, batch: Any, start: int, stop: int, key: int, rules: Any) -> int:
    """Train on examples ``start`` to ``stop`` and return where it stopped, which is earlier only at a pause."""
    width = width_of(tables.blocks)
    owned, drawn = np.empty((RING, WIDTH), np.int32), np.empty((RING, WIDTH), np.int32)
    values, items = np.empty(rules.k, np.float32), np.empty(rules.k, np.int64)
    for example in range(start - AHEAD, stop):
        if start <= example + AHEAD < stop:
            _prepare(tables, positives, batch, example + AHEAD, key, owned, drawn, width)
        if example < start:
            continue
        user, row, bits = at(batch.pairs, example, 0), example & (RING - 1), stream(key, example)
        begin(tables, user, width)
        place = _rank_positives(tables, positives, user, owned, row, key ^ OTHER_KEY, example, rules.n, values, items, width)
        limit = values[place] - np.float32(1)
        draws, other = find_violation(tables, positives, user, limit, drawn, row, bits, rules.max_sampled, width)
        if draws > 0:
            loss = min(element(rules.losses, draws - 1), np.float32(LARGEST_LOSS))
            step_apart(tables, user, items[place], other, loss, width)
        if must_pause(tables):
            return example + 1
    return stop


@inlined
def _prepare(
    tables: Any, positives: Any, batch: Any, example: int, key: int, owned: Any, drawn: Any, width: int
) -> None:
    user, row = at(batch.pairs, example, 0), example & (RING - 1)
    first = element(positives.pointers, user)
    count = element(positives.pointers, user + 1) - first
    draw(owned, row, stream(key ^ OTHER_KEY, example), 0, count)
    draw(drawn, row, stream(key, example), 0, tables.n_items)
    fetch_user(tables, user, width)
    fetch_filter(positives, user)
    for place in range(FETCHED):
        fetch_item(tables, element(positives.items, first + at(owned, row, place)), width, False)
        fetch_item(tables, at(drawn, row, place), width, False)


@inlined
def _rank_positives(
    tables: Any,
    positives: Any,
    user: int,
    owned: np.ndarray,
    row: int,
    key: int,
    example: int,
    n: int,
    values: np.ndarray,
    items: np.ndarray,
    width: int,
) -> int:
    """Fill ``values`` and ``items`` with the best of the drawn positives, best first; return the place of the worst."""
    first = element(positives.pointers, user)
    count = element(positives.pointers, user + 1) - first
    found = 0
    for attempt in range(min(n, count)):
        if attempt > 0 and attempt & (WIDTH - 1) == 0:
            draw(owned, row, stream(key, example), attempt, count)
        item = element(positives.items, first + at(owned, row, attempt & (WIDTH - 1)))
        found = _insert(values, items, found, total(score(tables, user, item, width)), item)
    return found - 1


@inlined
def _insert(values: np.ndarray, items: np.ndarray, found: int, value: float, item: int) -> int:
    """Put a value into its place among the ``found`` best, dropping the worst when full; return how many there are."""
    if found == values.size:
        if not value > values[found - 1]:
            return found
        found -= 1
    place = found
    while place > 0 and values[place - 1] < value:
        values[place], items[place] = values[place - 1], items[place - 1]
        place -= 1
    values[place], items[place] = value, item
    return found + 1
