"""A stored run checked without the kernels that made it.

What lives here: everything that a run folder says, computed again from the scenario's text and the stored
strategies, and compared. What may not: the solver's kernels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.draws import Draws, sample
from parley.errors import StudyError
from parley.game.passes import ranges
from parley.scenario import loads
from parley.scenario.model import Scenario
from parley.solve.solution import Certificate, Concept, Solution
from parley.solve.verify import verify as verify_solution
from parley.solve.verify_limit import verify_limit
from parley.study.answers import FOLDER, Answers
from parley.study.assemble import assemble
from parley.study.columns import from_columns, quantity_columns
from parley.study.evaluator import Evaluator
from parley.study.plan import Plan, plan
from parley.study.readings import compared, kept_piece
from parley.study.reasoning import AS_JUDGED, Reasoning
from parley.study.results import Results
from parley.study.search import chosen, selected
from parley.study.store import Key, Store
from parley.study.stored import HELD, held, stored_results
from parley.study.work import Chunk, Options, Piece, Workshop, split

__all__ = ["Problem", "Verification", "answered", "check_piece", "read_run", "stored_scenario", "verify"]

Values = NDArray[np.float64]

SOLVED_AGAIN = 16  # readings of each kept answer

_WIDTH = 512  # draws that are recomputed together
_TOLERANCE = 1e-9  # relative; another processor may round exp and log otherwise in the last digit


@dataclass(frozen=True, slots=True)
class Problem:
    """Something stored that is not what it should be; ``draw`` is None where no draw is concerned."""

    policy: str | None
    draw: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked, and what was found wrong."""

    problems: tuple[Problem, ...]
    draws: int
    pieces: int
    complete: bool

    @property
    def sound(self) -> bool:
        """True when nothing was found wrong."""
        return not self.problems


def verify(path: str | PathLike[str], *, progress: Callable[[int, int], None] | None = None) -> Verification:
    """Check a stored run.

    The scenario is read again from the folder, its digest compared, every draw made again from the seed,
    every certificate recomputed in plain NumPy from the stored strategies, and every measured quantity
    from the realisation probabilities that follow from them.

    Parameters
    ----------
    path
        The folder that ``run`` was told to store in.
    progress
        Called with (pieces checked, pieces in all).

    Returns
    -------
    Verification
        Each problem names policy and draw.

    Raises
    ------
    StudyError
        When the folder holds no run, or a file in it cannot be read.

    Examples
    --------
    >>> import parley, tempfile
    >>> folder = tempfile.mkdtemp() + "/run"
    >>> _ = parley.run(parley.load("which-event-first"), draws=32, seed=1, store=folder)
    >>> parley.verify(folder).sound
    True
    """
    store = Store.open(path)
    scenario = stored_scenario(store)
    planned = plan(scenario, store.policies)
    checker = _Checker(planned, store)
    keys = sorted(store.done())
    if not keys:
        raise StudyError(f"{store.path} holds no finished chunk")
    problems = list(_about(store, planned, len(keys)))
    for number, key in enumerate(keys):
        problems.extend(checker.check(key))
        if progress is not None:
            progress(number + 1, len(keys))
    if store.provenance.starts:
        problems.extend(checker.search())
    if not problems and len(keys) == store.whole:  # else the table is not used, or follows wrong chunks
        problems.extend(_readings(planned, store))
    first = {key.first for key in keys}
    draws = sum(min(store.chunk, store.provenance.draws - each) for each in first)
    return Verification(tuple(problems), draws, len(keys), len(keys) == store.whole)


def _about(store: Store, planned: Plan, pieces: int) -> Iterator[Problem]:
    """Check what the folder says of itself."""
    title, draws = planned.scenario.title, store.provenance.draws
    if store.provenance.scenario != title:
        yield Problem(
            None, None, f"run.json names the scenario '{store.provenance.scenario}', its title is '{title}'"
        )
    if store.findings() is not None and pieces != store.whole:
        message = f"the run is finished, but {pieces} of {store.whole} chunks are there for {draws:,} draws"
        yield Problem(None, None, message)


