"""Numbers as people write them.

What lives here: types of options. What may not: what is counted.
"""

from __future__ import annotations

import math
import re

import click

__all__ = ["Amount", "Count"]

_PARTED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:_[0-9]+)*")
_POWER = re.compile(r"([0-9]+)(?:\.([0-9]+))?[eE]\+?([0-9]{1,3})")


class Amount(click.ParamType[float]):
    """A finite number, as in a scenario: 0.35 or 35%.

    >>> [Amount().convert(text, None, None) for text in ("0.35", "35%", " -2 ", "1e-3")]
    [0.35, 0.35, -2.0, 0.001]
    """

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number; raises BadParameter for what is none."""
        text = str(value).strip()
        try:
            number = float(text.removesuffix("%"))
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a number; write it as 0.35 or 35%", param, ctx)
        return number / 100 if text.endswith("%") else number


class Count(click.ParamType[int]):
    """A whole number within bounds: 4096, 1_000_000, 1,000,000 or 1e6.

    >>> count = Count(16, 10_000_000)
    >>> [count.convert(text, None, None) for text in ("4096", "1_000_000", "1,000,000", "1e6", "2.5e5")]
    [4096, 1000000, 1000000, 1000000, 250000]
    """

    name = "number"

    def __init__(self, least: int, most: int) -> None:
        self.least = least
        self.most = most

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number; raises BadParameter for what is none, or is out of bounds."""
        number = value if isinstance(value, int) else _read(str(value).strip())
        if number is None:
            self.fail(
                f"{value!r} is not a whole number; write it as 1000000, 1_000_000, 1,000,000 or 1e6",
                param,
                ctx,
            )
        if not self.least <= number <= self.most:
            self.fail(f"{value} is not in the range {self.least}<=x<={self.most}", param, ctx)
        return number


def _read(text: str) -> int | None:
    if _PARTED.fullmatch(text):
        return int(text.replace(",", "").replace("_", "")) if len(text) < 100 else None
    power = _POWER.fullmatch(text)
    if power is None or len(text) > 100:
        return None
    whole, fraction, exponent = power[1], (power[2] or "").rstrip("0"), int(power[3])
    return int(whole + fraction) * 10 ** (exponent - len(fraction)) if exponent >= len(fraction) else None
