"""Published numbers solved for, each at the values and under the concept that it was published for.

What lives here: readings for every entry of ``expected``, solved, checked and measured. What may not:
sentences.

Entries that were published for the same values and concept share their games; all games of one policy and
concept are solved as draws of one table, whatever their values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from os import cpu_count

import numpy as np
from numpy.typing import NDArray

from parley.draws import Draws, Input, sample, space
from parley.errors import StudyError
from parley.game.tracking import Asked, asked, policy_of, quantities_in
from parley.scenario.model import Expectation, Scenario
from parley.scenario.uses import in_story, leads_to, wishes
from parley.solve.solution import Concept, Status
from parley.study.plan import Plan, answer, plan
from parley.study.reasoning import AS_JUDGED, Reasoning
from parley.study.runner import CHUNK
from parley.study.verification import Problem, check_piece
from parley.study.work import Chunk, Workshop, split

__all__ = ["Reproduced", "Reproduction", "published_for", "reproduce"]

Values = NDArray[np.float64]

KINDS = ("expected", "published")
REASONING: Mapping[str, Reasoning] = {"quantal": AS_JUDGED, "limit": Reasoning(limit=True)}


@dataclass(frozen=True, slots=True, eq=False)
class Reproduced:
    """What the model gives in place of one published number.

    ``values[draw]`` has one reading where all that is uncertain is set, else the readings ``draw`` of the
    design; NaN where the quantity is undefined or its game is not certified. ``residual[policy]`` is the
    largest certificate of its games: of the quantal-response equation, or, for the limit, the gap in stakes.
    It is empty where the number follows from parameters alone.
    """

    expectation: Expectation
    draw: NDArray[np.int64]
    values: Values
    residual: Mapping[str, float]
    unsolved: int  # readings in which a game has no certified answer

    @property
    def found(self) -> float | None:
        """Mean over the readings in which it is defined; None when there is none."""
        known = self.values[np.isfinite(self.values)]
        return float(known.mean()) if known.size else None

    @property
    def met(self) -> bool:
        """Whether every game is solved and the mean is within the tolerance of what was published."""
        found, stated = self.found, self.expectation
        if found is None or self.unsolved:
            return False
        return abs(found - stated.value) <= stated.tolerance


@dataclass(frozen=True, slots=True, eq=False)
class Reproduction:
    """All published numbers of a scenario; ``problems`` is what the independent check found wrong."""

    scenario: Scenario
    numbers: tuple[Reproduced, ...]
    problems: tuple[Problem, ...]
    games: int
    draws: int  # of an entry that leaves something uncertain
    seed: int

    def __repr__(self) -> str:
        """Return one line; the fields are arrays."""
        met = sum(each.met for each in self.numbers)
        return f"<Reproduction of {self.scenario.title!r}: {met} of {len(self.numbers)} numbers met>"

    @property
    def met(self) -> bool:
        """Whether all are met, and the check found nothing."""
        return not self.problems and all(each.met for each in self.numbers)


def reproduce(
    scenario: Scenario,
    draws: int = 4096,
    seed: int = 0,
    *,
    threads: int | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Reproduction:
    """Solve for every published number of a scenario.

    Parameters
    ----------
    scenario
        As its author wrote it.
    draws, seed
        Readings of the design, for entries that leave something uncertain: the same as of a run.
    threads
        Default: one per core.
    cancel
        Asked now and then; when it returns True the work ends in a SolveError.

    Returns
    -------
    Reproduction
        One number per entry of ``expected``, in the order of the text. Every certificate has been recomputed
        by the checker that shares nothing with the solver.

    Raises
    ------
    StudyError
        When something of the scenario was overridden, or ``draws`` is below 16.

    Examples
    --------
    >>> import parley
    >>> found = reproduce(parley.load("which-event-first"), draws=64)
    >>> len(found.numbers) > 0, found.problems
    (True, ())
    """
    if scenario.overrides:
        names = ", ".join(scenario.overrides)
        raise StudyError(f"published numbers are of the scenario as it was written, and this sets {names}")
    if draws < 16:
        raise StudyError(f"at least 16 draws are needed, one per replicate, not {draws}")
    if not scenario.expected:
        return Reproduction(scenario, (), (), 0, draws, seed)
    work = _Work(scenario, draws, seed)
    jobs = list(work.jobs())
    with ThreadPoolExecutor(max_workers=threads or cpu_count() or 1) as pool:
        waiting = [pool.submit(work.do, job, cancel) for job in jobs]
        try:
            for future in waiting:
                future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    numbers = tuple(work.answer(number) for number in range(len(scenario.expected)))
    games = sum(len(job.columns) for job in jobs)
    return Reproduction(scenario, numbers, tuple(work.problems(jobs)), games, draws, seed)


@dataclass(slots=True, eq=False)
class _Job:
    """Some columns of the table of one concept, under one policy."""

    concept: str
    policy: str
    columns: NDArray[np.int64]
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Table:
    """The readings of one concept, and what was measured in them."""

    draws: Draws
    measured: dict[str, Values]  # policy -> [quantity, column]
    status: dict[str, NDArray[np.int8]]  # policy -> [column]
    residual: dict[str, Values]  # policy -> [column]


class _Work:
    """What one scenario's published numbers need."""

    def __init__(self, scenario: Scenario, draws: int, seed: int) -> None:
        self.scenario = scenario
        self.questions = {int(each.name): each for each in asked(scenario) if each.kind in KINDS}
        self.planned = _planned(scenario, self.questions)
        self.workshop = Workshop(self.planned, Concept())
        self.needs = {number: self._policies(each) for number, each in self.questions.items()}
        inputs = space(scenario).inputs
        uncertain = [
            any(_matters(each, scenario, entry) for each in inputs if each.name not in entry.set)
            for entry in scenario.expected
        ]
        self.base = sample(scenario, draws if any(uncertain) else 1, seed=seed)
        self.place: dict[int, tuple[str, slice]] = {}  # entry -> its concept, its columns
        parts: dict[str, dict[tuple[tuple[str, str | float], ...], slice]] = {}
        columns: dict[str, list[tuple[Values, NDArray[np.int16]]]] = {}
        for number, entry in enumerate(scenario.expected):
            known = parts.setdefault(entry.concept, {})
            key = (*sorted(entry.set.items()), ("", float(uncertain[number])))
            if key not in known:
                count = draws if uncertain[number] else 1
                first = max((each.stop for each in known.values()), default=0)
                known[key] = slice(first, first + count)
                columns.setdefault(entry.concept, []).append(self._readings(entry, count))
            self.place[number] = (entry.concept, known[key])
        self.tables = {concept: self._table(each) for concept, each in columns.items()}

    def _policies(self, question: Asked) -> tuple[str, ...]:
        """Return the policies whose games an entry needs; none where it follows from parameters."""
        calls = quantities_in(question.expression.root, self.scenario)
        return tuple(dict.fromkeys(policy_of(each) or self.planned.reference for each in calls))

    def _readings(self, entry: Expectation, count: int) -> tuple[Values, NDArray[np.int16]]:
        """Return the numbers and options of an entry's readings."""
        base = self.base
        values, choice = base.values[:, :count].copy(), base.choice[:, :count].copy()
        for name, value in entry.set.items():
            if isinstance(value, str):
                options = self.scenario.switches[name].options
                choice[base.switches.index(name)] = list(options).index(value)
            else:
                values[base.parameters.index(name)] = value
        return values, choice

    def _table(self, parts: list[tuple[Values, NDArray[np.int16]]]) -> _Table:
        base = self.base
        values = np.concatenate([each for each, _ in parts], axis=1)
        choice = np.concatenate([each for _, each in parts], axis=1)
        table = Draws(base.parameters, values, base.switches, choice, base.seed, 0)
        policies, count = self.planned.policies, values.shape[1]
        return _Table(
            table,
            {name: np.full((len(self.planned.calls[name]), count), np.nan) for name in policies},
            {name: np.full(count, Status.CONVERGED, dtype=np.int8) for name in policies},
            {name: np.full(count, np.nan) for name in policies},
        )

    def jobs(self) -> Iterator[_Job]:
        """Yield what has to be solved."""
        for concept, table in self.tables.items():
            for policy in self.planned.policies:
                wanted = np.zeros(table.draws.count, dtype=bool)
                for number, (of, columns) in self.place.items():
                    wanted[columns] |= of == concept and policy in self.needs[number]
                all_columns = np.flatnonzero(wanted)
                for first in range(0, len(all_columns), CHUNK):
                    yield _Job(concept, policy, all_columns[first : first + CHUNK])

    def do(self, job: _Job, cancel: Callable[[], bool] | None) -> None:
        """Solve, check and measure."""
        table, reasoning, columns = self.tables[job.concept], REASONING[job.concept], job.columns
        some = _some(table.draws, columns)
        piece = self.workshop.work(job.policy, Chunk(some, reasoning), cancel)
        table.measured[job.policy][:, columns] = piece.measured
        table.status[job.policy][columns] = piece.status
        table.residual[job.policy][columns] = piece.residual
        for options, group in split(some, self.scenario):
            with np.errstate(all="ignore"):  # what is no number is marked ill-posed, not warned of
                job.problems.extend(check_piece(self.workshop, piece, some, options, group, reasoning))

    def problems(self, jobs: list[_Job]) -> Iterator[Problem]:
        """Yield what the check found, with the values of the entry that it is about."""
        for job in jobs:
            for problem in job.problems:
                at = "" if problem.draw is None else self._at(job, int(job.columns[problem.draw]))
                yield Problem(problem.policy, None, f"{at}{problem.message}")

    def _at(self, job: _Job, column: int) -> str:
        for number, (concept, columns) in self.place.items():
            if concept == job.concept and columns.start <= column < columns.stop:
                given = published_for(self.scenario.expected[number])
                return f"{concept}, {given}: " if given else f"{concept}: "
        raise AssertionError("a column belongs to no entry")

    def answer(self, number: int) -> Reproduced:
        """Put together what came of one entry."""
        entry, question = self.scenario.expected[number], self.questions[number]
        concept, columns = self.place[number]
        table = self.tables[concept]
        values = np.full(columns.stop - columns.start, np.nan)
        mine = _some(table.draws, columns)
        for options, group in split(mine, self.scenario):
            measured = {name: each[:, columns][:, group] for name, each in table.measured.items()}
            parameters = {name: mine.values[row, group] for row, name in enumerate(mine.parameters)}
            values[group] = answer(
                self.planned, question, self.planned.reference, measured, parameters, dict(options)
            )
        needs = self.needs[number]
        unsolved = np.zeros(len(values), dtype=bool)
        for policy in needs:
            unsolved |= table.status[policy][columns] != Status.CONVERGED
        residual = {policy: float(np.max(table.residual[policy][columns])) for policy in needs}
        draw = np.arange(len(values), dtype=np.int64)
        return Reproduced(entry, draw, values, residual, int(np.count_nonzero(unsolved)))


