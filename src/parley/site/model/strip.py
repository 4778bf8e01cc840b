"""The packed sweep of one assumption: the conclusion at each of its values.

What lives here: the layout, reading it, interpolation; in plain Python, so that the process that serves
pages can draw an estimate for a reader without JavaScript. What may not: solving
(:mod:`parley.site.model.sweeps`), NumPy.

Layout, all little-endian. P points, K policies (in the order of ``Edition.policies``), Q = 50 quantiles:

====================  =====  =============================================================================
offset                type   what
====================  =====  =============================================================================
0                     4 B    ``PSW1``
4                     u8     kind: 0 parameter, 1 switch
5                     u8     P
6                     u8     K
7                     u8     Q
8                     u8     index of the recommended policy
9                     u8     index of the author's point, 255 where no point is the author's own
10                    u16    readings behind each point
12                    u16    the author's share in the same readings, c / 65534: how often the recommended
                             policy does better than whom it is held against, ties counted half
14                    u8     whom it is held against: a policy, or 255 for the best of all others
15                    u8     0
16                    f64    low: value of the first criterion that the code 0 stands for
24                    f64    high: that of the code 65534
32                    f64    the author's middle of the assumption; of a switch its default's index
40                    f64×P  values of the assumption, ascending; of a switch 0, 1, ... in the order
                             of its options
40 + 8P               u16    ``[P][K][Q]`` quantiles (k - 0.5) / 50 of the first criterion, k = 1 ... 50:
                             code c stands for low + (high - low) c / 65534
40 + 8P + 2PKQ        u16    ``[P][K]`` the mean, in the same code
40 + 8P + 2PK(Q + 1)  u16    ``[P][K]`` share c / 65534 of readings in which the recommended policy does
                             better than policy k
40 + 8P + 2PK(Q + 2)  u16    ``[P][K]`` share in which it does worse; in the rest both are the same
40 + 8P + 2PK(Q + 3)  u16    ``[P][K]`` share in which policy k is the best of those that compete
40 + 8P + 2PK(Q + 4)         end
====================  =====  =============================================================================

The code 65535 stands for "no value": no certified answer there; shares beside the recommended policy
itself; the best of what does not compete. Between two points everything is interpolated linearly,
quantile by quantile, for a parameter; never for a switch. P is 11, 21 or 41; with K = 5 the largest has
22 KB.
"""

from __future__ import annotations

import math
import struct
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from parley.site.model.effect import Crossing, chip
from parley.site.model.errors import ModelError

__all__ = ["DOTS", "NONE", "TOLD", "TOP", "Estimate", "Strip", "StripPolicy", "crossings", "estimate"]

DOTS = 50
TOP = 65_534  # the code of the highest value
NONE = 65_535  # no value
TOLD = 0.03
_MARK = b"PSW1"
_HEAD = struct.Struct("<4sBBBBBBHHBBddd")
_NO_POINT = 255
_ALL = 255

Table = tuple[tuple[float | None, ...], ...]  # [point][policy]


