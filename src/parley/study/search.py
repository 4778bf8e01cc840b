"""The search for other equilibria in some of a run's games, measured as the run measures.

What lives here: which draws are searched, the search of a policy's games, its columns. What may not:
sentences, the search's own arithmetic (:mod:`parley.solve.equilibria`).

Columns, one row for each equilibrium, in the order of the draws:

==================  =====================================================================
``draw``            number in the design
``residual``        of the quantal-response equation
``regret``          one number per player, in stakes
``value``           one expected payoff per player, in the author's units
``sign``            of the determinant of the equations' derivative
``principal``       whether it is the one on the principal branch
``twin``            whether another of the same draw is its mirror image
``hits``            starts that came to it
``strategy``        one probability per action (NaN beyond a draw's own game)
``quantity: ...``   one column per quantity measured under the policy
==================  =====================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.draws import Draws, sample
from parley.scenario.model import Scenario
from parley.solve import Tables
from parley.solve.equilibria import Equilibria, equilibria
from parley.solve.solution import Certificate, Concept, Solution
from parley.study.columns import quantity_columns
from parley.study.plan import Plan
from parley.study.work import Workshop, split

__all__ = ["SEARCHED", "as_solution", "chosen", "look", "selected"]

SEARCHED = 64  # draws that are searched unless another number is asked for
BLOCK = 1 << 16  # draws made at a time

Values = NDArray[np.float64]
Columns = Mapping[str, NDArray[Any]]


def chosen(seed: int, draws: int, searched: int) -> NDArray[np.int64]:
    """Return the numbers of the draws that are searched: all, or a simple random sample of them.

    Examples
    --------
    >>> chosen(7, 16, 64).tolist() == list(range(16)), len(set(chosen(7, 4096, 64).tolist()))
    (True, 64)
    """
    if searched >= draws:
        return np.arange(draws)
    random = np.random.Generator(np.random.PCG64([seed, draws, searched]))
    return np.sort(random.choice(draws, size=searched, replace=False))


def selected(scenario: Scenario, seed: int, numbers: NDArray[np.int64]) -> Draws:
    """Make the draws of these numbers; ``first`` says nothing."""
    parts = []
    for first in np.unique(numbers // BLOCK) * BLOCK:
        mine = numbers[(numbers >= first) & (numbers < first + BLOCK)] - first
        table = sample(scenario, int(mine[-1]) + 1, seed=seed, first=int(first))
        parts.append((table, mine))
    table = parts[0][0]
    return Draws(
        table.parameters,
        np.concatenate([each.values[:, mine] for each, mine in parts], axis=1),
        table.switches,
        np.concatenate([each.choice[:, mine] for each, mine in parts], axis=1),
        seed,
        0,
    )


def look(
    workshop: Workshop,
    policy: str,
    numbers: NDArray[np.int64],
    draws: Draws,
    starts: int,
    threads: int | None = None,
    cancel: Callable[[], bool] | None = None,
) -> dict[str, NDArray[Any]]:
    """Search the games of one policy; return the columns.

    Parameters
    ----------
    numbers, draws
        Numbers in the design, and the draws of these numbers.
    starts
        In each game.
    threads, cancel
        As for :func:`parley.solve.equilibria.equilibria`.

    Raises
    ------
    SolveError
        When ``cancel`` said True.
    """
    parts: list[tuple[NDArray[np.int64], dict[str, NDArray[Any]]]] = []
    for options, columns in split(draws, workshop.planned.scenario):
        with np.errstate(all="ignore"):  # what is no number is marked ill-posed, not warned of
            game, prepared, registers, tables = workshop.numbers(policy, options, draws, columns)
            precision = tables.precision / tables.stake
            found = equilibria(
                game,
                tables.chance,
                tables.payoff,
                precision,
                stake=tables.stake,
                starts=starts,
                concept=workshop.concept,
                threads=threads,
                cancel=cancel,
            )
            at = found.draw
            taken = Tables(
                *(each[..., at] for each in (tables.chance, tables.payoff, precision, tables.stake))
            )
            solution = as_solution(found, taken, workshop.concept)
            measured = workshop.quantities(policy, prepared, registers[:, at], taken, solution)
        parts.append((columns[at], _columns(workshop.planned, policy, found, measured, numbers[columns[at]])))
    order = np.argsort(np.concatenate([draw for draw, _ in parts]), kind="stable")
    return _joined([columns for _, columns in parts], order)


def as_solution(found: Equilibria, tables: Tables, concept: Concept) -> Solution:
    """Return the equilibria as the answers of so many draws; ``tables`` has a column for each."""
    count = len(found.draw)
    certificate = Certificate(
        np.zeros(count, dtype=np.int8), found.residual, found.regret, np.zeros(count, dtype=np.int32)
    )
    return Solution(
        found.players, found.strategy, found.value, tables.precision, tables.stake, certificate, concept
    )


def _columns(
    planned: Plan, policy: str, found: Equilibria, measured: Values, draw: NDArray[np.int64]
) -> dict[str, NDArray[Any]]:
    columns: dict[str, NDArray[Any]] = {
        "draw": draw,
        "residual": found.residual,
        "regret": found.regret,
        "value": found.value,
        "sign": found.sign,
        "principal": found.principal,
        "twin": found.twin,
        "hits": found.hits,
        "strategy": found.strategy,
    }
    return columns | dict(zip(quantity_columns(planned, policy), measured, strict=True))


def _joined(parts: Sequence[Columns], order: NDArray[np.intp]) -> dict[str, NDArray[Any]]:
    """Join the columns of games of several shapes."""
    joined: dict[str, NDArray[Any]] = {}
    for name in parts[0]:
        tables = [part[name] for part in parts]
        if tables[0].ndim == 2:
            rows = max(len(table) for table in tables)
            tables = [
                np.vstack([table, np.full((rows - len(table), table.shape[1]), np.nan)]) for table in tables
            ]
        joined[name] = np.ascontiguousarray(np.concatenate(tables, axis=-1)[..., order])
    return joined
