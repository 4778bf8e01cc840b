"""One game of plain numbers at several precisions.

What lives here: the axis of precisions, as Gambit counts them. What may not: iteration.
"""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.errors import SolveError
from parley.game.model import Game
from parley.game.program import evaluate
from parley.solve.batch import Tables, solve_arrays, tables_of
from parley.solve.solution import Concept, Solution

__all__ = ["Precisions", "numbers_of", "precisions", "solve_at"]

Numbers: TypeAlias = NDArray[np.float64]
Precisions: TypeAlias = float | Sequence[float] | NDArray[np.floating] | NDArray[np.integer]


def solve_at(
    game: Game, precision: Precisions, *, concept: Concept | None = None, threads: int | None = None
) -> Solution:
    """Solve a game of plain numbers: agent logit quantal response equilibrium on the principal branch.

    Parameters
    ----------
    game
        Without parameters, as :func:`parley.read_game` returns it.
    precision
        One lambda or several, per unit of payoff as written, the same for all players. This is Gambit's:
        ln p_a - ln p_b = lambda (U_a - U_b) for any two actions of an information set. 0 is even odds.
    concept
        Tolerance and budget.
    threads
        Threads; None for one per core.

    Returns
    -------
    Strategies ``[action, lambda]`` with certificates: the draws of this solution are the lambdas, in the
    order given.

    Raises
    ------
    SolveError
        When there is no lambda, one is negative or not finite, or the game has parameters.

    References
    ----------
    McKelvey, R. D. & Palfrey, T. R. (1998). Quantal response equilibria for extensive form games.
    Experimental Economics 1, 9-41.

    Examples
    --------
    >>> from parley.game import read_game
    >>> text = 'EFG 2 R "" { "us" } p "" 1 1 "" { "go" "stay" } 0 t "" 1 "" { 1 } t "" 0'
    >>> game = read_game("war.efg", text)
    >>> solve_at(game, [0, 1, 5]).strategy[0].round(3).tolist()
    [0.5, 0.731, 0.993]
    """
    lam = precisions(precision)
    numbers = numbers_of(game)
    draws = len(lam)
    return solve_arrays(
        game,
        np.repeat(numbers.chance, draws, axis=1),
        np.repeat(numbers.payoff, draws, axis=2),
        np.ascontiguousarray(np.broadcast_to(lam, (len(game.players), draws))),
        stake=np.repeat(numbers.stake, draws, axis=1),
        concept=concept,
        threads=threads,
    )


def precisions(precision: Precisions) -> Numbers:
    """Check lambdas, ``[lambda]``.

    Raises
    ------
    SolveError
        Naming the first that is none.

    Examples
    --------
    >>> precisions([1, 2.5]).tolist()
    [1.0, 2.5]
    """
    if isinstance(precision, str | bytes):
        raise SolveError(f"lambda must be a number or a list of numbers, not the text {precision!r}")
    try:
        given = list(precision) if np.iterable(precision) else [precision]
    except TypeError:
        given = [precision]
    if not given:
        raise SolveError("give at least one lambda to solve at, not an empty list")
    return np.array([_precision(each) for each in given])


def _precision(given: object) -> float:
    if not isinstance(given, Real | np.floating | np.integer) or isinstance(given, bool | np.bool_):
        raise SolveError(f"lambda must be a number, not {given!r}")
    try:
        value = float(given)
    except OverflowError:
        value = np.inf
    if not (np.isfinite(value) and value >= 0):
        shown = repr(given)
        raise SolveError(f"lambda must be a finite number, 0 or more, not {shown[:40]}")
    return value


def numbers_of(game: Game) -> Tables:
    """Work out the numbers of a game without parameters, in one column.

    Raises
    ------
    SolveError
        When the game has parameters: it stands for many games, and draws say for which.

    Examples
    --------
    >>> from parley.game import read_game
    >>> text = 'EFG 2 R "" { "us" } p "" 1 1 "" { "go" "stay" } 0 t "" 1 "" { 4 } t "" 0'
    >>> numbers_of(read_game("war.efg", text)).stake.tolist()
    [[4.0]]
    """
    if game.program.parameters:
        names = ", ".join(map(repr, game.program.parameters[:3]))
        raise SolveError(
            f"this game has parameters ({names}, ...): sample draws, and use parley.solve(game, draws)"
        )
    return tables_of(game, evaluate(game.program, np.zeros((0, 1))))
