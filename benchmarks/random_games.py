"""Random games with everything that makes a game hard, each from two numbers: a seed and its own.

What lives here: the generator. What may not: solvers, clocks.

A story goes in stages. At each, chance or a player moves and each player sees it or does not. Beyond
:func:`tests.solve.games.random_root`: chance may decide which of two players moves first, without anybody
knowing, so that their information sets cross; a stage may be left out on some paths, so that information sets
span depths; players may forget; futures that nobody can tell apart may be one node; chances may be zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.game.model import CHANCE, DECISION, TERMINAL, Game
from parley.solve import stakes
from tests.solve.games import Spot, Table, build, redraw, tables

__all__ = ["LEAST", "MOST", "Shape", "random_game", "random_shape", "story"]

LEAST, MOST = 5, 500  # nodes
STAGES = 12

View = tuple[Any, ...]
Layer = list[tuple[Spot, tuple[View, ...]]]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a story is like; shares are of stages, spots or players."""

    players: int
    most: int  # nodes
    seen: float
    luck: float
    merge: bool
    cross: float  # stages in which two players move in an order that nobody knows
    skip: float  # spots at which a stage is left out
    forget: float  # stages after which all forget what was before
    impossible: bool  # some chances are zero
    ending: float = 0.1
    rewards: float = 0.2


@dataclass(slots=True)
class _Growing:
    rng: np.random.Generator
    shape: Shape
    count: int = 1
    stage: int = 0
    known: dict[Any, Spot] = field(default_factory=dict)
    following: Layer = field(default_factory=list)

    def pay(self) -> tuple[float, ...]:
        return tuple(self.rng.random(self.shape.players).tolist())

    def reward(self) -> tuple[float, ...] | None:
        return self.pay() if self.rng.random() < self.shape.rewards else None

    def to(self, after: tuple[View, ...]) -> Spot:
        """Return the spot where what everybody knows is ``after``: a new one unless futures are merged."""
        spot = self.known.get(after) if self.shape.merge else None
        if spot is None:
            spot = self.known[after] = Spot()
            self.following.append((spot, after))
            self.count += 1
        return spot

    def grow(self, layer: Layer) -> Layer:
        """Let one stage happen."""
        rng, shape = self.rng, self.shape
        self.known, self.following = {}, []
        crossing = shape.players > 1 and rng.random() < shape.cross
        mover = -1 if rng.random() < shape.luck else int(rng.integers(shape.players))
        pair = [int(i) for i in rng.permutation(shape.players)[:2]]
        options = 2 if rng.random() < 0.7 else 3
        last = self.count + len(layer) * (15 if crossing else options) > shape.most or self.stage >= STAGES
        sees = rng.random((2, shape.players)) < shape.seen
        forgetting = rng.random() < shape.forget
        for spot, views in layer:
            if last or (self.stage > 0 and rng.random() < shape.ending):
                spot.payoff = self.pay()
            elif self.stage > 0 and rng.random() < shape.skip:
                self.following.append((spot, views))
            elif crossing:
                self.cross(spot, views, pair, sees, forgetting)
            else:
                self.move(spot, views, mover, options, sees[0], forgetting)
        self.stage += 1
        return self.following

    def after(self, views: tuple[View, ...], seen: list[View], forgetting: bool) -> tuple[View, ...]:
        together = tuple((*view, *new) for view, new in zip(views, seen, strict=True))
        return tuple(view[-1:] for view in together) if forgetting else together

    def move(
        self,
        spot: Spot,
        views: tuple[View, ...],
        mover: int,
        options: int,
        sees: NDArray[np.bool_],
        forgetting: bool,
    ) -> None:
        """Let one player or chance move."""
        if mover >= 0:
            spot.player, spot.key = mover, (self.stage, views[mover])
        for k in range(options):
            seen = [((self.stage, k),) if s or i == mover else () for i, s in enumerate(sees)]
            to = self.to(self.after(views, seen, forgetting))
            spot.edges.append((str(k), None if mover >= 0 else 1.0 / options, self.reward(), to))

    def cross(
        self,
        spot: Spot,
        views: tuple[View, ...],
        pair: list[int],
        sees: NDArray[np.bool_],
        forgetting: bool,
    ) -> None:
        """Let two players move, chance choosing the first; neither sees which, or what the other did."""
        for order in (pair, pair[::-1]):
            first = Spot(order[0], (self.stage, "crossed", views[order[0]]))
            spot.edges.append((str(order[0]), 0.5, None, first))
            self.count += 3
            for j in range(2):
                second = Spot(order[1], (self.stage, "crossed", views[order[1]]))
                first.edges.append((str(j), None, None, second))
                for k in range(2):
                    made = {order[0]: j, order[1]: k}
                    seen = [
                        tuple(
                            (self.stage, who, made[who])
                            for who, visible in zip(pair, sees[:, i], strict=True)
                            if visible or who == i
                        )
                        for i in range(self.shape.players)
                    ]
                    to = self.to(self.after(views, seen, forgetting))
                    second.edges.append((str(k), None, self.reward(), to))


