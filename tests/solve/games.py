"""Games for the solver's tests: small ones by hand, random ones by the thousand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
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
    """A game and its numbers: ``chance [edge, draw]``, ``payoff [row, player, draw]``, parameters by draw."""

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


class _Numbers:
    """Parameters and payoff rows in the making."""

    def __init__(self, players: int) -> None:
        self.parameters: list[float] = []
        self.rows = [[0] * players]

    def register(self, value: float) -> int:
        self.parameters.append(value)
        return len(self.parameters) + 1

    def row(self, payoff: tuple[float, ...] | None) -> int:
        if payoff is None:
            return 0
        self.rows.append([self.register(each) for each in payoff])
        return len(self.rows) - 1


class _Sets:
    """Information sets in the making."""

    def __init__(self, spots: list[Spot]) -> None:
        self.keys: dict[tuple[int, Any], int] = {}
        self.nodes: list[list[int]] = []
        self.choices: list[int] = []
        self.labels: list[str] = []
        for n, spot in enumerate(spots):
            if spot.player >= 0:
                h = self.keys.setdefault((spot.player, spot.key), len(self.keys))
                if h == len(self.nodes):
                    self.nodes.append([])
                    self.choices.append(len(spot.edges))
                    self.labels.extend(label for label, *_ in spot.edges)
                assert self.choices[h] == len(spot.edges)
                self.nodes[h].append(n)
        self.first_action = offsets(self.choices)


def offsets(counts: list[int]) -> NDArray[np.int32]:
    return integers([0, *np.cumsum(counts).tolist()])


def integers(values: Any) -> NDArray[np.int32]:
    return np.asarray(list(values), dtype=np.int32)


def build(root: Spot, players: int, recall: bool = True, draws: int = 1) -> Table:
    """Flatten spots into a :class:`Game` with one parameter per payoff and chance."""
    spots = order(root)
    number = {id(spot): n for n, spot in enumerate(spots)}
    sets, numbers = _Sets(spots), _Numbers(players)
    kind, infoset, pays, first_edge = [], [], [], [0]
    child, action, chance, edge_pays, edge_label = [], [], [], [], []
    for spot in spots:
        decision = spot.player >= 0
        kind.append(DECISION if decision else CHANCE if spot.edges else TERMINAL)
        h = sets.keys[spot.player, spot.key] if decision else -1
        infoset.append(h)
        pays.append(numbers.row(spot.payoff))
        for k, (label, p, payoff, to) in enumerate(spot.edges):
            child.append(number[id(to)])
            action.append(int(sets.first_action[h]) + k if decision else -1)
            chance.append(-1 if p is None else numbers.register(p))
            edge_pays.append(numbers.row(payoff))
            edge_label.append(label)
        first_edge.append(len(child))
    precision = [numbers.register(1.0) for _ in range(players)]
    game = Game(
        players=tuple(f"player {i}" for i in range(players)),
        program=plain_program(len(numbers.parameters)),
        node_kind=np.asarray(kind, dtype=np.int8),
        node_infoset=integers(infoset),
        node_payoff=integers(pays),
        node_first_edge=integers(first_edge),
        edge_child=integers(child),
        edge_action=integers(action),
        edge_chance=integers(chance),
        edge_payoff=integers(edge_pays),
        payoff_register=np.asarray(numbers.rows, dtype=np.int32),
        infoset_player=integers([player for player, _ in sets.keys]),
        infoset_first_action=sets.first_action,
        infoset_first_node=offsets([len(each) for each in sets.nodes]),
        infoset_node=integers([n for each in sets.nodes for n in each]),
        precision=integers(precision),
        stake=integers([-1] * players),
        ordered=recall,
        perfect_recall=(recall,) * players,
        infoset_label=tuple(str(key) for _, key in sets.keys),
        infoset_move=tuple(str(key) for _, key in sets.keys),
        action_label=tuple(sets.labels),
        chance_label=("",) * len(spots),
        edge_label=tuple(edge_label),
        environment={},
    )
    return tables(game, np.repeat(np.asarray(numbers.parameters, dtype=float)[:, None], draws, axis=1))


def plain_program(count: int) -> Program:
    """The program that has nothing but parameters."""
    return Program(
        tuple(f"x{k}" for k in range(count)),
        ("constant", "constant", *["parameter"] * count),
        ((0.0,), (1.0,), *((k,) for k in range(count))),
    )


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

    A player's information is what it has seen, its own moves included. With ``merge``, histories that differ
    in nothing that anybody knows become one node. ``forget`` is the share of stages after which all forget.
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
                after = tuple((*v, (stage, k)) if s else v for v, s in zip(views, sees, strict=True))
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


@dataclass(frozen=True)
class _State:
    turn: int
    hidden: tuple[int, int]
    seen: tuple[Any, ...] = ()
    gov: tuple[int, ...] = ()
    army: tuple[int, ...] = ()


class _Talks:
    """Talks in rounds between four players with two hidden types and noisy reports."""

    def __init__(self, rng: np.random.Generator, rounds: int, postures: int) -> None:
        self.rng, self.rounds, self.postures = rng, rounds, postures
        self.endings: dict[Any, Spot] = {}

    def pay(self, scale: float = 1.0) -> tuple[float, ...]:
        return tuple((scale * self.rng.random(4)).tolist())

    def end(self, *what: Any) -> Spot:
        return self.endings.setdefault(what, Spot(payoff=self.pay()))

    def play(self, state: _State) -> Spot:
        us = Spot(0, (state.hidden[0], state.seen, state.army))
        for posture in range(self.postures):
            said = (*state.seen, posture)
            answer = Spot(1, (said, state.gov))
            us.edges.append((f"posture {posture}", None, self.pay(0.1), answer))
            for reply in range(2):
                answer.edges.append((f"answer {reply}", None, None, self.race(state, (*said, reply))))
        return us

    def race(self, state: _State, seen: tuple[Any, ...]) -> Spot:
        race = Spot()
        for event, likely in (("strike", 0.3), ("breach", 0.2), ("quiet", 0.5)):
            after = replace(state, seen=(*seen, event))
            to = self.decide(after) if event == "breach" else self.report(after)
            race.edges.append((event, likely, self.pay(0.1), to))
        return race

    def report(self, state: _State) -> Spot:
        noise = Spot()
        for report in range(2):
            right = 0.8 if report == state.hidden[state.seen[-1] == "quiet"] else 0.2
            to = self.decide(replace(state, gov=(*state.gov, report)))
            noise.edges.append((f"report {report}", right, None, to))
        return noise

    def decide(self, state: _State) -> Spot:
        ttp = Spot(2, (state.hidden[1], state.seen))
        for move in range(2):
            known = (*state.seen, move)
            soldier = Spot(3, (known, state.army))
            ttp.edges.append((f"move {move}", None, None, soldier))
            for act in range(2):
                soldier.edges.append((f"act {act}", None, None, self.next(state, known, move, act)))
        return ttp

    def next(self, state: _State, known: tuple[Any, ...], move: int, act: int) -> Spot:
        quiet = move == 0 and act == 0 and state.seen[-1] == "quiet"
        if state.turn < self.rounds and quiet:
            return self.play(_State(state.turn + 1, state.hidden, known, state.gov, (*state.army, act)))
        return self.end(state.turn, state.hidden, state.seen[-3:], move, act, state.gov[-1:])


def talks(rng: np.random.Generator, rounds: int = 2, postures: int = 1) -> Spot:
    """Tell a story of the size of a full argument: with one posture 1,099 nodes, with two 3,375."""
    story = _Talks(rng, rounds, postures)
    root = Spot()
    for intent in range(2):
        nature = Spot()
        root.edges.append((f"intent {intent}", 0.5, None, nature))
        for kind in range(2):
            nature.edges.append((f"type {kind}", 0.5, None, story.play(_State(1, (intent, kind)))))
    return root
