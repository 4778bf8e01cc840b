"""Where functions cross zero: many brackets at once, one call of the function per step.

What lives here: Chandrupatla's method. What may not: what the function is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["TOLERANCE", "Roots", "roots"]

Values = NDArray[np.float64]

TOLERANCE = 2e-4  # width of the last bracket, as a share of the value
FACTOR = 2.0  # a bracket whose ends differ by more than this factor is halved in proportion
STEPS = 100  # bisection alone needs about fifteen


@dataclass(frozen=True, slots=True, eq=False)
class Roots:
    """What was found in each bracket, ``[bracket]``.

    The function has the sign of the lower end at ``low`` and another one at ``high``: both were evaluated.
    ``value`` lies between them. All three are NaN where the function was undefined on the way.
    """

    value: Values
    low: Values
    high: Values


def roots(
    function: Callable[[NDArray[np.int64], Values], Values],
    low: Values,
    high: Values,
    at_low: Values,
    at_high: Values,
    *,
    floor: Values | float = 0.0,
    tolerance: float = TOLERANCE,
) -> Roots:
    """Narrow brackets down to a zero in each.

    Chandrupatla's method: inverse quadratic interpolation where three points lie as on a curve that is
    monotone enough, bisection elsewhere.

    Parameters
    ----------
    function
        Takes the numbers of some brackets and a point in each, returns the values there.
    low, high
        ``[bracket]`` ends, low below high.
    at_low, at_high
        ``[bracket]`` the function there, of opposite signs.
    floor
        Sizes of the unknown below which precision is absolute.
    tolerance
        Largest width of the last bracket, as a share of its larger end (or of the floor).

    Notes
    -----
    Chandrupatla, T. R. (1997). A new hybrid quadratic/bisection algorithm for finding the zero of a
    nonlinear function without using derivatives. *Advances in Engineering Software* 28(3), 145-149. An exact
    zero counts as being on the upper side.

    Examples
    --------
    >>> import numpy as np
    >>> ends = np.array([0.0, 1.0]), np.array([4.0, 9.0])
    >>> found = roots(lambda which, x: x**2 - [2.0, 3.0][which[0]], ends[0][:1], ends[1][:1],
    ...               np.array([-2.0]), np.array([14.0]))
    >>> bool(abs(found.value[0] - 2**0.5) < 3e-4), bool(found.low[0] <= 2**0.5 <= found.high[0])
    (True, True)
    """
    count = low.size
    floors = np.broadcast_to(np.asarray(floor, dtype=np.float64), (count,))
    proportional = (low > 0) & (high > FACTOR * low)
    state = _Brackets(
        to=np.where(proportional, np.log(np.where(proportional, low, 1.0)), low),
        back=np.where(proportional, np.log(np.where(proportional, high, 1.0)), high),
        at_to=at_low.astype(np.float64),
        at_back=at_high.astype(np.float64),
        side=np.sign(at_low),
        proportional=proportional,
        floor=floors,
        tolerance=tolerance,
    )
    active = state.open(np.arange(count))
    for _ in range(STEPS):
        if not active.size:
            break
        points = state.next(active)
        state.put(active, points, function(active, state.natural(active, points)))
        active = state.open(active)
    return state.found(active)


class _Brackets:
    """The two ends of each bracket, the point that was left last, and what they tell of the next point."""

    def __init__(
        self,
        to: Values,
        back: Values,
        at_to: Values,
        at_back: Values,
        side: Values,
        proportional: NDArray[np.bool_],
        floor: Values,
        tolerance: float,
    ) -> None:
        self.to, self.back, self.old = to, back, to.copy()
        self.at_to, self.at_back, self.at_old = at_to, at_back, at_to.copy()
        self.side, self.proportional, self.floor, self.tolerance = side, proportional, floor, tolerance
        self.fraction = np.full(to.size, 0.5)

    def natural(self, which: NDArray[np.int64], points: Values) -> Values:
        logs = self.proportional[which]
        return np.where(logs, np.exp(np.where(logs, points, 0.0)), points)

    def width(self, which: NDArray[np.int64]) -> Values:
        """Return the largest width that a finished bracket may have."""
        size = np.maximum(np.abs(self.to[which]), np.abs(self.back[which]))
        return self.tolerance * np.where(
            self.proportional[which], 1.0, np.maximum(np.maximum(size, self.floor[which]), 1e-300)
        )

    def open(self, which: NDArray[np.int64]) -> NDArray[np.int64]:
        wide = np.abs(self.to[which] - self.back[which]) > self.width(which)
        return which[wide & np.isfinite(self.at_to[which])]

    def next(self, which: NDArray[np.int64]) -> Values:
        to, back = self.to[which], self.back[which]
        least = 0.5 * self.width(which) / np.abs(back - to)
        fraction = np.clip(self.fraction[which], least, 1.0 - least)
        points: Values = to + fraction * (back - to)
        return points

    def put(self, which: NDArray[np.int64], points: Values, values: Values) -> None:
        """Take the function's values at the points: narrow the brackets, choose the next fractions."""
        # An exact zero counts as the upper side's.
        signs = np.where(values == 0, -self.side[which], np.sign(values))
        stays = signs == self._sign_to(which)
        self.old[which] = np.where(stays, self.to[which], self.back[which])
        self.at_old[which] = np.where(stays, self.at_to[which], self.at_back[which])
        self.back[which] = np.where(stays, self.back[which], self.to[which])
        self.at_back[which] = np.where(stays, self.at_back[which], self.at_to[which])
        self.to[which], self.at_to[which] = points, values
        with np.errstate(all="ignore"):
            self.fraction[which] = self._interpolated(which)

    def _sign_to(self, which: NDArray[np.int64]) -> Values:
        at = self.at_to[which]
        signs: Values = np.where(at == 0, -self.side[which], np.sign(at))
        return signs

    def _interpolated(self, which: NDArray[np.int64]) -> Values:
        a, b, c = self.to[which], self.back[which], self.old[which]
        fa, fb, fc = self.at_to[which], self.at_back[which], self.at_old[which]
        xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
        fits = (phi**2 < xi) & ((1.0 - phi) ** 2 < 1.0 - xi)
        curve = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        fraction: Values = np.where(fits & np.isfinite(curve), curve, 0.5)
        return fraction

    def found(self, unfinished: NDArray[np.int64]) -> Roots:
        every = np.arange(self.to.size)
        one, other = self.natural(every, self.to), self.natural(every, self.back)
        defined = np.isfinite(self.at_to) & np.isfinite(self.at_back)
        defined[unfinished] = False
        with np.errstate(all="ignore"):
            between = one - self.at_to * (other - one) / (self.at_back - self.at_to)
        low, high = np.minimum(one, other), np.maximum(one, other)
        value = np.clip(np.where(np.isfinite(between), between, one), low, high)
        return Roots(*(np.where(defined, each, np.nan) for each in (value, low, high)))