def _readings(planned: Plan, store: Store) -> Iterator[Problem]:
    """Compare the table of readings, where there is one, with what the chunks give."""
    for file, stored, computed in compared(planned, store):
        if {name: each.shape for name, each in stored.items()} != {
            name: each.shape for name, each in computed.items()
        }:
            yield Problem(None, None, f"'{file}' has other columns or draws than the chunks give")
            continue
        for name, values in computed.items():
            if values.dtype.kind == "f":
                same = np.isclose(stored[name], values, rtol=_TOLERANCE, atol=1e-12, equal_nan=True)
                wrong = np.flatnonzero(~same.reshape(-1, same.shape[-1]).all(axis=0))
            else:
                wrong = np.flatnonzero(stored[name] != values)
            for column in wrong.tolist():
                draw = int(computed["draw"][column])
                yield Problem(None, draw, f"'{name}' in '{file}' is not what the chunks give")


def stored_scenario(store: Store) -> Scenario:
    """Read the scenario of a stored run again and compare its digest.

    Raises
    ------
    StudyError
        When the text in the folder is not the text that was run.

    Examples
    --------
    >>> import parley, tempfile
    >>> folder = tempfile.mkdtemp() + "/run"
    >>> done = parley.run(parley.load("which-event-first"), draws=16, seed=1, store=folder)
    >>> with Store.open(folder) as store:
    ...     stored_scenario(store).title
    'Which event comes first'
    """
    place = str(store.path / store.scenario_file)
    scenario = loads(store.scenario_text, place, dict(store.provenance.overrides) or None, store.data)
    if scenario.digest != store.provenance.digest:
        raise StudyError(
            f"{store.path / store.scenario_file} is not the text that was run: its digest is "
            f"{scenario.digest[:12]}..., the run's is {store.provenance.digest[:12]}..."
        )
    return scenario


def read_run(path: str | PathLike[str]) -> Results:
    """Read the results of a stored run, without solving anything.

    Raises
    ------
    StudyError
        When the folder holds no run, a file is damaged, or no chunk is finished for all policies.

    Examples
    --------
    >>> import parley, tempfile
    >>> folder = tempfile.mkdtemp() + "/run"
    >>> done = parley.run(parley.load("which-event-first"), draws=32, seed=1, store=folder)
    >>> read_run(folder).provenance == done.provenance
    True
    """
    store = Store.open(path)
    planned = plan(stored_scenario(store), store.policies)
    done = store.done()
    found = {policy: store.read_search(place) for place, policy in enumerate(planned.policies)}
    kept = {policy: columns for policy, columns in found.items() if columns is not None}
    asked = store.provenance
    whole = len(done) == store.whole
    searched = whole and asked.starts > 0 and len(kept) == len(found)
    complete = whole and (searched or not asked.starts)
    numbers = chosen(asked.seed, asked.draws, asked.searched) if searched else None
    if held(planned, asked.draws) > HELD:
        return stored_results(
            planned, store, complete=complete, searched=numbers, kept=kept if searched else None
        )
    pieces = [kept_piece(planned, store, key) for key in sorted(done)]
    return assemble(
        planned, asked, pieces, complete=complete, searched=numbers, kept=kept if searched else None
    )


def answered(path: str | PathLike[str], problems: list[Problem]) -> Evaluator | None:
    """Return an evaluator that answers as the run's own did, from what was kept, and checks it.

    Parameters
    ----------
    path
        The folder of a run.
    problems
        What is wrong with an answer is added here when it is read: up to sixteen of its readings are solved
        again under every policy, their certificates recomputed in plain NumPy.

    Returns
    -------
    Evaluator or None
        None when the run kept no answers.

    Raises
    ------
    StudyError
        When the folder holds no run. The evaluator raises it for an answer that is missing or damaged.

    Examples
    --------
    >>> import parley, tempfile
    >>> folder = tempfile.mkdtemp() + "/run"
    >>> _ = parley.run(parley.load("which-event-first"), draws=32, seed=1, store=folder)
    >>> answered(folder, []) is None
    True
    """
    store = Store.open(path)
    if not (store.path / FOLDER).is_dir():
        return None
    scenario = stored_scenario(store)
    checkers: dict[int, _Checker] = {}  # by plan: the evaluator has few, and keeps them

    def judge(planned: Plan, draws: Draws, pieces: Sequence[Piece], reasoning: Reasoning) -> None:
        checker = checkers.setdefault(id(planned), _Checker(planned, store))
        problems.extend(checker.answer(draws, pieces, reasoning))

    answers = Answers(store.path, store.provenance, keep=False, judge=judge)
    return Evaluator(scenario, store.policies, seed=store.provenance.seed, answers=answers)


