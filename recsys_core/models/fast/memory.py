"""Reading, writing and asking ahead for memory by its address, from compiled code.

Kernels get the addresses of their arrays, not the arrays: numba counts references to an array wherever a
function takes one out of a tuple, and in loops of fifty nanoseconds that is most of the time.
:func:`address_of` is the one place where an array becomes an address; whoever calls it keeps the array alive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function

from recsys_core.models.fast.compiled import intrinsic

if TYPE_CHECKING:
    from numba.core.base import BaseContext

FLOAT, INT8, INT32, INT64 = ir.FloatType(), ir.IntType(8), ir.IntType(32), ir.IntType(64)


def address_of(array: np.ndarray, dtype: type[np.generic]) -> int:
    """Return where the C-contiguous ``array`` of ``dtype`` begins; valid while the array lives."""
    if array.dtype != dtype or not array.flags.c_contiguous:
        raise TypeError(f"A contiguous array of {np.dtype(dtype)} is needed, not of {array.dtype}.")
    return array.ctypes.data


def place(builder: ir.IRBuilder, address: ir.Value, index: ir.Value, kind: ir.Type, size: int) -> ir.Value:
    """Return LLVM code for a pointer to ``kind``, ``index`` times ``size`` bytes after ``address``."""
    start = builder.inttoptr(address, INT8.as_pointer())
    return builder.bitcast(builder.gep(start, [builder.mul(index, INT64(size))]), kind.as_pointer())


def _reader(kind: ir.Type, size: int, result: Any, meaning: str) -> Any:
    @intrinsic
    def read(_typing: Any, _address: Any, _index: Any) -> Any:
        def generate(_context: BaseContext, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
            value = builder.load(place(builder, args[0], args[1], kind, size))
            return builder.sext(value, INT64) if kind is INT32 else value

        return result(types.int64, types.int64), generate

    read.__doc__ = meaning
    return read


def _writer(kind: ir.Type, size: int, value: Any, meaning: str) -> Any:
    @intrinsic
    def write(_typing: Any, _address: Any, _index: Any, _value: Any) -> Any:
        def generate(context: BaseContext, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
            value = builder.trunc(args[2], INT32) if kind is INT32 else args[2]
            builder.store(value, place(builder, args[0], args[1], kind, size))
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, value), generate

    write.__doc__ = meaning
    return write


get_float = _reader(FLOAT, 4, types.float32, "Return element ``index`` of the float32 array at ``address``.")
get_double = _reader(
    ir.DoubleType(), 8, types.float64, "Return element ``index`` of the float64 array at ``address``."
)
get_int = _reader(INT32, 4, types.int64, "Return element ``index`` of the int32 array at ``address``.")
get_long = _reader(INT64, 8, types.int64, "Return element ``index`` of the int64 array at ``address``.")
set_int = _writer(INT32, 4, types.int64, "Set element ``index`` of the int32 array at ``address``.")
set_float = _writer(FLOAT, 4, types.float32, "Set element ``index`` of the float32 array at ``address``.")
set_double = _writer(
    ir.DoubleType(), 8, types.float64, "Set element ``index`` of the float64 array at ``address``."
)
set_long = _writer(INT64, 8, types.int64, "Set element ``index`` of the int64 array at ``address``.")


def _asker(to_write: int, meaning: str) -> Any:
    @intrinsic
    def ask(_typing: Any, _address: Any, _byte: Any) -> Any:
        def generate(context: BaseContext, builder: ir.IRBuilder, _signature: Any, args: Any) -> ir.Value:
            line = place(builder, args[0], args[1], INT8, 1)
            kind = ir.FunctionType(ir.VoidType(), [line.type, INT32, INT32, INT32])
            function = get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
            builder.call(function, [line, INT32(to_write), INT32(3), INT32(1)])
            return context.get_dummy_value()

        return types.void(types.int64, types.int64), generate

    ask.__doc__ = meaning
    return ask


prefetch = _asker(0, "Ask for the cache line ``byte`` bytes after ``address``; it need not exist.")
prefetch_to_write = _asker(
    1, "Ask for the line and take it from the other cores, which halves the wait for a write."
)
