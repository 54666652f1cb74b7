"""Weighted approximate-rank pairwise loss: lift each known item above one that wrongly scores as high.

Weston, Bengio & Usunier (2011), "WSABIE: scaling up to large vocabulary image annotation"; margin 1, step
``weight * log(rank)`` with the rank estimated by how many draws it took, at most 10, as LightFM does.
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
FETCHED = 6
"""Drawn items asked for ahead; most examples of a young model need one, of an old one all."""
RING = 8


@kernel
def warp(tables: Any, positives: Any, batch: Any, start: int, stop: int, key: int, rules: Any) -> int:
    """Train on examples ``start`` to ``stop`` and return where it stopped, which is earlier only at a pause."""
    width = width_of(tables.blocks)
    drawn = np.empty((RING, WIDTH), np.int32)
    for ahead in range(start, min(start + AHEAD, stop)):
        _prepare(tables, positives, batch, ahead, key, drawn, width)
    for example in range(start, stop):
        if example + AHEAD < stop:
            _prepare(tables, positives, batch, example + AHEAD, key, drawn, width)
        user, item = at(batch.pairs, example, 0), at(batch.pairs, example, 1)
        row = example & (RING - 1)
        begin(tables, user, width)
        limit = total(score(tables, user, item, width)) - np.float32(1)
        bits = stream(key, example)
        draws, other = find_violation(
            tables, positives, user, limit, drawn, row, bits, rules.max_sampled, width
        )
        if draws > 0:
            weight = element(batch.weights, example * batch.weighted)
            loss = min(weight * element(rules.losses, draws - 1), np.float32(LARGEST_LOSS))
            step_apart(tables, user, item, other, loss, width)
        if must_pause(tables):
            return example + 1
    return stop


@inlined
def _prepare(tables: Any, positives: Any, batch: Any, example: int, key: int, drawn: Any, width: int) -> None:
    user, row = at(batch.pairs, example, 0), example & (RING - 1)
    draw(drawn, row, stream(key, example), 0, tables.n_items)
    fetch_user(tables, user, width)
    fetch_filter(positives, user)
    fetch_item(tables, at(batch.pairs, example, 1), width, True)
    fetch_item(tables, at(drawn, row, 0), width, True)
    for place in range(1, FETCHED):
        fetch_item(tables, at(drawn, row, place), width, False)
