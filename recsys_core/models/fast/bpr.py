"""Bayesian personalised ranking: lift each known item above one drawn from what others have.

Rendle, Freudenthaler, Gantner & Schmidt-Thieme (2009); the negative item is that of a random example, so
popular items are drawn more often, as LightFM does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from recsys_core.models.fast.compiled import inlined, kernel
from recsys_core.models.fast.draws import draw, ring_row, stream
from recsys_core.models.fast.lanes import WIDTH, sub, total
from recsys_core.models.fast.memory import get_float, get_int, prefetch
from recsys_core.models.fast.positives import fetch_filter, has_item
from recsys_core.models.fast.verbs import (
    begin,
    fetch_item,
    fetch_user,
    must_pause,
    score,
    step_apart,
    width_of,
)

AHEAD = 3
"""Examples between asking for rows and using them, and as many before that to learn which."""
MOST_DRAWS = 1024
"""LightFM tries as often as there are examples; who has nearly everything gets an item of hers instead."""


@kernel
def bpr(tables: Any, job: Any, start: int, stop: int, key: int) -> int:
    """Train on examples ``start`` to ``stop``; return where it stopped, earlier only at a pause."""
    width = width_of(tables.blocks)
    for example in range(start - 2 * AHEAD, stop):
        if start <= example + 2 * AHEAD < stop:
            _draw(job, example + 2 * AHEAD, key)
        if start <= example + AHEAD < stop:
            _fetch(tables, job, example + AHEAD, width)
        if example < start:
            continue
        user, item = get_int(job.batch.pairs, 2 * example), get_int(job.batch.pairs, 2 * example + 1)
        other = _negative(job, user, ring_row(example), stream(key, example))
        begin(tables, user, width)
        ahead = total(sub(score(tables, user, item, width), score(tables, user, other, width)))
        weight = get_float(job.batch.weights, example * job.batch.weighted)
        step_apart(tables, user, item, other, weight / (np.float32(1) + np.exp(ahead)), width)
        if must_pause(tables):
            return example + 1
    return stop


@inlined
def _draw(job: Any, example: int, key: int) -> None:
    row = ring_row(example)
    draw(job.room.drawn, row, stream(key, example), 0, job.batch.n_examples)
    prefetch(job.batch.pairs, 8 * get_int(job.room.drawn, row))


@inlined
def _fetch(tables: Any, job: Any, example: int, width: int) -> None:
    user = get_int(job.batch.pairs, 2 * example)
    fetch_user(tables, user, width)
    fetch_filter(job.positives, user)
    fetch_item(tables, get_int(job.batch.pairs, 2 * example + 1), width, True)
    fetch_item(
        tables, get_int(job.batch.pairs, 2 * get_int(job.room.drawn, ring_row(example)) + 1), width, True
    )


@inlined
def _negative(job: Any, user: int, row: int, bits: int) -> int:
    item = 0
    for attempt in range(MOST_DRAWS):
        place = row + (attempt & (WIDTH - 1))
        if attempt > 0 and place == row:
            draw(job.room.drawn, row, bits, attempt, job.batch.n_examples)
        item = get_int(job.batch.pairs, 2 * get_int(job.room.drawn, place) + 1)
        if not has_item(job.positives, user, item):
            break
    return item
