"""The one place that imports Numba.

What lives here: the decorator of compiled functions and the primitive operations on rows. What may not:
numerics of games.

A *row* is a line of a C-contiguous ``[row, lane]`` array; its ``LANES`` numbers belong to as many draws,
which never mix. In compiled code a row that has been loaded is one vector; in plain Python (environment
variable ``NUMBA_DISABLE_JIT=1``) it is a tuple. Both do the same operations in the same order, each rounded
once (no fused multiplication, no reassociation), so that the bits agree, whatever the machine.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, models, register_model

from parley.solve.kernels.layout import LANES

__all__ = [
    "Flags",
    "Integers",
    "Longs",
    "Numbers",
    "Row",
    "accumulate",
    "add",
    "at",
    "divide",
    "exponential",
    "fill",
    "kernel",
    "load",
    "magnitude",
    "maximum",
    "multiply",
    "part",
    "pick",
    "store",
    "subtract",
]

F = TypeVar("F", bound=Callable[..., Any])
Row: TypeAlias = tuple[float, ...]
# In kernels an element is a number of Python's; NumPy's typing of subscripts would be in the way.
Numbers: TypeAlias = Any  # float64, C-contiguous
Integers: TypeAlias = Any  # int32, read-only in plans and books
Longs: TypeAlias = Any  # int64
Flags: TypeAlias = Any  # int8

_njit: Any = numba.njit
_PLAIN = bool(getattr(numba.config, "DISABLE_JIT", False))
_VECTOR = ir.VectorType(ir.DoubleType(), LANES)
_FIRST = ir.Constant(ir.IntType(32), 0)
_INTEGERS = ir.VectorType(ir.IntType(64), LANES)

_LOG2E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01  # 21 trailing zeros: a product with an integer below 2**21 is exact
_LN2_LOW = 1.90821492927058770002e-10
_UNDERFLOW = -708.0  # below, the exponential is taken as 0
_SHIFT = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to the nearest integer
_TAYLOR = tuple(1.0 / math.factorial(power) for power in range(14))


class _RowType(types.Type):
    """Numba's name for a row in a register."""

    def __init__(self) -> None:
        initialise: Any = super().__init__
        initialise(name=f"Row{LANES}")


_ROW: Any = cast(Any, _RowType)()


@register_model(_RowType)
class _RowModel(models.PrimitiveModel):
    """A row is an LLVM vector."""

    def __init__(self, manager: Any, kind: Any) -> None:
        initialise: Any = super().__init__
        initialise(manager, kind, _VECTOR)


