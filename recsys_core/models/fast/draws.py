"""Random numbers without a state: the draws of an example depend on the epoch's key and its position alone.

So the rows an example will need can be asked for while an earlier one is worked on, and the sampling does not
depend on how an epoch is cut into blocks. The mixers are SplitMix64 (Steele, Lea & Flood, 2014) between
examples and the finaliser of MurmurHash3 within one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from llvmlite import ir
from numba import types

from recsys_core.models.fast.compiled import inlined, intrinsic, kernel
from recsys_core.models.fast.lanes import INT_VECTOR, WIDTH, spread
from recsys_core.models.fast.memory import (
    INT32,
    INT64,
    get_float,
    get_long,
    place,
    prefetch,
    set_float,
    set_long,
)

if TYPE_CHECKING:
    from numba.core.base import BaseContext

GOLDEN, FIRST, SECOND = (np.uint64(c) for c in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
S27, S30, S31, S32 = (np.uint64(shift) for shift in (27, 30, 31, 32))
GOLDEN_32, MIX_1, MIX_2 = 0x9E3779B9, 0x85EBCA6B, 0xC2B2AE35
AHEAD = 24
RING = 8
"""Examples whose draws are remembered between asking for their rows and using them; a power of two."""


@inlined
def ring_row(example: int) -> int:
    """Return where the draws of ``example`` begin in a ring of :data:`RING` rows."""
    return (example & (RING - 1)) * WIDTH


@inlined
def stream(key: int, example: int) -> Any:
    """Return the 64 random bits, uint64, from which the draws of one example are made."""
    bits = key + np.uint64(example) * GOLDEN
    bits = (bits ^ (bits >> S30)) * FIRST
    bits = (bits ^ (bits >> S27)) * SECOND
    return bits ^ (bits >> S31)


@intrinsic
def draw(_typing: Any, _address: Any, _index: Any, _bits: Any, _first: Any, _bound: Any) -> Any:
    """Write draws ``first`` to ``first + WIDTH``, each below ``bound``, into an int32 array at ``index``."""

    def generate(context: BaseContext, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
        low, high = _parts(builder, args[2], args[3])
        numbers = _below(builder, builder.xor(_mixed(builder, low), high), args[4])
        builder.store(numbers, place(builder, args[0], args[1], INT_VECTOR, 4), align=4)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.uint64, types.int64, types.int64), generate


def _parts(builder: ir.IRBuilder, bits: ir.Value, first: ir.Value) -> tuple[ir.Value, ir.Value]:
    """Return the low half of the bits, moved on by each draw's number, and the high half."""
    counters = ir.Constant(INT_VECTOR, [lane * GOLDEN_32 % 2**32 for lane in range(WIDTH)])
    start = builder.add(
        builder.trunc(bits, INT32), builder.mul(builder.trunc(first, INT32), INT32(GOLDEN_32))
    )
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
def partner(key: int, i: int) -> Any:
    """Return the position from 0 to ``i`` that changes places with ``i`` in a shuffle."""
    return np.intp(((stream(key, i) >> S32) * np.uint64(i + 1)) >> S32)


@kernel
def shuffle(cells: int, weights: int, n_examples: int, key: int) -> None:
    """Put the int64 at ``cells`` in random order, and with them the float32 at ``weights`` if not 0."""
    for i in range(n_examples - 1, 0, -1):
        prefetch(cells, 8 * partner(key, max(i - AHEAD, 0)))
        j = partner(key, i)
        here, there = get_long(cells, i), get_long(cells, j)
        set_long(cells, i, there)
        set_long(cells, j, here)
        if weights != 0:
            one, other = get_float(weights, i), get_float(weights, j)
            set_float(weights, i, other)
            set_float(weights, j, one)
