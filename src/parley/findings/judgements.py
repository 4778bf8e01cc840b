"""Judgements in words: what an author said about a number, short enough for a table.

What lives here: the writing of numbers and ranges. What may not: values drawn from them.

>>> from parley.scenario.model import Judgement, Span
>>> in_words(Judgement("triangular", (1.2, 2.0, 4.0), None, None, None, Span("a.md", 1, 1)))
'1.2 to 4, likeliest 2'
"""

from __future__ import annotations

from collections.abc import Callable

from parley.scenario.estimates import JEFFREYS, STATED, Estimate
from parley.scenario.middle import quantile
from parley.scenario.model import Draw, Judgement, Switch

__all__ = ["in_words", "number", "percent", "plural", "set_in_words", "switch_in_words"]

Write = Callable[[float], str]
_LOW, _HIGH = 0.05, 0.95
YARDSTICKS = {"icd203": "ICD 203", "kent": "Kent", "phia": "PHIA"}


def number(value: float, digits: int = 3) -> str:
    """Write a number with so many significant digits, whole numbers in full, thousands parted.

    >>> number(0.0123456), number(12.0), number(4096), number(-1234567.8), number(2.5e-7)
    ('0.0123', '12', '4,096', '-1,234,568', '2.5e-07')
    """
    if value == int(value) and abs(value) < 1e9:
        return f"{int(value):,}"
    size = abs(value)
    if size >= 1e9 or size < 1e-4:
        return f"{value:.{digits - 1}e}".replace(".00e", "e").replace("0e", "e")
    if size >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    text = f"{value:.{digits}g}"
    return text if "e" not in text else f"{value:.6f}".rstrip("0")


def percent(value: float) -> str:
    """Write a chance as a percentage with at most three significant digits.

    >>> percent(0.2), percent(0.035), percent(1.0)
    ('20%', '3.5%', '100%')
    """
    return f"{number(100 * value)}%"


def _two(low: float, high: float, write: Write = number) -> str:
    return f"{write(low)} to {write(high)}"


def _choice(numbers: tuple[float, ...]) -> str:
    half = len(numbers) // 2
    values, weights = numbers[:half], numbers[half:]
    if len(set(weights)) == 1:
        return "one of " + ", ".join(number(value) for value in values)
    pairs = zip(values, weights, strict=True)
    return "one of " + ", ".join(f"{number(value)} ({percent(weight)})" for value, weight in pairs)


# From what the author stated to words; where the numbers may be chances themselves, `write` says how.
SHAPES: dict[str, Callable[[tuple[float, ...], Write], str]] = {
    "fixed": lambda n, write: write(n[0]),
    "uniform": lambda n, write: _two(n[0], n[1], write),
    "loguniform": lambda n, _: f"{_two(n[0], n[1])}, even in proportion",
    "triangular": lambda n, write: f"{_two(n[0], n[2], write)}, likeliest {write(n[1])}",
    "logtriangular": lambda n, _: f"{_two(n[0], n[2])}, likeliest {number(n[1])}, in proportion",
    "pert": lambda n, write: f"{_two(n[0], n[2], write)}, mostly near {write(n[1])}",
    "normal": lambda n, _: f"{number(n[0])} give or take {number(n[1])} (normal)",
    "lognormal": lambda n, _: f"median {number(n[0])}, sigma {number(n[1])} (lognormal)",
    "beta": lambda n, _: f"mean {number(n[0] / (n[0] + n[1]))} (beta {number(n[0])}, {number(n[1])})",
    "gamma": lambda n, _: f"mean {number(n[0] * n[1])} (gamma {number(n[0])}, {number(n[1])})",
    "exponential": lambda n, _: f"mean {number(n[0])} (exponential)",
    "choice": lambda n, _: _choice(n),
}


