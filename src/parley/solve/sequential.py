"""The limit of logit equilibria as everybody's precision grows: a sequential equilibrium.

What lives here: the ladder of precisions, what its rungs tend to, beliefs at all information sets, and the
tests of sequential rationality and of consistency. What may not: the solution of a rung.

Along the principal branch the limit is a sequential equilibrium (McKelvey, R. D. & Palfrey, T. R. 1998,
Quantal response equilibria for extensive form games, Experimental Economics 1, 9-41, theorem 4; Kreps, D.
M. & Wilson, R. 1982, Sequential equilibria, Econometrica 50, 863-894). Numbers can only suggest a limit;
what is returned says how much the last rung still changed and what the best deviation from the limit
brings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.errors import SolveError
from parley.game.model import Game
from parley.solve.batch import solve_arrays
from parley.solve.certify import stakes
from parley.solve.refusal import refuse_loop
from parley.solve.replies import check, insist_on_recall
from parley.solve.solution import ANSWERED, Concept, Status

__all__ = ["FIRST", "Limit", "limit"]

Numbers: TypeAlias = NDArray[np.float64]

FIRST = 25.0  # precision of the first rung, per stake; each next is twice as high
SURE = 100.0  # a limit is believed in from this precision on
CLOSE = 1e-6  # largest residual of a rung: six digits of log-odds are more than the limit has
LEAST = 1e-290  # below, a probability is too small for its logarithm to be taken


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """What the principal branch tends to, and how sure that is.

    ``strategy`` and ``belief`` are extrapolated from the last three rungs as if what is missing were a
    polynomial in 1 / precision (Richardson); ``quantal`` is the logit equilibrium of the last rung itself.
    """

    players: tuple[str, ...]
    strategy: Numbers  # [action, draw]
    belief: (
        Numbers  # [member, draw] of ``game.infoset_node``: probability of the node given its information set
    )
    reached: NDArray[np.bool_]  # [infoset, draw] play leads there with more than the tolerance
    gap: Numbers  # [player, draw] most that an action in use falls short of the best, in stakes
    change: Numbers  # [draw] largest change of a probability that the last rung brought
    belief_change: Numbers  # [draw] largest change of a belief
    bayes: (
        Numbers  # [draw] largest distance of a belief from Bayes' rule on the limit, at sets that are reached
    )
    precision: Numbers  # [draw] of the last rung, per stake; NaN where not even the first was solved
    converged: NDArray[np.bool_]  # [draw] gap, both changes and bayes are within the tolerance
    forked: NDArray[np.bool_]  # [draw] the branch met others on the way: another choice has another limit
    quantal: Numbers  # [action, draw]
    tolerance: float


def limit(
    game: Game,
    chance: Numbers,
    payoff: Numbers,
    *,
    stake: Numbers | None = None,
    most: float = 1600.0,
    tolerance: float = 1e-3,
    threads: int | None = None,
    concept: Concept | None = None,
) -> Limit:
    """Follow the principal branch to large precision and say what it tends to.

    The game is solved at precisions of 25, 50, 100, ... per stake, each from precision 0 along the branch,
    until two rungs in a row agree on the limit within ``tolerance``, a rung cannot be solved, or ``most``
    is reached.

    Parameters
    ----------
    game
        The structure; recall must be perfect.
    chance
        ``[edge, draw]``; ignored on decision edges.
    payoff
        ``[row, player, draw]`` in the author's units.
    stake
        ``[player, draw]`` unit of payoff in which each player's precision is counted; None for what the
        player has at stake. Their ratios say whose mistakes vanish first, and may decide which equilibrium
        is the limit.
    most
        Highest precision per stake. From some 700 on, costly mistakes are too unlikely for numbers, and
        games in which beliefs hang on them are solved no more.
    tolerance
        On probabilities, beliefs and gaps (in stakes).
    threads
        Threads; None for one per core.
    concept
        How many sweeps each rung may take.

    Returns
    -------
    Limit
        Sequentially rational and consistent as far as numbers can tell where ``converged``. Elsewhere it is
        the best guess, with the measures that say why it is no more.

    Raises
    ------
    SolveError
        When shapes do not agree, numbers are no probabilities, recall is imperfect, or ``most`` is too small.

    Examples
    --------
    >>> import numpy as np
    >>> from parley.game.efg_reader import read_efg
    >>> from parley.game import evaluate
    >>> from parley.solve import tables_of
    >>> text = 'EFG 2 R "" { "rival" "firm" } p "" 1 1 "" { "enter" "stay out" } 0 '
    >>> text += 'p "" 2 1 "" { "fight" "share" } 0 t "" 1 "" { -1 -1 } t "" 2 "" { 1 1 } t "" 3 "" { 0 2 }'
    >>> game = read_efg(text)
    >>> numbers = tables_of(game, evaluate(game.program, np.zeros((0, 1))))
    >>> found = limit(game, numbers.chance, numbers.payoff)
    >>> found.strategy[:, 0].round(3).tolist(), found.converged.tolist()  # enter, stay out, fight, share
    ([1.0, 0.0, 0.0, 1.0], [True])
    """
    refuse_loop(game, "the limit of ever more precise play")
    check(game, chance, payoff, None)
    insist_on_recall(game, range(len(game.players)))
    if not (most >= 2 * FIRST and tolerance > 0.0):
        raise SolveError(
            f"most must be at least {2 * FIRST:g} and tolerance positive, not {most!r}, {tolerance!r}"
        )
    stake = stakes(game, payoff) if stake is None else stake
    if stake.shape != (len(game.players), payoff.shape[-1]):
        raise SolveError(f"stake has shape {stake.shape}, but there are {len(game.players)} players")
    if not (np.isfinite(stake).all() and (stake > 0).all()):
        raise SolveError("a stake is not a positive number")
    ladder = _Ladder(game, np.where((game.edge_action >= 0)[:, None], 1.0, chance), payoff, stake, tolerance)
    ladder.climb(most, threads, concept)
    return ladder.limit()


class _Ladder:
    """The rungs of all draws; a draw's own history alone decides when it stops."""

    def __init__(
        self, game: Game, chance: Numbers, payoff: Numbers, stake: Numbers, tolerance: float
    ) -> None:
        self.game, self.chance, self.payoff, self.stake = game, chance, payoff, stake
        self.tolerance = tolerance
        draws = payoff.shape[-1]
        self.quantal = np.full((2, game.actions, draws), np.nan)  # of the last rung and of that before
        self.believed = np.full((2, len(game.infoset_node), draws), np.nan)
        self.strategy, self.belief = self.quantal[0].copy(), self.believed[0].copy()
        self.reached = np.zeros((game.infosets, draws), dtype=bool)
        self.gap = np.full((len(game.players), draws), np.nan)
        self.change, self.belief_change, self.bayes, self.precision = np.full((4, draws), np.nan)
        self.converged, self.forked = np.zeros((2, draws), dtype=bool)

    def climb(self, most: float, threads: int | None, concept: Concept | None) -> None:
        waiting = np.arange(self.payoff.shape[-1])
        height = FIRST
        while height <= most and len(waiting):
            precision = height / self.stake[:, waiting]
            solution = solve_arrays(
                self.game,
                *(self.chance[:, waiting], self.payoff[:, :, waiting], precision),
                stake=self.stake[:, waiting],
                concept=concept,
                threads=threads,
            )
            proof = solution.certificate
            solved = np.isin(proof.status, (*ANSWERED, Status.LIMIT)) & (proof.residual <= CLOSE)
            self.forked[waiting] |= solved & (proof.status == Status.FORKED)
            waiting = waiting[solved]
            if len(waiting):
                before = self.converged[waiting]
                known = self.rung(height, waiting, solution.strategy[:, solved])
                waiting = waiting[known & ~(before & self.converged[waiting])]
            height *= 2.0

    def rung(self, height: float, which: NDArray[np.intp], quantal: Numbers) -> NDArray[np.bool_]:
        """Take in the equilibria at one precision, guess the limit anew, say whose beliefs are known."""
        passes = _Passes(self.game, self.chance[:, which], self.payoff[:, :, which])
        believed, known = passes.quantal_beliefs(quantal)
        if not known.all():  # a rung of which beliefs are not known is none
            if known.any():
                self.rung(height, which[known], quantal[:, known])
            return known
        strategy, self.change[which] = self.guess(
            self.quantal, quantal, self.strategy, which, self.game.infoset_first_action
        )
        belief, self.belief_change[which] = self.guess(
            self.believed, believed, self.belief, which, self.game.infoset_first_node
        )
        self.precision[which] = height
        self.gap[:, which] = passes.gap(strategy, belief, self.tolerance) / self.stake[:, which]
        self.reached[:, which], self.bayes[which] = passes.bayes(strategy, belief, self.tolerance)
        numbers = np.stack([self.change[which], self.belief_change[which], self.bayes[which]])
        small = (numbers <= self.tolerance).all(axis=0) & (self.gap[:, which] <= self.tolerance).all(axis=0)
        self.converged[which] = small & (height >= SURE)
        return known

    def guess(
        self, rungs: Numbers, now: Numbers, guess: Numbers, which: NDArray[np.intp], first: NDArray[np.int32]
    ) -> tuple[Numbers, Numbers]:
        """Guess where shares go, and by how much the guess has changed; it is kept for the next time."""
        before, earlier = rungs[0][:, which], rungs[1][:, which]
        better = (8.0 * now - 6.0 * before + earlier) / 3.0
        better = np.where(np.isnan(earlier), 2.0 * now - before, better)
        better = np.maximum(np.where(np.isnan(before), now, better), 0.0)
        if len(now):
            better /= np.repeat(np.add.reduceat(better, first[:-1], axis=0), np.diff(first), axis=0)
        change = np.abs(better - guess[:, which]).max(axis=0, initial=0.0)
        rungs[1][:, which], rungs[0][:, which], guess[:, which] = before, now, better
        return better, change

    def limit(self) -> Limit:
        found = Limit(
            players=self.game.players,
            strategy=self.strategy,
            belief=self.belief,
            reached=self.reached,
            gap=self.gap,
            change=self.change,
            belief_change=self.belief_change,
            bayes=self.bayes,
            precision=self.precision,
            converged=self.converged,
            forked=self.forked,
            quantal=self.quantal[0],
            tolerance=self.tolerance,
        )
        for name in found.__slots__:
            array = getattr(found, name)
            if isinstance(array, np.ndarray):
                array.setflags(write=False)
        return found


