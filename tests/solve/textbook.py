"""Games of the textbooks, and other forms of a game."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from parley.game.model import TERMINAL, Game
from parley.solve import Certificate, Concept, Solution
from parley.solve.verify import verify
from tests.solve.games import Spot, Table, build, integers, offsets

Numbers = NDArray[np.float64]


def leaf(*payoffs: float) -> Spot:
    return Spot(payoff=tuple(float(each) for each in payoffs))


def move(player: int, key: str, **options: Spot) -> Spot:
    return Spot(player, key, [(label, None, None, to) for label, to in options.items()])


def nature(**branches: tuple[float, Spot]) -> Spot:
    return Spot(edges=[(label, chance, None, to) for label, (chance, to) in branches.items()])


def horse() -> Table:
    """Selten, R. (1975). Reexamination of the perfectness concept. Int. J. of Game Theory 4, figure 1."""
    third = [
        move(2, "three", L=leaf(3, 3, 2), R=leaf(0, 0, 0)),
        move(2, "three", L=leaf(4, 4, 0), R=leaf(0, 0, 1)),
    ]
    return build(move(0, "one", C=move(1, "two", c=leaf(1, 1, 1), d=third[1]), D=third[0]), 3)


def beer_quiche(strong: float) -> Table:
    """Cho, I.-K. & Kreps, D. M. (1987). Signaling games and stable equilibria. QJE 102."""

    def seen(meal: str, is_strong: bool) -> Spot:
        taste = float((meal == "beer") == is_strong)
        return move(
            1, meal, duel=leaf(taste, 0 if is_strong else 1), peace=leaf(taste + 2, 1 if is_strong else 0)
        )

    def sender(kind: str, is_strong: bool) -> Spot:
        return move(0, kind, beer=seen("beer", is_strong), quiche=seen("quiche", is_strong))

    return build(nature(strong=(strong, sender("strong", True)), weak=(1 - strong, sender("weak", False))), 2)


def entry() -> Table:
    """Selten's entry game: to fight is an empty threat."""
    firm = move(1, "firm", fight=leaf(-1, -1), share=leaf(1, 1))
    return build(move(0, "rival", enter=firm, stay=leaf(0, 2)), 2)


def reputation(markets: int, tough: float, b: float = 0.5, a: float = 2.0) -> Table:
    """Kreps, D. M. & Wilson, R. (1982). Reputation and imperfect information. JET 27.

    Player 0 is the incumbent, player t the entrant of market t: b if it is let in, b - 1 if it is fought, 0
    if it stays out. A weak incumbent gets 0, -1 and ``a``; a tough one loses by giving in.
    """

    def market(number: int, history: str, is_tough: bool, paid: Numbers) -> Spot:
        if number > markets:
            return leaf(*paid)

        def after(what: str, incumbent: float, entrant: float) -> Spot:
            more = paid.copy()
            more[[0, number]] += incumbent, entrant
            return market(number + 1, history + what, is_tough, more)

        fight = after("f", 0.0 if is_tough else -1.0, b - 1.0)
        give_in = after("y", -1.0 if is_tough else 0.0, b)
        incumbent = move(0, f"{'tough' if is_tough else 'weak'}{history}", fight=fight, yield_=give_in)
        return move(number, f"entrant{history}", out=after("o", a, 0.0), enter=incumbent)

    nothing = np.zeros(markets + 1)
    kinds = {
        "tough": (tough, market(1, ".", True, nothing)),
        "weak": (1 - tough, market(1, ".", False, nothing)),
    }
    return build(nature(**kinds), markets + 1)


def action(table: Table, infoset: str, option: str) -> int:
    """Number of an action."""
    game = table.game
    h = game.infoset_label.index(infoset)
    first, last = game.infoset_first_action[h : h + 2]
    return int(first) + game.action_label[first:last].index(option)


def uniform(game: Game, draws: int = 1) -> Numbers:
    count = np.diff(game.infoset_first_action)
    return np.repeat(np.repeat(1.0 / count, count)[:, None], draws, axis=1)


def mixed(game: Game, rng: np.random.Generator, draws: int = 1) -> Numbers:
    """Random behaviour."""
    share = rng.exponential(size=(game.actions, draws)) ** 2
    if game.infosets:
        total = np.add.reduceat(share, game.infoset_first_action[:-1], axis=0)
        share /= np.repeat(total, np.diff(game.infoset_first_action), axis=0)
    return share


def checked_gains(table: Table, strategy: Numbers) -> tuple[Numbers, Numbers]:
    """What best replies add and what behaviour brings, ``[player, draw]``, by the checker in plain NumPy."""
    players, draws = len(table.game.players), strategy.shape[1]
    nothing = np.zeros((players, draws))
    certificate = Certificate(
        np.zeros(draws, np.int8), np.zeros(draws), nothing, np.zeros(draws, dtype=np.int32)
    )
    one = np.ones((players, draws))
    solution = Solution(
        table.game.players, strategy, nothing, nothing, one, certificate, Concept(tolerance=np.inf)
    )
    found = verify(table.game, table.chance, table.payoff, nothing, one, solution)
    return found.regret, found.value


def zero_sum(table: Table, total: float = 0.0) -> Table:
    """The game with the second player's payoffs such that every path pays ``total`` to both together."""
    payoff = table.payoff.copy()
    payoff[:, 1] = -payoff[:, 0]
    payoff[table.game.node_payoff[table.game.node_kind == TERMINAL], 1] += total
    return replace(table, payoff=payoff)


def unfolded(table: Table) -> Table:
    """The tree that a game with merged futures stands for; sets and actions keep their numbers."""
    game = table.game
    node, edge, child = [0], [], []
    first_edge = [0]
    for n in node:  # grows while it is read: breadth first
        for e in range(game.node_first_edge[n], game.node_first_edge[n + 1]):
            child.append(len(node))
            edge.append(e)
            node.append(int(game.edge_child[e]))
        first_edge.append(len(edge))
    infoset = game.node_infoset[node]
    members = [np.flatnonzero(infoset == h) for h in range(game.infosets)]
    tree = replace(
        game,
        node_kind=game.node_kind[node],
        node_infoset=infoset,
        node_payoff=game.node_payoff[node],
        node_first_edge=integers(first_edge),
        edge_child=integers(child),
        edge_action=game.edge_action[edge],
        edge_chance=game.edge_chance[edge],
        edge_payoff=game.edge_payoff[edge],
        infoset_first_node=offsets([len(each) for each in members]),
        infoset_node=integers(np.concatenate(members) if members else []),
        chance_label=("",) * len(node),
        edge_label=tuple(game.edge_label[e] for e in edge),
    )
    return replace(table, game=tree, chance=np.ascontiguousarray(table.chance[edge]))
