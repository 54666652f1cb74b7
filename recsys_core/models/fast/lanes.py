"""Sixteen float32 numbers at a time: the vector instructions that the training kernels are written in.

numba must assume that two rows of a table may overlap, so it leaves their updates scalar or guards them with
checks. These instructions say outright what is meant; LLVM splits them on processors with shorter registers.
Sums may be reordered and square roots start from the processor's estimate (one Newton step, float32
accuracy), but NaN and infinity keep their meaning, because divergence is recognised by them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.extending import models, register_model

from recsys_core.models.fast.compiled import intrinsic
from recsys_core.models.fast.memory import FLOAT, INT32, INT64, place

if TYPE_CHECKING:
    from numba.core.base import BaseContext

WIDTH = 16
VECTOR, INT_VECTOR = ir.VectorType(FLOAT, WIDTH), ir.VectorType(INT32, WIDTH)
LOOSE = ("reassoc", "arcp", "afn", "contract", "nsz")
"""LLVM's permissions to reorder and estimate; none that would let it assume away NaN or infinity."""


class LanesType(types.Type):
    """numba's type of :data:`WIDTH` float32 numbers in one register."""

    def __init__(self) -> None:
        super().__init__(name="Lanes")


LANES = LanesType()


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: LanesType) -> None:
        super().__init__(manager, kind, VECTOR)


