"""Estimating the parameters of a scenario from observed plays.

What lives here: maximum likelihood from start to record. What may not: words, files that are written.

McKelvey and Palfrey (*Games and Economic Behavior* 10, 1995) estimate the precision of a quantal response
equilibrium in this way, Signorino (*American Political Science Review* 93, 1999) the payoffs of a strategic
choice model. Here any parameter of any scenario can be estimated, since the likelihood is what the engine
measures anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

import parley
from parley.draws import space
from parley.errors import SolveError, StudyError
from parley.scenario.expression import unparse
from parley.scenario.middle import central
from parley.scenario.model import Scenario
from parley.scenario.names import canonical, suggest
from parley.scenario.players import kinds_of
from parley.scenario.uses import moves
from parley.study.climb import Box, Objective, Peaks, climb
from parley.study.coordinates import (
    Coordinate,
    box_of,
    coordinate,
    judged,
    outer,
    precision_of,
    slope_of,
    spread_starts,
)
from parley.study.fit_model import WHOLE, CurvePoint, Estimated, Fit, Held, Interval, Optimum
from parley.study.goodness import goodness, unobserved
from parley.study.information import Information, information
from parley.study.likelihood import Likelihood
from parley.study.plays import Plays, Source, read_plays
from parley.study.profiles import Ends, crossings, profile
from parley.study.reasoning import Reasoning

__all__ = ["fit"]

Values = NDArray[np.float64]

SPREAD = 32  # points of which the best become starts
STARTS = 6  # searches, from the scenario's own values and the best of the others
SAME = 0.05  # of a spread: peaks closer than this are one
EQUAL = 1e-6  # in the log-likelihood: peaks that differ by less are equally good
ROUNDING = 1e-9  # the same, relative: what a last small step may change
RIDGE = 1e-3  # the same where the likelihood does not pin a parameter down
LOOSE = 10.0  # a standard error, in spreads or in the parameter's own size, that a closed interval must back
LOOSE_LOG = 3.0  # the same of a logarithm
AGAIN = 3  # times that a better peak, met on a profile, is climbed anew
MANY_PEAKS = (
    "the likelihood has many peaks, and every search found a higher one: bound the parameters "
    "(--set 'NAME=range 0 10'), or estimate fewer"
)
CURVE_BEYOND = 1.3  # how far a drawn profile goes, in distances to the ends of the interval


def fit(
    scenario: Scenario,
    table: Source,
    estimate: Sequence[str] | None = None,
    *,
    confidence: float = 0.95,
    ignore: Iterable[str] = (),
    curve: int = 0,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Fit:
    """Estimate parameters of a scenario by maximum likelihood from observed plays.

    Parameters
    ----------
    scenario
        What is fitted; the story is played freely, whatever policies it compares. An uncertain parameter
        that is neither estimated nor in the table stands at its median.
    table
        The path of a CSV file, or columns by name; see :func:`parley.study.plays.read_plays`.
    estimate
        Names of parameters.
    confidence
        Of the intervals, between 0 and 1.
    ignore
        Columns of the table to leave aside.
    curve
        Points of each profile likelihood to keep for a picture; 0 for none.
    threads
        Default: one per core.
    progress
        Called with the number of games solved so far.

    Returns
    -------
    Fit
        Estimates with standard errors (observed information), symmetric and profile-likelihood intervals,
        the fit of the frequencies, and the local maxima that were found.

    Raises
    ------
    StudyError
        A name, column or label is unknown, a row cannot happen in this story, the likelihood has no value at
        any start, or a game at the estimates is not solved. Without ``estimate`` it lists what can be
        estimated.
    DrawsError, GameError
        The scenario cannot be solved.

    Examples
    --------
    >>> import parley
    >>> text = '''
    ... parley: 1
    ... title: A choice
    ... players: {a: {text: Somebody, stake: 1}}
    ... precision: care
    ... parameters: {care: 1}
    ... story: [{player: a, move: act, options: [good, bad]}, {outcomes: [end]}]
    ... payoffs: {a: 1 if act is good else 0}
    ... '''
    >>> found = fit(parley.loads(text), {"act": ["good", "bad"], "count": [75, 25]}, ["care"])
    >>> round(found.estimates[0].value, 4), round(found.estimates[0].error, 4)
    (1.0986, 0.2309)
    """
    if not 0.0 < confidence < 1.0:
        raise StudyError(f"a confidence lies between 0 and 1 (95% is 0.95), not {confidence}")
    plays = read_plays(scenario, table, ignore)
    names = _names(scenario, plays, estimate)
    more = unobserved(scenario.outcomes, plays)
    asked = Likelihood(scenario, plays, names, threads=threads, more=more, progress=progress)
    search = _Search.of(scenario, asked)
    search.begin()
    for _ in range(AGAIN):
        found = search.intervals(_quantile(confidence))
        curves, better = search.curves(*found, curve)
        if better is None:
            return _record(search, found, curves, confidence)
        search.take(better)
    raise StudyError(MANY_PEAKS)


def _quantile(confidence: float) -> float:
    """Return the quantile of chi squared with one degree of freedom."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + confidence / 2)) ** 2