@dataclass(frozen=True, slots=True)
class Strip:
    """A sweep, unpacked; ``dots[point][policy]`` are quantiles, empty where there is no value."""

    switch: bool
    recommended: int
    author: int | None  # index of the author's own point
    rival: int | None  # whom the recommended policy is held against; None: the best of all others
    before: float | None  # the author's share
    readings: int
    middle: float
    values: tuple[float, ...]
    dots: tuple[tuple[tuple[float, ...], ...], ...]
    mean: Table
    better: Table
    worse: Table
    best: Table

    def pack(self) -> bytes:
        """Write the sweep in the layout above.

        Values of the criterion are kept to a part in 65,534 of their whole range, shares likewise.
        """
        known = [value for row in self.dots for each in row for value in each]
        known += [value for row in self.mean for value in row if value is not None]
        low, high = min(known, default=0.0), max(known, default=0.0)
        count, policies = len(self.values), len(self.dots[0])
        own = _NO_POINT if self.author is None else self.author
        head = _HEAD.pack(
            _MARK,
            self.switch,
            count,
            policies,
            DOTS,
            self.recommended,
            own,
            self.readings,
            _code(self.before, 0.0, 1.0),
            _ALL if self.rival is None else self.rival,
            0,
            low,
            high,
            self.middle,
        )
        codes = [
            code
            for row in self.dots
            for each in row
            for code in ([_code(value, low, high) for value in each] if each else [NONE] * DOTS)
        ]
        codes += [_code(value, low, high) for row in self.mean for value in row]
        for table in (self.better, self.worse, self.best):
            codes += [_code(value, 0.0, 1.0) for row in table for value in row]
        return head + struct.pack(f"<{count}d{len(codes)}H", *self.values, *codes)

    @staticmethod
    def unpack(data: bytes) -> Strip:
        """Read a sweep.

        Raises
        ------
        ModelError
            The bytes are no sweep of this layout, or cut short.

        Examples
        --------
        >>> Strip.unpack(b"PNG")
        Traceback (most recent call last):
        ...
        parley.site.model.errors.ModelError: these bytes are no packed sweep
        """
        if len(data) < _HEAD.size or data[:4] != _MARK:
            raise ModelError("these bytes are no packed sweep")
        head = _HEAD.unpack_from(data)
        switch, count, policies, dots, recommended, own, readings, before, rival, _, low, high, middle = head[
            1:
        ]
        size = _HEAD.size + 8 * count + 2 * count * policies * (dots + 4)
        if dots != DOTS or len(data) != size or recommended >= policies or not count:
            raise ModelError(
                f"a packed sweep of {len(data):,} bytes does not hold what its head says: {size:,}"
            )
        values = struct.unpack_from(f"<{count}d", data, _HEAD.size)
        codes = struct.unpack_from(f"<{count * policies * (dots + 4)}H", data, _HEAD.size + 8 * count)
        cells = count * policies
        quantiles = [_dots(codes[cell * dots : (cell + 1) * dots], low, high) for cell in range(cells)]
        tables = [codes[cells * (dots + part) : cells * (dots + part + 1)] for part in range(4)]
        mean = [_value(code, low, high) for code in tables[0]]
        better, worse, best = ([_value(code, 0.0, 1.0) for code in table] for table in tables[1:])
        rows = range(0, cells, policies)
        return Strip(
            switch=bool(switch),
            recommended=recommended,
            author=None if own == _NO_POINT else own,
            rival=None if rival == _ALL else rival,
            before=_value(before, 0.0, 1.0),
            readings=readings,
            middle=middle,
            values=values,
            dots=tuple(tuple(quantiles[at : at + policies]) for at in rows),
            mean=tuple(tuple(mean[at : at + policies]) for at in rows),
            better=tuple(tuple(better[at : at + policies]) for at in rows),
            worse=tuple(tuple(worse[at : at + policies]) for at in rows),
            best=tuple(tuple(best[at : at + policies]) for at in rows),
        )

    def share(self) -> tuple[float | None, ...]:
        """Return, point by point, how often the recommended policy beats whom it is held against."""
        return tuple(_share(self, row) for row in range(len(self.values)))


def _share(strip: Strip, row: int) -> float | None:
    if strip.rival is None:
        return strip.best[row][strip.recommended]
    return _ahead(strip.better[row][strip.rival], strip.worse[row][strip.rival])


def _ahead(better: float | None, worse: float | None) -> float | None:
    """Count ties half."""
    return None if better is None or worse is None else (1.0 + better - worse) / 2


def _code(value: float | None, low: float, high: float) -> int:
    if value is None or not math.isfinite(value):
        return NONE
    return round((value - low) / (high - low) * TOP) if high > low else 0


def _value(code: int, low: float, high: float) -> float | None:
    return None if code == NONE else low + (high - low) * (code / TOP)


def _dots(codes: Sequence[int], low: float, high: float) -> tuple[float, ...]:
    return () if NONE in codes else tuple(low + (high - low) * (code / TOP) for code in codes)


