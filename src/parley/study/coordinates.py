"""Parameters as coordinates of a search: where it may go, where it starts, on what scale.

What lives here: bounds, starts, and the way between a parameter and its coordinate. What may not: data,
likelihoods.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.draws.points import points
from parley.scenario.middle import central, quantile, support
from parley.scenario.model import Expression, Judgement, Move, Nature, Race, Scenario, Signal, Update
from parley.scenario.syntax import Kind, Reference
from parley.scenario.uses import moves, steps
from parley.study.climb import Box

__all__ = [
    "Coordinate",
    "box_of",
    "coordinate",
    "judged",
    "outer",
    "precision_of",
    "slope_of",
    "spread_starts",
]

Values = NDArray[np.float64]

_DECADES = 4.0  # above its start, as far as a positive parameter without a bound is searched for
_SPREAD = 0.5  # of a logarithm, or of an inverse hyperbolic sine: a change by two thirds is large
_LOG_SHAPES = ("loguniform", "logtriangular", "lognormal", "gamma", "exponential")


@dataclass(frozen=True, slots=True)
class Coordinate:
    """A parameter that is estimated.

    ``form`` is how the coordinate u and the parameter x hang together: ``linear`` (u = x), ``log``
    (u = log x), or ``sinh`` (u = asinh(x / scale)), which is linear near 0, so that 0 can be reached, and a
    logarithm far from it. ``low``, ``high``, ``start`` and ``spread`` are in u. ``stated`` says of the low
    and the high end whether they are the scenario's own (or follow from what the parameter is), or only as
    far as is searched.
    """

    name: str
    form: str
    low: float
    high: float
    start: float
    spread: float
    stated: tuple[bool, bool]
    scale: float = 1.0

    @property
    def linear(self) -> bool:
        """Whether the coordinate is the parameter itself."""
        return self.form == "linear"


def judged(scenario: Scenario, name: str) -> Judgement:
    """Return the judgement of a parameter, as it was last set."""
    override = scenario.overrides.get(name)
    if override is not None and override.judgement is not None:
        return override.judgement
    return scenario.parameters[name].judgement


def _is(expression: Expression | None, name: str) -> bool:
    root = None if expression is None else expression.root
    return isinstance(root, Reference) and root.kind is Kind.PARAMETER and root.name == name


def precision_of(scenario: Scenario, name: str) -> tuple[str, ...]:
    """Return the moving players whose precision a parameter is.

    Examples
    --------
    >>> import parley
    >>> precision_of(parley.load("which-event-first"), "B")
    ()
    """
    movers = {move.player for move in moves(scenario)}
    return tuple(
        player.name
        for player in scenario.players.values()
        if player.name in movers
        and _is(scenario.precision if player.precision is None else player.precision, name)
    )


def _chances(scenario: Scenario) -> Iterator[Expression]:
    for step, _ in steps(scenario.story):
        if isinstance(step, Nature | Move | Update):
            yield from (option.chance for option in step.options if option.chance is not None)
        elif isinstance(step, Signal):
            if step.error is not None:
                yield step.error
            for row in (step.chances or {}).values():
                yield from (chance for chance in row if chance is not None)


def _rates(scenario: Scenario) -> Iterator[Expression]:
    for step, _ in steps(scenario.story):
        if isinstance(step, Race):
            yield from (clock.rate for clock in step.clocks)
            if step.horizon is not None:
                yield step.horizon


def coordinate(scenario: Scenario, name: str) -> Coordinate:
    """Return how a parameter is searched for.

    It stays inside the support of its judgement (``range``, ``truncate``, ...); a certain number may take
    any value. A precision, a rate or a stretch of time is not negative, and searched for in proportion; a
    chance lies between 0 and 1.

    Examples
    --------
    >>> import parley
    >>> found = coordinate(parley.load("which-event-first"), "kappa")
    >>> found.form, float(outer([found], np.array([found.start]))[0]).__round__(3)
    ('sinh', 0.3)
    """
    judgement = judged(scenario, name)
    certain = judgement.shape == "fixed"
    low, high = (-math.inf, math.inf) if certain else support(judgement)
    positive = bool(precision_of(scenario, name)) or any(_is(each, name) for each in _rates(scenario))
    if positive:
        low = max(low, 0.0)
    elif any(_is(each, name) for each in _chances(scenario)):
        low, high = max(low, 0.0), min(high, 1.0)
    middle = central(judgement)
    if low >= 0.0 and (positive or judgement.shape in _LOG_SHAPES):
        return _in_proportion(name, low, high, middle)
    middle = min(max(middle, low), high)
    if certain:
        spread = max(1.0, abs(middle)) if math.isinf(high - low) else (high - low) / 4
    else:
        spread = (quantile(judgement, 0.84) - quantile(judgement, 0.16)) / 2
    stated = (math.isfinite(low), math.isfinite(high))
    return Coordinate(name, "linear", low, high, middle, spread or 1.0, stated)


def _in_proportion(name: str, low: float, high: float, middle: float) -> Coordinate:
    if not (middle > 0.0 and math.isfinite(middle)):
        middle = 1.0 if math.isinf(high) else (low + high) / 2
    stated = (True, math.isfinite(high))
    last = high if stated[1] else middle * 10.0**_DECADES
    if low > 0.0:
        form, scale = "log", 1.0
        start, ends = math.log(middle), (math.log(low), math.log(last))
    else:
        form, scale = "sinh", middle
        start, ends = math.asinh(1.0), (0.0, math.asinh(last / middle))
    spread = min(_SPREAD, (ends[1] - ends[0]) / 4)
    return Coordinate(name, form, *ends, min(max(start, ends[0]), ends[1]), spread, stated, scale)


def box_of(coordinates: Sequence[Coordinate]) -> Box:
    """Return the bounds of a search."""
    table = np.array([(each.low, each.high, each.spread) for each in coordinates])
    return Box(table[:, 0], table[:, 1], table[:, 2])


def outer(coordinates: Sequence[Coordinate], point: Values) -> Values:
    """Return parameters ``[parameter, ...]`` from coordinates of the same shape.

    Examples
    --------
    >>> outer([Coordinate("lambda", "log", -9.0, 9.0, 0.0, 0.5, (False, False))], np.zeros((1, 2))).tolist()
    [[1.0, 1.0]]
    """
    found = np.array(point, dtype=np.float64)
    for row, each in enumerate(coordinates):
        if each.form == "log":
            found[row] = np.exp(found[row])
        elif each.form == "sinh":
            found[row] = each.scale * np.sinh(found[row])
    return found


def slope_of(each: Coordinate, value: float) -> float:
    """Return by how much a parameter at some value grows per unit of its coordinate.

    Examples
    --------
    >>> slope_of(Coordinate("x", "sinh", 0.0, 9.0, 1.0, 0.5, (True, False), scale=3.0), 4.0)
    5.0
    """
    if each.linear:
        return 1.0
    return value if each.form == "log" else math.hypot(each.scale, value)


def spread_starts(coordinates: Sequence[Coordinate], count: int) -> Values:
    """Return ``[coordinate, start]``: the middle, then points spread evenly around it, inside the bounds.

    Examples
    --------
    >>> spread_starts([Coordinate("p", "linear", 0.0, 1.0, 0.5, 0.25, (True, True))], 3).shape
    (1, 3)
    """
    middle = np.array([each.start for each in coordinates])
    width = np.array([(3.0 if each.linear else 5.0) * each.spread for each in coordinates])
    box = box_of(coordinates)
    # Starts stay off the bounds, where a chance of 0 could make what was observed impossible.
    low = np.maximum(middle - width, box.low + 0.05 * np.minimum(width, box.high - box.low))
    high = np.minimum(middle + width, box.high - 0.05 * np.minimum(width, box.high - box.low))
    shares = points(len(coordinates), max(count - 1, 1), seed=0, first=0, design="sobol")[:, : count - 1]
    return np.column_stack([np.clip(middle, low, high), low[:, None] + shares * (high - low)[:, None]])