def _names(scenario: Scenario, plays: Plays, estimate: Sequence[str] | None) -> tuple[str, ...]:
    """Return the declared names of what is estimated."""
    free = [name for name in scenario.parameters if name not in plays.given and not _replaced(scenario, name)]
    if not estimate:
        raise StudyError(
            f"say what to estimate (--estimate NAME); there is: {', '.join(free) or 'no parameter'}"
        )
    known = {canonical(name): name for name in scenario.parameters}
    found: list[str] = []
    for name in estimate:
        declared = known.get(canonical(name))
        if declared is None:
            near = suggest(name, free)
            meant = f"did you mean '{near}'?" if near else f"there is: {', '.join(free) or 'none'}"
            raise StudyError(f"there is no parameter '{name}' to estimate; {meant}")
        if declared in plays.given:
            raise StudyError(f"'{declared}' cannot be estimated: '{plays.name}' has a column that gives it")
        if _replaced(scenario, declared):
            raise StudyError(f"'{declared}' cannot be estimated: it is set to an expression")
        if declared not in found:
            found.append(declared)
    return tuple(found)


def _replaced(scenario: Scenario, name: str) -> bool:
    override = scenario.overrides.get(name)
    return override is not None and override.expression is not None


@dataclass(slots=True, eq=False)
class _Search:
    """The maximum of one likelihood, as far as it is found; ``optima`` are its peaks, the best first."""

    scenario: Scenario
    asked: Likelihood
    coordinates: tuple[Coordinate, ...]
    box: Box
    best: Values
    value: float
    optima: list[tuple[Values, float, int]]
    lost: int = 0
    unsettled: int = 0

    @staticmethod
    def of(scenario: Scenario, asked: Likelihood) -> _Search:
        """Return a search that has not begun."""
        coordinates = tuple(coordinate(scenario, name) for name in asked.names)
        start = np.array([each.start for each in coordinates])
        return _Search(scenario, asked, coordinates, box_of(coordinates), start, -np.inf, [])

    @property
    def objective(self) -> Objective:
        """The log-likelihood at points ``[coordinate, point]``; equal points are solved once."""
        return lambda search, points: self._logarithms(points)

    def _logarithms(self, points: Values) -> Values:
        different, back = np.unique(points, axis=1, return_inverse=True)
        found = self.asked.logarithms(self.asked.chances(outer(self.coordinates, different)))
        return np.asarray(found[back.ravel()])

    def begin(self) -> None:
        """Climb from the scenario's own values and from the best of some spread ones."""
        tried = spread_starts(self.coordinates, SPREAD)
        chances = self.asked.chances(outer(self.coordinates, tried))
        self.asked.refuse_impossible(chances)
        values = self.asked.logarithms(chances)
        if not np.any(np.isfinite(values)):
            solved = int(np.sum(chances.solved))
            raise StudyError(
                f"the likelihood has no value at any of {SPREAD} trial values ({solved} of them could be "
                "solved): give starting values nearer the data with --set"
            )
        others = sorted(range(1, SPREAD), key=lambda each: -values[each])[: STARTS - 1]
        starts = [each for each in (0, *others) if np.isfinite(values[each])]
        self._take(climb(self.objective, tried[:, starts], self.box, rivals=True))

    def _take(self, peaks: Peaks) -> None:
        """Sort the ends of searches into peaks."""
        order = sorted(range(len(peaks.value)), key=lambda each: -peaks.value[each])
        for each in order:
            if not peaks.converged[each]:
                self.lost += 1
                continue
            point, value = peaks.point[:, each], float(peaks.value[each])
            for number, (known, height, starts) in enumerate(self.optima):
                apart = np.max(np.abs(known - point) / self.box.spread)
                if apart < SAME and abs(height - value) < max(EQUAL, 1e-3 * apart):
                    self.optima[number] = known, height, starts + 1
                    break
            else:
                self.optima.append((point, value, 1))
        if not self.optima:
            raise StudyError(
                f"no peak of the likelihood was found from {len(order)} starts: bound the parameters "
                "(--set 'NAME=range 0 10'), or estimate fewer"
            )
        self.optima.sort(key=lambda peak: -peak[1])
        top = self.optima[0][1]
        equal = [peak for peak in self.optima if top - peak[1] < EQUAL]
        equal.sort(key=lambda peak: float(np.max(np.abs(peak[0] - self._middle()) / self.box.spread)))
        self.optima[: len(equal)] = equal  # of equally high peaks the one nearest to the scenario's values
        self.best, self.value, _ = self.optima[0]

    def _middle(self) -> Values:
        return np.array([each.start for each in self.coordinates])

    def intervals(self, level: float) -> tuple[Information, tuple[Ends, ...]]:
        """Return the information at the maximum and the ends of the profile intervals.

        A profile that meets a better point shows that the maximum was only a local one: then that is climbed.
        """
        for _ in range(AGAIN):
            local = self._polished()
            found = crossings(self.objective, self.box, self.best, self.value, self._ways(local), level)
            if found.better is None:
                self.unsettled = found.unsettled
                local = self._loose(local, found.ends)
                if local.flat.any():
                    self._join()
                return local, found.ends
            self.take(found.better)
        raise StudyError(MANY_PEAKS)

    def take(self, point: Values) -> None:
        """Climb from a point that is better than the maximum."""
        self._take(climb(self.objective, point[:, None], self.box))

    def curves(
        self, local: Information, ends: tuple[Ends, ...], count: int
    ) -> tuple[tuple[tuple[CurvePoint, ...], ...], Values | None]:
        """Return points of every profile likelihood, somewhat beyond the ends, and a better point if met."""
        if not count:
            return ((),) * len(ends), None
        ways = self._ways(local)
        rows = np.repeat(np.arange(len(ends)), count)
        places = np.concatenate([self._reach(row, end, ways, count) for row, end in enumerate(ends)])
        share = (places - self.best[rows]) / np.diag(ways)[rows]
        start = self.best[:, None] + share * ways[:, rows]
        start = np.clip(start, self.box.low[:, None], self.box.high[:, None])
        found = profile(self.objective, self.box, rows, places, start)
        self.unsettled += int(np.sum(np.isfinite(found.value) & ~found.converged))
        drops = found.value - self.value
        if np.max(drops) > EQUAL:
            return ((),) * len(ends), found.point[:, int(np.argmax(drops))]
        shown = outer(self.coordinates, np.where(rows == np.arange(len(ends))[:, None], places, 0.0))
        return tuple(
            tuple(
                # rounding may leave a point beside the maximum a hair above it
                CurvePoint(float(shown[row, each]), _finite(min(float(drops[each]), 0.0)))
                for each in np.flatnonzero(rows == row)
            )
            for row in range(len(ends))
        ), None

    def _reach(self, row: int, end: Ends, ways: Values, count: int) -> Values:
        """Return where a profile is drawn."""
        here = float(self.best[row])
        low, high = (
            2.0 * float(ways[row, row]) if place is None else CURVE_BEYOND * abs(place - here)
            for place in end
        )
        box = self.box
        return np.linspace(max(here - low, box.low[row]), min(here + high, box.high[row]), count)

    def _polished(self) -> Information:
        """Return the information at the maximum, after a last step by better slopes where that is no loss."""
        local = information(self.objective, self.coordinates, self.box, self.best)
        there = np.clip(self.best + local.shift, self.box.low, self.box.high)
        value = float(self._logarithms(there[:, None])[0])
        if abs(value - self.value) < ROUNDING * (1.0 + abs(self.value)):
            self.best, self.value = there, value
            self.optima[0] = there, value, self.optima[0][2]
        return local

    def _loose(self, local: Information, ends: tuple[Ends, ...]) -> Information:
        """Take the standard error from what is hardly curved and has no end on some side.

        That is what separated data look like: the likelihood rises for ever, ever more slowly.
        """
        covariance, flat = local.covariance.copy(), local.flat.copy()
        for row, each in enumerate(self.coordinates):
            size = max(each.spread, abs(float(self.best[row])))
            wide = LOOSE * size if each.linear else LOOSE_LOG
            if covariance[row, row] > wide**2 and None in ends[row]:
                flat[row] = True
                covariance[row], covariance[:, row] = np.nan, np.nan
        return replace(local, covariance=covariance, flat=flat)

    def _join(self) -> None:
        """Count peaks on a level ridge as one."""
        joined = [peak for peak in self.optima if self.value - peak[1] < RIDGE]
        starts = sum(count for _, _, count in joined)
        rest = [peak for peak in self.optima if self.value - peak[1] >= RIDGE]
        self.optima = [(self.best, self.value, starts), *rest]

    def _ways(self, local: Information) -> Values:
        """Return how the best point moves with each coordinate, over one standard error of it."""
        ways = np.diag(self.box.spread).astype(np.float64)
        variance = np.diag(local.covariance)
        for row in np.flatnonzero(np.isfinite(variance)):
            column = np.nan_to_num(local.covariance[:, row]) / np.sqrt(variance[row])
            ways[:, row] = np.where(local.bound == 0, column, 0.0)
        return ways


