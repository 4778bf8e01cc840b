"""The likelihood of observed plays: how likely a scenario makes what was seen.

What lives here: the scenario that asks for each pattern, solved at many trial values at once. What may not:
the search for the best values.

The likelihood of a play is the chance of all that was observed of it, as the engine measures events: what was
not observed, such as what a player knows in private, is summed out by the chances of the story.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.errors import StudyError
from parley.scenario.model import Expression, Quantity, Scenario, Span
from parley.scenario.syntax import Both, Call, Is, Kind, Node, Reference
from parley.study.evaluator import Evaluator
from parley.study.plays import OUTCOME, Pattern, Plays, observable
from parley.study.reasoning import AS_JUDGED, Reasoning

__all__ = ["Chances", "Likelihood", "asking", "text_of"]

Values = NDArray[np.float64]

GAMES = 2**17  # solved at a time: more would only take memory
CONVERGED = 0  # the status of a game whose certificate holds


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """What the scenario says of the patterns at some trial values.

    ``row[row, trial]`` is the chance of each row's pattern, NaN where a game was not solved; ``pattern`` is
    that of every pattern in every setting at the last trial, ``[pattern, setting]``. ``solved[trial]`` says
    whether the games of all settings were, ``residual[trial]`` is the worst residual of their certificates.
    """

    row: Values
    pattern: Values
    solved: NDArray[np.bool_]
    residual: Values


def text_of(pattern: Pattern) -> str:
    """Return a pattern in words.

    Examples
    --------
    >>> text_of((("move", "take"), ("outcome", "war")))
    'move is take, war'
    """
    return ", ".join(label if name == OUTCOME else f"{name} is {label}" for name, label in pattern)


def asking(scenario: Scenario, patterns: Sequence[Pattern]) -> Scenario:
    """Return the scenario, freely played, with the chance of each pattern as its only questions.

    Examples
    --------
    >>> import parley
    >>> asked = asking(parley.load("which-event-first"), [(("posture", "pause"), ("outcome", "settled"))])
    >>> asked.quantities["plays 0"].expression.source
    'P(posture is pause, settled)'
    """
    kinds = {name: kind for name, (kind, _) in observable(scenario).items()}
    span = Span(scenario.path, 1, 1)
    quantities: dict[str, Quantity] = {}
    for number, pattern in enumerate(patterns):
        source = f"P({text_of(pattern)})"
        parts = [_condition(kinds, name, label) for name, label in pattern]
        event = reduce(lambda a, b: Both(a, b, 0, 0), parts)
        call = Call("P", (event,), None, 0, len(source))
        name = f"plays {number}"
        quantities[name] = Quantity(name, Expression(source, call, span), None, span)
    nothing: Mapping[str, Any] = MappingProxyType({})
    return replace(
        scenario,
        comparison=None,
        quantities=MappingProxyType(quantities),
        claims=nothing,
        cases=nothing,
        challenges=nothing,
        expected=(),
    )


def _condition(kinds: Mapping[str, Kind], name: str, label: str) -> Node:
    if name == OUTCOME and name not in kinds:
        return Reference(Kind.OUTCOME, label, 0, 0)
    return Is(Reference(kinds[name], name, 0, 0), label, False, 0, 0)


class Likelihood:
    """Chances of observed plays at trial values of some parameters.

    Parameters
    ----------
    scenario
        What is fitted.
    plays
        What was observed; see :func:`parley.study.plays.read_plays`.
    names
        The parameters that are tried.
    threads
        Default: one per core.
    more
        Patterns beside those observed whose chances are wanted too.
    progress
        Called with the number of games solved so far.

    Attributes
    ----------
    count
        ``[row]`` plays.
    games
        Solved so far.
    tried, unsolved
        Sets of trial values so far, and those at which some game had no certified answer.

    Raises
    ------
    StudyError, DrawsError, GameError
        The scenario cannot be solved as the data ask.

    Examples
    --------
    >>> import numpy as np, parley
    >>> from parley.study.plays import read_plays
    >>> scenario = parley.load("which-event-first")
    >>> plays = read_plays(scenario, {"posture": ["pause"], "outcome": ["settled"]})
    >>> found = Likelihood(scenario, plays, ["B"]).chances(np.array([[4.0, 12.0]]))
    >>> found.row.shape, bool(found.solved.all())
    ((1, 2), True)
    """

    def __init__(
        self,
        scenario: Scenario,
        plays: Plays,
        names: Sequence[str],
        *,
        threads: int | None = None,
        more: Sequence[Pattern] = (),
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self.plays = plays
        self.names = tuple(names)
        self.patterns = (*plays.patterns, *(each for each in more if each not in plays.patterns))
        self.scenario = asking(scenario, self.patterns)
        self._evaluator = Evaluator(self.scenario, threads=threads, progress=progress)
        self._policy = self._evaluator.policies[0]
        self._rows = self._evaluator.ranks(1).shape[0]
        self._settled = {
            name: switch.default
            for name, switch in scenario.switches.items()
            if switch.weights is not None and name not in scenario.overrides
        }
        self._groups = self._grouped()
        self.tried = self.unsolved = 0
        self.count: Values = np.array([row.count for row in plays.rows])
        self.pattern: NDArray[np.int64] = np.array([row.pattern for row in plays.rows])
        self.setting: NDArray[np.int64] = np.array([row.setting for row in plays.rows])

    @property
    def games(self) -> int:
        """Games solved so far."""
        return self._evaluator.games

    def _grouped(self) -> list[tuple[dict[str, str], NDArray[np.int64]]]:
        """Group the settings by the options of their switches, which one question has in common."""
        groups: dict[tuple[tuple[str, str], ...], list[int]] = {}
        for number, setting in enumerate(self.plays.settings):
            groups.setdefault(setting.options, []).append(number)
        return [({**self._settled, **dict(options)}, np.array(each)) for options, each in groups.items()]

    def chances(self, trial: Values, reasoning: Reasoning = AS_JUDGED) -> Chances:
        """Solve for trial values and return the chances of what was observed.

        Parameters
        ----------
        trial
            ``[parameter, trial]`` in the order of ``names``, in the author's units.
        reasoning
            How the players come to their choices, where that is not as the scenario says.

        Raises
        ------
        StudyError
            A trial value is not finite.
        """
        settings, size = len(self.plays.settings), max(1, GAMES // len(self.plays.settings))
        row = np.empty((len(self.count), trial.shape[1]))
        solved = np.ones(trial.shape[1], dtype=np.bool_)
        residual = np.zeros(trial.shape[1])
        for first in range(0, trial.shape[1], size):
            part = slice(first, first + size)
            pattern = np.empty((len(self.patterns), settings, trial[:, part].shape[1]))
            for options, members in self._groups:
                found, status, worst = self._solve(trial[:, part], options, members, reasoning)
                pattern[:, members] = found
                solved[part] &= np.all(status == CONVERGED, axis=0)
                residual[part] = np.maximum(residual[part], np.max(worst, axis=0))
            self.tried += pattern.shape[2]
            self.unsolved += int(np.sum(~solved[part]))
            row[:, part] = pattern[self.pattern, self.setting]
        return Chances(row, pattern[:, :, -1].copy(), solved, residual)

    def _solve(
        self, trial: Values, options: Mapping[str, str], members: NDArray[np.int64], reasoning: Reasoning
    ) -> tuple[Values, NDArray[np.int8], Values]:
        """Return ``[pattern, setting, trial]`` chances, ``[setting, trial]`` statuses and residuals."""
        shape = (len(members), trial.shape[1])
        values: dict[str, float | Values] = {
            name: np.broadcast_to(trial[row], shape).ravel() for row, name in enumerate(self.names)
        }
        numbers = [dict(self.plays.settings[member].numbers) for member in members]
        for name in numbers[0]:
            column = np.array([each[name] for each in numbers])
            values[name] = np.broadcast_to(column[:, None], shape).ravel()
        ranks = np.full((self._rows, shape[0] * shape[1]), 0.5)
        found = self._evaluator.results(
            ranks, values=values, switches=options, only="quantity", reasoning=reasoning
        )
        proof = found.proofs[self._policy]
        chances = np.stack([found.quantities[name, self._policy] for name in self.scenario.quantities])
        return chances.reshape(-1, *shape), proof.status.reshape(shape), proof.residual.reshape(shape)

    def logarithms(self, chances: Chances) -> Values:
        """Return the log-likelihood ``[trial]``: -inf where a row has no chance or a game no solution.

        Examples
        --------
        >>> import numpy as np, parley
        >>> from parley.study.plays import read_plays
        >>> scenario = parley.load("which-event-first")
        >>> plays = read_plays(scenario, {"outcome": ["settled"], "count": [3]})
        >>> asked = Likelihood(scenario, plays, ["B"])
        >>> found = asked.chances(np.array([[12.0]]))
        >>> bool(np.isclose(asked.logarithms(found)[0], 3 * np.log(found.row[0, 0])))
        True
        """
        told = self.count > 0
        with np.errstate(divide="ignore"):
            logarithm = np.log(chances.row[told])
        total = np.add.reduce(self.count[told, None] * logarithm, axis=0)  # the same bits in any batch
        return np.where(chances.solved & ~np.isnan(total), total, -np.inf)

    def refuse_impossible(self, chances: Chances) -> None:
        """Insist that every row has a chance somewhere among the trials.

        Raises
        ------
        StudyError
            A row has none at any of them; it names the line and what was observed.
        """
        if not np.any(chances.solved):
            return
        least = np.nanmax(chances.row[:, chances.solved], axis=1)
        for number in np.flatnonzero((least <= 0) & (self.count > 0)):
            row = self.plays.rows[number]
            raise StudyError(
                f"line {row.line} of '{self.plays.name}' cannot happen in this scenario: it gives "
                f"'{text_of(self.plays.patterns[row.pattern])}' no chance at all, whatever the parameters "
                "tried. Correct the row, leave a cell blank that was not observed, or change the story"
            )