class _Checker:
    def __init__(self, planned: Plan, store: Store) -> None:
        self.planned = planned
        self.store = store
        self.concept = Concept()
        self.workshop = Workshop(planned, self.concept)

    def check(self, key: Key) -> Iterator[Problem]:
        policy = self.planned.policies[key.policy]
        columns = self.store.read_chunk(key, check=False)
        piece = from_columns(self.planned, policy, columns)
        count = min(self.store.chunk, self.store.provenance.draws - key.first)
        expected = np.arange(key.first, key.first + count)
        if not np.array_equal(piece.draw, expected):
            yield Problem(
                policy, None, f"the chunk from draw {key.first} does not hold its {count} draws in order"
            )
            return
        draws = sample(self.planned.scenario, count, seed=self.store.provenance.seed, first=key.first)
        yield from self._inputs(policy, columns, draws)
        for options, group in split(draws, self.planned.scenario):
            for start in range(0, len(group), _WIDTH):
                yield from check_piece(self.workshop, piece, draws, options, group[start : start + _WIDTH])

    def answer(self, draws: Draws, pieces: Sequence[Piece], reasoning: Reasoning) -> Iterator[Problem]:
        """Solve some readings of a kept answer again: certificates recomputed, numbers compared."""
        chosen = np.unique(np.linspace(0, draws.count - 1, SOLVED_AGAIN).astype(np.int64))
        values, choice = draws.values[:, chosen], draws.choice[:, chosen]
        some = Draws(draws.parameters, values, draws.switches, choice, draws.seed, 0)
        chunk = Chunk(some, reasoning)
        for kept in pieces:
            piece = self.workshop.work(kept.policy, chunk)
            # players who think some steps ahead are in no equilibrium; work() has checked their replies
            groups = split(some, self.planned.scenario) if reasoning.level is None else []
            for options, group in groups:
                for problem in check_piece(self.workshop, piece, some, options, group, reasoning):
                    yield Problem(kept.policy, None, f"an answer solved again: {problem.message}")
            same = kept.status[chosen] == piece.status
            same &= np.isclose(
                kept.measured[:, chosen], piece.measured, rtol=1e-7, atol=1e-9, equal_nan=True
            ).all(axis=0)
            for column in chosen[~same].tolist():
                message = f"an answer that was kept differs when solved again, in its reading {column}"
                yield Problem(kept.policy, None, message)

    def search(self) -> Iterator[Problem]:
        """Check the equilibria that were found besides, as far as the search is finished."""
        asked, scenario = self.store.provenance, self.planned.scenario
        numbers = chosen(asked.seed, asked.draws, asked.searched)
        draws = selected(scenario, asked.seed, numbers)
        for place, policy in enumerate(self.planned.policies):
            columns = self.store.read_search(place, check=False)
            if columns is None:
                if self.store.findings() is not None:
                    yield Problem(
                        policy, None, "the run is finished, but the search of its games is not there"
                    )
                continue
            at = np.searchsorted(numbers, columns["draw"])
            if np.any(np.diff(at) < 0) or not np.array_equal(np.append(numbers, -1)[at], columns["draw"]):
                yield Problem(
                    policy, None, "the search holds other draws than were to be searched, or no order"
                )
                continue
            for options, group in split(draws, scenario):
                mine = np.flatnonzero(np.isin(at, group))
                yield from self._equilibria(policy, columns, options, draws, at, mine)

    def _equilibria(
        self,
        policy: str,
        columns: Mapping[str, NDArray[Any]],
        options: Options,
        draws: Draws,
        at: NDArray[np.intp],
        mine: NDArray[np.intp],
    ) -> Iterator[Problem]:
        game, prepared, registers, numbers = self.workshop.numbers(policy, options, draws, at[mine], ranges)
        count = len(mine)
        solution = Solution(
            game.players,
            columns["strategy"][: game.actions, mine],
            columns["value"][:, mine],
            numbers.precision / numbers.stake,
            numbers.stake,
            Certificate(
                np.zeros(count, dtype=np.int8),
                columns["residual"][mine],
                columns["regret"][:, mine],
                np.zeros(count, dtype=np.int32),
            ),
            self.concept,
        )
        verdict = verify_solution(
            game, numbers.chance, numbers.payoff, solution.precision, numbers.stake, solution
        )
        for position, message in verdict.problems:
            yield Problem(policy, int(columns["draw"][mine[position]]), f"an equilibrium found: {message}")
        measured = self.workshop.quantities(policy, prepared, registers, numbers, solution)
        for row, name in enumerate(quantity_columns(self.planned, policy)):
            stored = columns[name][mine]
            same = np.isclose(stored, measured[row], rtol=1e-7, atol=1e-9, equal_nan=True)
            for position in np.flatnonzero(~same).tolist():
                message = (
                    f"in an equilibrium found {name} is stored as {stored[position]:.12g}, "
                    f"computed as {measured[row, position]:.12g}"
                )
                yield Problem(policy, int(columns["draw"][mine[position]]), message)

    def _inputs(self, policy: str, columns: Mapping[str, NDArray[Any]], draws: Draws) -> Iterator[Problem]:
        for row, name in enumerate(draws.parameters):
            stored = columns[f"parameter: {name}"]
            yield from self._differences(policy, draws, f"parameter '{name}'", stored, draws.values[row])
        for row, name in enumerate(draws.switches):
            options = np.array(self.planned.scenario.switches[name].options)[draws.choice[row]]
            for column in np.flatnonzero(columns[f"switch: {name}"] != options):
                stored = columns[f"switch: {name}"][column]
                message = f"switch '{name}' is stored as '{stored}', the design gives '{options[column]}'"
                yield Problem(policy, draws.first + int(column), message)

    def _differences(
        self, policy: str, draws: Draws, what: str, stored: Values, computed: Values
    ) -> Iterator[Problem]:
        same = np.isclose(stored, computed, rtol=_TOLERANCE, atol=1e-12, equal_nan=True)
        for column in np.flatnonzero(~same):
            message = f"{what} is stored as {stored[column]:.12g}, computed as {computed[column]:.12g}"
            yield Problem(policy, draws.first + int(column), message)


