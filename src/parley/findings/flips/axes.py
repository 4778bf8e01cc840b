"""What can be pushed: one number after the other, by its value.

What lives here: uncertain parameters and the utilities of rankings as axes, their grids, the ends of
judgements. What may not: what an answer to a push means.

A push of a parameter leaves all others as they are in the reading, those judged together with it too. A push
of a ranked outcome's utility leaves the outcomes above and below it where they were between it and the best,
and between it and the worst: the order holds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.scenario.model import Judgement, Parameter, Ranking, Scenario
from parley.study.evaluator import Evaluator, Input

__all__ = [
    "BEYOND",
    "COARSE",
    "FINE",
    "POSITIVE",
    "Axis",
    "Grid",
    "axes",
    "bounds",
    "grid",
    "is_share",
    "judged",
]

Values = NDArray[np.float64]

COARSE = (0.001, 0.05, 0.2, 0.5, 0.8, 0.95, 0.999)  # ranks that every axis is pushed to
FINE = (0.01, 0.1, 0.3, 0.4, 0.6, 0.7, 0.9, 0.99)  # and those that move the answer most
BEYOND = 3.0  # so many times above, or below, what is stated: how far outside is looked
HALVINGS = 30  # of a rank: it is known to a billionth
OUTER = 1e-8  # a rank so near to 0 or 1 is outside
MARKED = 0.5  # of a ranking's range, what its much worse steps have between them (see parley.draws.rankings)
SHARES = ("share", "chance", "probability", "proportion", "fraction", "percent", "%")  # units of shares

# Where the stated numbers are, or contain, the ends of the judgement.
ENDS = {"uniform": (0, 1), "likelihood": (0, 1), "loguniform": (0, 1)}
ENDS |= {"triangular": (0, 2), "logtriangular": (0, 2), "pert": (0, 2)}
SUPPORT = {"beta": (0.0, 1.0), "gamma": (0.0, math.inf), "exponential": (0.0, math.inf)}
POSITIVE = ("lognormal", "gamma", "exponential")


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """A number that can be pushed.

    ``kind`` is ``parameter`` or ``ranking``; ``rows`` are its rows of the table of ranks (for a ranking those
    of all its tiers, ``place`` is its own from the worst up, 0 to len(rows) - 1). A utility is ``shift`` plus
    ``slope`` times its place between worst and best.
    """

    name: str
    kind: str
    text: str | None
    unit: str | None
    rows: tuple[int, ...]
    place: int = 0
    shift: float = 0.0
    slope: float = 1.0

    def values(self, probe: Evaluator, ranks: Values) -> Values:
        """Return its values ``[draw]`` in readings ``[row, draw]``."""
        if self.kind == "parameter":
            return probe.values(self.name, ranks[self.rows[0]])
        ordered: Values = np.sort(ranks[list(self.rows)], axis=0)
        utility: Values = self.shift + self.slope * ordered[self.place]
        return utility

    def at(self, probe: Evaluator, shares: Values) -> Values:
        """Return its values at shares of its own judgement, ``[share]``."""
        if self.kind == "parameter":
            return probe.values(self.name, shares)
        from scipy.special import betaincinv

        count = len(self.rows)
        return self.shift + self.slope * np.asarray(betaincinv(self.place + 1, count - self.place, shares))

    def rank(self, probe: Evaluator, value: float) -> float:
        """Return the share of its judgement that lies below a value: 0 or 1 beyond its ends."""
        low, high = np.array([0.0]), np.array([1.0])
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            above = self.at(probe, middle) < value
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        found = float(low[0] + high[0]) / 2
        return 0.0 if found < OUTER else 1.0 if found > 1 - OUTER else found

    def put(self, ranks: Values, values: Values) -> None:
        """Push a ranked utility in readings ``[row, draw]``, in place."""
        rows = list(self.rows)
        ordered = np.sort(ranks[rows], axis=0)
        old, new = ordered[self.place], (values - self.shift) / self.slope
        below, above = ordered[: self.place], ordered[self.place + 1 :]
        parts = [below * (new / old), new[np.newaxis], 1.0 - (1.0 - above) * ((1.0 - new) / (1.0 - old))]
        ranks[rows] = np.clip(np.concatenate(parts), 2.0**-53, 1.0 - 2.0**-53)


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Values that an axis is pushed to, ascending: ``[point]``.

    ``share`` is the part of the judgement below, 0 and 1 at its ends and beyond; ``outside`` marks what the
    judgement does not contain.
    """

    value: Values
    share: Values
    outside: NDArray[np.bool_]

    @property
    def stated(self) -> tuple[float, float]:
        """The lowest and the highest value within the judgement."""
        inside = self.value[~self.outside]
        return float(inside[0]), float(inside[-1])

    @property
    def searched(self) -> tuple[float, float]:
        """The lowest and the highest value of all."""
        return float(self.value[0]), float(self.value[-1])

    def rank(self, values: Values | float) -> Values:
        """Return the share of the judgement below some values, read off between the points."""
        return np.asarray(np.interp(values, self.value, self.share), dtype=np.float64)