def _matters(uncertain: Input, scenario: Scenario, entry: Expectation) -> bool:
    """Whether an entry can depend on something that is uncertain.

    A quantity of the game depends on whatever the story, the payoffs and the policies speak of, and unless
    nobody errs on what the precisions speak of; a formula on what it speaks of itself.
    """
    used = [entry.expression]
    if any(quantities_in(entry.expression.root, scenario)):
        if uncertain.kind == "ranking":
            return True
        used += [use.expression for use in (*in_story(scenario), *wishes(scenario))]
        players = scenario.players.values()
        used += [player.stake for player in players if player.stake is not None]
        if entry.concept == "quantal":
            stated = (scenario.precision, *(player.precision for player in players))
            used += [each for each in stated if each is not None]
        if scenario.comparison is not None:
            policies = scenario.comparison.policies.values()
            used += [rule.when for each in policies for rule in each.rules if rule.when is not None]
    return any(name == uncertain.name for each in used for _, name in leads_to(scenario, each))


def published_for(entry: Expectation) -> str:
    """Say in a line for which values an entry was published; empty where it is as written.

    Examples
    --------
    >>> import parley
    >>> published_for(parley.load("which-event-first").expected[0])
    ''
    """
    parts = (
        f"{name} = {value}" if isinstance(value, str) else f"{name} = {value:.12g}"
        for name, value in entry.set.items()
    )
    return ", ".join(parts)


def _some(draws: Draws, columns: NDArray[np.int64] | slice) -> Draws:
    """Return some columns of a table."""
    values, choice = draws.values[:, columns], draws.choice[:, columns]
    return Draws(draws.parameters, values, draws.switches, choice, draws.seed, 0)


def _planned(scenario: Scenario, questions: Mapping[int, Asked]) -> Plan:
    """Plan with the policies that the entries need alone."""
    whole = plan(scenario, kinds=KINDS)
    named: dict[str, None] = {}
    for each in questions.values():
        for call in quantities_in(each.expression.root, scenario):
            named[policy_of(call) or whole.reference] = None
    return plan(scenario, list(named) or [whole.reference], kinds=KINDS)
