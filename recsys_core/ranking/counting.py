"""Count, for sorted thresholds, the scores of a tile that reach them."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils

from recsys_core.kernel import kernel
from recsys_core.ranking.simd import (
    INT_VECTOR,
    LANES,
    PANEL_VECTORS,
    VECTOR,
    add_lanes,
    address,
    constant,
    fold,
    higher,
    instruction,
    load,
    lower,
    spread,
)


def _counter(at_once: int, comparison: str) -> Any:
    """Return an instruction that adds how many of a row's scores compare so with each threshold.

    Its arguments: scores, where the row starts, its length in vectors, thresholds, first one, counts.
    Several thresholds at once share the loads of the scores.
    """

    @instruction
    def count(
        _typing: Any, scores: Any, start: Any, n_vectors: Any, thresholds: Any, first: Any, counts: Any
    ) -> Any:
        signature = types.void(scores, types.int64, types.int64, thresholds, types.int64, counts)

        def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> Any:
            arrays = list(zip(signature.args, args, strict=True))
            row = address(context, builder, arrays[0], args[1])
            limit = address(context, builder, arrays[3], args[4])
            count = address(context, builder, arrays[5], args[4])
            none, one = (ir.Constant(INT_VECTOR, [value] * LANES) for value in (0, 1))
            limits = [
                spread(builder, builder.load(builder.gep(limit, [constant(i)]))) for i in range(at_once)
            ]
            totals = [cgutils.alloca_once(builder, INT_VECTOR) for _ in limits]
            for total in totals:
                builder.store(none, total)
            with cgutils.for_range(builder, args[2]) as loop:
                values = load(builder, builder.gep(row, [builder.mul(loop.index, constant(LANES))]), 0)
                for value, total in zip(limits, totals, strict=True):
                    seen = builder.load(total)
                    reached = builder.fcmp_ordered(comparison, values, value)
                    builder.store(builder.select(reached, builder.add(seen, one), seen), total)
            for i, total in enumerate(totals):
                place = builder.gep(count, [constant(i)])
                builder.store(
                    builder.add(builder.load(place), add_lanes(builder, builder.load(total))), place
                )
            return context.get_dummy_value()

        return signature, generate

    return count


count_four_equal_or_above, count_four_above = _counter(4, ">="), _counter(4, ">")
count_one_equal_or_above, count_one_above = _counter(1, ">="), _counter(1, ">")


@instruction
def score_range(_typing: Any, scores: Any, start: Any, n_vectors: Any) -> Any:
    """Return the lowest and highest of a row's scores, whose length is a multiple of PANEL."""
    signature = types.UniTuple(types.float32, 2)(scores, types.int64, types.int64)

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> Any:
        row = address(context, builder, (signature.args[0], args[0]), args[1])
        steps = builder.udiv(args[2], constant(PANEL_VECTORS))
        ends = []
        for _ in (lower, higher):
            ends.append([cgutils.alloca_once(builder, VECTOR) for _ in range(PANEL_VECTORS)])
            for i, end in enumerate(ends[-1]):
                builder.store(load(builder, row, i * LANES), end)
        with cgutils.for_range(builder, steps) as loop:
            part = builder.gep(row, [builder.mul(loop.index, constant(LANES * PANEL_VECTORS))])
            for i in range(PANEL_VECTORS):
                values = load(builder, part, i * LANES)
                for combine, places in zip((lower, higher), ends, strict=True):
                    builder.store(combine(builder, values, builder.load(places[i])), places[i])
        found = [
            fold(builder, [builder.load(place) for place in places], combine)
            for combine, places in zip((lower, higher), ends, strict=True)
        ]
        return context.make_tuple(builder, signature.return_type, found)

    return signature, generate


@kernel
def first_not_reached(thresholds: np.ndarray, start: int, stop: int, score: float, strict: bool) -> int:
    """Return where the first of the ascending ``thresholds[start:stop]`` is that ``score`` does not reach."""
    while start < stop:
        middle = (start + stop) >> 1
        reached = thresholds[middle] < score if strict else thresholds[middle] <= score
        if reached:
            start = middle + 1
        else:
            stop = middle
    return start


@kernel
def count_tile(
    scores: np.ndarray,
    row: tuple[int, int],
    thresholds: np.ndarray,
    bounds: tuple[int, int, int],
    counts: np.ndarray,
    whole: np.ndarray,
    strict: bool,
) -> None:
    """Count the scores that reach the ascending ``thresholds[bounds[0]:bounds[1]]`` (exceed, if ``strict``).

    ``row`` is (start, length in vectors). A threshold that all of the row reach, or none, costs nothing:
    ``whole[bounds[2] + i]`` takes the row's length on behalf of all thresholds before ``i``.
    """
    start, n_vectors = row
    lowest, highest = score_range(scores, start, n_vectors)
    at = first_not_reached(thresholds, bounds[0], bounds[1], lowest, strict)
    stop = first_not_reached(thresholds, at, bounds[1], highest, strict)
    whole[bounds[2] + at] += n_vectors * LANES
    while at + 4 <= stop:
        if strict:
            count_four_above(scores, start, n_vectors, thresholds, at, counts)
        else:
            count_four_equal_or_above(scores, start, n_vectors, thresholds, at, counts)
        at += 4
    while at < stop:
        if strict:
            count_one_above(scores, start, n_vectors, thresholds, at, counts)
        else:
            count_one_equal_or_above(scores, start, n_vectors, thresholds, at, counts)
        at += 1
