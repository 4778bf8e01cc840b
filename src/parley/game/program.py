"""A program's registers for many draws at once.

What lives here: evaluation of :class:`parley.game.model.Program` with NumPy. What may not: building one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from parley.errors import GameError
from parley.game.model import Program

__all__ = ["evaluate"]

Values = NDArray[np.float64]


def _where(test: Values, then: Values, otherwise: Values) -> Values:
    return np.asarray(np.where(test != 0, then, otherwise))


def _normal(a: Values) -> Values:
    from scipy.special import ndtr  # most programs have no use for it

    return np.asarray(ndtr(a))


_FUNCTIONS: Mapping[str, Callable[..., Values]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "power": np.power,
    "negate": np.negative,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": np.log,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "cdf": _normal,
    "less": np.less,
    "lessequal": np.less_equal,
    "equal": np.equal,
    "and": lambda a, b: (a != 0) & (b != 0),
    "or": lambda a, b: (a != 0) | (b != 0),
    "not": lambda a: a == 0,
    "where": _where,
}


def evaluate(program: Program, values: Values) -> Values:
    """Evaluate every register for every draw.

    Arithmetic follows IEEE 754 without warnings: a division by zero gives inf or NaN, and the solver marks
    such a draw as ill-posed.

    Parameters
    ----------
    program
        Instructions over ``program.parameters``.
    values
        ``[parameter, draw]`` in the order of ``program.parameters``.

    Returns
    -------
    ``[register, draw]``, float64.

    Raises
    ------
    GameError
        When ``values`` has another number of rows than the program has parameters.

    Examples
    --------
    >>> import numpy as np
    >>> from parley.game.model import Program
    >>> operation = ("constant", "constant", "parameter", "add")
    >>> program = Program(("a",), operation, ((0.0,), (1.0,), (0,), (1, 2)))
    >>> evaluate(program, np.array([[2.0, 3.0]]))[3]
    array([3., 4.])
    """
    if values.ndim != 2 or values.shape[0] != len(program.parameters):
        raise GameError(
            f"values have shape {values.shape}, but the program has {len(program.parameters)} parameters"
        )
    registers = np.empty((len(program), values.shape[1]))
    with np.errstate(all="ignore"):
        for register, (name, arguments) in enumerate(zip(program.operation, program.arguments, strict=True)):
            if name == "constant":
                registers[register] = arguments[0]
            elif name == "parameter":
                registers[register] = values[int(arguments[0])]
            else:
                registers[register] = _FUNCTIONS[name](*(registers[int(each)] for each in arguments))
    return registers
