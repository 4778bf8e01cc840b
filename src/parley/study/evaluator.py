"""Asking again: the same policies for readings of one's own choice.

What lives here: ranks, values and switches in, labelled tables out. What may not: what to ask, statistics of
the answers.

A run solves the readings of its design. What carries its conclusion is found by changing some things in
those readings and solving again; an :class:`Evaluator` compiles once for all such questions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from os import cpu_count

import numpy as np
from numpy.typing import NDArray

from parley.draws import REPLICATES, Draws, Input, space
from parley.draws.points import points
from parley.errors import SolveError, StudyError
from parley.scenario.model import Scenario
from parley.solve.solution import Concept
from parley.study.answers import Answers
from parley.study.assemble import assemble
from parley.study.plan import plan
from parley.study.reasoning import AS_JUDGED, Reasoning
from parley.study.results import Provenance, Results
from parley.study.runner import CHUNK, recorded
from parley.study.work import Chunk, Piece, Workshop

__all__ = ["Evaluator", "Input"]

Values = NDArray[np.float64]


class Evaluator:
    """Solves a scenario's policies for readings that its user puts together.

    Parameters
    ----------
    scenario
        What is solved.
    policies
        Which of its policies; all by default.
    seed
        Of the readings that :meth:`ranks` gives.
    threads
        Default: one per core.
    cancel
        Asked now and then; when it returns True the question at hand ends in a StudyError.
    concept
        How precisely to solve.
    answers
        Where answers are kept and read; by default nowhere.
    progress
        Called with the number of games solved so far.

    Raises
    ------
    StudyError
        When a policy does not exist.
    DrawsError
        When the judgements contradict one another.

    Examples
    --------
    >>> import parley
    >>> probe = Evaluator(parley.load("which-event-first"), ["status quo", "short list"], seed=7)
    >>> ranks = probe.ranks(32)
    >>> dear = probe.results(ranks, values={"B": 40.0})
    >>> gain = dear.criteria[0, "short list"] - dear.criteria[0, "status quo"]
    >>> bool(gain.mean() > 0)
    True
    """

    def __init__(
        self,
        scenario: Scenario,
        policies: Sequence[str] | None = None,
        *,
        seed: int = 0,
        threads: int | None = None,
        cancel: Callable[[], bool] | None = None,
        concept: Concept | None = None,
        answers: Answers | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self.scenario = scenario
        self.seed = seed
        self._space = space(scenario)
        self._concept = concept or Concept()
        self._threads = threads or cpu_count() or 1
        self._cancel = cancel or (lambda: False)
        self._policies = policies
        self._answers = answers
        self._progress = progress or (lambda games: None)
        self.games = 0  # solved so far
        self._workshops: dict[tuple[tuple[str, ...] | None, tuple[str, ...] | None], Workshop] = {}
        self._workshop("criterion")

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What is uncertain: parameters, rankings, weighted switches."""
        return self._space.inputs

    @property
    def policies(self) -> tuple[str, ...]:
        """The policies that are solved."""
        return self._workshop("criterion").planned.policies

    def ranks(self, count: int, first: int = 0, copy: int = 0) -> Values:
        """Return where the readings stand in their judgements.

        Parameters
        ----------
        count, first
            Readings ``first`` to ``first + count - 1`` of the design.
        copy
            0: the readings of a run with the same seed (to rounding); 1, 2 ...: further readings of the same
            law, each copy independent of the others.

        Returns
        -------
        ``[row, draw]`` shares of the judgement that lie below, inside (0, 1); see
        :class:`parley.draws.Input` for the rows.

        Raises
        ------
        DrawsError
            When so many are not in the design.
        """
        rows = self._space.dimensions
        p = points((copy + 1) * rows, count, seed=self.seed, first=first, design="sobol")[copy * rows :]
        p = np.ascontiguousarray(p)
        self._space.correlated(p, 1 - p)
        return np.minimum(p, 1 - 2.0**-53)

    def mixed(self, ranks: Values, fresh: Values, keep: Collection[str]) -> Values:
        """Keep the ranks of some inputs and draw all others anew, given those.

        ``ranks`` and ``fresh`` are of different copies; ``keep`` names inputs. Raises DrawsError for a name
        that is not uncertain. See :meth:`parley.draws.Space.mixed`.
        """
        return self._space.mixed(ranks, fresh, keep)

    def correlation(self) -> Values:
        """Return the correlation ``[row, row]`` of the normal scores of ranks; 0 where independent."""
        return self._space.correlation()

    def values(self, name: str, ranks: Values) -> Values:
        """Return a parameter's values ``[draw]`` at ranks ``[draw]`` of its own; raises DrawsError."""
        return self._space.values(name, ranks)

    def results(
        self,
        ranks: Values,
        *,
        first: int = 0,
        values: Mapping[str, float | Values] | None = None,
        switches: Mapping[str, str] | None = None,
        only: str | None = "criterion",
        policies: Sequence[str] | None = None,
        reasoning: Reasoning = AS_JUDGED,
    ) -> Results:
        """Solve some readings and measure.

        Parameters
        ----------
        ranks
            ``[row, draw]``.
        first
            Number of the first reading in the design: its replicate follows from it.
        values
            Put in place of parameters: a number or one per reading, also outside the stated judgement.
        switches
            The option that a switch is set to.
        only
            Measure the expressions of this kind (criterion, quantity, claim, expected); None: all.
        policies
            Solve these alone; None: all of :attr:`policies`.
        reasoning
            How the players come to their choices, where that is not as the scenario says.

        Returns
        -------
        Results
            As of :func:`parley.study.run`; what was not measured is not in it.

        Raises
        ------
        StudyError
            When a name, option or policy is unknown, a number is not finite, or the question was cancelled.
        DrawsError
            When a judgement describes no distribution.
        """
        if ranks.ndim != 2 or ranks.shape[0] != self._space.dimensions or not ranks.shape[1]:
            raise StudyError(
                f"ranks of shape {ranks.shape} are not [{self._space.dimensions} rows, draws >= 1]"
            )
        workshop = self._workshop(only, policies)
        table = self._space.table(ranks, 1 - ranks, seed=self.seed, first=first)
        draws = self._put(table, values or {}, switches or {})
        asked = {
            "policies": list(workshop.planned.policies),
            "measured": only,
            "first": first,
            "values": sorted(values or {}),
            "switches": dict(switches or {}),
        }
        if reasoning != AS_JUDGED:
            reasoning.check(tuple(self.scenario.players))
            asked["reasoning"] = reasoning.record()
        if self._answers is None:
            pieces: Sequence[Piece] = self._solve(workshop, draws, reasoning)
        else:
            pieces = self._answers.answer(
                workshop.planned,
                asked,
                ranks,
                draws,
                lambda: self._solve(workshop, draws, reasoning),
                reasoning,
            )
        found = assemble(workshop.planned, self._record(draws, reasoning), pieces, draws=draws)
        return _reasoned(found, reasoning)

    def other(self, scenario: Scenario) -> Evaluator:
        """Return an evaluator of another scenario with this seed, these threads, kept answers, progress."""
        counted = 0

        def progress(games: int) -> None:
            nonlocal counted
            self.games += games - counted
            counted = games
            self._progress(self.games)

        return Evaluator(
            scenario,
            seed=self.seed,
            threads=self._threads,
            cancel=self._cancel,
            concept=self._concept,
            answers=self._answers,
            progress=progress,
        )

    def _workshop(self, only: str | None, policies: Sequence[str] | None = None) -> Workshop:
        kinds = None if only is None else (only,)
        some = None if policies is None or tuple(policies) == self.policies else tuple(policies)
        if (kinds, some) not in self._workshops:
            planned = plan(self.scenario, self._policies if some is None else some, kinds)
            self._workshops[kinds, some] = Workshop(planned, self._concept)
        return self._workshops[kinds, some]

    def _record(self, draws: Draws, reasoning: Reasoning) -> Provenance:
        record = recorded(self.scenario, self.seed, draws.count, self._concept)
        concept = reasoning.in_words() or record.concept
        return replace(record, design=f"readings of one's own, {REPLICATES} replicates", concept=concept)

    def _put(self, table: Draws, values: Mapping[str, float | Values], switches: Mapping[str, str]) -> Draws:
        numbers, choice = np.array(table.values), np.array(table.choice)
        for name, value in values.items():
            override = self.scenario.overrides.get(name)
            if name not in table.parameters or (override is not None and override.expression is not None):
                raise StudyError(f"'{name}' is not a parameter that a value can be put in the place of")
            if not np.all(np.isfinite(value)):
                raise StudyError(f"'{name}' cannot be set to what is not a finite number")
            numbers[table.parameters.index(name)] = value
        for name, option in switches.items():
            if name not in table.switches or option not in self.scenario.switches[name].options:
                raise StudyError(f"there is no switch '{name}' with an option '{option}'")
            choice[table.switches.index(name)] = self.scenario.switches[name].options.index(option)
        return Draws(table.parameters, numbers, table.switches, choice, table.seed, table.first)

    def _solve(self, workshop: Workshop, draws: Draws, reasoning: Reasoning) -> list[Piece]:
        chunks = [_part(draws, first, reasoning) for first in range(0, draws.count, CHUNK)]
        jobs = [(policy, chunk) for chunk in chunks for policy in workshop.planned.policies]
        with ThreadPoolExecutor(max_workers=self._threads) as pool:
            waiting = [pool.submit(self._one, workshop, policy, chunk) for policy, chunk in jobs]
            try:
                return [self._counted(future.result()) for future in waiting]
            except SolveError as error:
                if self._cancel():
                    raise StudyError("stopped before the question was answered") from error
                raise
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _counted(self, piece: Piece) -> Piece:
        self.games += len(piece.draw)
        self._progress(self.games)
        return piece

    def _one(self, workshop: Workshop, policy: str, chunk: Chunk) -> Piece:
        if self._cancel():
            raise SolveError("stopped")
        return workshop.work(policy, chunk, self._cancel)


def _reasoned(found: Results, reasoning: Reasoning) -> Results:
    """Say with what precision the players were taken to choose."""
    put = {name: np.full(len(found.draw), value) for name, value in reasoning.precision.items()}
    if reasoning.limit:
        put = {name: np.full(len(found.draw), np.inf) for name in found.players}
    return replace(found, precision={**found.precision, **put}) if put else found


def _part(draws: Draws, first: int, reasoning: Reasoning) -> Chunk:
    last = first + CHUNK
    return Chunk(
        Draws(
            draws.parameters,
            draws.values[:, first:last],
            draws.switches,
            draws.choice[:, first:last],
            draws.seed,
            draws.first + first,
        ),
        reasoning,
    )
