"""Weighted approximate-rank pairwise loss: lift each known item above one that wrongly scores as high.

Weston, Bengio & Usunier (2011), "WSABIE: scaling up to large vocabulary image annotation"; margin 1, step
``weight * log(rank)`` with the rank estimated by how many draws it took, at most 10, as LightFM does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from recsys_core.models.fast.compiled import inlined, kernel
from recsys_core.models.fast.draws import ring_row, stream
from recsys_core.models.fast.lanes import total
from recsys_core.models.fast.memory import get_float, get_int
from recsys_core.models.fast.positives import fetch_filter
from recsys_core.models.fast.search import LARGEST_LOSS, draw_items, find_violation
from recsys_core.models.fast.verbs import (
    begin,
    fetch_item,
    fetch_user,
    must_pause,
    score,
    step_apart,
    width_of,
)

AHEAD = 2
"""Examples between asking for rows and using them."""
FETCHED = 4
"""Drawn items asked for ahead, a group of those that are scored together.

Most examples of a young model need one, of an old one all. Asking for more, or for what an update of the
first would need, keeps the processor from asking for what is needed now.
"""


@kernel
def warp(tables: Any, job: Any, start: int, stop: int, key: int) -> int:
    """Train on examples ``start`` to ``stop``; return where it stopped, earlier only at a pause."""
    width = width_of(tables.blocks)
    for example in range(start - AHEAD, stop):
        if example + AHEAD < stop:
            prepare(tables, job, example + AHEAD, key, width)
        if example < start:
            continue
        user, item = get_int(job.batch.pairs, 2 * example), get_int(job.batch.pairs, 2 * example + 1)
        begin(tables, user, width)
        limit = total(score(tables, user, item, width)) - np.float32(1)
        row, bits = ring_row(example), stream(key, example)
        draws, other = find_violation(tables, job, user, limit, row, bits, width)
        if draws > 0:
            weight = get_float(job.batch.weights, example * job.batch.weighted)
            loss = min(weight * get_float(job.rules.losses, draws - 1), np.float32(LARGEST_LOSS))
            step_apart(tables, user, item, other, loss, width)
        if must_pause(tables):
            return example + 1
    return stop


@inlined
def prepare(tables: Any, job: Any, example: int, key: int, width: int) -> None:
    """Draw the items of an example and ask for the rows that it will need, or may."""
    user, row = get_int(job.batch.pairs, 2 * example), ring_row(example)
    draw_items(tables, job, row, stream(key, example))
    fetch_user(tables, user, width)
    fetch_filter(job.positives, user)
    fetch_item(tables, get_int(job.batch.pairs, 2 * example + 1), width, True)
    for place in range(FETCHED):
        fetch_item(tables, get_int(job.room.drawn, row + place), width, False)