@dataclass(frozen=True, slots=True)
class StripPolicy:
    """One policy at one value: shares None where the layout has none."""

    dots: tuple[float, ...]
    mean: float | None
    better: float | None
    worse: float | None
    best: float | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """The conclusion at one value of one assumption, read off its sweep.

    ``policies`` are in the order of the edition. ``share`` is how often the recommended policy does
    better than whom it is held against, ``before`` the author's in the same readings; ``chip`` is one of
    :data:`parley.site.model.effect.CHIPS`. Differences below :data:`TOLD` are none: a sweep is too
    coarse for them.
    """

    value: float
    share: float | None
    before: float | None
    chip: str
    policies: tuple[StripPolicy, ...]


def estimate(strip: Strip, value: float) -> Estimate:
    """Read the conclusion off a sweep at one value.

    Parameters
    ----------
    strip
        The sweep.
    value
        Of the assumption; of a switch the index of the option.

    Raises
    ------
    ModelError
        The value lies outside of what was swept, or is no option.
    """
    values = strip.values
    if not values[0] <= value <= values[-1] or (strip.switch and value not in values):
        raise ModelError(f"{value} was not swept: that was {values[0]} to {values[-1]}")
    right = min(bisect_right(values, value), len(values) - 1)
    left = max(right - 1, 0)
    part = (value - values[left]) / (values[right] - values[left]) if right > left else 0.0
    found = tuple(_between(strip, left, right, part, k) for k in range(len(strip.dots[0])))
    if strip.rival is None:
        share = found[strip.recommended].best
    else:
        share = _ahead(found[strip.rival].better, found[strip.rival].worse)
    change = None if share is None or strip.before is None else share - strip.before
    return Estimate(value, share, strip.before, chip(strip.before, share, change, TOLD), found)


def _between(strip: Strip, left: int, right: int, part: float, policy: int) -> StripPolicy:
    before, after = strip.dots[left][policy], strip.dots[right][policy]
    dots = (
        tuple(_mix(a, b, part) or 0.0 for a, b in zip(before, after, strict=True)) if before and after else ()
    )
    if part in (0.0, 1.0):
        dots = after if part else before  # at a point its neighbour does not matter
    mean, better, worse, best = (
        _mix(table[left][policy], table[right][policy], part)
        for table in (strip.mean, strip.better, strip.worse, strip.best)
    )
    return StripPolicy(dots, mean, better, worse, best)


def _mix(before: float | None, after: float | None, part: float) -> float | None:
    if part in (0.0, 1.0):
        return after if part else before
    if before is None or after is None:
        return None
    return before + (after - before) * part


def crossings(values: Sequence[float], share: Sequence[float | None]) -> tuple[Crossing, ...]:
    """Return where a share crosses one half, ascending; between two points on the straight line.

    A stretch at one half exactly counts once, at its middle, and only when the sides differ.

    Examples
    --------
    >>> crossings([0.0, 1.0, 2.0], [0.25, 0.75, None])
    (Crossing(value=0.5, fails='below', low=None, high=None),)
    >>> crossings([0.0, 1.0, 2.0, 3.0], [0.75, 0.5, 0.5, 0.25])
    (Crossing(value=1.5, fails='above', low=None, high=None),)
    """
    found = []
    last: tuple[float, float] | None = None  # the last point off one half
    level: tuple[float, float] | None = None  # the stretch at one half since
    for value, each in zip(values, share, strict=True):
        if each is None:
            last = level = None
        elif each == 0.5:
            level = (level[0] if level else value, value)
        else:
            if last is not None and (last[1] - 0.5) * (each - 0.5) < 0:
                straight = last[0] + (value - last[0]) * (0.5 - last[1]) / (each - last[1])
                at = sum(level) / 2 if level else straight
                found.append(Crossing(at, "above" if each < 0.5 else "below"))
            last, level = (value, each), None
    return tuple(found)