@intrinsic
def load(_typing: Any, _address: Any, _index: Any) -> Any:
    """Return the elements from ``index`` on of the float32 array at ``address``."""

    def generate(_context: BaseContext, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
        return builder.load(place(builder, args[0], args[1], VECTOR, 4), align=4)

    return LANES(types.int64, types.int64), generate


@intrinsic
def store(_typing: Any, _address: Any, _index: Any, _values: Any) -> Any:
    """Set the elements from ``index`` on of the float32 array at ``address``."""

    def generate(context: BaseContext, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
        builder.store(args[2], place(builder, args[0], args[1], VECTOR, 4), align=4)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, LANES), generate


@intrinsic
def splat(_typing: Any, _value: Any) -> Any:
    """Return ``value`` in every lane."""

    def generate(_context: BaseContext, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
        return spread(builder, args[0], VECTOR)

    return LANES(types.float32), generate


@intrinsic
def lone(_typing: Any, _value: Any) -> Any:
    """Return ``value`` in the first lane and zeros in the others."""

    def generate(_context: BaseContext, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
        return builder.insert_element(ir.Constant(VECTOR, [0.0] * WIDTH), args[0], INT32(0))

    return LANES(types.float32), generate


def _arithmetic(name: str, meaning: str) -> Any:
    @intrinsic
    def operation(_typing: Any, _a: Any, _b: Any) -> Any:
        def generate(_context: BaseContext, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
            return getattr(builder, name)(*args, flags=LOOSE)

        return LANES(LANES, LANES), generate

    operation.__doc__ = meaning
    return operation


add = _arithmetic("fadd", "Return ``a + b``.")
sub = _arithmetic("fsub", "Return ``a - b``.")
mul = _arithmetic("fmul", "Return ``a * b``.")


@intrinsic
def rsqrt(_typing: Any, _a: Any) -> Any:
    """Return ``1 / sqrt(a)``."""

    def generate(_context: BaseContext, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
        root = _call(builder, "llvm.sqrt.v16f32", VECTOR, args)
        return builder.fdiv(ir.Constant(VECTOR, [1.0] * WIDTH), root, flags=LOOSE)

    return LANES(LANES), generate


@intrinsic
def total(_typing: Any, _a: Any) -> Any:
    """Return the sum of the lanes, float32."""

    def generate(_context: BaseContext, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
        return _call(builder, "llvm.vector.reduce.fadd.v16f32", FLOAT, [FLOAT(0.0), *args])

    return types.float32(LANES), generate


@intrinsic
def sums_above(_typing: Any, _a: Any, _b: Any, _c: Any, _d: Any, _limit: Any) -> Any:
    """Return, as bits 0 to 3, which of the four vectors have lanes that sum to more than ``limit``."""

    def generate(_context: BaseContext, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
        four = _four_sums(builder, args[:4])
        above = builder.fcmp_ordered(">", four, spread(builder, args[4], four.type))
        return builder.zext(builder.bitcast(above, ir.IntType(4)), INT64)

    return types.intp(LANES, LANES, LANES, LANES, types.float32), generate


@intrinsic
def store_sums(_typing: Any, _address: Any, _index: Any, _a: Any, _b: Any, _c: Any, _d: Any) -> Any:
    """Write the sums of the vectors' lanes from ``index`` on into the float32 array at ``address``."""

    def generate(context: BaseContext, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
        four = _four_sums(builder, args[2:])
        builder.store(four, place(builder, args[0], args[1], four.type, 4), align=4)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, LANES, LANES, LANES, LANES), generate


def _counter(comparison: str, meaning: str) -> Any:
    @intrinsic
    def count(_typing: Any, _a: Any, _value: Any) -> Any:
        def generate(_context: BaseContext, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
            found = builder.fcmp_ordered(comparison, args[0], spread(builder, args[1], VECTOR))
            return builder.zext(builder.ctpop(builder.bitcast(found, ir.IntType(WIDTH))), INT64)

        return types.intp(LANES, types.float32), generate

    count.__doc__ = meaning
    return count


count_above = _counter(">", "Return how many lanes are greater than ``value``.")
count_reaching = _counter(">=", "Return how many lanes are ``value`` or greater.")


@intrinsic
def lowest_bit(_typing: Any, _bits: Any) -> Any:
    """Return the position of the lowest bit set in ``bits``, which is not 0."""

    def generate(_context: BaseContext, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
        return builder.cttz(args[0], ir.IntType(1)(1))

    return types.intp(types.intp), generate


def spread(builder: ir.IRBuilder, value: ir.Value, kind: ir.VectorType) -> ir.Value:
    """Return LLVM code for a vector with ``value`` in every lane."""
    empty = ir.Constant(kind, ir.Undefined)
    first = builder.insert_element(empty, value, INT32(0))
    return _shuffled(builder, first, empty, [0] * kind.count)


def _four_sums(builder: ir.IRBuilder, vectors: Any) -> ir.Value:
    """Return the sums of four vectors' lanes as one vector, in a third of four sums' instructions."""
    pairs = [_halved(builder, vectors[0], vectors[1], 16), _halved(builder, vectors[2], vectors[3], 16)]
    sums = _halved(builder, pairs[0], pairs[1], 8)
    for step in (2, 1):
        turned = _shuffled(builder, sums, sums, [lane ^ step for lane in range(WIDTH)])
        sums = builder.fadd(sums, turned, flags=LOOSE)
    return _shuffled(builder, sums, sums, [0, 4, 8, 12])


def _halved(builder: ir.IRBuilder, a: ir.Value, b: ir.Value, run: int) -> ir.Value:
    """Add the two halves of each run of lanes of ``a``, then of ``b``."""
    starts = range(0, 2 * WIDTH, run)
    low = [start + lane for start in starts for lane in range(run // 2)]
    high = [lane + run // 2 for lane in low]
    return builder.fadd(_shuffled(builder, a, b, low), _shuffled(builder, a, b, high), flags=LOOSE)


def _shuffled(builder: ir.IRBuilder, a: ir.Value, b: ir.Value, lanes: list[int]) -> ir.Value:
    return builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(INT32, len(lanes)), lanes))


def _call(builder: ir.IRBuilder, name: str, result: ir.Type, args: Any) -> ir.Value:
    kind = ir.FunctionType(result, [arg.type for arg in args])
    return builder.call(get_or_insert_function(builder.module, kind, name), args, fastmath=LOOSE)
