"""Rank the pairs of a block of users: score a tile of items for all, count, go on to the next tile."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from recsys_core.kernel import kernel
from recsys_core.ranking.copying import copy_tile
from recsys_core.ranking.counting import count_tile
from recsys_core.ranking.packing import PackedItems, pack_group
from recsys_core.ranking.pairs import Cells, Pairs, join_pairs, sort_ranked
from recsys_core.ranking.products import PAIRS_AT_ONCE, score_one_pair, score_panels, score_some_pairs
from recsys_core.ranking.simd import GROUP, PANEL, PANEL_VECTORS


class Task(NamedTuple):
    """What to rank, and where the ranks of test and train pairs go (``train_ranks`` is empty if not wanted).

    With ``strict``, only higher scores count; otherwise equal ones do too.
    """

    train: Cells
    test: Cells
    test_ranks: np.ndarray
    train_ranks: np.ndarray
    rank_train: bool
    strict: bool


@kernel
def rank_block_of_factors(
    users: np.ndarray, items: PackedItems, task: Task, start: int, stop: int, tile: np.ndarray
) -> None:
    """Rank the pairs of users ``start`` to ``stop`` from embeddings; ``tile`` is scratch for scores."""
    size = users.shape[1]
    pairs = join_pairs(task.train, task.test, start, stop, task.rank_train)
    scores = score_pairs(users[start:stop], items, pairs)
    limits, source = sort_ranked(pairs, scores)
    counts, whole = np.zeros(scores.size, np.int32), np.zeros(scores.size + stop - start, np.int32)
    n_groups, packed = -(-(stop - start) // GROUP), pack_group(users, np.arange(start, stop))
    # fields leave their tuples first: each access inside the loops would cost two atomic operations
    panels, biases, total, per_tile = items.panels, items.biases, items.n_panels, items.panels_per_tile
    ranges, tallies, strict = (pairs.ranked, pairs.indptr[1:]), (counts, whole), task.strict
    for first in range(0, total, per_tile):
        shape = (size, min(per_tile, total - first), per_tile * PANEL)
        for group in range(n_groups):
            score_panels(packed, group * GROUP * size, panels, first, biases, tile, shape)
            count_rows(tile, shape, (group * GROUP, stop - start), limits, ranges, tallies, strict)
    write_ranks(task, start, pairs, scores, source, counts, whole)


@kernel
def count_rows(
    tile: np.ndarray,
    shape: tuple[int, int, int],
    rows: tuple[int, int],
    limits: np.ndarray,
    ranges: tuple[np.ndarray, np.ndarray],
    tallies: tuple[np.ndarray, np.ndarray],
    strict: bool,
) -> None:
    """Count a tile of ``shape`` (size, panels, row length) for the rows of a group that rank something."""
    begin, end = ranges
    counts, whole = tallies
    for i in range(min(GROUP, rows[1] - rows[0])):
        row = rows[0] + i
        if begin[row] < end[row]:
            part, bounds = (i * shape[2], shape[1] * PANEL_VECTORS), (begin[row], end[row], row)
            count_tile(tile, part, limits, bounds, counts, whole, strict)


@kernel
def rank_block_of_scores(
    block: np.ndarray, task: Task, start: int, stop: int, first: int, tile: np.ndarray
) -> bool:
    """Rank the pairs of users ``start`` to ``stop`` from ``block``, whose first row is user ``first``.

    Return False, with no rank written, if a score is NaN or infinite.
    """
    pairs = join_pairs(task.train, task.test, start, stop, task.rank_train)
    scores = np.empty(pairs.items.size, np.float32)
    for row in range(stop - start):
        for p in range(pairs.indptr[row], pairs.indptr[row + 1]):
            scores[p] = block[start - first + row, pairs.items[p]]
    limits, source = sort_ranked(pairs, scores)
    counts, whole = np.zeros(scores.size, np.int32), np.zeros(scores.size + stop - start, np.int32)
    n_items = block.shape[1]
    for row in range(stop - start):
        bounds = (pairs.ranked[row], pairs.indptr[row + 1], row)
        for at in range(0, n_items, tile.size):
            n_vectors = copy_tile(block[start - first + row], at, tile)
            if n_vectors < 0:
                return False
            if bounds[0] < bounds[1]:
                count_tile(tile, (0, n_vectors), limits, bounds, counts, whole, task.strict)
    write_ranks(task, start, pairs, scores, source, counts, whole)
    return True


@kernel
def score_pairs(users: np.ndarray, items: PackedItems, pairs: Pairs) -> np.ndarray:
    """Return the score of every pair, bit for bit what its tile will hold."""
    scores = np.empty(pairs.items.size, np.float32)
    indptr, wanted, embeddings, biases = pairs.indptr, pairs.items, items.embeddings, items.own_biases
    for row in range(users.shape[0]):
        user, p, stop = users[row], indptr[row], indptr[row + 1]
        while p + PAIRS_AT_ONCE <= stop:
            score_some_pairs(user, embeddings, biases, wanted, p, scores)
            p += PAIRS_AT_ONCE
        while p < stop:
            score_one_pair(user, embeddings, biases, wanted, p, scores)
            p += 1
    return scores


@kernel
def write_ranks(
    task: Task,
    start: int,
    pairs: Pairs,
    scores: np.ndarray,
    source: np.ndarray,
    counts: np.ndarray,
    whole: np.ndarray,
) -> None:
    """Turn counts into ranks: take out the item itself and, for test items, the user's train items."""
    strict, itself = task.strict, 0 if task.strict else 1
    test_ranks, train_ranks = task.test_ranks, task.train_ranks
    for row in range(pairs.middle.size):
        begin, middle, stop = pairs.indptr[row], pairs.middle[row], pairs.indptr[row + 1]
        train_at, test_at = task.train.indptr[start + row] - begin, task.test.indptr[start + row] - middle
        seen, reached = scores[begin:middle], 0
        for i in range(stop - 1, pairs.ranked[row] - 1, -1):
            reached += whole[row + i + 1]
            p = source[i]
            rank = counts[i] + reached - itself
            if p < middle:
                train_ranks[train_at + p] = rank
            else:
                test_ranks[test_at + p] = rank - count_reaching(seen, scores[p], strict)


@kernel
def count_reaching(scores: np.ndarray, threshold: float, strict: bool) -> int:
    """Return how many of a few scores reach (exceed, if ``strict``) the threshold."""
    count: Any = np.int32(0)
    if strict:
        for score in scores:
            count += np.int32(score > threshold)
    else:
        for score in scores:
            count += np.int32(score >= threshold)
    return count
