"""Numbers and times in readers' words.

What lives here: the filters of the templates. What may not: sentences.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from jinja2 import pass_environment
from jinja2.environment import Environment

__all__ = ["FILTERS", "chance", "day", "in_form", "moment", "number", "stamp"]

_DIGITS = 3
_LEAST_CHANCE = 1e-6  # below, "1 in so many" says nothing to anybody
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def number(value: float, digits: int = _DIGITS) -> str:
    """Write a number shortly: so many digits that count, no trailing zeros.

    Examples
    --------
    >>> [number(each) for each in (0.05, 0.4, 12.0, 1234.5, -0.0, 1e-7)]
    ['0.05', '0.4', '12', '1,234', '0', '1e-07']
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} is no number to print")
    if value == 0:
        return "0"
    if abs(value) >= 10**digits:
        return f"{value:,.0f}"
    text = f"{value:.{digits}g}"
    return text.replace("-", "\N{MINUS SIGN}", 1) if text.startswith("-") else text


def in_form(value: float, form: str, digits: int = _DIGITS) -> str:
    """Write a value of an assumption: a chance or a share in percent, anything else as it is.

    Examples
    --------
    >>> in_form(0.25, "chance"), in_form(0.25, "share"), in_form(0.25, "number")
    ('25%', '25%', '0.25')
    """
    return f"{number(100 * value, digits)}%" if form in ("chance", "share") else number(value, digits)


def chance(value: float) -> str:
    """Write a chance as one in so many where that is how people say it, and in percent beside it.

    Examples
    --------
    >>> [chance(each) for each in (0.05, 0.11, 0.4, 0.9, 0, 1)]
    ['5%, 1 in 20', '11%, 1 in 9', '40%, 2 in 5', '90%, 9 in 10', '0%', '100%']
    """
    percent = f"{number(100 * value)}%"
    if not _LEAST_CHANCE <= value < 1:
        return percent
    best = min(
        ((top, below) for below in range(2, 11) for top in range(1, below)),
        key=lambda pair: (abs(pair[0] / pair[1] - value), pair[1]),
    )
    if value < 0.1:
        best = (1, round(1 / value))
    near = abs(best[0] / best[1] - value) <= 0.03 * max(value, 0.1)
    return f"{percent}, {best[0]} in {best[1]:,}" if near else percent


def day(value: date, gettext: Callable[[str], str] = str) -> str:
    """Write a day as people say it, in the page's language.

    Examples
    --------
    >>> day(date(2013, 10, 22))
    '22 October 2013'
    """
    return f"{value.day} {gettext(_MONTHS[value.month - 1])} {value.year}"


def moment(value: datetime, gettext: Callable[[str], str] = str) -> str:
    """Write a moment.

    Raises
    ------
    ValueError
        When the time does not say its zone.

    Examples
    --------
    >>> moment(datetime(2013, 10, 23, 14, 5, tzinfo=UTC))
    '23 October 2013, 14:05 UTC'
    """
    there = _utc(value)
    return f"{day(there, gettext)}, {there.hour:02}:{there.minute:02} UTC"


def stamp(value: datetime | date) -> str:
    """Write a time for machines.

    Raises
    ------
    ValueError
        When a time does not say its zone.

    Examples
    --------
    >>> stamp(datetime(2013, 10, 23, 14, 5, tzinfo=UTC)), stamp(date(2013, 10, 22))
    ('2013-10-23T14:05Z', '2013-10-22')
    """
    if isinstance(value, datetime):
        return f"{_utc(value).isoformat(timespec='minutes')[:16]}Z"
    return value.isoformat()


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"{value} does not say its time zone; times are aware, in UTC")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


@pass_environment
def _day(environment: Environment, value: date) -> str:
    return day(value, environment.translate)  # type: ignore[attr-defined]


@pass_environment
def _moment(environment: Environment, value: datetime) -> str:
    return moment(value, environment.translate)  # type: ignore[attr-defined]


@pass_environment
def _translated(environment: Environment, text: str) -> str:
    """Translate a text that is not written in the template; unlike ``_()`` it stays to be escaped."""
    return str(environment.translate(text)) if text else ""  # type: ignore[attr-defined]


FILTERS: dict[str, Callable[..., Any]] = {
    "number": number,
    "chance": chance,
    "day": _day,
    "moment": _moment,
    "stamp": stamp,
    "translated": _translated,
}
