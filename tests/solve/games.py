"""Games for the solver's tests: small ones by hand, random ones by the thousand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.game.model import CHANCE, DECISION, TERMINAL, Game, Program

Numbers = NDArray[np.float64]


@dataclass
class Spot:
    """A node in the making. ``edges`` are (label, chance or None, payoffs or None, child)."""

    player: int = -1
    key: Any = None
    edges: list[tuple[str, float | None, tuple[float, ...] | None, Spot]] = field(default_factory=list)
    payoff: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Table:
    """A game and its numbers: ``chance [edge, draw]``, ``payoff [row, player, draw]``, ``parameters [.., draw]``."""

    game: Game
    chance: Numbers
    payoff: Numbers
    parameters: Numbers

    def lam(self, precision: float | Numbers, draws: int | None = None) -> Numbers:
        shape = (len(self.game.players), draws or self.chance.shape[1])
        return np.ascontiguousarray(np.broadcast_to(np.asarray(precision, float).reshape(-1, 1), shape))


def order(root: Spot) -> list[Spot]:
    """Topological order: by longest path from the root, so that later sets do not precede earlier ones."""
    depth: dict[int, int] = {}
    seen: dict[int, Spot] = {}
    finished: list[Spot] = []
    stack: list[tuple[Spot, bool]] = [(root, False)]
    while stack:
        spot, done = stack.pop()
        if done:
            finished.append(spot)
        elif id(spot) not in seen:
            seen[id(spot)] = spot
            stack.append((spot, True))
            stack.extend((child, False) for *_, child in reversed(spot.edges))
    for spot in reversed(finished):
        depth.setdefault(id(spot), 0)
        for *_, child in spot.edges:
            depth[id(child)] = max(depth.get(id(child), 0), depth[id(spot)] + 1)
    return sorted(reversed(finished), key=lambda each: depth[id(each)])


def build(root: Spot, players: int, recall: bool = True, draws: int = 1) -> Table:
    """Flatten spots into a :class:`Game` with one parameter per payoff and chance."""
    spots = order(root)
    number = {id(spot): n for n, spot in enumerate(spots)}
    keys: dict[tuple[int, Any], int] = {}
    choices: list[int] = []
    nodes: list[list[int]] = []
    labels: list[str] = []
    for n, spot in enumerate(spots):
        if spot.player >= 0:
            h = keys.setdefault((spot.player, spot.key), len(keys))
            if h == len(nodes):
                nodes.append([])
                choices.append(len(spot.edges))
                labels.extend(label for label, *_ in spot.edges)
            assert choices[h] == len(spot.edges)
            nodes[h].append(n)
    first_action = np.concatenate([[0], np.cumsum(choices)]).astype(np.int32)
    parameters: list[float] = []
    rows: list[list[int]] = [[0] * players]

    def register(value: float) -> int:
        parameters.append(value)
        return len(parameters) + 1

    def row(payoff: tuple[float, ...] | None) -> int:
        if payoff is None:
            return 0
        rows.append([register(each) for each in payoff])
        return len(rows) - 1

    kind, infoset, pays, first_edge = [], [], [], [0]
    child, action, chance, edge_pays, edge_label = [], [], [], [], []
    for spot in spots:
        decision = spot.player >= 0
        kind.append(DECISION if decision else CHANCE if spot.edges else TERMINAL)
        h = keys[spot.player, spot.key] if decision else -1
        infoset.append(h)
        pays.append(row(spot.payoff))
        for k, (label, p, payoff, to) in enumerate(spot.edges):
            child.append(number[id(to)])
            action.append(int(first_action[h]) + k if decision else -1)
            chance.append(-1 if p is None else register(p))
            edge_pays.append(row(payoff))
            edge_label.append(label)
        first_edge.append(len(child))
    precision = [register(1.0) for _ in range(players)]
    count = len(parameters)
    program = Program(
        tuple(f"x{k}" for k in range(count)),
        ("constant", "constant", *["parameter"] * count),
        ((0.0,), (1.0,), *((k,) for k in range(count))),
    )

    def integers(values: Any) -> NDArray[np.int32]:
        return np.asarray(values, dtype=np.int32).reshape(len(values))

    game = Game(
        players=tuple(f"player {i}" for i in range(players)),
        program=program,
        node_kind=np.asarray(kind, dtype=np.int8),
        node_infoset=integers(infoset),
        node_payoff=integers(pays),
        node_first_edge=integers(first_edge),
        edge_child=integers(child),
        edge_action=integers(action),
        edge_chance=integers(chance),
        edge_payoff=integers(edge_pays),
        payoff_register=np.asarray(rows, dtype=np.int32),
        infoset_player=integers([player for player, _ in keys]),
        infoset_first_action=first_action,
        infoset_first_node=integers(
            np.concatenate([[0], np.cumsum([len(each) for each in nodes])]).astype(int)
        ),
        infoset_node=integers([n for each in nodes for n in each]),
        precision=integers(precision),
        stake=integers([-1] * players),
        ordered=recall,
        perfect_recall=(recall,) * players,
        infoset_label=tuple(str(key) for _, key in keys),
        infoset_move=tuple(str(key) for _, key in keys),
        action_label=tuple(labels),
        chance_label=("",) * len(spots),
        edge_label=tuple(edge_label),
        environment={},
    )
    values = np.repeat(np.asarray(parameters, dtype=float)[:, None], draws, axis=1)
    return tables(game, values)


def tables(game: Game, parameters: Numbers) -> Table:
    """The numbers of a game whose registers are 0, 1 and its parameters."""
    draws = parameters.shape[1]
    registers = np.concatenate([np.zeros((1, draws)), np.ones((1, draws)), parameters])
    chance = np.ascontiguousarray(registers[np.where(game.edge_chance < 0, 1, game.edge_chance)])
    return Table(game, chance, np.ascontiguousarray(registers[game.payoff_register]), parameters)


def redraw(table: Table, rng: np.random.Generator, draws: int, spread: float = 1.0) -> Table:
    """Other numbers for the same game: uniform payoffs, chances from a flat Dirichlet."""
    game = table.game
    parameters = rng.uniform(0, spread, (table.parameters.shape[0], draws))
    for n in np.flatnonzero(game.node_kind == CHANCE):
        edges = slice(game.node_first_edge[n], game.node_first_edge[n + 1])
        which = game.edge_chance[edges] - 2
        shares = rng.exponential(size=(len(which), draws)) + 0.05
        parameters[which] = shares / shares.sum(axis=0)
    parameters[game.precision - 2] = 1.0
    return tables(game, parameters)


def random_root(
    rng: np.random.Generator,
    players: int = 3,
    most: int = 200,
    seen: float = 0.5,
    luck: float = 0.25,
    ending: float = 0.1,
    merge: bool = False,
    forget: float = 0.0,
    rewards: float = 0.2,
) -> Spot:
    """A random story in stages: at each, chance or a player moves and each player sees it or does not.

    A player's information is what it has seen, its own moves included. With ``merge``, histories that differ in
    nothing that anybody knows become one node. ``forget`` is the share of stages after which all forget.
    """

    def pay() -> tuple[float, ...]:
        return tuple(rng.random(players).tolist())

    root = Spot()
    layer: list[tuple[Spot, tuple[Any, ...]]] = [(root, ((),) * players)]
    count, stage = 1, 0
    while layer:
        player = -1 if rng.random() < luck else int(rng.integers(players))
        options = 2 if rng.random() < 0.7 else 3
        last = count + len(layer) * options > most or stage >= 12
        sees = rng.random(players) < seen
        forgetting = rng.random() < forget
        if player >= 0:
            sees[player] = True
        known: dict[Any, Spot] = {}
        following: list[tuple[Spot, tuple[Any, ...]]] = []
        for spot, views in layer:
            if last or (stage > 0 and rng.random() < ending):
                spot.payoff = pay()
                continue
            spot.player, spot.key = player, (stage, views[player]) if player >= 0 else None
            for k in range(options):
                after = tuple(v + ((stage, k),) if s else v for v, s in zip(views, sees, strict=True))
                if forgetting:
                    after = tuple(v[-1:] for v in after)
                to = known.get(after) if merge else None
                if to is None:
                    to = Spot()
                    known[after] = to
                    following.append((to, after))
                    count += 1
                reward = pay() if rng.random() < rewards else None
                spot.edges.append((str(k), None if player >= 0 else 1.0 / options, reward, to))
        layer, stage = following, stage + 1
    return root


def random_table(rng: np.random.Generator, draws: int = 1, players: int = 3, **shape: Any) -> Table:
    """A random game with random numbers on unit stakes."""
    recall = not shape.get("forget", 0.0)
    table = build(random_root(rng, players, **shape), players, recall)
    return redraw(table, rng, draws)


def talks(rng: np.random.Generator, rounds: int = 2, postures: int = 2) -> Spot:
    """Talks in rounds between four players with two hidden types: about 1,000 nodes, 4 players, noise."""

    def pay(scale: float = 1.0) -> tuple[float, ...]:
        return tuple((scale * rng.random(4)).tolist())

    endings: dict[Any, Spot] = {}

    def end(*what: Any) -> Spot:
        return endings.setdefault(what, Spot(payoff=pay()))

    def play(turn: int, hidden: tuple[int, int], seen: tuple[Any, ...], gov: tuple[Any, ...], army: tuple[Any, ...]) -> Spot:
        us = Spot(0, (hidden[0], seen, army))
        for posture in range(postures):
            said = (*seen, posture)
            answer = Spot(1, (said, gov))
            us.edges.append((f"posture {posture}", None, pay(0.1), answer))
            for reply in range(2):
                known = (*said, reply)
                race = Spot()
                answer.edges.append((f"answer {reply}", None, None, race))
                for event, likely in (("strike", 0.3), ("breach", 0.2), ("quiet", 0.5)):
                    race.edges.append((event, likely, pay(0.1), after(turn, hidden, (*known, event), gov, army)))
        return us

    def after(
        turn: int, hidden: tuple[int, int], seen: tuple[Any, ...], gov: tuple[Any, ...], army: tuple[Any, ...]
    ) -> Spot:
        if seen[-1] == "breach":
            return decide(turn, hidden, seen, gov, army)
        noise = Spot()
        for report in range(2):
            right = 0.8 if report == hidden[seen[-1] == "quiet"] else 0.2
            noise.edges.append((f"report {report}", right, None, decide(turn, hidden, seen, (*gov, report), army)))
        return noise

    def decide(
        turn: int, hidden: tuple[int, int], seen: tuple[Any, ...], gov: tuple[Any, ...], army: tuple[Any, ...]
    ) -> Spot:
        ttp = Spot(2, (hidden[1], seen))
        for move in range(2):
            known = (*seen, move)
            soldier = Spot(3, (known, army))
            ttp.edges.append((f"move {move}", None, None, soldier))
            for act in range(2):
                goes_on = turn < rounds and move == 0 and act == 0 and seen[-1] == "quiet"
                to = (
                    play(turn + 1, hidden, known, gov, (*army, act))
                    if goes_on
                    else end(turn, hidden, seen[-3:], move, act, gov[-1:])
                )
                soldier.edges.append((f"act {act}", None, None, to))
        return ttp

    root = Spot()
    for intent in range(2):
        nature = Spot()
        root.edges.append((f"intent {intent}", 0.5, None, nature))
        for kind in range(2):
            nature.edges.append((f"type {kind}", 0.5, None, play(1, (intent, kind), (), (), ())))
    return root
