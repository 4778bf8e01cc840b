"""Numbers as Gambit's files write them: exact rationals and their spelling.

What lives here: which texts are numbers, their exact values, and texts that every reader takes. What may not:
the grammar of files, NumPy.

Gambit keeps numbers exactly, at any length. Here a number has at most :data:`LONGEST` characters, an
exponent of at most :data:`LARGEST_EXPONENT`, and a value that float64 can hold; sums and products of exact
numbers stay below :data:`LARGEST_BITS` bits. Without such limits a file of one line could keep a computer
busy for days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from parley.errors import GameError

__all__ = [
    "LARGEST_BITS",
    "LARGEST_EXPONENT",
    "LONGEST",
    "bounded",
    "nearest",
    "portable",
    "rational",
    "simplest",
    "spelled",
    "total",
]

LONGEST = 1_000  # characters of one number
LARGEST_EXPONENT = 400  # float64 ends at 308 above and 324 below
LARGEST_BITS = 40_000  # of the numerator or denominator of a sum: some 12,000 digits

_RATIO = re.compile(r"(-?\d+)/(\d+)", re.ASCII)
_DECIMAL = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE](-?\d+))?", re.ASCII)
_SHORT = 2**31  # OpenSpiel reads the two halves of a fraction as 32-bit integers


def rational(text: str) -> Fraction:
    """Return the exact value of a number.

    Parameters
    ----------
    text
        A whole number, a fraction ``a/b``, or a decimal with or without exponent, as Gambit 16 and 17 both
        read them: no ``+``, nothing between the digits.

    Raises
    ------
    ValueError
        Saying what is wrong with the text.

    Examples
    --------
    >>> rational("1/3"), rational("-2.50"), rational("1e-2")
    (Fraction(1, 3), Fraction(-5, 2), Fraction(1, 100))
    """
    if len(text) > LONGEST:
        raise ValueError(f"a number of {len(text):,} characters is too long: at most {LONGEST:,} are read")
    ratio = _RATIO.fullmatch(text)
    if ratio is not None:
        below = int(ratio[2])
        if below == 0:
            raise ValueError(f"{text!r} divides by zero")
        return _finite(Fraction(int(ratio[1]), below), text)
    decimal = _DECIMAL.fullmatch(text)
    if decimal is None:
        hint = "; leave out the '+'" if "+" in text else ""
        raise ValueError(f"{text!r} is no number that Gambit reads{hint}")
    exponent = decimal[1] or "0"
    if len(exponent) > 9 or abs(int(exponent)) > LARGEST_EXPONENT:
        raise ValueError(f"{text!r} is out of the range of floating-point numbers")
    return _finite(Fraction(Decimal(text)), text)


def _finite(value: Fraction, text: str) -> Fraction:
    try:
        float(value)
    except OverflowError:
        shown = text if len(text) <= 40 else f"{text[:37]}..."
        raise ValueError(f"{shown!r} is out of the range of floating-point numbers") from None
    return value


def nearest(text: str) -> float:
    """Return the float64 nearest to a number that :func:`rational` takes, without the exact value.

    >>> nearest("1/3") == 1 / 3, nearest("-.5"), nearest("1e-2")
    (True, -0.5, 0.01)
    """
    above, ratio, below = text.partition("/")
    return int(above) / int(below) if ratio else float(text)


def simplest(value: float) -> Fraction:
    """Return the simplest rational that rounds to a number: what its author wrote, rather than its bits.

    >>> simplest(1 / 3), simplest(0.1)
    (Fraction(1, 3), Fraction(1, 10))
    """
    simple = Fraction(value).limit_denominator(10_000)
    return simple if float(simple) == value else Fraction(repr(float(value)))


def spelled(value: Fraction) -> str:
    """Write an exact number so that Gambit and OpenSpiel read it: as a decimal where it has an end.

    OpenSpiel reads a fraction only when both halves are below 2**31.

    >>> spelled(Fraction(1, 3)), spelled(Fraction(-5, 4)), spelled(Fraction(7))
    ('1/3', '-1.25', '7')
    """
    twos, fives, rest = 0, 0, value.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    if places == 0 or rest != 1 or places > LONGEST // 2:
        return str(value)
    if places > 20 and max(abs(value.numerator), value.denominator) < _SHORT:
        return str(value)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def portable(text: str) -> bool:
    """Whether OpenSpiel reads a number as it is written too.

    >>> portable("1/3"), portable("1/3000000000"), portable("0.1")
    (True, False, True)
    """
    above, ratio, below = text.partition("/")
    return not ratio or max(abs(int(above)), int(below)) < _SHORT


def bounded(value: Fraction) -> Fraction:
    """Return a number, unless it is longer than :data:`LARGEST_BITS`.

    Raises
    ------
    GameError
        When it is.

    Examples
    --------
    >>> bounded(Fraction(1, 3))
    Fraction(1, 3)
    """
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > LARGEST_BITS:
        raise GameError("exact numbers in this game get more digits than can be worked with")
    return value


def total(values: Iterable[Fraction]) -> Fraction:
    """Add exactly.

    Raises
    ------
    GameError
        When the sum gets longer than :data:`LARGEST_BITS`.

    Examples
    --------
    >>> total([Fraction(1, 3), Fraction(1, 6)])
    Fraction(1, 2)
    """
    found = Fraction(0)
    for value in values:
        found = bounded(found + value)
    return found
