"""Bayesian personalised ranking: lift each known item above one drawn from what others have.

Rendle, Freudenthaler, Gantner & Schmidt-Thieme (2009); the negative item is that of a random example, so popular
items are drawn more often, as LightFM does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from recsys_core.models.fast.compiled import inlined, kernel
from recsys_core.models.fast.draws import draw, stream
from recsys_core.models.fast.lanes import WIDTH, sub, total
from recsys_core.models.fast.memory import at, element, prefetch
from recsys_core.models.fast.positives import fetch_filter, has_item
from recsys_core.models.fast.verbs import begin, fetch_item, fetch_user, must_pause, score, step_apart, width_of

AHEAD = 3
"""Examples between asking for rows and using them, and as many before that to learn which."""
RING = 8
MOST_DRAWS = 1024
"""LightFM tries as often as there are examples; who has all but a 1024th of the mass gets a known item instead."""


@kernel
def bpr(tables: Any, positives: Any, batch: Any, start: int, stop: int, key: int, rules: Any) -> int:
    """Train on examples ``start`` to ``stop`` and return where it stopped, which is earlier only at a pause."""
    width = width_of(tables.blocks)
    drawn = np.empty((RING, WIDTH), np.int32)
    for example in range(start - 2 * AHEAD, stop):
        if start <= example + 2 * AHEAD < stop:
            _draw(batch, example + 2 * AHEAD, key, drawn)
        if start <= example + AHEAD < stop:
            _fetch(tables, positives, batch, example + AHEAD, drawn, width)
        if example < start:
            continue
        user, item = at(batch.pairs, example, 0), at(batch.pairs, example, 1)
        other = _negative(positives, batch, user, drawn, example & (RING - 1), stream(key, example))
        begin(tables, user, width)
        ahead = total(sub(score(tables, user, item, width), score(tables, user, other, width)))
        weight = element(batch.weights, example * batch.weighted)
        step_apart(tables, user, item, other, weight / (np.float32(1) + np.exp(ahead)), width)
        if must_pause(tables):
            return example + 1
    return stop


@inlined
def _draw(batch: Any, example: int, key: int, drawn: np.ndarray) -> None:
    row = example & (RING - 1)
    draw(drawn, row, stream(key, example), 0, batch.pairs.shape[0])
    prefetch(batch.pairs, at(drawn, row, 0), 0)


@inlined
def _fetch(tables: Any, positives: Any, batch: Any, example: int, drawn: np.ndarray, width: int) -> None:
    user = at(batch.pairs, example, 0)
    fetch_user(tables, user, width)
    fetch_filter(positives, user)
    fetch_item(tables, at(batch.pairs, example, 1), width, True)
    fetch_item(tables, at(batch.pairs, at(drawn, example & (RING - 1), 0), 1), width, True)


@inlined
def _negative(positives: Any, batch: Any, user: int, drawn: np.ndarray, row: int, bits: int) -> int:
    item = 0
    for attempt in range(MOST_DRAWS):
        place = attempt & (WIDTH - 1)
        if attempt > 0 and place == 0:
            draw(drawn, row, bits, attempt, batch.pairs.shape[0])
        item = at(batch.pairs, at(drawn, row, place), 1)
        if not has_item(positives, user, item):
            break
    return item