def _record(
    search: _Search,
    found: tuple[Information, tuple[Ends, ...]],
    curves: tuple[tuple[CurvePoint, ...], ...],
    confidence: float,
) -> Fit:
    """Put together what was found, from games at the estimates that are all certified."""
    local, ends = found
    scenario, asked, coordinates = search.scenario, search.asked, search.coordinates
    values = outer(coordinates, search.best)
    last = asked.chances(values[:, None])
    if not bool(last.solved[0]):
        raise SolveError("a game at the estimates is not solved to the tolerance: nothing is reported")
    scale = np.array([slope_of(each, float(value)) for each, value in zip(coordinates, values, strict=True)])
    covariance = local.covariance * np.outer(scale, scale)
    errors = np.sqrt(np.diag(covariance))
    estimates = tuple(
        replace(
            _estimated(search, row, float(values[row]), float(errors[row]), local, ends[row], confidence),
            curve=curves[row],
        )
        for row in range(len(coordinates))
    )
    count, plays = len(coordinates), asked.plays
    movers = dict.fromkeys(move.player for move in moves(scenario))
    by_chance = asked.logarithms(
        asked.chances(values[:, None], Reasoning(precision=dict.fromkeys(movers, 0.0)))
    )
    return Fit(
        title=scenario.title,
        path=scenario.path,
        digest=scenario.digest,
        version=parley.__version__,
        overrides=dict(scenario.override_texts),
        data=plays.name,
        ignored=plays.ignored,
        given=plays.given,
        plays=plays.count,
        rows=plays.written,
        settings=len(plays.settings),
        confidence=confidence,
        level=_quantile(confidence),
        estimates=estimates,
        covariance=_table(covariance),
        correlation=_table(covariance / np.outer(errors, errors)),
        log_likelihood=search.value,
        aic=2.0 * count - 2.0 * search.value,
        bic=count * float(np.log(plays.count)) - 2.0 * search.value,
        random=float(by_chance[0]) if np.isfinite(by_chance[0]) else None,
        goodness=goodness(asked, last.pattern, count),
        held=_held(scenario, asked),
        optima=tuple(_optimum(search, *peak) for peak in search.optima),
        starts=sum(starts for _, _, starts in search.optima) + search.lost,
        lost=search.lost,
        residual=float(last.residual[0]),
        games=asked.games,
        tried=asked.tried,
        unsolved=asked.unsolved,
        unsettled=search.unsettled,
        rough=local.rough,
    )