def check_piece(
    workshop: Workshop,
    piece: Piece,
    draws: Draws,
    options: Options,
    group: NDArray[np.int64],
    reasoning: Reasoning = AS_JUDGED,
) -> Iterator[Problem]:
    """Recompute certificates and quantities of some draws of a piece, without the kernels.

    Parameters
    ----------
    workshop
        Holds the compiled games.
    piece
        What was stored; its columns are those of ``draws``.
    draws
        The numbers.
    options, group
        The options of the switches, and the columns that have them (:func:`parley.study.work.split`).
    reasoning
        How the players came to their choices.

    Yields
    ------
    Problem
        Whatever is not as stored.
    """
    planned = workshop.planned
    game, prepared, registers, numbers = workshop.numbers(piece.policy, options, draws, group, ranges)
    stake = numbers.stake
    precision = reasoning.put(numbers.precision, game.players) / stake
    certificate = Certificate(
        piece.status[group], piece.residual[group], piece.regret[:, group], piece.sweeps[group]
    )
    solution = Solution(
        game.players,
        piece.strategy[: game.actions, group],
        piece.value[:, group],
        precision,
        stake,
        certificate,
        workshop.concept,
    )
    if (game.nodes, game.infosets, game.actions) > piece.size:
        yield Problem(piece.policy, None, f"the game is larger than the stored size, {piece.size}")
    if reasoning.limit:
        problems = tuple(verify_limit(game, numbers.chance, numbers.payoff, stake, solution))
    else:
        given = (game, numbers.chance, numbers.payoff, precision, stake, solution)
        problems = verify_solution(*given).problems
    for position, message in problems:
        yield Problem(piece.policy, draws.first + int(group[position]), message)
    measured = workshop.quantities(piece.policy, prepared, registers, numbers, solution)
    measured = np.where(certificate.status == 0, measured, np.nan)
    for row, name in enumerate(quantity_columns(planned, piece.policy)):
        stored = piece.measured[row, group]
        same = np.isclose(stored, measured[row], rtol=1e-7, atol=1e-9, equal_nan=True)
        for column in np.flatnonzero(~same):
            message = f"{name} is stored as {stored[column]:.12g}, computed as {measured[row, column]:.12g}"
            yield Problem(piece.policy, draws.first + int(group[column]), message)
