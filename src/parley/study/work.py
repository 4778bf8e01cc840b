"""One piece of work: one policy for one chunk of draws, solved and measured.

What lives here: the way from draws to measured quantities and certificates. What may not: plans, files,
the order in which pieces are done. A piece depends on its draws alone, so any chunking gives the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from parley.draws.model import Draws
from parley.game.compiler import compile_scenario
from parley.game.model import Game
from parley.game.passes import edge_shares, expected, reach
from parley.game.policy import restrict
from parley.game.program import evaluate
from parley.game.quantity import Meter, measure, meter
from parley.game.rounds import rounds, values, visits
from parley.scenario.model import Scenario
from parley.solve import Tables, solve_arrays, stakes, tables_of
from parley.solve.exact import solve_limit
from parley.solve.solution import Concept, Solution, Status
from parley.solve.steps import solve_levels
from parley.study.plan import Plan
from parley.study.reasoning import AS_JUDGED, Reasoning

__all__ = ["Chunk", "Options", "Piece", "Workshop", "registers_of", "split", "stakes_of"]

Values = NDArray[np.float64]
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Draws that are solved under one policy after another: what they all need is made once.

    ``reasoning`` is how the players come to their choices; ``stakes`` holds the whole stakes of the free
    game, ``[player, draw]`` by the options of the switches.
    """

    draws: Draws
    reasoning: Reasoning = AS_JUDGED
    stakes: dict[Options, Values] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """What came of one policy and chunk; columns are the chunk's draws."""

    policy: str
    draw: NDArray[np.int64]  # [draw] number in the design
    measured: Values  # [quantity, draw] in the order of the plan's calls
    status: NDArray[np.int8]  # [draw]
    residual: Values  # [draw]
    regret: Values  # [player, draw]
    value: Values  # [player, draw]
    sweeps: NDArray[np.int32]  # [draw]
    size: tuple[int, int, int]  # nodes, information sets, actions of the largest game
    strategy: Values  # [action, draw]; NaN beyond the actions of a draw's own game


def registers_of(prepared: Meter, draws: Draws, columns: NDArray[np.int64]) -> Values:
    """Evaluate a meter's program for some columns of a table of draws, ``[register, draw]``."""
    row = {name: number for number, name in enumerate(draws.parameters)}
    wanted = [row[name] for name in prepared.program.parameters]
    return evaluate(prepared.program, draws.values[wanted][:, columns])


def stakes_of(game: Game, registers: Values, whole: Callable[[], Values]) -> Values:
    """Return ``[player, draw]``: the stated stakes, and the ``whole`` ones of players who state none."""
    stated = game.stake >= 0
    if stated.all():
        return registers[game.stake]
    return np.where(stated[:, None], registers[np.maximum(game.stake, 0)], whole())