def axes(scenario: Scenario, inputs: tuple[Input, ...]) -> tuple[Axis, ...]:
    """Return what can be pushed, in the order of the inputs; switches are not among them."""
    found: list[Axis] = []
    for each in inputs:
        if each.kind == "parameter":
            parameter = scenario.parameters[each.name]
            found.append(Axis(each.name, "parameter", parameter.text, parameter.unit, each.rows))
        elif each.kind == "ranking":
            player = each.name.removeprefix("ranking of ")
            ranking = scenario.payoffs[player].ranking
            assert ranking is not None
            found.extend(_tiers(player, scenario.players[player].text, ranking, each.rows))
    return tuple(found)


def _tiers(player: str, text: str, ranking: Ranking, rows: tuple[int, ...]) -> list[Axis]:
    marked, last = sum(ranking.gaps), len(ranking.tiers) - 1
    found = []
    for tier in range(1, last):
        below = sum(ranking.gaps[tier:]) / marked if marked else 0.0
        found.append(
            Axis(
                name=f"{player}: {ranking.tiers[tier][0]}",
                kind="ranking",
                text=f"what this is worth to {text}, between its worst (0) and its best (1)",
                unit=None,
                rows=rows,
                place=last - 1 - tier,
                shift=MARKED * below if marked else 0.0,
                slope=1.0 - MARKED if marked else 1.0,
            )
        )
    return found


def judged(scenario: Scenario, parameter: Parameter) -> Judgement:
    """Return the judgement in force: the author's, or what was put in its place."""
    put = scenario.overrides.get(parameter.name)
    return put.judgement if put is not None and put.judgement is not None else parameter.judgement


def bounds(judgement: Judgement) -> tuple[float, float]:
    """Return the ends of a judgement, infinite where it has none.

    >>> from parley.scenario.model import Span
    >>> bounds(Judgement("pert", (1.0, 2.0, 5.0), (None, 4.0), None, None, Span("a.md", 1, 1)))
    (1.0, 4.0)
    """
    numbers = judgement.numbers
    if judgement.shape in ENDS:
        low, high = (float(numbers[place]) for place in ENDS[judgement.shape])
    else:
        low, high = SUPPORT.get(judgement.shape, (-math.inf, math.inf))
    if judgement.truncate is not None:
        below, above = judgement.truncate
        low = low if below is None else max(low, float(below))
        high = high if above is None else min(high, float(above))
    return low, high


def is_share(parameter: Parameter, judgement: Judgement) -> bool:
    """Whether a number is a share or a chance: by its judgement's shape, or by its unit.

    Only what is stated within 0 to 1 is one, whatever its unit says.
    """
    if judgement.shape in ("likelihood", "beta"):
        return True
    low, high = bounds(judgement)
    unit = (parameter.unit or "").lower()
    return low >= 0.0 and high <= 1.0 and unit.startswith(SHARES)


def grid(scenario: Scenario, axis: Axis, probe: Evaluator, shares: tuple[float, ...] = COARSE) -> Grid:
    """Return the values that an axis is pushed to: some shares of its judgement, its ends, and beyond.

    Beyond means up to 0 and 1 for a share, :data:`BEYOND` times the highest and that part of the lowest for a
    positive number, the width of the range on either side for any other; never past where the author
    truncated. For a choice between values these are the values, and what lies beyond.
    """
    if axis.kind == "ranking":
        share = np.array(shares)
        return Grid(axis.at(probe, share), share, np.zeros(share.size, dtype=bool))
    parameter = scenario.parameters[axis.name]
    judgement = judged(scenario, parameter)
    low, high = bounds(judgement)
    if judgement.shape == "choice":
        share = np.linspace(0.0005, 0.9995, 1000)
        value, first = np.unique(axis.at(probe, share), return_index=True)
        share = share[first]
    else:
        # Where the judgement simply ends, its end stands for the share next to it.
        keep = [
            each
            for each in shares
            if not (judgement.shape in ENDS and (each <= 0.001 or each >= 0.999))
            or not math.isfinite(low if each < 0.5 else high)
        ]
        share = np.array(sorted(keep))
        value = axis.at(probe, share)
        if math.isfinite(low):
            value, share = np.append(low, value), np.append(0.0, share)
        if math.isfinite(high):
            value, share = np.append(value, high), np.append(share, 1.0)
    ends = _outside(parameter, judgement, float(value[0]), float(value[-1]))
    below, above = [x for x in ends if x < value[0]], [x for x in ends if x > value[-1]]
    every = np.concatenate([below, value, above])
    apart = np.append(True, np.diff(every) > 1e-12 * np.abs(every[1:]))
    return Grid(
        every[apart],
        np.concatenate([[0.0] * len(below), share, [1.0] * len(above)])[apart],
        np.repeat([True, False, True], [len(below), value.size, len(above)])[apart],
    )


def _outside(parameter: Parameter, judgement: Judgement, low: float, high: float) -> tuple[float, float]:
    """Return how far to look on either side of a range."""
    if is_share(parameter, judgement):
        below, above = max(0.0, low - (high - low)), min(1.0, high + (high - low))
    elif low >= 0.0 or judgement.shape in POSITIVE:
        below, above = low / BEYOND, high * BEYOND
    else:
        below, above = low - (high - low), high + (high - low)
    if judgement.truncate is not None:
        least, most = judgement.truncate
        below = below if least is None else max(below, float(least))
        above = above if most is None else min(above, float(most))
    return below, above
