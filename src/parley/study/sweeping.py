"""Sweeps: one parameter moved from end to end, everything else as judged.

What lives here: which games are solved, and what is read from them. What may not: sentences, pictures.

At every point the same readings are solved, so that a curve moves because its parameter does, and not because
chance does. What is judged together with the varied parameter stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from parley.errors import StudyError
from parley.game.tracking import policy_of, quantities_in
from parley.scenario.model import Quantity, Scenario
from parley.scenario.sweeps import Shown, SweepRequest
from parley.scenario.syntax import Kind
from parley.scenario.uses import leads_to
from parley.solve.solution import Status
from parley.study.evaluator import Evaluator
from parley.study.published_dots import published_dots
from parley.study.reasoning import AS_JUDGED, Reasoning
from parley.study.results import Provenance, Results
from parley.study.sweep_model import SHARES, Best, Crossing, Curve, Jump, Sweep
from parley.study.turns import crossings, jumps, leaders, to_cross, to_turn, visible

__all__ = ["DRAWS", "MOST_ADDED", "MOST_VALUES", "sweep"]

Values = NDArray[np.float64]

DRAWS = 256
MOST_ADDED = 600  # points beside those that were asked for
MOST_VALUES = 50_000_000  # of all curves, points and readings
MOST_AT_ONCE = 16_384  # games of a policy whose strategies are held at once
_ROUNDS = 14
_ENOUGH = 0.99  # of the readings have a value, or a point has none


def sweep(
    scenario: Scenario,
    request: SweepRequest | None = None,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    threads: int | None = None,
    cancel: Callable[[], bool] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Sweep:
    """Move one parameter, solve at every step, and say how quantities move.

    Parameters
    ----------
    scenario
        What is solved.
    request
        What to vary, from where to where, and what to show; the scenario's first ``sweep`` unless given. See
        :func:`parley.scenario.read_request` for one that is written by hand.
    draws
        Readings at each point, where anything but the varied parameter is uncertain; else one is solved.
    seed
        Of the readings.
    threads
        Default: one per core.
    cancel
        Asked now and then; when it returns True the sweep ends in a StudyError.
    progress
        Called with the number of games solved so far.

    Returns
    -------
    Sweep
        Curves with a mean at each point and, over readings, the points of :data:`SHARES`. Where a curve
        jumps, turns or ends, points are added until they are a thousandth of the axis apart.

    Raises
    ------
    StudyError
        When the scenario has no sweep, the request does not fit it or is too large, or it was cancelled.
    DrawsError
        When a judgement describes no distribution.

    Examples
    --------
    >>> import parley
    >>> text = '''
    ... parley: 1
    ... title: A threat
    ... players: {us: We}
    ... precision: 2
    ... parameters: {gain: 1}
    ... story: [{player: us, move: act, options: [attack, wait]}, {outcomes: [end]}]
    ... payoffs: {us: gain if act is attack else 0}
    ... quantities: {attack: P(act is attack)}
    ... sweep: {vary: gain, from: 0.5, to: 2}
    ... '''
    >>> found = sweep(parley.loads(text))
    >>> found.readings, round(float(found.curves[0].mean[-1]), 3)
    (1, 0.881)
    """
    if request is None:
        if not scenario.sweeps:
            raise StudyError("the scenario has no `sweep:`, so it must be said what to vary")
        request = scenario.sweeps[0]
    course = _Course(scenario, request, draws, seed, threads, cancel, progress)
    complete = course.follow()
    return course.found(complete=complete)


class _Course:
    """The points of a sweep that are solved so far, in order."""

    def __init__(
        self,
        scenario: Scenario,
        request: SweepRequest,
        draws: int,
        seed: int,
        threads: int | None,
        cancel: Callable[[], bool] | None,
        progress: Callable[[int], None] | None,
    ) -> None:
        self.scenario = scenario
        self.request = request
        self._reasoning = Reasoning(limit=True) if request.concept == "limit" else AS_JUDGED
        self._lines = tuple(_lines(scenario, request))
        self._probe = Evaluator(
            _asking(scenario, request),
            _policies(scenario, request, self._lines),
            seed=seed,
            threads=threads,
            cancel=cancel,
            progress=progress,
        )
        held = {request.vary, *request.set}
        uncertain = [each.name for each in self._probe.inputs if each.name not in held]
        self.readings = draws if uncertain else 1
        if draws < 1:
            raise StudyError(f"a sweep needs a reading or more, not {draws}")
        size = len(self._lines) * request.steps * self.readings
        if size > MOST_VALUES:
            raise StudyError(
                f"{request.steps:,} points of {self.readings:,} readings for {len(self._lines):,} curves are "
                f"{size:,} numbers; the limit is {MOST_VALUES:,}: take fewer readings or fewer points"
            )
        self._ranks = self._probe.ranks(self.readings)
        self._values = {name: value for name, value in request.set.items() if isinstance(value, float | int)}
        self._switches = {name: value for name, value in request.set.items() if isinstance(value, str)}
        self.u = np.empty(0)  # [point] share of the axis
        self.y = np.empty((len(self._lines), 0, self.readings))  # [line, point, reading]
        self.solved = np.empty((len(self._lines), 0, self.readings), dtype=bool)
        self.games = self.failed = 0
        self.provenance: Provenance | None = None

    def at(self, u: Values) -> Values:
        """Return the values of the parameter at shares of the axis."""
        low, high = self.request.low, self.request.high
        found = low * (high / low) ** u if self.request.scale == "log" else low + (high - low) * u
        found[u <= 0.0], found[u >= 1.0] = low, high
        return np.asarray(found)

    def add(self, u: Values) -> None:
        """Solve at further points."""
        step = max(1, MOST_AT_ONCE // self.readings)
        for first in range(0, len(u), step):
            self._add(u[first : first + step])

    def _add(self, u: Values) -> None:
        values: dict[str, float | Values] = {**self._values}
        values[self.request.vary] = np.repeat(self.at(u), self.readings)
        found = self._probe.results(
            np.tile(self._ranks, (1, len(u))),
            values=values,
            switches=self._switches,
            only="quantity",
            reasoning=self._reasoning,
        )
        self.provenance = found.provenance
        self.games += sum(len(proof.status) for proof in found.proofs.values())
        self.failed += sum(int((~_answered(proof.status)).sum()) for proof in found.proofs.values())
        shape = (len(u), self.readings)
        y = np.stack([_measured(found, shown, policy).reshape(shape) for shown, policy in self._lines])
        solved = np.stack([self._solved(found, each).reshape(shape) for each in self._lines])
        order = np.argsort(np.concatenate([self.u, u]), kind="stable")
        self.u = np.concatenate([self.u, u])[order]
        self.y = np.concatenate([self.y, y], axis=1)[:, order]
        self.solved = np.concatenate([self.solved, solved], axis=1)[:, order]

    def _solved(self, found: Results, line: _Line) -> NDArray[np.bool_]:
        """Whether every game was solved that a line reads, ``[draw]``."""
        named = _named(self.scenario, line[0])
        read = [name for name in (line[1], *named) if name is not None] or list(found.proofs)
        return np.asarray(np.all([_answered(found.proofs[name].status) for name in read], axis=0))

    def means(self) -> Values:
        """Return ``[line, point]`` means over the readings; NaN where too few have a value."""
        known = np.isfinite(self.y)
        count = known.sum(axis=2)
        total = np.where(known, self.y, 0.0).sum(axis=2)
        enough = count >= _ENOUGH * self.readings
        return np.where(enough & (count > 0), total / np.maximum(count, 1), np.nan)

    def follow(self) -> bool:
        """Solve at the points asked for, then where curves turn; False when there were too many turns."""
        steps = self.request.steps
        self.add(np.linspace(0.0, 1.0, steps))
        tolerance = visible(self.readings)
        for _ in range(_ROUNDS):
            wanted = self._wanted([to_turn(self.u, mean, tolerance) for mean in self.means()])
            if not wanted.size:
                break
            if len(self.u) + len(wanted) > steps + MOST_ADDED:
                return False
            self.add(wanted)
        for _ in range(3):
            means = self.means()
            pairs = [means[a] - means[b] for a, b in self._pairs()]
            wanted = self._wanted([to_cross(self.u, d) for d in pairs])
            if not wanted.size or len(self.u) + len(wanted) > steps + 2 * MOST_ADDED:
                break
            self.add(wanted)
        return True

    def _wanted(self, found: Sequence[Values]) -> Values:
        """Return points of several curves, each once, and none that is solved already."""
        fresh = np.unique(np.concatenate([np.empty(0), *found]))
        return fresh[~np.isin(fresh, self.u)]

    def _pairs(self) -> list[tuple[int, int]]:
        """Return the lines that show the same quantity under two policies."""
        lines = enumerate(self._lines)
        return [(a, b) for (a, one), (b, other) in combinations(lines, 2) if one[0] is other[0]]

    def found(self, *, complete: bool) -> Sweep:
        """Put together what came of it."""
        means, x = self.means(), self.at(self.u)
        leaps = tuple(
            Jump(line, float(x[a]), float(x[b]), float(mean[a]), float(mean[b]))
            for line, mean in enumerate(means)
            for a, b in jumps(self.u, mean)
        )
        assert self.provenance is not None
        curves = tuple(self._curve(number, means) for number in range(len(self._lines)))
        return Sweep(
            scenario=self.scenario,
            request=self.request,
            x=x,
            curves=curves,
            jumps=leaps,
            crossings=tuple(self._crossings(means, x, leaps)),
            best=tuple(self._best(means)),
            published=published_dots(self.scenario, self.request, curves),
            readings=self.readings,
            games=self.games,
            unsolved=self.failed,
            provenance=replace(self.provenance, draws=self.readings, digest=self.scenario.digest),
            complete=complete,
        )

    def _curve(self, number: int, means: Values) -> Curve:
        shown, policy = self._lines[number]
        y, solved = self.y[number], self.solved[number]
        spread = None
        if self.readings > 1:
            spread = np.full((len(SHARES), len(self.u)), np.nan)
            there = np.flatnonzero(np.isfinite(means[number]))
            spread[:, there] = np.nanquantile(y[there], SHARES, axis=1)
        undefined = (solved & ~np.isfinite(y)).sum(axis=1)
        return Curve(shown, policy, means[number], spread, (~solved).sum(axis=1), undefined)

    def _best(self, means: Values) -> Iterator[Best]:
        """Yield which policy is the best, for each criterion that is shown under several."""
        for shown in self.request.show:
            lines = [number for number, line in enumerate(self._lines) if line[0] is shown]
            if shown.higher is None or len(lines) < 2:
                continue
            sign = 1.0 if shown.higher else -1.0
            for place, low, high in leaders(self.u, sign * means[lines]):
                ends = self.at(np.array([low, high])).tolist()
                yield Best(lines[place], *ends)

    def _crossings(self, means: Values, x: Values, leaps: Sequence[Jump]) -> Iterator[Crossing]:
        for a, b in self._pairs():
            d = means[a] - means[b]
            for before, after in crossings(d):
                share = d[before] / (d[before] - d[after])
                at = self.at(self.u[before] + share * np.diff(self.u[[before, after]]))[0]
                upper, lower = (a, b) if d[after] > 0 else (b, a)
                low, high = float(x[before]), float(x[after])
                leapt = any(j.curve in (a, b) and j.low < high and low < j.high for j in leaps)
                yield Crossing(upper, lower, float(at), low, high, leapt)


_Line = tuple[Shown, str | None]


def _answered(status: NDArray[np.int8]) -> NDArray[np.bool_]:
    return np.asarray(status == Status.CONVERGED)


def _asking(scenario: Scenario, request: SweepRequest) -> Scenario:
    """Return the scenario that asks for what is shown and for nothing else."""
    shown = {
        each.name: Quantity(each.name, each.expression, each.text, request.span) for each in request.show
    }
    return replace(scenario, quantities=MappingProxyType(shown), claims=MappingProxyType({}), expected=())


def _named(scenario: Scenario, shown: Shown) -> tuple[str, ...]:
    """Return the policies that a quantity names itself."""
    found = (policy_of(call) for call in quantities_in(shown.expression.root, scenario))
    return tuple(dict.fromkeys(name for name in found if name is not None))


def _lines(scenario: Scenario, request: SweepRequest) -> Iterator[_Line]:
    """Yield what is drawn: a quantity under every policy, or once where that makes no difference."""
    comparison = scenario.comparison
    policies = () if comparison is None else request.policies or tuple(comparison.policies)
    for shown in request.show:
        calls = list(quantities_in(shown.expression.root, scenario))
        told = all(policy_of(call) is not None for call in calls) or not _of_the_story(scenario, shown)
        if comparison is None or told:
            yield shown, None
        else:
            yield from ((shown, policy) for policy in policies)


def _of_the_story(scenario: Scenario, shown: Shown) -> bool:
    """Whether a quantity depends on what happens, and not on numbers and switches alone."""
    kinds = {kind for kind, _ in leads_to(scenario, shown.expression)}
    return not kinds <= {Kind.PARAMETER, Kind.SWITCH, Kind.DEFINITION}


def _policies(scenario: Scenario, request: SweepRequest, lines: Sequence[_Line]) -> tuple[str, ...] | None:
    """Return the policies whose games must be solved; None for free play."""
    if scenario.comparison is None:
        return None
    every = tuple(scenario.comparison.policies)
    drawn = {policy for _, policy in lines if policy is not None}
    drawn.update(name for shown, _ in lines for name in _named(scenario, shown))
    return tuple(name for name in every if name in drawn) or every[:1]


def _measured(found: Results, shown: Shown, policy: str | None) -> Values:
    under = policy if policy is not None else found.policies[0]
    return np.asarray(found.quantities[shown.name, under])
