"""From numbers to places, and the round numbers along an axis.

What lives here: scales, ticks, their labels. What may not: elements.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from parley.report import words

__all__ = ["LINEAR", "LOG", "Scale", "around", "scale"]

LINEAR = "linear"
LOG = "log"
_STEPS = (1, 2, 2.5, 5, 10)
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis: numbers from ``low`` to ``high`` become places from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float
    kind: str
    ticks: tuple[float, ...]
    labels: tuple[str, ...]

    def place(self, value: float) -> float:
        """Return the place of a number, beyond the axis where it is.

        Examples
        --------
        >>> scale(0, 10, 100, 200).place(2.5)
        125.0
        """
        if self.kind == LOG:
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def scale(low: float, high: float, start: float, end: float, *, kind: str = LINEAR, most: int = 6) -> Scale:
    """Return the axis between two numbers, with round ticks inside it.

    Parameters
    ----------
    low, high
        The ends, finite, ``low < high``; on a ``log`` axis above 0.
    start, end
        Their places in the picture.
    kind
        ``linear`` or ``log``.
    most
        How many ticks there may be; there are at least two.

    Raises
    ------
    ValueError
        When the ends are no axis.

    Examples
    --------
    >>> scale(0, 1, 0, 100).labels
    ('0', '0.2', '0.4', '0.6', '0.8', '1.0')
    >>> scale(1, 2000, 0, 100, kind="log").labels
    ('1', '10', '100', '1,000')
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"from {low} to {high} is no axis")
    if kind == LOG and low <= 0:
        raise ValueError(f"a logarithmic axis has no {low}")
    ticks = _log_ticks(low, high, most) if kind == LOG else _ticks(low, high, most)
    return Scale(low, high, start, end, kind, ticks, _labels(ticks, kind))


def around(
    low: float, high: float, *, floor: float | None = None, ceiling: float | None = None
) -> tuple[float, float]:
    """Return round ends of an axis that holds both numbers and a little more.

    Parameters
    ----------
    low, high
        The smallest and the largest number; they may be equal, and are when nothing but rounding parts them.
    floor, ceiling
        Beyond which no number can lie, such as 0 and 1 for chances.

    Examples
    --------
    >>> around(0.03, 0.87, floor=0.0, ceiling=1.0), around(5.0, 5.0), around(-3.2, 11)
    ((0.0, 1.0), (4.0, 6.0), (-4.0, 12.0))
    """
    if high - low <= words.NOISE * max(1.0, abs(low), abs(high)):
        room = abs(low) * 0.2 if abs(low) > words.NOISE else 1.0
        low, high = low - room, high + room
    step = _step(low, high, 8)
    bottom, top = math.floor(low / step + _ROUNDING) * step, math.ceil(high / step - _ROUNDING) * step
    if floor is not None:
        bottom = max(bottom, floor)
    if ceiling is not None:
        top = min(top, ceiling)
    return float(f"{bottom:.12g}"), float(f"{top:.12g}")


def _step(low: float, high: float, most: int) -> float:
    """Return the smallest round step with which at most so many steps lie between two numbers."""
    rough = (high - low) / most
    size = 10.0 ** math.floor(math.log10(rough))
    return next(each * size for each in _STEPS if each * size >= rough * (1 - _ROUNDING))


def _ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Return round numbers at equal distances; the step shrinks until there are two of them."""
    for count in (most - 1, most, 2 * most, 4 * most):
        step = _step(low, high, count)
        first = math.ceil(low / step - _ROUNDING)
        last = math.floor(high / step + _ROUNDING)
        ticks = tuple(_exact(number, step) for number in range(first, last + 1))
        if len(ticks) >= 2:
            break
    if len(ticks) > most:
        ticks = ticks[:: math.ceil(len(ticks) / most)]
    return tuple(min(max(each, low), high) for each in ticks)


def _exact(number: int, step: float) -> float:
    """Return a multiple of a step as one would write it, 0.3 rather than 0.30000000000000004."""
    return float(f"{number * step:.12g}")


def _log_ticks(low: float, high: float, most: int) -> tuple[float, ...]:
    """Return 1, 2 and 5 times powers of ten, thinned to the powers or every so many of them."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    if last - first > 600:
        raise ValueError(f"from {low} to {high} is no axis")
    inside = [
        float(f"{digit}e{power}")
        for power in range(first, last + 1)
        for digit in (1, 2, 5)
        if low * (1 - _ROUNDING) <= float(f"{digit}e{power}") <= high * (1 + _ROUNDING)
    ]
    powers = [each for each in inside if f"{each:e}".startswith("1.0")]
    if len(inside) < 2:
        return _ticks(low, high, most)
    if len(inside) <= most:
        return tuple(inside)
    if len(powers) < 2:
        return tuple(inside[:: math.ceil(len(inside) / most)])
    return tuple(powers[:: math.ceil(len(powers) / most)])


def _labels(ticks: tuple[float, ...], kind: str) -> tuple[str, ...]:
    """Write ticks: of an even scale with the same number of decimals, else each for itself."""
    size = max(abs(each) for each in ticks)
    gap = min(b - a for a, b in pairwise(ticks)) if len(ticks) > 1 else size
    if kind == LOG or gap < 1e-6 or size >= 1e9:
        found = tuple(_short(each) for each in ticks)
        return found if len(set(found)) == len(found) else tuple(f"{each:.12g}" for each in ticks)
    decimals = next((d for d in range(10) if all(_whole(each, d) for each in ticks)), 10)
    return tuple(f"{each:,.{decimals}f}" if each else "0" for each in ticks)


def _whole(value: float, decimals: int) -> bool:
    return abs(value - round(value, decimals)) <= _ROUNDING * max(abs(value), 1e-12)


def _short(value: float) -> str:
    """Write a number as elsewhere, powers of ten as powers."""
    if value and not 1e-4 <= abs(value) < 1e9:
        digits, power = f"{value:.3g}".split("e") if "e" in f"{value:.3g}" else f"{value:.2e}".split("e")
        digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
        raised = "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(each)] for each in str(abs(int(power))))
        return f"{digits}\N{MULTIPLICATION SIGN}10{'⁻' if int(power) < 0 else ''}{raised}"
    return words.figure(value)
