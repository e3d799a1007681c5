"""SIMD: test one point against eight pieces of edges at once, and prefetch cache lines.

Numba does not vectorise this test, so the code is written with LLVM vectors, which run on any
processor; on x86-64 with AVX2 each is one instruction. `piece_sides_numpy` is the same in NumPy,
and runs if kernels are not compiled.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

from zoning.kernels.compiling import UNCOMPILED

NEAR: Final = 1.5
"""A point within so many quanta of a piece is near the piece: exact arithmetic decides."""
REACH: Final = 2.0
"""Quanta above and below a piece in which a point may be near the piece."""

_LANES: Final = 8
_FLOATS: Final = ir.VectorType(ir.FloatType(), _LANES)
_SHORTS: Final = ir.VectorType(ir.IntType(16), _LANES)


def piece_sides_numpy(
    pieces: NDArray[np.uint16], first: int, px: np.float32, py: np.float32
) -> tuple[int, int]:
    """Find which of eight pieces are west of a point, and which are near the point.

    Parameters
    ----------
    pieces
        From position `first` on: x of the eight lower ends, y of the lower ends, x of the upper
        ends, y of the upper ends, all in quanta.
    px, py
        The point, in quanta. Products in float32 have an error of at most a hundredth of a quantum.

    Returns
    -------
    int, int
        Two bit sets with a bit per piece. First: the point is at the height of the piece (lower
        end included, upper end excluded) and right of the piece. Second: the point is within
        `NEAR` quanta of the piece, or a little farther.
    """
    ax, ay, bx, by = pieces[first : first + 4 * _LANES].reshape(4, _LANES).astype(np.float32)
    dx, dy = bx - ax, by - ay
    cross = dx * (py - ay) - dy * (px - ax)
    west = (ay <= py) & (py < by) & (cross < 0)
    near = np.abs(cross) <= np.float32(NEAR) * (np.abs(dx) + dy)
    near &= (ay - np.float32(REACH) <= py) & (py <= by + np.float32(REACH))
    return int(np.packbits(west, bitorder="little")[0]), int(
        np.packbits(near, bitorder="little")[0]
    )


def _compile_sides(
    _context: Any,  # noqa: ANN401 - Numba's own types
    pieces: Any,  # noqa: ANN401
    first: Any,  # noqa: ANN401
    px: Any,  # noqa: ANN401
    py: Any,  # noqa: ANN401
) -> tuple[Any, Callable[..., Any]]:
    signature = types.UniTuple(types.uint32, 2)(pieces, first, px, py)

    def generate(context: Any, builder: ir.IRBuilder, call_signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        start = builder.gep(
            context.make_array(call_signature.args[0])(context, builder, arguments[0]).data,
            [arguments[1]],
        )
        ax, ay, bx, by = (_load(builder, start, k) for k in range(4))
        px, py = _splat(builder, arguments[2]), _splat(builder, arguments[3])
        dx, dy = builder.fsub(bx, ax), builder.fsub(by, ay)
        cross = builder.fsub(
            builder.fmul(dx, builder.fsub(py, ay)), builder.fmul(dy, builder.fsub(px, ax))
        )
        level = builder.and_(builder.fcmp_ordered("<=", ay, py), builder.fcmp_ordered("<", py, by))
        west = builder.and_(level, builder.fcmp_ordered("<", cross, _constant(0.0)))
        bound = builder.fmul(_constant(NEAR), builder.fadd(_absolute(builder, dx), dy))
        near = builder.and_(
            builder.fcmp_ordered("<=", _absolute(builder, cross), bound),
            builder.and_(
                builder.fcmp_ordered("<=", builder.fsub(ay, _constant(REACH)), py),
                builder.fcmp_ordered("<=", py, builder.fadd(by, _constant(REACH))),
            ),
        )
        bits = [
            builder.zext(builder.bitcast(v, ir.IntType(_LANES)), ir.IntType(32))
            for v in (west, near)
        ]
        return context.make_tuple(builder, call_signature.return_type, bits)

    return signature, generate


def _load(builder: ir.IRBuilder, start: ir.Value, k: int) -> ir.Value:
    address = builder.bitcast(
        builder.gep(start, [ir.Constant(ir.IntType(64), _LANES * k)]), _SHORTS.as_pointer()
    )
    return builder.uitofp(builder.load(address, align=2), _FLOATS)


def _splat(builder: ir.IRBuilder, value: ir.Value) -> ir.Value:
    vector = builder.insert_element(
        ir.Constant(_FLOATS, ir.Undefined), value, ir.Constant(ir.IntType(32), 0)
    )
    lanes = ir.Constant(ir.VectorType(ir.IntType(32), _LANES), [0] * _LANES)
    return builder.shuffle_vector(vector, ir.Constant(_FLOATS, ir.Undefined), lanes)


def _constant(value: float) -> ir.Constant:
    return ir.Constant(_FLOATS, [value] * _LANES)


def _absolute(builder: ir.IRBuilder, value: ir.Value) -> ir.Value:
    return builder.select(
        builder.fcmp_ordered("<", value, _constant(0.0)), builder.fsub(_constant(0.0), value), value
    )


piece_sides: Any = piece_sides_numpy if UNCOMPILED else intrinsic(_compile_sides)
"""`piece_sides_numpy`, or the same as LLVM vectors if kernels are compiled."""


def _no_prefetch(array: NDArray[Any], index: int) -> None:
    """Do nothing: plain Python cannot prefetch."""


def _compile_prefetch(_context: Any, array: Any, index: Any) -> tuple[Any, Callable[..., Any]]:  # noqa: ANN401
    def generate(context: Any, builder: ir.IRBuilder, call_signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        int32, byte_pointer = ir.IntType(32), ir.IntType(8).as_pointer()
        function_type = ir.FunctionType(ir.VoidType(), [byte_pointer, int32, int32, int32])
        prefetch_instruction = cgutils.get_or_insert_function(
            builder.module, function_type, "llvm.prefetch.p0"
        )
        address = builder.gep(
            context.make_array(call_signature.args[0])(context, builder, arguments[0]).data,
            [arguments[1]],
        )
        read, locality, data = (ir.Constant(int32, k) for k in (0, 3, 1))
        builder.call(
            prefetch_instruction, [builder.bitcast(address, byte_pointer), read, locality, data]
        )
        return context.get_dummy_value()

    return types.void(array, index), generate


prefetch: Any = _no_prefetch if UNCOMPILED else intrinsic(_compile_prefetch)
"""Prefetch the cache line of an item of an array."""