class _Passes:
    """Passes over a game for some draws, in plain NumPy."""

    def __init__(self, game: Game, chance: Numbers, payoff: Numbers) -> None:
        self.game, self.chance, self.payoff = game, chance, payoff
        self.decisions = game.edge_action >= 0
        self.first, self.child = game.node_first_edge.tolist(), game.edge_child.tolist()
        self.member_set = np.repeat(np.arange(game.infosets), np.diff(game.infoset_first_node))

    def shares(self, by_action: Numbers, chance: Numbers) -> Numbers:
        share = chance.copy()
        share[self.decisions] = by_action[self.game.edge_action[self.decisions]]
        return share

    def log_reach(self, log_strategy: Numbers) -> Numbers:
        """Logarithms of the realisation probabilities, [node, draw]."""
        with np.errstate(divide="ignore"):
            share = self.shares(log_strategy, np.log(self.chance))
        reach = np.full((self.game.nodes, share.shape[1]), -np.inf)
        reach[0] = 0.0
        for node in range(self.game.nodes):
            for edge in range(self.first[node], self.first[node + 1]):
                child = self.child[edge]
                reach[child] = np.logaddexp(reach[child], reach[node] + share[edge])
        return reach

    def bayes_beliefs(self, log_reach: Numbers) -> Numbers:
        """Beliefs by Bayes' rule, [member, draw]; uniform where nothing leads to the set."""
        arrival = log_reach[self.game.infoset_node]
        if not len(arrival):
            return arrival
        begin = self.game.infoset_first_node[:-1]
        top = np.maximum.reduceat(arrival, begin, axis=0)[self.member_set]
        nowhere = np.isneginf(top)
        weight = np.exp(np.where(nowhere, 0.0, arrival) - np.where(nowhere, 0.0, top))
        return np.asarray(weight / np.add.reduceat(weight, begin, axis=0)[self.member_set])

    def action_values(self, strategy: Numbers, belief: Numbers) -> Numbers:
        """Compute what each action brings, given beliefs and later play, [action, draw]."""
        game, share = self.game, self.shares(strategy, self.chance)
        value = self.payoff[game.node_payoff]
        for node in range(game.nodes - 1, -1, -1):
            for edge in range(self.first[node], self.first[node + 1]):
                value[node] += share[edge] * (value[self.child[edge]] + self.payoff[game.edge_payoff[edge]])
        worth = np.zeros_like(strategy)
        for member, node in enumerate(game.infoset_node):
            infoset = self.member_set[member]
            player = game.infoset_player[infoset]
            edges = slice(self.first[node], self.first[node + 1])
            later = value[game.edge_child[edges], player] + self.payoff[game.edge_payoff[edges], player]
            actions = slice(game.infoset_first_action[infoset], game.infoset_first_action[infoset + 1])
            worth[actions] += belief[member] * later
        return worth

    def best(self, worth: Numbers) -> Numbers:
        """Compute the worth of the best action of each action's set, [action, draw]."""
        first = self.game.infoset_first_action
        return np.repeat(np.maximum.reduceat(worth, first[:-1], axis=0), np.diff(first), axis=0)

    def quantal_beliefs(self, quantal: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
        """Beliefs of a logit equilibrium, and the draws of which they are known.

        Not known are those in which all ways to a set with several nodes need an action whose probability is
        too small to be a number.
        """
        with np.errstate(divide="ignore"):
            likely = self.log_reach(np.log(np.where(quantal > LEAST, quantal, 0.0)))
        floor = self.log_reach(np.log(np.maximum(quantal, LEAST)))  # -inf where chance never leads
        members = self.game.infoset_node
        if not len(members):
            return likely[members], np.ones(quantal.shape[1], dtype=bool)
        begin = self.game.infoset_first_node
        lost = np.isneginf(likely[members]) & ~np.isneginf(floor[members])
        known = ~np.logical_and.reduceat(lost, begin[:-1], axis=0) | (np.diff(begin) == 1)[:, None]
        return self.bayes_beliefs(likely), np.asarray(known.all(axis=0))

    def gap(self, strategy: Numbers, belief: Numbers, tolerance: float) -> Numbers:
        """Compute the most that an action in use falls short of the best of its set, [player, draw]."""
        game = self.game
        short = np.zeros((len(game.players), strategy.shape[1]))
        if not game.infosets:
            return short
        worth = self.action_values(strategy, belief)
        lack = np.where(strategy > tolerance, self.best(worth) - worth, 0.0)
        owner = np.repeat(game.infoset_player, np.diff(game.infoset_first_action))
        np.maximum.at(short, owner, lack)
        return short

    def bayes(
        self, strategy: Numbers, belief: Numbers, tolerance: float
    ) -> tuple[NDArray[np.bool_], Numbers]:
        """Tell which sets the strategies lead to, and how far beliefs are there from Bayes' rule."""
        game = self.game
        if not game.infosets:
            return np.zeros((0, strategy.shape[1]), dtype=bool), np.zeros(strategy.shape[1])
        with np.errstate(divide="ignore"):
            reach = self.log_reach(np.log(strategy))
        arrival = np.exp(reach[game.infoset_node])
        reached = np.add.reduceat(arrival, game.infoset_first_node[:-1], axis=0) > tolerance
        miss = np.abs(self.bayes_beliefs(reach) - belief)
        return reached, np.asarray(np.where(reached[self.member_set], miss, 0.0).max(axis=0, initial=0.0))
