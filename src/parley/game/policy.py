"""A policy applied to a game: the same game with part of the focal player's behaviour fixed.

What lives here: restriction of a compiled game. What may not: scenarios, solvers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.errors import GameError
from parley.game.model import CHANCE, DECISION, Game, Integers, Loop, Program
from parley.game.symbolic import Builder

__all__ = ["Restriction", "restrict"]


@dataclass(frozen=True, slots=True, eq=False)
class Restriction:
    """A restricted game, and which node, information set and action of the free game each of its own was."""

    game: Game
    node: Integers  # [node] of the free game
    infoset: Integers  # [infoset] of the free game
    action: Integers  # [action] of the free game


def restrict(game: Game, policy: str) -> Restriction:
    """Return the game in which everybody knows that the focal player follows a policy.

    Information sets where the policy prescribes a mix become chance moves; what it never does is cut off,
    with everything behind it. Payoffs, chances and parameters keep their registers.

    Parameters
    ----------
    game
        The free game, compiled from a scenario with that policy.
    policy
        Its name; a policy without rules leaves the game as it is.

    Raises
    ------
    GameError
        When the game has no such policy.

    Examples
    --------
    >>> import parley
    >>> game = parley.compile(parley.load("which-event-first"))
    >>> restrict(game, "pause").game.nodes < game.nodes
    True
    """
    if policy not in game.rules:
        raise GameError(f"there is no policy '{policy}', only {', '.join(game.rules) or 'none at all'}")
    rules = game.rules[policy]
    builder = Builder.resume(game.program.parameters, game.program.operation, game.program.arguments)
    register = {probability: builder.constant(probability) for mix in rules.values() for probability in mix}
    keep_edge = np.ones(game.edges, dtype=bool)
    chance = game.edge_chance.copy()
    for infoset, mix in rules.items():
        for node in _members(game, infoset):
            for edge, probability in zip(_edges(game, node), mix, strict=True):
                chance[edge] = register[probability]
                keep_edge[edge] = probability > 0
    nodes = _reachable(game, keep_edge)
    return _cut(game, nodes, keep_edge, chance, frozenset(rules), builder)


def _members(game: Game, infoset: int) -> Sequence[int]:
    first, last = game.infoset_first_node[infoset : infoset + 2]
    return [int(node) for node in game.infoset_node[first:last]]


def _edges(game: Game, node: int) -> range:
    return range(int(game.node_first_edge[node]), int(game.node_first_edge[node + 1]))


def _reachable(game: Game, keep_edge: NDArray[np.bool_]) -> Integers:
    reached = np.zeros(game.nodes, dtype=bool)
    reached[0] = True
    for node in range(game.nodes):  # topological order: parents come first
        if reached[node]:
            for edge in _edges(game, node):
                if keep_edge[edge]:
                    reached[game.edge_child[edge]] = True
    return np.flatnonzero(reached).astype(np.int32)


def _cut(
    game: Game,
    nodes: Integers,
    keep_edge: NDArray[np.bool_],
    chance: Integers,
    fixed: frozenset[int],
    builder: Builder,
) -> Restriction:
    """Build the game of the kept nodes and edges."""
    new_node = np.full(game.nodes, -1, dtype=np.int32)
    new_node[nodes] = np.arange(len(nodes), dtype=np.int32)
    sets = [int(each) for each in np.unique(game.node_infoset[nodes]) if each >= 0 and each not in fixed]
    new_set = np.full(game.infosets + 1, -1, dtype=np.int32)
    new_set[sets] = np.arange(len(sets), dtype=np.int32)
    actions = [
        action
        for each in sets
        for action in range(int(game.infoset_first_action[each]), int(game.infoset_first_action[each + 1]))
    ]
    new_action = np.full(game.actions + 1, -1, dtype=np.int32)
    new_action[actions] = np.arange(len(actions), dtype=np.int32)
    edges = np.array(
        [edge for node in nodes for edge in _edges(game, int(node)) if keep_edge[edge]], dtype=np.int64
    )
    counts = [sum(bool(keep_edge[edge]) for edge in _edges(game, int(node))) for node in nodes]
    members = [[int(new_node[n]) for n in _members(game, each) if new_node[n] >= 0] for each in sets]
    node_infoset = new_set[game.node_infoset[nodes]]
    kind = game.node_kind[nodes].copy()
    kind[(kind == DECISION) & (node_infoset < 0)] = CHANCE
    sizes = [int(game.infoset_first_action[each + 1] - game.infoset_first_action[each]) for each in sets]
    move = [game.infoset_move[int(h)] if h >= 0 else "" for h in game.node_infoset[nodes]]
    restricted = replace(
        game,
        program=Program(tuple(builder.parameters), tuple(builder.operation), tuple(builder.arguments)),
        node_kind=_lock_kinds(kind),
        node_infoset=_lock(node_infoset),
        node_payoff=_lock(game.node_payoff[nodes]),
        node_first_edge=_sums(counts),
        edge_child=_lock(new_node[game.edge_child[edges]]),
        edge_action=_lock(new_action[game.edge_action[edges]]),
        edge_chance=_lock(chance[edges]),
        edge_payoff=_lock(game.edge_payoff[edges]),
        infoset_player=_lock(game.infoset_player[sets]),
        infoset_first_action=_sums(sizes),
        infoset_first_node=_sums([len(each) for each in members]),
        infoset_node=_lock(np.array([n for each in members for n in each], dtype=np.int32)),
        infoset_label=tuple(game.infoset_label[each] for each in sets),
        infoset_move=tuple(game.infoset_move[each] for each in sets),
        action_label=tuple(game.action_label[each] for each in actions),
        chance_label=tuple(
            game.chance_label[int(node)] or (name if kind[index] == CHANCE else "")
            for index, (node, name) in enumerate(zip(nodes, move, strict=True))
        ),
        edge_label=tuple(game.edge_label[each] for each in edges),
        node_ending=None if game.node_ending is None else _lock(game.node_ending[nodes]),
        environment={
            int(new_node[node]): known for node, known in game.environment.items() if new_node[node] >= 0
        },
        rules={},
        origin=None,
        loop=None if game.loop is None else _cut_loop(game.loop, nodes),
    )
    return Restriction(
        restricted, _lock(nodes), _lock(np.array(sets, np.int32)), _lock(np.array(actions, np.int32))
    )


def _cut_loop(loop: Loop, nodes: Integers) -> Loop:
    """Keep the ends of rounds that are left; head states that can't come about any more stay."""
    return replace(loop, next_head=_lock(loop.next_head[nodes]), of_head=_lock(loop.of_head[nodes]))


def _sums(counts: Sequence[int]) -> Integers:
    return _lock(np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]))


def _lock(array: NDArray[np.integer[Any]]) -> Integers:
    locked = np.array(array, dtype=np.int32)
    locked.setflags(write=False)
    return locked


def _lock_kinds(kinds: NDArray[np.int8]) -> NDArray[np.int8]:
    kinds.setflags(write=False)
    return kinds
