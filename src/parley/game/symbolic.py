"""Payoffs and chances as straight-line arithmetic over parameters.

What lives here: a builder that turns expressions into hash-consed instructions with constants folded, and
a scalar evaluator for checks. What may not: NumPy (the checks of a scenario must start fast), stories.

An instruction's index is its *register*. Register 0 is the constant 0 and register 1 the constant 1; equal
expressions share a register, which is what lets identical futures merge.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

__all__ = ["OPERATIONS", "Builder", "evaluate_scalar", "needed"]


def _divide(a: float, b: float) -> float:
    if b == 0.0 or math.isnan(b):
        return math.nan if a == 0.0 or math.isnan(a) or math.isnan(b) else math.copysign(math.inf, a)
    return a / b


def _power(a: float, b: float) -> float:
    try:
        result = a**b
    except OverflowError:
        return math.inf
    except ZeroDivisionError:
        return math.inf
    return result if isinstance(result, float) else math.nan


def _exp(a: float) -> float:
    try:
        return math.exp(a)
    except OverflowError:
        return math.inf


def _expm1(a: float) -> float:
    try:
        return math.expm1(a)
    except OverflowError:
        return math.inf


def _log(a: float) -> float:
    if a > 0:
        return math.log(a)
    return -math.inf if a == 0 else math.nan


def _sqrt(a: float) -> float:
    return math.sqrt(a) if a >= 0 else math.nan


OPERATIONS: Mapping[str, Callable[..., float]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": _divide,
    "power": _power,
    "negate": lambda a: -a,
    "minimum": lambda a, b: math.nan if a != a or b != b else min(a, b),
    "maximum": lambda a, b: math.nan if a != a or b != b else max(a, b),
    "exp": _exp,
    "expm1": _expm1,
    "log": _log,
    "sqrt": _sqrt,
    "abs": abs,
    "cdf": lambda a: 0.5 * math.erfc(-a / math.sqrt(2.0)),
    "less": lambda a, b: float(a < b),
    "lessequal": lambda a, b: float(a <= b),
    "equal": lambda a, b: float(a == b),
    "and": lambda a, b: float(a != 0 and b != 0),
    "or": lambda a, b: float(a != 0 or b != 0),
    "not": lambda a: float(a == 0),
    "where": lambda test, then, otherwise: then if test != 0 else otherwise,
}

_COMMUTATIVE = frozenset({"add", "multiply", "minimum", "maximum", "equal", "and", "or"})


class Builder:
    """Grows a program instruction by instruction.

    Examples
    --------
    >>> builder = Builder()
    >>> a = builder.parameter("a")
    >>> total = builder.apply("add", a, builder.constant(0.0))
    >>> total == a, builder.value(total) is None, builder.value(builder.apply("add", 1, 1))
    (True, True, 2.0)
    """

    def __init__(self) -> None:
        self.parameters: list[str] = []
        self.operation: list[str] = []
        self.arguments: list[tuple[float, ...]] = []
        self._known: dict[tuple[object, ...], int] = {}
        self.constant(0.0)
        self.constant(1.0)

    @classmethod
    def resume(
        cls,
        parameters: Sequence[str],
        operation: Sequence[str],
        arguments: Sequence[tuple[float, ...]],
    ) -> Builder:
        """Return a builder that goes on where a finished program ended (its registers keep their numbers)."""
        builder = cls()
        builder.parameters = list(parameters)
        builder.operation = list(operation)
        builder.arguments = [tuple(each) for each in arguments]
        builder._known = {}
        for register, (name, given) in enumerate(zip(operation, arguments, strict=True)):
            builder._known.setdefault(builder._key(name, tuple(given)), register)
        return builder

    def _key(self, name: str, arguments: tuple[float, ...]) -> tuple[object, ...]:
        if name == "constant":
            return (name, float.hex(float(arguments[0])))
        return (name, *arguments)

    def _append(self, name: str, arguments: tuple[float, ...]) -> int:
        key = self._key(name, arguments)
        register = self._known.get(key)
        if register is None:
            register = self._known[key] = len(self.operation)
            self.operation.append(name)
            self.arguments.append(arguments)
        return register

    def constant(self, value: float) -> int:
        """Return the register of a number."""
        return self._append("constant", (float(value),))

    def parameter(self, name: str) -> int:
        """Return the register of a parameter, adding it on first use."""
        try:
            index = self.parameters.index(name)
        except ValueError:
            index = len(self.parameters)
            self.parameters.append(name)
        return self._append("parameter", (index,))

    def value(self, register: int) -> float | None:
        """Return the number in a register when it is the same in all draws, else None."""
        return self.arguments[register][0] if self.operation[register] == "constant" else None

    def apply(self, name: str, *registers: int) -> int:
        """Return the register of an operation (a key of :data:`OPERATIONS`) on registers."""
        values = [self.value(register) for register in registers]
        known = [value for value in values if value is not None]
        if len(known) == len(values):
            return self.constant(OPERATIONS[name](*known))
        same = self._shortcut(name, registers, values)
        if same is not None:
            return same
        if name in _COMMUTATIVE:
            registers = tuple(sorted(registers))
        return self._append(name, registers)

    def _shortcut(self, name: str, registers: tuple[int, ...], values: Sequence[float | None]) -> int | None:
        """Return the register that an operation is identical to, if one is known without the draws."""
        if name == "where":
            test = values[0]
            if test is not None:
                return registers[1] if test != 0 else registers[2]
            return registers[1] if registers[1] == registers[2] else None
        if name == "and" and 0.0 in values:
            return 0
        if name == "or" and any(value is not None and value != 0 for value in values):
            return 1
        if name == "add" and 0.0 in values:
            return registers[1 - values.index(0.0)]
        if name == "multiply" and 1.0 in values:
            return registers[1 - values.index(1.0)]
        if name in ("subtract", "divide", "power") and values[1] == (0.0 if name == "subtract" else 1.0):
            return registers[0]
        return None

    def total(self, registers: Sequence[int]) -> int:
        """Return the register of a sum, the same for any order of its terms."""
        register = 0
        for each in sorted(registers):
            register = self.apply("add", register, each)
        return register


def needed(builder: Builder, registers: Sequence[int]) -> list[int]:
    """Return the registers that some registers depend on, themselves included, in order.

    Examples
    --------
    >>> builder = Builder()
    >>> half = builder.apply("divide", builder.parameter("a"), builder.constant(2))
    >>> _ = builder.parameter("b")
    >>> needed(builder, [half])
    [2, 3, 4]
    """
    wanted = set(registers)
    for register in range(len(builder.operation) - 1, -1, -1):
        if register in wanted and builder.operation[register] not in ("constant", "parameter"):
            wanted.update(int(each) for each in builder.arguments[register])
    return sorted(wanted)


def evaluate_scalar(
    builder: Builder, values: Mapping[str, float], registers: Sequence[int]
) -> dict[int, float]:
    """Evaluate some registers for one draw, in plain Python.

    Parameters
    ----------
    builder
        The program.
    values
        One number per parameter of the program.
    registers
        Which registers to evaluate, in order and closed under dependence: see :func:`needed`.

    Returns
    -------
    Register -> number.

    Examples
    --------
    >>> builder = Builder()
    >>> half = builder.apply("divide", builder.parameter("a"), builder.constant(2))
    >>> evaluate_scalar(builder, {"a": 3.0}, needed(builder, [half]))[half]
    1.5
    """
    result: dict[int, float] = {}
    for register in registers:
        name, arguments = builder.operation[register], builder.arguments[register]
        if name == "constant":
            result[register] = arguments[0]
        elif name == "parameter":
            result[register] = values[builder.parameters[int(arguments[0])]]
        else:
            result[register] = OPERATIONS[name](*(result[int(each)] for each in arguments))
    return result