class Workshop:
    """Compiled games of one plan, made when first needed and shared by threads."""

    def __init__(self, planned: Plan, concept: Concept) -> None:
        self.planned = planned
        self.concept = concept
        self._lock = Lock()
        self._free: dict[Options, Game] = {}
        self._ready: dict[tuple[str, Options], tuple[Game, Meter]] = {}

    def game(self, policy: str, options: Options) -> tuple[Game, Meter, Game]:
        """Return the game of a policy, its meter, and the free game whose stakes count."""
        with self._lock:
            free = self._free.get(options)
            if free is None:
                free = self._free[options] = compile_scenario(self.planned.scenario, dict(options))
            ready = self._ready.get((policy, options))
            if ready is None:
                rule = self.planned.policy(policy)
                game = (
                    free if rule is None or rule.intended or not rule.rules else restrict(free, policy).game
                )
                prepared = meter(game, self.planned.scenario, dict(options), self.planned.calls[policy])
                ready = self._ready[policy, options] = (game, prepared)
            return (*ready, free)

    def work(self, policy: str, chunk: Chunk, cancel: Callable[[], bool] | None = None) -> Piece:
        """Solve and measure one policy for all draws of a chunk."""
        draws = chunk.draws
        count, players = draws.count, len(self.planned.scenario.players)
        measured = np.full((len(self.planned.calls[policy]), count), np.nan)
        status = np.full(count, Status.ILL_POSED, dtype=np.int8)
        residual = np.full(count, np.nan)
        regret, value = np.full((players, count), np.nan), np.full((players, count), np.nan)
        strategy = np.full((0, count), np.nan)
        sweeps = np.zeros(count, dtype=np.int32)
        size = (0, 0, 0)
        for options, columns in split(draws, self.planned.scenario):
            with np.errstate(all="ignore"):  # what is no number is marked ill-posed, not warned of
                game, solution, values = self._solve(policy, options, chunk, columns, cancel)
            proof = solution.certificate
            solved = proof.status == Status.CONVERGED
            measured[:, columns] = np.where(solved, values, np.nan)
            status[columns], residual[columns], sweeps[columns] = proof.status, proof.residual, proof.sweeps
            regret[:, columns], value[:, columns] = proof.regret, solution.value
            strategy = _put(strategy, columns, solution.strategy)
            size = max(size, (game.nodes, game.infosets, game.actions))
        number = np.arange(draws.first, draws.first + count, dtype=np.int64)
        return Piece(policy, number, measured, status, residual, regret, value, sweeps, size, strategy)

    def _solve(
        self,
        policy: str,
        options: Options,
        chunk: Chunk,
        columns: NDArray[np.int64],
        cancel: Callable[[], bool] | None,
    ) -> tuple[Game, Solution, Values]:
        game, prepared, registers, numbers = self.numbers(
            policy,
            options,
            chunk.draws,
            columns,
            lambda free, payoff: _whole_stakes(chunk, options, free, payoff),
        )
        reasoning = chunk.reasoning
        precision = reasoning.put(numbers.precision, game.players) / numbers.stake
        given = (game, numbers.chance, numbers.payoff, precision)
        if reasoning.limit:
            solution = solve_limit(*given[:3], stake=numbers.stake, concept=self.concept, threads=1)
        elif reasoning.level is None:
            solution = solve_arrays(
                *given, stake=numbers.stake, concept=self.concept, threads=1, cancel=cancel
            )
        else:
            solution = solve_levels(
                *given,
                stake=numbers.stake,
                level=reasoning.level,
                noisy=reasoning.noisy,
                concept=self.concept,
            )
        return game, solution, self.quantities(policy, prepared, registers, numbers, solution)

    def numbers(
        self,
        policy: str,
        options: Options,
        draws: Draws,
        columns: NDArray[np.int64],
        whole: Callable[[Game, Values], Values] = stakes,
    ) -> tuple[Game, Meter, Values, Tables]:
        """Return a policy's game, its meter, its registers and its numbers for some columns of the draws.

        ``whole`` computes the whole stakes of the free game from ``payoff [row, player, draw]``.
        """
        game, prepared, free = self.game(policy, options)
        registers = registers_of(prepared, draws, columns)
        payoff = registers[game.payoff_register]
        stake = stakes_of(game, registers, lambda: whole(free, payoff))
        return game, prepared, registers, tables_of(game, registers, stake)

    def quantities(
        self, policy: str, prepared: Meter, registers: Values, numbers: Tables, solution: Solution
    ) -> Values:
        """Measure a policy's quantities on a solved game, ``[quantity, draw]``.

        Under an intended policy the others play as in the free game, and the focal player alone departs.
        """
        game, rule = prepared.game, self.planned.policy(policy)
        strategy, value = solution.strategy, solution.value
        departs = rule is not None and rule.intended and bool(rule.rules)
        if departs:
            strategy = _departed(game, policy, strategy)
        shares = edge_shares(game, numbers.chance, strategy)
        if departs:
            value = (
                expected(game, shares, numbers.payoff)
                if game.loop is None
                else values(game, rounds(game, shares, numbers.payoff), numbers.payoff)[0]
            )
        reached = reach(game, shares) if game.loop is None else visits(game, shares, numbers.payoff)
        return measure(prepared, registers, reached, numbers.payoff, shares, value)


def _whole_stakes(chunk: Chunk, options: Options, free: Game, payoff: Values) -> Values:
    """Return ``[player, draw]`` of the free game, kept for the other policies of the same chunk."""
    known = chunk.stakes.get(options)
    if known is None:
        known = chunk.stakes[options] = stakes(free, payoff)
    return known


def _put(table: Values, columns: NDArray[np.int64], part: Values) -> Values:
    """Put the strategies of some draws into a table, growing it where they have more actions."""
    if len(part) > len(table):
        table = np.vstack([table, np.full((len(part) - len(table), table.shape[1]), np.nan)])
    table[: len(part), columns] = part
    return table


def _departed(game: Game, policy: str, strategy: Values) -> Values:
    """Put a policy's mixes in the place of what the focal player does in equilibrium."""
    departed = strategy.copy()
    for infoset, mix in game.rules[policy].items():
        first, last = game.infoset_first_action[infoset : infoset + 2]
        departed[first:last] = np.asarray(mix)[:, None]
    return departed


def split(draws: Draws, scenario: Scenario) -> list[tuple[Options, NDArray[np.int64]]]:
    """Group the draws of a table by the options of all switches, in order of first appearance.

    Returns
    -------
    Pairs of (switch, option) pairs and column numbers; every column appears once.
    """
    if not draws.switches:
        return [((), np.arange(draws.count))]
    codes, first, group = np.unique(draws.choice, axis=1, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return [
        (
            tuple(
                (name, scenario.switches[name].options[int(codes[row, each])])
                for row, name in enumerate(draws.switches)
            ),
            np.flatnonzero(group.ravel() == each),
        )
        for each in order
    ]