def _digest() -> str:
    """Fingerprint of the source of all kernels."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


SOURCES = _digest()


def kernel(function: F) -> F:
    """Compile on first call, keep the machine code on disk, release the interpreter lock; IEEE arithmetic.

    Numba keeps machine code as long as the file of the function is unchanged; a kernel also consists of parts
    from other files, so the stamp of kept code is made that of all files here.
    """
    compiled = _njit(cache=True, nogil=True, fastmath=False, error_model="numpy")(function)
    kept = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if kept is not None:
        kept._source_stamp = SOURCES
    return cast(F, compiled)


def part(function: F) -> F:
    """Compile into the kernels that call it; cannot be called from Python."""
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(F, _njit(nogil=True, fastmath=False, error_model="numpy", **options)(function))


def _constant(value: float) -> ir.Constant:
    return ir.Constant(_VECTOR, [value] * LANES)


def _whole(value: int) -> ir.Constant:
    return ir.Constant(_INTEGERS, [value] * LANES)


def _pointer(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    row = context.cast(builder, arguments[1], signature.args[1], types.intp)
    place = builder.gep(array.data, [builder.mul(row, ir.Constant(ir.IntType(64), LANES))])
    return builder.bitcast(place, _VECTOR.as_pointer())


def _chosen(plain: F, lower: Callable[..., Any]) -> F:
    """Take the plain function, or the instructions that ``lower`` gives for it."""
    return cast(F, plain if _PLAIN else intrinsic(lower))


def _unary(plain: F, operation: Callable[[Any, Any], Any]) -> F:

    def lower(typing: Any, row: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return operation(builder, arguments[0])

        return _ROW(_ROW), generate

    return _chosen(plain, lower)


def _binary(plain: F, operation: Callable[[Any, Any, Any], Any]) -> F:
    def lower(typing: Any, left: Any, right: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return operation(builder, *arguments)

        return _ROW(_ROW, _ROW), generate

    return _chosen(plain, lower)


def _ternary(plain: F, operation: Callable[[Any, Any, Any, Any], Any]) -> F:
    def lower(typing: Any, first: Any, second: Any, third: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return operation(builder, *arguments)

        return _ROW(_ROW, _ROW, _ROW), generate

    return _chosen(plain, lower)


# --- memory ---------------------------------------------------------------------------------------------


def _load(array: Any, row: int) -> Row:
    return tuple(float(each) for each in array[row])


def _load_compiled(typing: Any, array: Any, row: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector = builder.load(_pointer(context, builder, signature, arguments))
        vector.align = 8
        return vector

    return _ROW(array, row), generate


def _store(array: Any, row: int, value: Row) -> None:
    array[row] = value


def _store_compiled(typing: Any, array: Any, row: Any, value: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = _pointer(context, builder, signature, arguments)
        builder.store(arguments[2], place).align = 8
        return context.get_dummy_value()

    return types.void(array, row, _ROW), generate


def _fill(value: float) -> Row:
    return (value,) * LANES


def _fill_compiled(typing: Any, value: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        number = context.cast(builder, arguments[0], signature.args[0], types.float64)
        single = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), number, _FIRST)
        spread = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return builder.shuffle_vector(single, ir.Constant(_VECTOR, ir.Undefined), spread)

    return _ROW(value), generate


def _at(array: Any, index: int) -> int:
    return int(array[index])


def _at_compiled(typing: Any, array: Any, index: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        numbers = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = context.cast(builder, arguments[1], signature.args[1], types.intp)
        found = builder.load(builder.gep(numbers.data, [place]))
        return context.cast(builder, found, signature.args[0].dtype, types.intp)

    return types.intp(array, index), generate


at = _chosen(_at, _at_compiled)
load = _chosen(_load, _load_compiled)
store = _chosen(_store, _store_compiled)
fill = _chosen(_fill, _fill_compiled)


# --- arithmetic -----------------------------------------------------------------------------------------


def _add(left: Row, right: Row) -> Row:
    return tuple(a + b for a, b in zip(left, right, strict=True))


def _subtract(left: Row, right: Row) -> Row:
    return tuple(a - b for a, b in zip(left, right, strict=True))


def _multiply(left: Row, right: Row) -> Row:
    return tuple(a * b for a, b in zip(left, right, strict=True))


def _divide(left: Row, right: Row) -> Row:
    return tuple(a / b for a, b in zip(left, right, strict=True))


def _accumulate(total: Row, left: Row, right: Row) -> Row:
    return tuple(c + a * b for c, a, b in zip(total, left, right, strict=True))


def _maximum(left: Row, right: Row) -> Row:
    return tuple(a if a > b else b for a, b in zip(left, right, strict=True))


def _magnitude(row: Row) -> Row:
    return tuple(abs(each) for each in row)


def _pick(test: Row, positive: Row, otherwise: Row) -> Row:
    return tuple(a if t > 0.0 else b for t, a, b in zip(test, positive, otherwise, strict=True))


def _exponential_of(value: float) -> float:
    if not value >= _UNDERFLOW:
        return 0.0
    shifted = value * _LOG2E + _SHIFT
    count = shifted - _SHIFT
    rest = (value - count * _LN2_HIGH) - count * _LN2_LOW
    square = rest * rest
    fourth = square * square
    pairs = [_TAYLOR[k] + _TAYLOR[k + 1] * rest for k in range(0, 14, 2)]
    low = pairs[0] + pairs[1] * square
    middle = pairs[2] + pairs[3] * square
    high = (pairs[4] + pairs[5] * square) + pairs[6] * fourth
    return math.ldexp(low + fourth * (middle + fourth * high), int(count))


def _exponential(row: Row) -> Row:
    """Of numbers that are at most 0; two units in the last place; 0 below -708."""
    return tuple(_exponential_of(each) for each in row)


def _vector_magnitude(builder: Any, row: Any) -> Any:
    bits = builder.and_(builder.bitcast(row, _INTEGERS), _whole(0x7FFFFFFFFFFFFFFF))
    return builder.bitcast(bits, _VECTOR)


def _vector_pick(builder: Any, test: Any, positive: Any, otherwise: Any) -> Any:
    return builder.select(builder.fcmp_ordered(">", test, _constant(0.0)), positive, otherwise)


def _vector_exponential(b: Any, value: Any) -> Any:
    def polynomial(low: Any, high: Any, by: Any) -> Any:
        return b.fadd(low, b.fmul(high, by))

    shifted = b.fadd(b.fmul(value, _constant(_LOG2E)), _constant(_SHIFT))
    count = b.fsub(shifted, _constant(_SHIFT))
    rest = b.fsub(value, b.fmul(count, _constant(_LN2_HIGH)))
    rest = b.fsub(rest, b.fmul(count, _constant(_LN2_LOW)))
    square = b.fmul(rest, rest)
    fourth = b.fmul(square, square)
    pairs = [polynomial(_constant(_TAYLOR[k]), _constant(_TAYLOR[k + 1]), rest) for k in range(0, 14, 2)]
    low = polynomial(pairs[0], pairs[1], square)
    middle = polynomial(pairs[2], pairs[3], square)
    high = polynomial(polynomial(pairs[4], pairs[5], square), pairs[6], fourth)
    mantissa = polynomial(low, polynomial(middle, high, fourth), fourth)
    # the integer stands in the low bits of the shifted number; moved to the exponent, it scales the mantissa
    scale = b.shl(b.bitcast(shifted, _INTEGERS), _whole(52))
    result = b.bitcast(b.add(b.bitcast(mantissa, _INTEGERS), scale), _VECTOR)
    return b.select(b.fcmp_ordered(">=", value, _constant(_UNDERFLOW)), result, _constant(0.0))


add = _binary(_add, lambda b, left, right: b.fadd(left, right))
subtract = _binary(_subtract, lambda b, left, right: b.fsub(left, right))
multiply = _binary(_multiply, lambda b, left, right: b.fmul(left, right))
divide = _binary(_divide, lambda b, left, right: b.fdiv(left, right))
maximum = _binary(_maximum, lambda b, left, right: b.select(b.fcmp_ordered(">", left, right), left, right))
accumulate = _ternary(_accumulate, lambda b, total, left, right: b.fadd(total, b.fmul(left, right)))
pick = _ternary(_pick, _vector_pick)
magnitude = _unary(_magnitude, _vector_magnitude)
exponential = _unary(_exponential, _vector_exponential)
