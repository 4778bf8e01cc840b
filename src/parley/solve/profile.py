"""What a strategy means at every node and information set: reach, beliefs, values.

What lives here: measurement of any behaviour strategy, in plain NumPy. What may not: solving, labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.errors import SolveError
from parley.game.model import Game

__all__ = ["Profile", "profile"]

Numbers: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.intp]

LEAST = float(np.finfo(float).tiny)  # a probability below has no log-odds to speak of


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """A behaviour strategy seen from every node and information set; arrays are write-locked.

    ``member`` is an entry of ``game.infoset_node``: the nodes of information set h are the members
    ``game.infoset_first_node[h]:game.infoset_first_node[h + 1]``. Where a set cannot be reached at all,
    because chance rules it out, its beliefs and values are NaN; reach too small for a float64 is no obstacle,
    since beliefs are worked out from logarithms.
    """

    reach: Numbers  # [node, draw] realisation probability
    node_value: Numbers  # [node, player, draw] expected payoff from there on, of what is paid from there on
    infoset_reach: Numbers  # [infoset, draw] probability of coming there at least once
    belief: Numbers  # [member, draw] probability of being at the node, given the set; sums to 1
    infoset_value: Numbers  # [infoset, draw] expected payoff of its player from there on
    infoset_regret: Numbers  # [infoset, draw] what the best action there would add to it
    infoset_residual: Numbers  # [infoset, draw] relative miss of the quantal-response equation
    action_value: Numbers  # [action, draw] expected payoff of the set's player when the action is taken there


def profile(game: Game, chance: Numbers, payoff: Numbers, strategy: Numbers, precision: Numbers) -> Profile:
    """Work out reach, beliefs and values of a behaviour strategy.

    Parameters
    ----------
    game
        The structure.
    chance
        ``[edge, draw]``; ignored on decision edges.
    payoff
        ``[row, player, draw]`` in the author's units.
    strategy
        ``[action, draw]``: any behaviour strategy, solved for or not.
    precision
        ``[player, draw]`` lambda per payoff unit, of which only ``infoset_residual`` speaks.

    Returns
    -------
    In the author's units of payoff, per draw.

    Raises
    ------
    SolveError
        When shapes do not agree.

    Notes
    -----
    Payoffs are counted from a node on: what was paid on the way to it is not in its value. What an inner
    node of a file pays counts as paid on leaving it, so that it is in the value of every action there; Gambit
    leaves it out of the values of actions and sets, though not of nodes.

    Beliefs sum to one over the nodes of a set. Gambit 17 differs where a player can come to a set twice on
    one path: there it divides by ``infoset_reach`` (Halpern & Pass 2021), so that its beliefs sum to more
    than one. The quantal-response equation, here and in Gambit, uses beliefs that sum to one.

    References
    ----------
    McKelvey, R. D. & Palfrey, T. R. (1998). Quantal response equilibria for extensive form games.
    Experimental Economics 1, 9-41.

    Examples
    --------
    >>> import parley, parley.solve
    >>> from parley.solve.at import numbers_of
    >>> text = 'EFG 2 R "" { "A" } c "" 1 "" { "x" 1/4 "y" 3/4 } 0 '
    >>> text += 'p "" 1 1 "" { "a" "b" } 0 t "" 1 "" { 1 } t "" 0 p "" 1 1 0 t "" 0 t "" 0'
    >>> game = parley.read_game("lottery.efg", text)
    >>> numbers, found = numbers_of(game), parley.solve_at(game, 1)
    >>> seen = profile(game, numbers.chance, numbers.payoff, found.strategy, found.precision)
    >>> seen.belief.ravel().round(12).tolist(), seen.action_value.ravel().round(12).tolist()
    ([0.25, 0.75], [0.25, 0.0])
    """
    _check(game, chance, payoff, strategy, precision)
    with np.errstate(all="ignore"):  # a draw that is no game has numbers that are none
        return _Walk(game, chance, payoff, strategy).profile(chance, precision)


def _check(game: Game, chance: Numbers, payoff: Numbers, strategy: Numbers, precision: Numbers) -> None:
    players, draws = len(game.players), strategy.shape[-1]
    wanted = {
        "chance": (chance, (game.edges, draws)),
        "payoff": (payoff, (len(game.payoff_register), players, draws)),
        "strategy": (strategy, (game.actions, draws)),
        "precision": (precision, (players, draws)),
    }
    for name, (array, shape) in wanted.items():
        if array.shape != shape:
            raise SolveError(f"{name} has shape {array.shape}, but the game asks for {shape}")


class _Walk:
    """Passes over a game, a layer of nodes at a time."""

    def __init__(self, game: Game, chance: Numbers, payoff: Numbers, strategy: Numbers) -> None:
        self.game, self.payoff, self.strategy = game, payoff, strategy
        self.decides = game.edge_action >= 0
        self.share = np.array(chance, dtype=np.float64)
        self.share[self.decides] = strategy[game.edge_action[self.decides]]
        self.parent = np.repeat(np.arange(game.nodes), np.diff(game.node_first_edge))
        self.layers = list(_layers(game, self.parent))
        counts = np.diff(game.infoset_first_node)
        self.set_of_member = np.repeat(np.arange(game.infosets), counts)
        self.set_of_action = np.repeat(np.arange(game.infosets), np.diff(game.infoset_first_action))

    def profile(self, chance: Numbers, precision: Numbers) -> Profile:
        game = self.game
        logarithm = self.log_reach()
        value = self.values()
        members = logarithm[game.infoset_node]
        top = self.over(np.maximum, members, game.infoset_first_node)
        weight = np.exp(members - top[self.set_of_member])
        together = self.over(np.add, weight, game.infoset_first_node)
        belief = weight / together[self.set_of_member]
        belief[np.isneginf(top)[self.set_of_member]] = np.nan
        action = self.action_values(belief, value)
        here = self.over(np.add, self.strategy * action, game.infoset_first_action)
        best = self.over(np.maximum, action, game.infoset_first_action)
        reach = np.exp(logarithm)
        arrived = np.exp(top) * np.where(np.isneginf(top), 0.0, together)
        for infoset in _repeating(game):
            arrived[infoset] = self.first_reach(infoset)
        return Profile(
            *map(
                _locked,
                (
                    reach,
                    value,
                    arrived,
                    belief,
                    here,
                    np.maximum(best - here, 0.0),
                    self.residual(action, precision) if not game.errors else self.misses(chance, precision),
                    action,
                ),
            )
        )

    def over(self, what: np.ufunc, values: Numbers, first: NDArray[np.int32]) -> Numbers:
        """Reduce rows by information set."""
        if not self.game.infosets:
            return np.zeros((0, values.shape[1]))
        return np.asarray(what.reduceat(values, first[:-1], axis=0))

    def log_reach(self) -> Numbers:
        """Logarithms of the realisation probabilities ``[node, draw]``."""
        logarithm = np.log(self.share)
        found = np.full((self.game.nodes, self.share.shape[1]), -np.inf)
        found[0] = 0.0
        for edges in self.layers:
            np.logaddexp.at(found, self.game.edge_child[edges], found[self.parent[edges]] + logarithm[edges])
        return found

    def values(self) -> Numbers:
        """Compute expected payoffs from every node on, ``[node, player, draw]``."""
        found = self.payoff[self.game.node_payoff]
        for edges in reversed(self.layers):
            np.add.at(found, self.parent[edges], self.share[edges, None] * self.ahead(found, edges))
        return found

    def ahead(self, value: Numbers, edges: Indices) -> Numbers:
        """Return what comes after an edge, its own payoff included, ``[edge, player, draw]``."""
        return np.asarray(value[self.game.edge_child[edges]] + self.payoff[self.game.edge_payoff[edges]])

    def action_values(self, belief: Numbers, value: Numbers) -> Numbers:
        game = self.game
        edges = np.flatnonzero(self.decides)
        owner = game.infoset_player[game.node_infoset[self.parent[edges]]]
        ahead = value[game.edge_child[edges], owner] + self.payoff[game.edge_payoff[edges], owner]
        weight = np.zeros((game.nodes, belief.shape[1]))
        weight[game.infoset_node] = belief
        found = np.zeros((game.actions, belief.shape[1]))
        np.add.at(found, game.edge_action[edges], weight[self.parent[edges]] * ahead)
        return found

    def residual(self, action: Numbers, precision: Numbers) -> Numbers:
        """Return |z - lambda (U_a - U_0)| / max(1, |z|) with z the log-odds against the first action."""
        game = self.game
        first = game.infoset_first_action[:-1][self.set_of_action]
        odds = np.log(np.maximum(self.strategy, LEAST))
        odds = odds - odds[first]
        wanted = precision[game.infoset_player[self.set_of_action]] * (action - action[first])
        # where a probability is too small to be a number, being smaller still is no fault
        wanted = np.where(self.strategy < LEAST, np.maximum(wanted, odds), wanted)
        wanted = np.where(self.strategy[first] < LEAST, np.minimum(wanted, odds), wanted)
        miss = np.abs(odds - wanted) / np.maximum(1.0, np.abs(odds))
        return self.over(np.maximum, miss, game.infoset_first_action)

    def misses(self, chance: Numbers, precision: Numbers) -> Numbers:
        """Return the same where errors are not all logistic; see the function that is called."""
        from parley.solve.structural import Structure, Tables
        from parley.solve.structural_proof import structural_misses

        chance = np.where(self.decides[:, None], 1.0, chance)
        return structural_misses(Structure(self.game), Tables(chance, self.payoff, precision), self.strategy)

    def first_reach(self, infoset: int) -> Numbers:
        """Return the probability of coming to a set at least once: what has come goes no further."""
        game = self.game
        here = game.node_infoset == infoset
        found = np.zeros((game.nodes, self.share.shape[1]))
        found[0] = 1.0
        for edges in self.layers:
            onward = edges[~here[self.parent[edges]]]
            np.add.at(found, game.edge_child[onward], found[self.parent[onward]] * self.share[onward])
        return np.asarray(found[here].sum(axis=0))


def _layers(game: Game, parent: Indices) -> Iterator[Indices]:
    """Yield edges by the depth of their node: every edge into a node comes before every edge out of it."""
    depth = [0] * game.nodes
    child = game.edge_child.tolist()
    for edge, node in enumerate(parent.tolist()):
        depth[child[edge]] = max(depth[child[edge]], depth[node] + 1)
    of_edge = np.array(depth, dtype=np.intp)[parent]
    order = np.argsort(of_edge, kind="stable")
    bounds = np.searchsorted(of_edge[order], np.arange(of_edge.max(initial=-1) + 2))
    for start, stop in pairwise(bounds):
        yield order[start:stop]


def _repeating(game: Game) -> list[int]:
    """Find the sets to which a path can lead twice; where the sets have an order there is none."""
    if game.ordered:
        return []
    below = [0] * game.nodes  # the sets that can follow, one bit each
    found: set[int] = set()
    first, child, infoset = (
        game.node_first_edge.tolist(),
        game.edge_child.tolist(),
        game.node_infoset.tolist(),
    )
    for node in range(game.nodes - 1, -1, -1):
        for edge in range(first[node], first[node + 1]):
            below[node] |= below[child[edge]]
        if infoset[node] >= 0:
            if below[node] >> infoset[node] & 1:
                found.add(infoset[node])
            below[node] |= 1 << infoset[node]
    return sorted(found)


def _locked(array: Numbers) -> Numbers:
    array.setflags(write=False)
    return array
