"""Vector instructions for numba kernels, written as LLVM code.

numba compiles loops well but cannot be told to keep a block of sums in registers, which is worth a factor
of two to three here. These few building blocks say it outright; LLVM turns them into AVX-512, AVX2, NEON or
whatever the processor has. Nothing is reassociated: each score is one chain of multiply-adds in the order of
the components, so the same pair has the same score, bit for bit, wherever it is computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llvmlite import binding, ir
from numba.core import cgutils, config
from numba.extending import intrinsic

if TYPE_CHECKING:
    from collections.abc import Callable

    from numba.core.base import BaseContext

numba_settings: Any = config
FLOAT, INT32, INT64 = ir.FloatType(), ir.IntType(32), ir.IntType(64)


def _vector_length() -> int:
    """Return how many float32 fit into one register of the processor that numba compiles for."""
    chosen = numba_settings.CPU_FEATURES
    features = binding.get_host_cpu_features().flatten() if chosen is None else chosen
    if "+avx512f" in features:
        return 16
    return 8 if "+avx" in features else 4


LANES = _vector_length()
"""float32 values in one vector register."""
PANEL_VECTORS = 3
"""Vectors of items side by side in one panel."""
PANEL = LANES * PANEL_VECTORS
"""Items in one panel."""
GROUP = 8 if LANES == 16 else 4
"""Users scored together; GROUP x PANEL_VECTORS sums must fit into 32 (AVX-512) or 16 registers."""

VECTOR = ir.VectorType(FLOAT, LANES)
INT_VECTOR = ir.VectorType(INT32, LANES)


def instruction(define: Callable[..., Any]) -> Any:
    """Make a kernel instruction of a function that returns its signature and the generator of its code."""
    return intrinsic(define)


def constant(value: int) -> ir.Constant:
    """Return a 64-bit constant."""
    return ir.Constant(INT64, value)


def address(
    context: BaseContext, builder: ir.IRBuilder, array: tuple[Any, ir.Value], at: ir.Value
) -> ir.Value:
    """Return a pointer to element ``at`` of a contiguous array, given as (numba type, value)."""
    kind, value = array
    return builder.gep(context.make_array(kind)(context, builder, value=value).data, [at])


def load(builder: ir.IRBuilder, pointer: ir.Value, element: int) -> ir.Value:
    """Return the vector that starts ``element`` values after ``pointer``."""
    start = builder.gep(pointer, [constant(element)])
    return builder.load(builder.bitcast(start, VECTOR.as_pointer()), align=4)


def store(builder: ir.IRBuilder, vector: ir.Value, pointer: ir.Value, element: int) -> None:
    """Write ``vector`` to ``element`` values after ``pointer``."""
    start = builder.gep(pointer, [constant(element)])
    builder.store(vector, builder.bitcast(start, vector.type.as_pointer()), align=4)


def spread(builder: ir.IRBuilder, value: ir.Value) -> ir.Value:
    """Return a vector with ``value`` in every lane."""
    empty = ir.Constant(VECTOR, ir.Undefined)
    first = builder.insert_element(empty, value, ir.Constant(INT32, 0))
    return builder.shuffle_vector(first, empty, ir.Constant(INT_VECTOR, [0] * LANES))


def multiply_add(builder: ir.IRBuilder, left: ir.Value, right: ir.Value, total: ir.Value) -> ir.Value:
    """Return ``left * right + total``, rounded once if the processor can, for vectors and scalars alike."""
    name = f"llvm.fmuladd.v{LANES}f32" if total.type == VECTOR else "llvm.fmuladd.f32"
    function = ir.FunctionType(total.type, [total.type] * 3)
    return builder.call(cgutils.get_or_insert_function(builder.module, function, name), [left, right, total])


def add_lanes(builder: ir.IRBuilder, counts: ir.Value) -> ir.Value:
    """Return the sum of an integer vector's lanes."""
    name = f"llvm.vector.reduce.add.v{LANES}i32"
    function = ir.FunctionType(INT32, [INT_VECTOR])
    return builder.call(cgutils.get_or_insert_function(builder.module, function, name), [counts])


def lower(builder: ir.IRBuilder, left: ir.Value, right: ir.Value) -> ir.Value:
    """Return the lane by lane minimum."""
    return builder.select(builder.fcmp_ordered("<", left, right), left, right)


def higher(builder: ir.IRBuilder, left: ir.Value, right: ir.Value) -> ir.Value:
    """Return the lane by lane maximum."""
    return builder.select(builder.fcmp_ordered(">", left, right), left, right)


def fold(builder: ir.IRBuilder, vectors: list[ir.Value], combine: Any) -> ir.Value:
    """Return one float, the lanes of all ``vectors`` combined."""
    total = vectors[0]
    for vector in vectors[1:]:
        total = combine(builder, total, vector)
    step = LANES // 2
    while step:
        order = ir.Constant(INT_VECTOR, [(lane + step) % LANES for lane in range(LANES)])
        turned = builder.shuffle_vector(total, ir.Constant(VECTOR, ir.Undefined), order)
        total, step = combine(builder, total, turned), step // 2
    return builder.extract_element(total, ir.Constant(INT32, 0))
