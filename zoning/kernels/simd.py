"""Eight pieces of edge against one point, at once: the one test that Numba would not vectorise.

Written as LLVM's own vectors, which any processor runs; on x86-64 with AVX2 they are single
instructions. `plain_sides` says the same in plain Python, and is what runs uncompiled.
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
"""Quanta to a piece within which a point is not told."""
REACH: Final = 2.0
"""Quanta beyond a piece's ends within which it is asked whether it is near."""

_LANES: Final = 8
_FLOATS: Final = ir.VectorType(ir.FloatType(), _LANES)
_SHORTS: Final = ir.VectorType(ir.IntType(16), _LANES)


def plain_sides(
    pieces: NDArray[np.uint16], first: int, px: np.float32, py: np.float32
) -> tuple[int, int]:
    """Which of eight pieces are west of a point, and which are near it.

    Parameters
    ----------
    pieces
        The eight west-to-east positions of the lower ends from `first` on, then their heights,
        then positions and heights of the upper ends.
    px, py
        In quanta. The products' error, in float32, is a hundredth of a quantum at most.

    Returns
    -------
    int, int
        A bit per piece: the point is at its height, from its lower end to below its upper, and
        on its right; the point is within `NEAR` of it, or not much farther.
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


def _vector_sides(
    _context: Any,  # noqa: ANN401 - Numba's own types
    pieces: Any,  # noqa: ANN401
    first: Any,  # noqa: ANN401
    px: Any,  # noqa: ANN401
    py: Any,  # noqa: ANN401
) -> tuple[Any, Callable[..., Any]]:
    signature = types.UniTuple(types.uint32, 2)(pieces, first, px, py)

    def generate(context: Any, to: ir.IRBuilder, of: Any, given: Any) -> Any:  # noqa: ANN401
        start = to.gep(context.make_array(of.args[0])(context, to, given[0]).data, [given[1]])
        ax, ay, bx, by = (_load(to, start, k) for k in range(4))
        px, py = _splat(to, given[2]), _splat(to, given[3])
        dx, dy = to.fsub(bx, ax), to.fsub(by, ay)
        cross = to.fsub(to.fmul(dx, to.fsub(py, ay)), to.fmul(dy, to.fsub(px, ax)))
        level = to.and_(to.fcmp_ordered("<=", ay, py), to.fcmp_ordered("<", py, by))
        west = to.and_(level, to.fcmp_ordered("<", cross, _all(0.0)))
        bound = to.fmul(_all(NEAR), to.fadd(_size(to, dx), dy))
        near = to.and_(
            to.fcmp_ordered("<=", _size(to, cross), bound),
            to.and_(
                to.fcmp_ordered("<=", to.fsub(ay, _all(REACH)), py),
                to.fcmp_ordered("<=", py, to.fadd(by, _all(REACH))),
            ),
        )
        bits = [to.zext(to.bitcast(v, ir.IntType(_LANES)), ir.IntType(32)) for v in (west, near)]
        return context.make_tuple(to, of.return_type, bits)

    return signature, generate


def _load(to: ir.IRBuilder, start: ir.Value, k: int) -> ir.Value:
    at = to.bitcast(to.gep(start, [ir.Constant(ir.IntType(64), _LANES * k)]), _SHORTS.as_pointer())
    return to.uitofp(to.load(at, align=2), _FLOATS)


def _splat(to: ir.IRBuilder, value: ir.Value) -> ir.Value:
    one = to.insert_element(
        ir.Constant(_FLOATS, ir.Undefined), value, ir.Constant(ir.IntType(32), 0)
    )
    lanes = ir.Constant(ir.VectorType(ir.IntType(32), _LANES), [0] * _LANES)
    return to.shuffle_vector(one, ir.Constant(_FLOATS, ir.Undefined), lanes)


def _all(value: float) -> ir.Constant:
    return ir.Constant(_FLOATS, [value] * _LANES)


def _size(to: ir.IRBuilder, value: ir.Value) -> ir.Value:
    return to.select(to.fcmp_ordered("<", value, _all(0.0)), to.fsub(_all(0.0), value), value)


sides: Any = plain_sides if UNCOMPILED else intrinsic(_vector_sides)
"""`plain_sides`, or where kernels are compiled the same in vectors."""


def _no_fetch(array: NDArray[Any], at: int) -> None:
    """Uncompiled, nothing is worth fetching early."""


def _vector_fetch(_context: Any, array: Any, at: Any) -> tuple[Any, Callable[..., Any]]:  # noqa: ANN401
    def generate(context: Any, to: ir.IRBuilder, of: Any, given: Any) -> Any:  # noqa: ANN401
        number, byte = ir.IntType(32), ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        ask = cgutils.get_or_insert_function(to.module, kind, "llvm.prefetch.p0")
        where = to.gep(context.make_array(of.args[0])(context, to, given[0]).data, [given[1]])
        reading, keep, data = (ir.Constant(number, k) for k in (0, 3, 1))
        to.call(ask, [to.bitcast(where, byte), reading, keep, data])
        return context.get_dummy_value()

    return types.void(array, at), generate


fetch: Any = _no_fetch if UNCOMPILED else intrinsic(_vector_fetch)
"""Ask for the cache line of an array's item, which will be wanted soon."""
