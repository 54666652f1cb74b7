"""WARP's search: draw items until one scores too high for a negative one."""

from __future__ import annotations

from typing import Any

import numpy as np

from recsys_core.models.fast.compiled import inlined
from recsys_core.models.fast.draws import draw
from recsys_core.models.fast.lanes import WIDTH, lowest_bit, sums_above
from recsys_core.models.fast.memory import at
from recsys_core.models.fast.positives import has_item
from recsys_core.models.fast.verbs import score

LARGEST_LOSS = 10.0


def losses_by_draws(n_items: int, max_sampled: int) -> np.ndarray:
    """Return WARP's loss of a violation found at each draw, float32: the log of the rank it makes likely."""
    ranks = np.maximum((n_items - 1) // np.arange(1, max_sampled + 1), 1)
    return np.log(ranks).astype(np.float32)


@inlined
def find_violation(
    tables: Any, positives: Any, user: int, limit: float, drawn: np.ndarray, row: int, bits: int, most: int, width: int
) -> tuple[int, int]:
    """Return ``(draws, item)`` of the first drawn item above ``limit`` that the user does not have; draws 0 if none.

    ``drawn[row]`` holds the first :data:`WIDTH` draws. Four are scored at a time, which changes nothing but the speed.
    """
    n_items = tables.n_items
    for first in range(0, most, 4):
        place = first & (WIDTH - 1)
        if first > 0 and place == 0:
            draw(drawn, row, bits, first, n_items)
        above = sums_above(
            score(tables, user, at(drawn, row, place), width),
            score(tables, user, at(drawn, row, place + 1), width),
            score(tables, user, at(drawn, row, place + 2), width),
            score(tables, user, at(drawn, row, place + 3), width),
            limit,
        )
        while above != 0:
            lane = lowest_bit(above)
            above &= above - 1
            item = at(drawn, row, place + lane)
            if first + lane < most and not has_item(positives, user, item):
                return first + lane + 1, item
    return 0, 0
