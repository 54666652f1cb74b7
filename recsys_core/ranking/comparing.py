"""Find the scores above a bar, and look at floats as integers."""

from __future__ import annotations

from functools import reduce
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from recsys_core.ranking.simd import (
    FLOAT,
    INT32,
    INT64,
    LANES,
    PANEL,
    PANEL_VECTORS,
    address,
    constant,
    instruction,
    load,
    spread,
)


@instruction
def panel_above(_typing: Any, scores: Any, start: Any, bar: Any) -> Any:
    """Return an integer whose bit ``i`` says whether ``scores[start + i]`` of a panel exceeds ``bar``."""
    signature = types.int64(scores, types.int64, types.float32)

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> Any:
        panel = address(context, builder, (signature.args[0], args[0]), args[1])
        limit = spread(builder, args[2])
        bits = constant(0)
        for i in range(PANEL_VECTORS):
            above = builder.fcmp_ordered(">", load(builder, panel, i * LANES), limit)
            part = builder.zext(builder.bitcast(above, ir.IntType(LANES)), INT64)
            bits = builder.or_(bits, builder.shl(part, constant(i * LANES)))
        return bits

    return signature, generate


@instruction
def next_panel_above(_typing: Any, scores: Any, start: Any, first: Any, stop: Any, bar: Any) -> Any:
    """Return the first panel from ``first`` to ``stop`` of a row with a score above ``bar``, or ``stop``."""
    signature = types.int64(scores, types.int64, types.int64, types.int64, types.float32)

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, args: Any) -> Any:
        row = address(context, builder, (signature.args[0], args[0]), args[1])
        limit = spread(builder, args[4])
        found = cgutils.alloca_once(builder, INT64)
        builder.store(args[3], found)
        with cgutils.for_range(builder, args[3], args[2]) as loop:
            panel = builder.gep(row, [builder.mul(loop.index, constant(PANEL))])
            above = [
                builder.fcmp_ordered(">", load(builder, panel, i * LANES), limit)
                for i in range(PANEL_VECTORS)
            ]
            bits = builder.bitcast(reduce(builder.or_, above), ir.IntType(LANES))
            with builder.if_then(builder.icmp_unsigned("!=", bits, bits.type(0))):
                builder.store(loop.index, found)
                loop.do_break()
        return builder.load(found)

    return signature, generate


@instruction
def lowest_bit(_typing: Any, bits: Any) -> Any:
    """Return the position of the lowest set bit of a nonzero integer."""
    signature = types.int64(types.int64)

    def generate(_context: Any, builder: ir.IRBuilder, _signature: Any, args: Any) -> Any:
        function = ir.FunctionType(INT64, [INT64, ir.IntType(1)])
        count = cgutils.get_or_insert_function(builder.module, function, "llvm.cttz.i64")
        return builder.call(count, [args[0], ir.Constant(ir.IntType(1), 1)])

    return signature, generate


@instruction
def float_of(_typing: Any, bits: Any) -> Any:
    """Return the float32 with these bits."""

    def generate(_context: Any, builder: ir.IRBuilder, _signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], FLOAT)

    return types.float32(types.int32), generate


@instruction
def bits_of(_typing: Any, value: Any) -> Any:
    """Return the bits of a float32."""

    def generate(_context: Any, builder: ir.IRBuilder, _signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], INT32)

    return types.int32(types.float32), generate
