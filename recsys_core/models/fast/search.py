"""WARP's search: draw items until one scores too high for a negative one."""

from __future__ import annotations

from typing import Any

import numpy as np

from recsys_core.models.fast.compiled import inlined
from recsys_core.models.fast.draws import draw
from recsys_core.models.fast.lanes import WIDTH, lowest_bit
from recsys_core.models.fast.memory import get_int, set_int
from recsys_core.models.fast.positives import has_item
from recsys_core.models.fast.verbs import four_above

LARGEST_LOSS = 10.0


def losses_by_draws(n_items: int, max_sampled: int) -> np.ndarray:
    """Return WARP's loss of a violation found at each draw, float32: the log of the rank it makes likely."""
    ranks = np.maximum((n_items - 1) // np.arange(1, max_sampled + 1), 1)
    return np.log(ranks).astype(np.float32)


@inlined
def draw_items(tables: Any, job: Any, row: int, bits: int) -> None:
    """Draw the first :data:`WIDTH` items of an example; those that are none of its draws repeat the first.

    They are scored too if a group of four has a draw in it, and should not have to be fetched for that.
    """
    draw(job.room.drawn, row, bits, 0, tables.n_items)
    for beyond in range(job.rules.max_sampled, WIDTH):
        set_int(job.room.drawn, row + beyond, get_int(job.room.drawn, row))


@inlined
def find_violation(
    tables: Any, job: Any, user: int, limit: float, row: int, bits: int, width: int
) -> tuple[int, int]:
    """Return ``(draws, item)`` of the first above ``limit`` that the user does not have, else ``(0, 0)``.

    The job's room holds the first :data:`WIDTH` draws from ``row`` on. Four are scored at a time, which
    changes nothing but the speed.
    """
    drawn, most = job.room.drawn, job.rules.max_sampled
    for first in range(0, most, 4):
        place = row + (first & (WIDTH - 1))
        if first > 0 and place == row:
            draw(drawn, row, bits, first, tables.n_items)
        above = four_above(tables, user, drawn, place, limit, width)
        while above != 0:
            lane = lowest_bit(above)
            above &= above - 1
            item = get_int(drawn, place + lane)
            if first + lane < most and not has_item(job.positives, user, item):
                return first + lane + 1, item
    return 0, 0
