"""A scenario compiled to arrays.

What lives here: the packing of the walked story into :class:`parley.game.model.Game`. What may not: draws,
solvers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from parley.errors import GameError
from parley.game.model import CHANCE, DECISION, TERMINAL, Errors, Game, Integers, Loop, Program
from parley.game.shocks import Applied, applied, insist_on_two
from parley.game.symbolic import Builder
from parley.game.tracking import tracked
from parley.game.walk import NODE_LIMIT, InformationSet, Node, Walk, walk
from parley.scenario.model import Scenario

__all__ = ["compile_scenario", "options_of", "pack"]

_KINDS = {"terminal": TERMINAL, "chance": CHANCE, "decision": DECISION}


def options_of(scenario: Scenario, switches: Mapping[str, str] | None) -> dict[str, str]:
    """Return the option of every switch: the given one, else the default.

    Raises
    ------
    GameError
        When a switch or an option does not exist.
    """
    given = dict(switches or {})
    chosen: dict[str, str] = {}
    for name, switch in scenario.switches.items():
        option = given.pop(name, switch.default)
        if option not in switch.options:
            raise GameError(f"switch '{name}' has no option '{option}', only {', '.join(switch.options)}")
        chosen[name] = option
    if given:
        raise GameError(f"there is no switch '{next(iter(given))}'")
    return chosen


def compile_scenario(
    scenario: Scenario, switches: Mapping[str, str] | None = None, *, limit: int = NODE_LIMIT
) -> Game:
    """Compile a scenario into a game.

    The focal player's policies are not applied: they are restrictions of the one game, made by
    :func:`parley.game.policy.restrict`, so that all policies are compared on the same stakes.

    Parameters
    ----------
    scenario
        The story, wishes and judgements.
    switches
        Options that differ from the defaults.
    limit
        Largest number of nodes after identical futures are merged.

    Returns
    -------
    Game
        Arrays in topological order; see its documentation for axes.

    Raises
    ------
    GameError
        When the story breaks off (no ending, no option, a player asked to act on what it cannot have seen),
        or the game is larger than ``limit``.

    Examples
    --------
    >>> import parley
    >>> game = parley.compile(parley.load("which-event-first"))
    >>> game.nodes > 0
    True
    """
    options = options_of(scenario, switches)
    walked = walk(scenario, options, tracked(scenario), limit=limit)
    errors = applied(scenario, options)
    insist_on_two(walked, errors)
    return _with_errors(pack(walked), scenario, errors)


def pack(walked: Walk) -> Game:
    """Pack a walked story into arrays."""
    nodes, number, sets, set_number = _order(walked)
    rows = _Rows(len(walked.scenario.players))
    first_edge, child, action, chance, payoff, edge_label = [0], [], [], [], [], []
    first_action = np.concatenate([[0], np.cumsum([len(each.options) for each in sets], dtype=np.int64)])
    for node in nodes:
        for position, edge in enumerate(node.edges):
            child.append(number[edge.child])
            decision = node.kind == "decision"
            action.append(int(first_action[set_number[node.infoset]]) + position if decision else -1)
            chance.append(edge.register)
            payoff.append(rows.row(edge.pay))
            edge_label.append(edge.label)
        first_edge.append(len(child))
    members: list[list[int]] = [[] for _ in sets]
    for index, node in enumerate(nodes):
        if node.infoset >= 0:
            members[set_number[node.infoset]].append(index)
    player = {name: index for index, name in enumerate(walked.scenario.players)}
    paid = [rows.row(node.pay) if node.pay is not None else 0 for node in nodes]
    loop = _loop(walked, nodes, rows, paid)
    return Game(
        players=tuple(walked.scenario.players),
        program=_program(walked.builder),
        node_kind=_kinds(nodes),
        node_infoset=_ints([set_number[node.infoset] if node.infoset >= 0 else -1 for node in nodes]),
        node_payoff=_ints(paid),
        node_first_edge=_ints(first_edge),
        edge_child=_ints(child),
        edge_action=_ints(action),
        edge_chance=_ints(chance),
        edge_payoff=_ints(payoff),
        payoff_register=_ints(rows.rows).reshape(-1, len(player)),
        infoset_player=_ints([player[each.player] for each in sets]),
        infoset_first_action=_ints(first_action.tolist()),
        infoset_first_node=_ints(np.concatenate([[0], np.cumsum([len(m) for m in members])]).tolist()),
        infoset_node=_ints([index for each in members for index in each]),
        precision=_ints(walked.precision),
        stake=_ints(walked.stake),
        ordered=True,
        perfect_recall=tuple(each.remembers is None for each in walked.scenario.players.values()),
        infoset_label=tuple(each.seen for each in sets),
        infoset_move=tuple(each.move.name for each in sets),
        action_label=tuple(label for each in sets for label in each.options),
        chance_label=tuple(node.label if node.kind == "chance" else "" for node in nodes),
        edge_label=tuple(edge_label),
        environment={
            index: node.environment for index, node in enumerate(nodes) if node.environment is not None
        },
        rules=_rules(walked, set_number),
        loop=loop,
    )


def _with_errors(game: Game, scenario: Scenario, errors: Applied) -> Game:
    """Say in a compiled game how its players err.

    ``errors`` is from :func:`parley.game.shocks.applied`; ``game.environment`` knows the outcome of every
    end.
    """
    if all(each is None for each in errors.values()):
        return game
    shocked: dict[str, tuple[str, ...]] = {}
    for name, each in errors.items():
        if each is not None and each.kind == "normal on endings":
            shocked[name] = scenario.outcomes if each.endings is None else each.endings
    endings = tuple(name for name in scenario.outcomes if any(name in names for names in shocked.values()))
    number = {name: index for index, name in enumerate(endings)}
    ending = np.full(game.nodes, -1, dtype=np.int32)
    for node in np.flatnonzero(game.node_kind == TERMINAL).tolist():
        known = game.environment.get(node)  # of the entry into rounds without a last one nothing is
        ending[node] = -1 if known is None else number.get(known["outcome"], -1)
    ending.setflags(write=False)
    kinds = tuple(
        Errors("logistic" if each is None else each.kind, tuple(number[x] for x in shocked.get(name, ())))
        for name, each in errors.items()
    )
    return replace(game, errors=kinds, endings=endings, node_ending=ending if endings else None)


def _order(walked: Walk) -> tuple[list[Node], list[int], list[InformationSet], list[int]]:
    """Order nodes and information sets by time; return both with the new number of each old one."""
    set_order = sorted(range(len(walked.infosets)), key=lambda each: (walked.infosets[each].position, each))
    set_number = _inverse(set_order)
    node_order = sorted(
        range(len(walked.nodes)),
        key=lambda each: (
            walked.nodes[each].position,
            set_number[walked.nodes[each].infoset] if walked.nodes[each].infoset >= 0 else -1,
            each,
        ),
    )
    nodes = [walked.nodes[each] for each in node_order]
    return nodes, _inverse(node_order), [walked.infosets[each] for each in set_order], set_number


def _kinds(nodes: Sequence[Node]) -> NDArray[np.int8]:
    kinds = np.array([_KINDS[node.kind] for node in nodes], dtype=np.int8)
    kinds.setflags(write=False)
    return kinds


def _inverse(order: Sequence[int]) -> list[int]:
    inverse = [0] * len(order)
    for new, old in enumerate(order):
        inverse[old] = new
    return inverse


class _Rows:
    """Distinct payoff vectors; row 0 pays nobody anything."""

    def __init__(self, players: int) -> None:
        self.rows: list[tuple[int, ...]] = [(0,) * players]
        self._known = {self.rows[0]: 0}

    def row(self, pay: tuple[int, ...]) -> int:
        if pay not in self._known:
            self._known[pay] = len(self.rows)
            self.rows.append(pay)
        return self._known[pay]


def _loop(walked: Walk, nodes: Sequence[Node], rows: _Rows, paid: list[int]) -> Loop | None:
    """Add the payoff rows of rounds without a last one, and let their ends pay from them."""
    if walked.heads is None:
        return None
    count, first = len(walked.heads.labels), len(rows.rows)
    rows.rows += [rows.rows[0]] * (2 * count) + [walked.heads.discount]
    for index, node in enumerate(nodes):
        if node.next_head >= 0:
            paid[index] = first + node.next_head + (count if node.of_head >= 0 else 0)
    return Loop(
        head_label=tuple(walked.heads.labels),
        next_head=_ints([node.next_head for node in nodes]),
        of_head=_ints([node.of_head for node in nodes]),
        entry_row=_ints(list(range(first, first + count))),
        return_row=_ints(list(range(first + count, first + 2 * count))),
        discount_row=first + 2 * count,
    )


def _rules(walked: Walk, set_number: Sequence[int]) -> dict[str, dict[int, tuple[float, ...]]]:
    comparison = walked.scenario.comparison
    return {
        policy: {
            set_number[index]: infoset.rules[policy]
            for index, infoset in enumerate(walked.infosets)
            if infoset.rules.get(policy)
        }
        for policy in (comparison.policies if comparison is not None else ())
    }


def _program(builder: Builder) -> Program:
    return Program(tuple(builder.parameters), tuple(builder.operation), tuple(builder.arguments))


def _ints(values: Sequence[int] | Sequence[tuple[int, ...]]) -> Integers:
    array = np.asarray(values, dtype=np.int32)
    array.setflags(write=False)
    return array
