"""Large two-player zero-sum games: regret minimisation, with proof of how far from equilibrium it stopped.

What lives here: the tests whether a game is one, the schemes, the solver. What may not: arithmetic per node.

Counterfactual regret minimisation lets both players play against each other again and again, each time
matching the regrets of all earlier times at each of its information sets; the average strategies approach a
Nash equilibrium (Zinkevich, M. et al. 2007, Regret minimization in games with incomplete information,
NeurIPS 20).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from parley.errors import SolveError
from parley.game.model import Game
from parley.solve.replies import check, deviations
from parley.solve.sequence_form import Form, Treeplex, sequence_form

__all__ = ["SCHEMES", "Scheme", "ZeroSum", "solve_zero_sum"]

Numbers: TypeAlias = NDArray[np.float64]

AIM = 0.999  # of the target: what the iteration stops at, so that rounding does not undo it
CONSTANT = 1e-9  # by which sums of payoffs may differ between paths, relative to the largest payoff


@dataclass(frozen=True, slots=True)
class Scheme:
    """How regrets are remembered, and how strategies are averaged.

    Before iteration t, regrets are multiplied by (t - 1)^``discount`` / ((t - 1)^``discount`` + 1); 0 keeps
    all. When regrets are matched, the latest counts ``trust`` times more, as a forecast of the next.
    Strategy number t weighs t^``growth`` in the average. Negative regrets are forgotten at once, and the
    players take turns.
    """

    discount: float
    trust: float
    growth: float


SCHEMES = {
    # Tammelin, O. (2014). Solving large imperfect information games using CFR+. arXiv:1407.5042.
    "cfr+": Scheme(0.0, 0.0, 1.0),
    # Brown, N. & Sandholm, T. (2019). Solving imperfect-information games via discounted regret
    # minimization. AAAI 33; without negative regrets, as in Xu et al. below.
    "dcfr+": Scheme(1.5, 0.0, 4.0),
    # Farina, G., Kroer, C. & Sandholm, T. (2021). Faster game solving via predictive Blackwell
    # approachability. AAAI 35.
    "pcfr+": Scheme(0.0, 1.0, 2.0),
    # Xu, H. et al. (2024). Minimizing weighted counterfactual regret with optimistic online mirror descent.
    # IJCAI 33; with a quarter of the forecast, which did best over poker and random games together.
    "pdcfr+": Scheme(2.0, 0.25, 3.0),
}


@dataclass(frozen=True, slots=True, eq=False)
class ZeroSum:
    """Average strategies and the proof beside them.

    NashConv and values are computed again from the finished strategies, on the game itself and not on the
    sequence form that was iterated on.
    """

    players: tuple[str, ...]
    strategy: Numbers  # [action, draw]
    value: Numbers  # [player, draw] expected payoff when both play the strategies
    gain: Numbers  # [player, draw] what the best reply would add
    nash_conv: Numbers  # [draw] sum of the gains
    iterations: NDArray[np.int64]  # [draw]
    converged: NDArray[np.bool_]  # [draw] NashConv is at most the target
    target: float
    history: tuple[Numbers, ...]  # [draw] of [point, 2]: iterations and NashConv then


def solve_zero_sum(
    game: Game,
    chance: Numbers,
    payoff: Numbers,
    *,
    target: float = 1e-3,
    limit: int = 100_000,
    scheme: str | Scheme = "pdcfr+",
    threads: int | None = None,
    cancel: Callable[[], bool] | None = None,
) -> ZeroSum:
    """Find strategies of a two-player zero-sum game from which nobody gains much by deviating.

    Parameters
    ----------
    game
        The structure: two players of perfect recall, futures merged or not.
    chance
        ``[edge, draw]``; ignored on decision edges.
    payoff
        ``[row, player, draw]`` in the author's units, with the same sum over players on every path.
    target
        NashConv at which to stop, in the author's units.
    limit
        Most iterations; a draw that needs more comes back as not ``converged``.
    scheme
        A name of :data:`SCHEMES`, or a scheme of your own.
    threads
        Threads; None for one per core. Each draw is one thread's.
    cancel
        Asked before each draw; when it says True, no further draw is begun.

    Returns
    -------
    ZeroSum
        A draw's numbers have the same bits whatever it is solved with. Where a player's own average strategy
        never leads, its last strategy stands.

    Raises
    ------
    SolveError
        When the game has not two players, somebody's recall is imperfect, a draw's payoffs do not sum to a
        constant, shapes do not agree, or ``cancel`` said True.

    Examples
    --------
    >>> import numpy as np
    >>> from parley.game.efg_reader import read_efg
    >>> text = 'EFG 2 R "" { "a" "b" } p "" 1 1 "" { "l" "r" } 0 '
    >>> text += 'p "" 2 1 "" { "l" "r" } 0 t "" 1 "" { 3 -3 } t "" 2 "" { 0 0 } '
    >>> text += 'p "" 2 1 "" { "l" "r" } 0 t "" 3 "" { 0 0 } t "" 4 "" { 1 -1 }'
    >>> game = read_efg(text)
    >>> from parley.game import evaluate
    >>> from parley.solve import tables_of
    >>> numbers = tables_of(game, evaluate(game.program, np.zeros((0, 1))))
    >>> found = solve_zero_sum(game, numbers.chance, numbers.payoff, target=1e-6)
    >>> found.strategy[:, 0].round(4).tolist(), found.value[:, 0].round(4).tolist()
    ([0.25, 0.75, 0.25, 0.75], [0.75, -0.75])
    """
    if isinstance(scheme, str):
        if scheme not in SCHEMES:
            raise SolveError(f"there is no scheme {scheme!r}, only {', '.join(map(repr, SCHEMES))}")
        scheme = SCHEMES[scheme]
    if not target >= 0.0 or limit < 1:
        raise SolveError(f"target must not be negative and limit at least 1, not {target!r} and {limit!r}")
    draws = payoff.shape[-1]
    check(game, chance, payoff, None)
    form = sequence_form(game)
    task = _Task(game, form, chance, payoff, target, limit, scheme)
    task.insist_on_constant_sum()
    cancelled = False

    def run(draw: int) -> bool:
        if cancelled or (cancel is not None and cancel()):
            return False
        task.solve(draw)
        return True

    with ThreadPoolExecutor(max_workers=max(1, min(draws, threads or _cores()))) as pool:
        try:
            done = [future.result() for future in [pool.submit(run, draw) for draw in range(draws)]]
        except BaseException:
            cancelled = True
            raise
    if not all(done):
        raise SolveError(f"cancelled after {sum(done)} of {draws} draws")
    return task.solution()


class _Task:
    """The arrays of one call; every draw writes its own columns."""

    def __init__(
        self,
        game: Game,
        form: Form,
        chance: Numbers,
        payoff: Numbers,
        target: float,
        limit: int,
        scheme: Scheme,
    ) -> None:
        self.game, self.form = game, form
        self.chance = np.where((game.edge_action >= 0)[:, None], 1.0, chance)
        self.payoff = payoff
        self.target, self.limit, self.scheme = target, limit, scheme
        draws = payoff.shape[-1]
        self.strategy = np.zeros((game.actions, draws))
        self.iterations = np.zeros(draws, dtype=np.int64)
        self.history: list[Numbers] = [np.zeros((0, 2))] * draws

    def insist_on_constant_sum(self) -> None:
        from parley.solve.kernels.regret import constant_sum

        game = self.game
        for draw in range(self.payoff.shape[-1]):
            both = np.ascontiguousarray(self.payoff[:, :, draw].sum(axis=1))
            miss = constant_sum(
                game.node_first_edge,
                game.edge_child,
                game.edge_payoff,
                game.node_payoff,
                both,
                np.zeros(game.nodes),
            )
            if miss > CONSTANT * np.abs(self.payoff[:, :, draw]).max(initial=0.0):
                raise SolveError(
                    f"this is no zero-sum game: in draw {draw} what both players get together differs by"
                    f" {miss:.6g} between paths"
                )

    def solve(self, draw: int) -> None:
        from parley.solve.kernels.regret import MIX, ROWS, TOTAL, fill_matrix, minimise

        form, scheme = self.form, self.scheme
        matrix = np.zeros(len(form.row_column))
        fill_matrix(
            form.step_from,
            form.step_edge,
            form.step_to,
            form.step_entry,
            self.game.edge_payoff,
            form.end_place,
            form.end_row,
            form.end_entry,
            np.ascontiguousarray(self.chance[:, draw]),
            np.ascontiguousarray(self.payoff[:, 0, draw]),
            np.zeros(form.places),
            matrix,
        )
        mine, yours = form.trees
        desks = [np.zeros((ROWS, int(tree.first[-1]))) for tree in form.trees]
        for desk in desks:
            desk[0, 0] = 1.0
        history = np.zeros((_points(self.limit), 2))
        noted = minimise(
            mine.first,
            mine.parent,
            form.row_first,
            form.row_column,
            matrix,
            yours.first,
            yours.parent,
            form.column_first,
            form.column_row,
            -matrix[form.column_entry],
            desks[0],
            desks[1],
            scheme.discount,
            scheme.trust,
            scheme.growth,
            AIM * self.target,
            self.limit,
            history,
        )
        for tree, desk in zip(form.trees, desks, strict=True):
            self.strategy[tree.action, draw] = _behaviour(tree, desk[TOTAL], desk[MIX])
        self.history[draw] = _locked(history[:noted].copy())
        self.iterations[draw] = int(history[noted - 1, 0])

    def solution(self) -> ZeroSum:
        gain, value = deviations(self.game, self.chance, self.payoff, self.strategy)
        gain = np.maximum(gain, 0.0)
        nash_conv = gain.sum(axis=0)
        return ZeroSum(
            players=self.game.players,
            strategy=_locked(self.strategy),
            value=_locked(value),
            gain=_locked(gain),
            nash_conv=_locked(nash_conv),
            iterations=_locked(self.iterations),
            converged=_locked(nash_conv <= self.target),
            target=self.target,
            history=tuple(self.history),
        )


def _behaviour(tree: Treeplex, total: Numbers, mix: Numbers) -> Numbers:
    """Probabilities of a player's actions at its information sets, from reach added up."""
    if len(tree.first) < 2:
        return np.zeros(0)
    sizes = np.diff(tree.first)
    whole = np.repeat(np.add.reduceat(total[1:], tree.first[:-1] - 1), sizes)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0.0, total[1:] / whole, mix[1:])


def _points(limit: int) -> int:
    """Points of the history of so many iterations."""
    from parley.solve.kernels.regret import SPACING

    points, check = 1, 1
    while check < limit:
        points, check = points + 1, check + 1 + check // SPACING
    return points


def _cores() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


A = TypeVar("A", bound=NDArray[np.generic])


def _locked(array: A) -> A:
    array.setflags(write=False)
    return array