def in_words(judgement: Judgement, *, chance: bool = False) -> str:
    """Say a judgement in words.

    Parameters
    ----------
    judgement
        What the author stated.
    chance
        Whether it is about a chance or a share: then its numbers are written in percent.

    Raises
    ------
    KeyError
        The shape is none of those that :class:`parley.scenario.model.Judgement` lists.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> span = Span("a.md", 1, 1)
    >>> in_words(Judgement("likelihood", (0.05, 0.2), None, "very unlikely", "icd203", span))
    'very unlikely: 5% to 20% (ICD 203)'
    >>> in_words(Judgement("normal", (0.0, 1.0), (0.0, None), None, None, span))
    '0 give or take 1 (normal), kept at or above 0'
    >>> in_words(Judgement("triangular", (0.05, 0.25, 0.6), None, None, None, span), chance=True)
    '5% to 60%, likeliest 25%'
    >>> counted = Estimate("proportion", 2, 12, (2, 12), JEFFREYS, (0.5, 0.5))
    >>> in_words(Judgement("beta", (2.5, 10.5), None, None, None, span, counted))
    "2 of 12, Jeffreys' prior: in 9 of 10 readings 4.97% to 39%"
    """
    if judgement.estimate is not None:
        text = _counted(judgement, judgement.estimate)
    elif judgement.shape == "likelihood":
        low, high = judgement.numbers
        yardstick = YARDSTICKS.get(judgement.yardstick or "icd203", judgement.yardstick)
        text = f"{judgement.word}: {percent(low)} to {percent(high)} ({yardstick})"
    else:
        text = SHAPES[judgement.shape](judgement.numbers, percent if chance else number)
    if judgement.truncate is None:
        return text
    low_side, high_side = judgement.truncate
    if low_side is not None and high_side is not None:
        return f"{text}, kept within {_two(low_side, high_side)}"
    if low_side is not None:
        return f"{text}, kept at or above {number(low_side)}"
    if high_side is not None:
        return f"{text}, kept at or below {number(high_side)}"
    return text


def _counted(judgement: Judgement, found: Estimate) -> str:
    """Say what was counted, from which prior, and where nine in ten readings lie."""
    low, high = (quantile(judgement, share) for share in (_LOW, _HIGH))
    if found.kind == "rate":
        time = f" {plural(found.per, found.size)}" if found.per else ""
        text = f"{_of(found.count, 'event')} in {number(found.size)}{time}"
        ends = _two(low, high)
    else:
        text = f"{number(found.count)} of {number(found.size)}"
        ends = f"{percent(low)} to {percent(high)}"
    return f"{text}{_rows(found)}{_weight(found)}, {_prior(found)}: in 9 of 10 readings {ends}"


def _of(count: float, word: str) -> str:
    return f"{number(count)} {word}{'' if count == 1 else 's'}"


def plural(unit: str, size: float) -> str:
    """Return the plural of a unit, the unit itself for one.

    >>> plural("month", 3), plural("county", 2), plural("day", 1)
    ('months', 'counties', 'day')
    """
    if size == 1:
        return unit
    return f"{unit[:-1]}ies" if unit.endswith("y") and unit[-2:-1] not in "aeiou" else f"{unit}s"


def _rows(found: Estimate) -> str:
    """Say which rows of which file were counted, and what became of the others."""
    if found.file is None:
        return ""
    all_rows = found.rows + found.outside + found.missing
    said = [f"{number(found.rows)} of {_of(all_rows, 'row')} of {found.file}"]
    if found.running:
        said.append(f"{number(found.running)} not ended yet")
    if found.missing:
        said.append(f"{number(found.missing)} left out for a missing value")
    return f" ({'; '.join(said)})"


def _weight(found: Estimate) -> str:
    if found.discount == 1:
        return ""
    if found.discount is not None:
        return f", at {percent(found.discount)} of their weight"
    size = found.weighted[1] / found.size
    return f", rows weighted, {percent(size)} in all"


def _prior(found: Estimate) -> str:
    if found.prior == STATED:
        a, b = found.numbers
        second = 1 / b if found.kind == "rate" else b
        return f"prior {'gamma' if found.kind == 'rate' else 'beta'} {number(a)}, {number(second)}"
    return "Jeffreys' prior" if found.prior == JEFFREYS else f"{found.prior} prior"


def switch_in_words(switch: Switch) -> str:
    """Say what a switch is taken to be: its default, or the chances of its options."""
    if switch.weights is None:
        others = ", ".join(option for option in switch.options if option != switch.default)
        return f"{switch.default} (not {others})"
    pairs = zip(switch.options, switch.weights, strict=True)
    return ", ".join(f"{option} {percent(weight)}" for option, weight in pairs)


def set_in_words(draw: Draw) -> str:
    """Say what was put in a judgement's or a switch's place by a challenge or by ``--set``."""
    if draw.judgement is not None:
        return in_words(draw.judgement)
    if draw.expression is not None:
        return draw.expression.source
    return draw.option or ""
