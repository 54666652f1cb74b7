"""The best items of a block of users: score a tile for all, blank what is excluded, offer the rest."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recsys_core.kernel import kernel
from recsys_core.ranking.copying import copy_tile
from recsys_core.ranking.packing import PackedItems, pack_group
from recsys_core.ranking.pairs import Cells
from recsys_core.ranking.products import score_panels
from recsys_core.ranking.selection import move_best, offer_tile
from recsys_core.ranking.simd import GROUP, PANEL, PANEL_VECTORS

SPARE = PANEL + 64
"""Room in a buffer beyond what is kept: a panel at a time is added without a look at the room."""


class Selection(NamedTuple):
    """Whose best items to find, what they must not be, and where they go, as candidates in no order."""

    users: np.ndarray
    excluded: Cells
    best: np.ndarray


@kernel
def select_from_factors(
    embeddings: np.ndarray, items: PackedItems, task: Selection, start: int, stop: int, tile: np.ndarray
) -> None:
    """Find the best items of ``task.users[start:stop]``; ``tile`` is scratch for one tile of scores."""
    size, n_rows = embeddings.shape[1], stop - start
    k = min(task.best.shape[1], items.own_biases.size)
    n_groups, packed = -(-n_rows // GROUP), pack_group(embeddings, task.users[start:stop])
    keys, lengths, bars = no_candidates(n_rows, k)
    excluded, (at, end) = task.excluded.items, excluded_bounds(task, start, stop)
    # fields leave their tuples first: each access inside the loops would cost two atomic operations
    panels, biases, total, per_tile = items.panels, items.biases, items.n_panels, items.panels_per_tile
    for first in range(0, total, per_tile):
        shape = (size, min(per_tile, total - first), per_tile * PANEL)
        for group in range(n_groups):
            score_panels(packed, group * GROUP * size, panels, first, biases, tile, shape)
            for i in range(min(GROUP, n_rows - group * GROUP)):
                row, part = group * GROUP + i, (i * shape[2], shape[1])
                at[row] = blank(tile, part, first * PANEL, excluded, (at[row], end[row]))
                bars[row], lengths[row] = offer_tile(
                    tile, part, first * PANEL, keys, (row, k), (bars[row], lengths[row])
                )
    for row in range(n_rows):
        move_best(keys[row], lengths[row], task.best[start + row])


@kernel
def select_from_scores(
    block: np.ndarray, task: Selection, start: int, stop: int, first: int, tile: np.ndarray
) -> bool:
    """Find the best items of ``task.users[start:stop]`` in ``block``, whose row 0 is user number ``first``.

    Return False if a score is NaN or infinite.
    """
    k, n_rows = min(task.best.shape[1], block.shape[1]), stop - start
    keys, lengths, bars = no_candidates(n_rows, k)
    excluded, (at, end) = task.excluded.items, excluded_bounds(task, start, stop)
    for row in range(n_rows):
        for first_item in range(0, block.shape[1], tile.size):
            n_vectors = copy_tile(block[start - first + row], first_item, tile)
            if n_vectors < 0:
                return False
            part = (0, n_vectors // PANEL_VECTORS)
            at[row] = blank(tile, part, first_item, excluded, (at[row], end[row]))
            bars[row], lengths[row] = offer_tile(
                tile, part, first_item, keys, (row, k), (bars[row], lengths[row])
            )
        move_best(keys[row], lengths[row], task.best[start + row])
    return True


@kernel
def no_candidates(n_users: int, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each user's empty buffer, how many candidates it holds, and a bar open to any finite score."""
    keys = np.empty((n_users, k + k // 2 + SPARE), np.int64)
    return keys, np.zeros(n_users, np.int64), np.full(n_users, -np.inf, np.float32)


@kernel
def excluded_bounds(task: Selection, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
    """Return where the excluded items of each user begin and end."""
    begin, end = np.zeros(stop - start, np.int64), np.zeros(stop - start, np.int64)
    if task.excluded.indptr.size:
        for row in range(stop - start):
            user = task.users[start + row]
            begin[row], end[row] = task.excluded.indptr[user], task.excluded.indptr[user + 1]
    return begin, end


@kernel
def blank(
    scores: np.ndarray, row: tuple[int, int], first_item: int, excluded: np.ndarray, bounds: tuple[int, int]
) -> int:
    """Give a user's excluded items the score ``-inf`` in one row, (start, length in panels), of a tile.

    ``bounds`` says which of ``excluded`` are left; return where those after this tile begin.
    """
    at, stop = bounds
    end = first_item + row[1] * PANEL
    while at < stop and excluded[at] < end:
        scores[row[0] + excluded[at] - first_item] = -np.inf
        at += 1
    return at