def story(rng: np.random.Generator, shape: Shape) -> Spot:
    """Tell a story."""
    root = Spot()
    growing = _Growing(rng, shape)
    layer: Layer = [(root, ((),) * shape.players)]
    while layer:
        layer = growing.grow(layer)
    return root


def random_shape(rng: np.random.Generator) -> Shape:
    """Draw what a story is like."""
    return Shape(
        players=int(rng.integers(2, 5)),
        most=int(np.exp(rng.uniform(np.log(10), np.log(900)))),
        seen=float(rng.uniform(0.1, 0.9)),
        luck=float(rng.uniform(0.0, 0.4)),
        merge=bool(rng.random() < 0.5),
        cross=float(rng.choice([0.0, 0.0, 0.25])),
        skip=float(rng.choice([0.0, 0.0, 0.2])),
        forget=float(rng.choice([0.0, 0.0, 0.0, 0.3])),
        impossible=bool(rng.random() < 0.2),
    )


def random_game(
    seed: int, number: int, draws: int, most: float = 50.0
) -> tuple[Shape, Table, NDArray[np.float64], NDArray[np.float64]]:
    """Build one structure with numbers for some draws.

    Parameters
    ----------
    seed, number
        Of the study, of the structure.
    draws
        How many. Draw j is the same for the same ``draws`` only.
    most
        Largest lambda on unit stakes; each draw has its own, uniform up to it.

    Returns
    -------
    What the story is like, game and numbers, ``precision [player, draw]`` and ``stake [player, draw]``.
    """
    rng = np.random.default_rng([seed, number])
    while True:
        shape = random_shape(rng)
        root = story(rng, shape)
        table = build(root, shape.players, recall=not shape.forget)
        if LEAST <= table.game.nodes <= MOST and table.game.infosets:
            break
    table = replace(table, game=replace(table.game, ordered=in_order(table.game)))
    table = redraw(table, rng, draws)
    if shape.impossible:
        table = with_zeros(table, rng)
    stake = stakes(table.game, table.payoff)
    return shape, table, rng.uniform(0, most, draws) / stake, stake


def with_zeros(table: Table, rng: np.random.Generator) -> Table:
    """Let one branch of some chance moves be impossible, each draw its own."""
    game, parameters = table.game, table.parameters.copy()
    draws = parameters.shape[1]
    for node in np.flatnonzero(game.node_kind == CHANCE):
        rows = game.edge_chance[game.node_first_edge[node] : game.node_first_edge[node + 1]] - 2
        hit = np.flatnonzero(rng.random(draws) < 0.3)
        parameters[rows[rng.integers(len(rows), size=len(hit))], hit] = 0.0
        parameters[rows] /= parameters[rows].sum(axis=0)
    return tables(game, parameters)


def in_order(game: Game) -> bool:
    """Whether no node of a later information set precedes a node of an earlier one, or of the same."""
    below = [0] * game.nodes  # bits of the information sets at or after a node
    for node in range(game.nodes - 1, -1, -1):
        if game.node_kind[node] == TERMINAL:
            continue
        for child in game.edge_child[game.node_first_edge[node] : game.node_first_edge[node + 1]]:
            below[node] |= below[child]
        if game.node_kind[node] == DECISION:
            own = int(game.node_infoset[node])
            if below[node] & ((2 << own) - 1):
                return False
            below[node] |= 1 << own
    return True
