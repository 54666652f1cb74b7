"""Random numbers without a state: the draws of an example depend on the epoch's key and its position alone.

So the rows an example will need can be asked for while an earlier one is worked on, and the sampling does not depend
on how an epoch is cut into blocks. The mixers are SplitMix64 (Steele, Lea & Flood, 2014) between examples and the
finaliser of MurmurHash3 within one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from recsys_core.models.fast.compiled import inlined, kernel
from recsys_core.models.fast.lanes import INT32, INT64, INT_VECTOR, WIDTH, spread
from recsys_core.models.fast.memory import address, prefetch_element

if TYPE_CHECKING:
    from numba.core.base import BaseContext

GOLDEN, FIRST, SECOND = (np.uint64(c) for c in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
S27, S30, S31, S32 = (np.uint64(shift) for shift in (27, 30, 31, 32))
GOLDEN_32, MIX_1, MIX_2 = 0x9E3779B9, 0x85EBCA6B, 0xC2B2AE35
AHEAD = 24


@inlined
def stream(key: int, example: int) -> int:
    """Return the 64 random bits, uint64, from which the draws of one example are made."""
    bits = key + np.uint64(example) * GOLDEN
    bits = (bits ^ (bits >> S30)) * FIRST
    bits = (bits ^ (bits >> S27)) * SECOND
    return bits ^ (bits >> S31)


@intrinsic
def draw(_typing: Any, out: Any, _row: Any, _bits: Any, _first: Any, _bound: Any) -> Any:
    """Fill ``out[row]`` (int32, :data:`WIDTH` wide) with draws ``first, first + 1, ...`` from 0 to ``bound - 1``."""

    def generate(context: BaseContext, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
        low, high = _parts(builder, args[2], args[3])
        mixed = builder.xor(_mixed(builder, low), high)
        place = address(context, builder, signature.args[0], args[0], args[1], INT64(0))
        numbers = _below(builder, mixed, args[4])
        builder.store(numbers, builder.bitcast(place, INT_VECTOR.as_pointer()), align=4)
        return context.get_dummy_value()

    return types.void(out, types.intp, types.uint64, types.intp, types.intp), generate


def _parts(builder: ir.IRBuilder, bits: ir.Value, first: ir.Value) -> tuple[ir.Value, ir.Value]:
    """Return the low half of the bits, moved on by each draw's number, and the high half."""
    counters = ir.Constant(INT_VECTOR, [lane * GOLDEN_32 % 2**32 for lane in range(WIDTH)])
    start = builder.add(builder.trunc(bits, INT32), builder.mul(builder.trunc(first, INT32), INT32(GOLDEN_32)))
    high = builder.trunc(builder.lshr(bits, INT64(32)), INT32)
    return builder.add(spread(builder, start, INT_VECTOR), counters), spread(builder, high, INT_VECTOR)


def _mixed(builder: ir.IRBuilder, x: ir.Value) -> ir.Value:
    for shift, factor in ((16, MIX_1), (13, MIX_2)):
        x = builder.xor(x, builder.lshr(x, ir.Constant(INT_VECTOR, [shift] * WIDTH)))
        x = builder.mul(x, ir.Constant(INT_VECTOR, [factor] * WIDTH))
    return builder.xor(x, builder.lshr(x, ir.Constant(INT_VECTOR, [16] * WIDTH)))


def _below(builder: ir.IRBuilder, x: ir.Value, bound: ir.Value) -> ir.Value:
    """Scale 32 random bits to 0 .. bound - 1 by the high half of a product, without a division."""
    wide = ir.VectorType(INT64, WIDTH)
    product = builder.mul(builder.zext(x, wide), spread(builder, bound, wide))
    return builder.trunc(builder.lshr(product, ir.Constant(wide, [32] * WIDTH)), INT_VECTOR)


@inlined
def partner(key: int, i: int) -> int:
    """Return the position from 0 to ``i`` that changes places with ``i`` in a shuffle."""
    return np.intp(((stream(key, i) >> S32) * np.uint64(i + 1)) >> S32)


@kernel
def shuffle(cells: np.ndarray, weights: np.ndarray, key: int) -> None:
    """Put ``cells`` (int64, one per example) in random order, and with them weights if there are as many."""
    weighted = weights.size == cells.size
    for i in range(cells.size - 1, 0, -1):
        prefetch_element(cells, partner(key, max(i - AHEAD, 0)))
        j = partner(key, i)
        cells[i], cells[j] = cells[j], cells[i]
        if weighted:
            weights[i], weights[j] = weights[j], weights[i]
