"""Single elements of arrays, read and written without Python's rule for negative indices, and asked for ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.extending import intrinsic

if TYPE_CHECKING:
    from numba.core.base import BaseContext

INT32, BYTE_POINTER = ir.IntType(32), ir.IntType(8).as_pointer()


def address(context: BaseContext, builder: ir.IRBuilder, kind: Any, array: ir.Value, *index: ir.Value) -> ir.Value:
    """Return LLVM code for the address of an element of a C-contiguous array of one or two dimensions."""
    view = context.make_array(kind)(context, builder, array)
    place = index[0]
    if len(index) == 2:
        place = builder.add(builder.mul(place, builder.extract_value(view.shape, 1)), index[1])
    return builder.gep(view.data, [place])


def _read_type(array: Any) -> Any:
    return types.intp if isinstance(array.dtype, types.Integer) else array.dtype


def _read(context: BaseContext, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
    value = builder.load(address(context, builder, signature.args[0], *args))
    return context.cast(builder, value, signature.args[0].dtype, signature.return_type)


@intrinsic
def at(_typing: Any, rows: Any, _i: Any, _j: Any) -> Any:
    """Return ``rows[i, j]``, integers as int64."""
    return _read_type(rows)(rows, types.intp, types.intp), _read


@intrinsic
def element(_typing: Any, values: Any, _i: Any) -> Any:
    """Return ``values[i]``, integers as int64."""
    return _read_type(values)(values, types.intp), _read


@intrinsic
def put(_typing: Any, rows: Any, _i: Any, _j: Any, _value: Any) -> Any:
    """Set ``rows[i, j]``."""

    def generate(context: BaseContext, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
        builder.store(args[3], address(context, builder, signature.args[0], *args[:3]))
        return context.get_dummy_value()

    return types.void(rows, types.intp, types.intp, rows.dtype), generate


@intrinsic
def prefetch(_typing: Any, rows: Any, _i: Any, _j: Any) -> Any:
    """Ask for the cache line of ``rows[i, j]``; an address outside the array does no harm."""
    return types.void(rows, types.intp, types.intp), _ask


@intrinsic
def prefetch_element(_typing: Any, values: Any, _i: Any) -> Any:
    """Ask for the cache line of ``values[i]``; an address outside the array does no harm."""
    return types.void(values, types.intp), _ask


def _ask(context: BaseContext, builder: ir.IRBuilder, signature: Any, args: Any) -> ir.Value:
    place = builder.bitcast(address(context, builder, signature.args[0], *args), BYTE_POINTER)
    kind = ir.FunctionType(ir.VoidType(), [BYTE_POINTER, INT32, INT32, INT32])
    function = get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    builder.call(function, [place, INT32(0), INT32(3), INT32(1)])
    return context.get_dummy_value()