def _table(values: Values) -> tuple[tuple[float | None, ...], ...]:
    return tuple(tuple(float(each) if np.isfinite(each) else None for each in row) for row in values)


def _optimum(search: _Search, point: Values, value: float, starts: int) -> Optimum:
    numbers = outer(search.coordinates, point)
    return Optimum(dict(zip(search.asked.names, map(float, numbers), strict=True)), value, starts)


def _outer(each: Coordinate, place: float | None) -> float | None:
    return None if place is None else float(outer([each], np.array([place]))[0])


def _estimated(
    search: _Search, row: int, value: float, error: float, local: Information, ends: Ends, confidence: float
) -> Estimated:
    each, scenario = search.coordinates[row], search.scenario
    parameter = scenario.parameters[each.name]
    proper = bool(np.isfinite(error))
    half = float(np.sqrt(_quantile(confidence))) * error
    players = precision_of(scenario, each.name)
    stakes = {_stake(scenario, player) for player in players}
    errors = {kind for player in players for kind in kinds_of(scenario.players[player], scenario.errors)}
    return Estimated(
        name=each.name,
        text=parameter.text,
        unit=parameter.unit,
        start=float(outer([each], np.array([each.start]))[0]),
        value=value,
        error=error if proper else None,
        wald=Interval(value - half, value + half) if proper else None,
        profile=Interval(_outer(each, ends.low), _outer(each, ends.high)),
        bound={-1: "low", 1: "high"}.get(int(local.bound[row])),
        flat=bool(local.flat[row]),
        low=_outer(each, each.low) if each.stated[0] else None,
        high=_outer(each, each.high) if each.stated[1] else None,
        precision_of=tuple(scenario.players[player].text for player in players),
        stakes=tuple(sorted(stakes)),
        errors=tuple(sorted(errors)),
        curve=(),
    )


def _stake(scenario: Scenario, player: str) -> str:
    stake = scenario.players[player].stake
    return WHOLE if stake is None else unparse(stake.root)


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _held(scenario: Scenario, asked: Likelihood) -> tuple[Held, ...]:
    """Return what was neither estimated nor given: first what is uncertain, then what is certain."""
    known = {*asked.names, *asked.plays.given}
    held = []
    for each in space(scenario).inputs:
        if each.name in known:
            continue
        known.add(each.name)
        if each.kind == "parameter":
            held.append(Held(each.name, _middle(scenario, each.name), "median"))
        elif each.kind == "switch":
            held.append(Held(each.name, scenario.switches[each.name].default, "default"))
        else:
            held.append(Held(each.name, "utilities", "middle"))
    certain = [name for name in scenario.parameters if name not in known and not _replaced(scenario, name)]
    return (*held, *(Held(name, _middle(scenario, name), "stated") for name in certain))


def _middle(scenario: Scenario, name: str) -> str:
    return f"{central(judged(scenario, name)):.6g}"
