"""k-th order statistic WARP: train on the k-th best of some positives drawn from the user's items.

Weston, Yee & Weiss (2013), "Learning to rank recommendations with the k-order statistic loss"; ``min(n,
number of positives)`` draws with replacement, then WARP's step without a weight, as LightFM does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from recsys_core.models.fast.compiled import inlined, kernel
from recsys_core.models.fast.draws import draw, ring_row, stream
from recsys_core.models.fast.lanes import WIDTH, count_above, count_reaching, load, store_sums
from recsys_core.models.fast.memory import get_float, get_int, get_long, set_float, set_long
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
"""Items asked for ahead, of the positives and of the others."""
OTHER_KEY = np.uint64(0xD1B54A32D192ED03)
"""Turns the key of the negatives' draws into that of the positives'."""


@kernel
def warp_kos(tables: Any, job: Any, start: int, stop: int, key: int) -> int:
    """Train on examples ``start`` to ``stop``; return where it stopped, earlier only at a pause."""
    width = width_of(tables.blocks)
    for example in range(start - AHEAD, stop):
        if example + AHEAD < stop:
            _prepare(tables, job, example + AHEAD, key, width)
        if example < start:
            continue
        user, row, bits = get_int(job.batch.pairs, 2 * example), ring_row(example), stream(key, example)
        begin(tables, user, width)
        place = _choose_positive(tables, job, user, row, stream(key ^ OTHER_KEY, example), width)
        limit = get_float(job.room.values, place) - np.float32(1)
        draws, other = find_violation(tables, job, user, limit, row, bits, width)
        if draws > 0:
            loss = min(get_float(job.rules.losses, draws - 1), np.float32(LARGEST_LOSS))
            step_apart(tables, user, get_long(job.room.items, place), other, loss, width)
        if must_pause(tables):
            return example + 1
    return stop


@inlined
def _prepare(tables: Any, job: Any, example: int, key: int, width: int) -> None:
    user, row = get_int(job.batch.pairs, 2 * example), ring_row(example)
    first = get_long(job.positives.pointers, user)
    draw(
        job.room.owned,
        row,
        stream(key ^ OTHER_KEY, example),
        0,
        get_long(job.positives.pointers, user + 1) - first,
    )
    draw_items(tables, job, row, stream(key, example))
    fetch_user(tables, user, width)
    fetch_filter(job.positives, user)
    for place in range(FETCHED):
        fetch_item(
            tables, get_int(job.positives.items, first + get_int(job.room.owned, row + place)), width, False
        )
        fetch_item(tables, get_int(job.room.drawn, row + place), width, False)


@inlined
def _choose_positive(tables: Any, job: Any, user: int, row: int, bits: int, width: int) -> int:
    """Score the drawn positives, then in the job's room, and return the place of the k-th best."""
    first = get_long(job.positives.pointers, user)
    count = get_long(job.positives.pointers, user + 1) - first
    n_drawn = min(job.rules.n, count)
    for attempt in range(0, n_drawn, 4):
        place = row + (attempt & (WIDTH - 1))
        if attempt > 0 and place == row:
            draw(job.room.owned, row, bits, attempt, count)
        for i in range(4):
            set_long(
                job.room.items,
                attempt + i,
                get_int(job.positives.items, first + get_int(job.room.owned, place + i)),
            )
        _score_four(tables, job.room, user, attempt, width)
    last = -(-n_drawn // WIDTH) * WIDTH
    for place in range(n_drawn, last):
        set_float(job.room.values, place, np.float32(-np.inf))
    return _kth_best(job.room, min(job.rules.k, n_drawn), n_drawn, last)


@inlined
def _score_four(tables: Any, room: Any, user: int, place: int, width: int) -> None:
    store_sums(
        room.values,
        place,
        score(tables, user, get_long(room.items, place), width),
        score(tables, user, get_long(room.items, place + 1), width),
        score(tables, user, get_long(room.items, place + 2), width),
        score(tables, user, get_long(room.items, place + 3), width),
    )


@inlined
def _kth_best(room: Any, k: int, n_drawn: int, last: int) -> int:
    """Return a place whose value fewer than ``k`` exceed and ``k`` reach: counting has no branch to guess."""
    chosen = 0
    for place in range(n_drawn):
        value, exceed, reach = get_float(room.values, place), 0, 0
        for start in range(0, last, WIDTH):
            lanes = load(room.values, start)
            exceed += count_above(lanes, value)
            reach += count_reaching(lanes, value)
        chosen = place if exceed < k <= reach else chosen
    return chosen
