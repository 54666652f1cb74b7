"""Kernels that multiply embeddings: a panel of items with a group of users, or single pairs."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from recsys_core.ranking.simd import (
    FLOAT,
    GROUP,
    INT64,
    LANES,
    PANEL,
    PANEL_VECTORS,
    VECTOR,
    address,
    constant,
    instruction,
    load,
    multiply_add,
    spread,
    store,
)

PAIRS_AT_ONCE = 8
"""Independent sums side by side, to hide the latency of each."""


@instruction
def score_panels(
    _typing: Any, users: Any, user_at: Any, items: Any, first: Any, biases: Any, out: Any, shape: Any
) -> Any:
    """Write the scores of GROUP users for several panels of items to ``out``.

    ``users[user_at:]`` holds the group component by component, ``items`` panels from ``packing``, of which
    those from number ``first`` on are scored; ``shape`` is (embedding size, panels, row length of ``out``).
    """
    signature = types.void(
        users, types.int64, items, types.int64, biases, out, types.UniTuple(types.int64, 3)
    )

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> Any:
        size, n_panels, stride = cgutils.unpack_tuple(builder, args[6], 3)
        group = address(context, builder, (signature.args[0], args[0]), args[1])
        panel_values = builder.mul(size, constant(PANEL))
        panels = address(context, builder, (signature.args[2], args[2]), builder.mul(args[3], panel_values))
        bias = address(context, builder, (signature.args[4], args[4]), builder.mul(args[3], constant(PANEL)))
        rows = address(context, builder, (signature.args[5], args[5]), constant(0))
        with cgutils.for_range(builder, n_panels) as loop:
            panel = builder.gep(panels, [builder.mul(loop.index, panel_values)])
            column = builder.mul(loop.index, constant(PANEL))
            sums = _panel_sums(builder, group, panel, builder.gep(bias, [column]), size)
            for user, vectors in enumerate(sums):
                row = builder.gep(rows, [builder.add(column, builder.mul(stride, constant(user)))])
                for j, total in enumerate(vectors):
                    store(builder, builder.load(total), row, j * LANES)
        return context.get_dummy_value()

    return signature, generate


def _panel_sums(builder: ir.IRBuilder, group: Any, panel: Any, bias: Any, size: Any) -> list[list[ir.Value]]:
    """Return GROUP x PANEL_VECTORS sums, which LLVM keeps in registers for the whole loop over components."""
    sums = [[cgutils.alloca_once(builder, VECTOR) for _ in range(PANEL_VECTORS)] for _ in range(GROUP)]
    starts = [load(builder, bias, j * LANES) for j in range(PANEL_VECTORS)]
    for row in sums:
        for total, start in zip(row, starts, strict=True):
            builder.store(start, total)
    with cgutils.for_range(builder, size) as loop:
        part = builder.gep(panel, [builder.mul(loop.index, constant(PANEL))])
        values = builder.gep(group, [builder.mul(loop.index, constant(GROUP))])
        items = [load(builder, part, j * LANES) for j in range(PANEL_VECTORS)]
        for user, row in enumerate(sums):
            value = spread(builder, builder.load(builder.gep(values, [constant(user)])))
            for total, item in zip(row, items, strict=True):
                builder.store(multiply_add(builder, value, item, builder.load(total)), total)
    return sums


def _score_pairs(at_once: int) -> Any:
    """Return an instruction that scores some items for one user, exactly as :func:`score_panels` does."""

    @instruction
    def score(_typing: Any, user: Any, items: Any, biases: Any, wanted: Any, start: Any, out: Any) -> Any:
        signature = types.void(user, items, biases, wanted, types.int64, out)

        def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> Any:
            arrays = list(zip(signature.args, args, strict=True))
            user_row, all_items, bias, out = (
                address(context, builder, arrays[i], constant(0)) for i in (0, 1, 2, 5)
            )
            size = builder.extract_value(context.make_array(arrays[0][0])(context, builder, args[0]).shape, 0)
            names = address(context, builder, arrays[3], args[4])
            idx = [
                builder.sext(builder.load(builder.gep(names, [constant(i)])), INT64) for i in range(at_once)
            ]
            rows = [builder.gep(all_items, [builder.mul(item, size)]) for item in idx]
            sums = [cgutils.alloca_once(builder, FLOAT) for _ in idx]
            for item, total in zip(idx, sums, strict=True):
                builder.store(builder.load(builder.gep(bias, [item])), total)
            with cgutils.for_range(builder, size) as loop:
                value = builder.load(builder.gep(user_row, [loop.index]))
                for row, total in zip(rows, sums, strict=True):
                    other = builder.load(builder.gep(row, [loop.index]))
                    builder.store(multiply_add(builder, value, other, builder.load(total)), total)
            for i, total in enumerate(sums):
                builder.store(builder.load(total), builder.gep(out, [builder.add(args[4], constant(i))]))
            return context.get_dummy_value()

        return signature, generate

    return score


score_one_pair = _score_pairs(1)
score_some_pairs = _score_pairs(PAIRS_AT_ONCE)
