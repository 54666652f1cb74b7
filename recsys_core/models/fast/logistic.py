"""Pointwise logistic loss: push the score of every known pair up; there are no negative pairs."""

from __future__ import annotations

from typing import Any

import numpy as np

from recsys_core.models.fast.compiled import kernel
from recsys_core.models.fast.lanes import total
from recsys_core.models.fast.memory import get_float, get_int
from recsys_core.models.fast.verbs import (
    begin,
    fetch_item,
    fetch_user,
    must_pause,
    score,
    step,
    user_bias,
    width_of,
)

AHEAD = 3
"""Examples between asking for rows and using them."""


@kernel
def logistic(tables: Any, job: Any, start: int, stop: int, key: int) -> int:
    """Train on examples ``start`` to ``stop``; return where it stopped, earlier only at a pause."""
    width = width_of(tables.blocks)
    for example in range(start, stop):
        ahead = min(example + AHEAD, stop - 1)
        fetch_user(tables, get_int(job.batch.pairs, 2 * ahead), width)
        fetch_item(tables, get_int(job.batch.pairs, 2 * ahead + 1), width, True)
        user, item = get_int(job.batch.pairs, 2 * example), get_int(job.batch.pairs, 2 * example + 1)
        begin(tables, user, width)
        value = total(score(tables, user, item, width)) + user_bias(tables, user)
        weight = get_float(job.batch.weights, example * job.batch.weighted)
        # sigmoid(value) - 1, written so that it does not cancel
        step(tables, user, item, -weight / (np.float32(1) + np.exp(value)), width)
        if must_pause(tables):
            return example + 1
    return stop
