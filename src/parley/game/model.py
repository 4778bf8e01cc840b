"""The compiled game: flat arrays in topological order, payoffs and chances kept symbolic.

What lives here: frozen arrays and their meaning. What may not: solvers, draws, the text of a scenario.

Axes are named in brackets. Nodes are in topological order (every edge leads from a lower to a higher node
index; node 0 is the root) and may have several parents, since identical futures are merged. Information
sets are in topological order too where one exists (``ordered``): no node of a later set precedes a node
of an earlier one. An *action* is an (information set, choice) pair; the actions of one information set are
consecutive. A *register* is a row of the :class:`Program`'s output, one number per draw; register 0 is the
constant 0 and register 1 the constant 1. A *payoff row* is a vector of registers, one per player; row 0
pays nobody anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CHANCE",
    "DECISION",
    "TERMINAL",
    "Errors",
    "Game",
    "Integers",
    "Loop",
    "Origin",
    "Program",
    "Register",
]

Integers: TypeAlias = NDArray[np.int32]
Register: TypeAlias = int

TERMINAL, CHANCE, DECISION = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Program:
    """Straight-line arithmetic over parameters, evaluated for all draws at once.

    Instruction r computes register r: ``operation[r]`` is a name out of ``constant parameter add subtract
    multiply divide power negate minimum maximum exp expm1 log sqrt abs cdf less lessequal equal and or
    not where``; ``arguments[r]`` are registers (for ``constant`` a one-element tuple of a float, for
    ``parameter`` the index into ``parameters``). Truth is 1.0 or 0.0. ``where`` takes (test, then,
    otherwise).
    """

    parameters: tuple[str, ...]
    operation: tuple[str, ...]
    arguments: tuple[tuple[float, ...], ...]

    def __len__(self) -> int:
        return len(self.operation)


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """What the file that a game was read from says beyond the arrays, so that it can be written back.

    ``numerals`` are the numbers of registers in the file's own words, whose exact value a float64 cannot
    hold: equal numbers have one register only where they are written alike.
    """

    title: str
    comment: str
    numerals: Mapping[int, str]  # register -> number as written
    node_name: tuple[str, ...]  # [node]
    node_outcome: tuple[str, ...]  # [node] name of the outcome, "" for none
    chance_set: Integers  # [node] which of chance's sets, -1 elsewhere
    chance_name: tuple[str, ...]  # [chance set]
    infoset_name: tuple[str, ...]  # [infoset]


@dataclass(frozen=True, slots=True)
class Errors:
    """How a player errs: ``kind`` is "logistic", "normal" or "normal on endings".

    ``endings`` are the indices into ``Game.endings`` of the outcomes on which a shock falls; only of the
    last kind.
    """

    kind: str = "logistic"
    endings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """Rounds without a last one: how the ends of rounds lead to the heads of others.

    The root of such a game is chance with an edge to the story's start and then one to each head state; the
    chances on these edges mean nothing. A terminal with ``next_head[node] = s`` pays each player the value of
    a round that begins in state s: of the first round (``of_head`` -1) as it is, of a later one times the
    player's discount. Those values are unknowns: the payoff rows ``entry_row[s]`` and ``return_row[s]`` are 0
    until a solver fills them. Row ``discount_row`` holds the players' discounts and is nobody's payoff.
    """

    head_label: tuple[str, ...]  # [head] the state in words
    next_head: Integers  # [node] -1 where no round begins
    of_head: Integers  # [node] head state of the round that ends here, -1 elsewhere
    entry_row: Integers  # [head] payoff row
    return_row: Integers  # [head] payoff row
    discount_row: int

    @property
    def heads(self) -> int:
        """Number of head states."""
        return len(self.head_label)


@dataclass(frozen=True, slots=True, eq=False)
class Game:
    """A finite game in extensive form with merged futures. See the module's docstring for the words.

    Decision edges have ``edge_action >= 0`` and ``edge_chance == -1``; chance edges the reverse. The edges
    of node n are ``node_first_edge[n]:node_first_edge[n + 1]``; those of a decision node stand in the order
    of its information set's actions. The payoff of a path is the sum of the rows on its edges and of the
    row at its terminal. The nodes of information set h are
    ``infoset_node[infoset_first_node[h]:infoset_first_node[h + 1]]``.
    """

    players: tuple[str, ...]
    program: Program
    node_kind: NDArray[np.int8]  # [node] TERMINAL, CHANCE or DECISION
    node_infoset: Integers  # [node], -1 unless DECISION
    node_payoff: Integers  # [node] payoff row, 0 unless TERMINAL
    node_first_edge: Integers  # [node + 1]
    edge_child: Integers  # [edge]
    edge_action: Integers  # [edge]
    edge_chance: Integers  # [edge] register
    edge_payoff: Integers  # [edge] payoff row
    payoff_register: Integers  # [row, player] register
    infoset_player: Integers  # [infoset]
    infoset_first_action: Integers  # [infoset + 1]
    infoset_first_node: Integers  # [infoset + 1]
    infoset_node: Integers  # [node of an information set]
    precision: Integers  # [player] register
    stake: Integers  # [player] register, or -1: the whole stake
    ordered: bool  # information sets in topological order
    perfect_recall: tuple[bool, ...]  # [player]
    infoset_label: tuple[str, ...]  # [infoset] the step and what the player has seen, in words
    infoset_move: tuple[str, ...]  # [infoset] the name of the move
    action_label: tuple[str, ...]  # [action] the option
    chance_label: tuple[str, ...]  # [node] what a chance node decides, "" elsewhere
    edge_label: tuple[str, ...]  # [edge] the option, clock or label
    environment: Mapping[int, Mapping[str, Any]]  # terminal or tracked node -> what is known there
    rules: Mapping[str, Mapping[int, tuple[float, ...]]] = field(default_factory=dict)
    # policy -> information set -> the mix that it prescribes there, over the set's actions
    origin: Origin | None = None  # of a game that was read from a file
    errors: tuple[Errors, ...] = ()  # [player]; () when everybody's are logistic
    endings: tuple[str, ...] = ()  # names of outcomes on which shocks fall
    node_ending: Integers | None = None  # [node] index into ``endings``, -1 elsewhere; None without shocks
    loop: Loop | None = None  # of a story with rounds without a last one

    def __repr__(self) -> str:
        """Return one line; the fields are arrays."""
        return (
            f"<Game of {', '.join(map(repr, self.players))}: {self.nodes} nodes, "
            f"{self.infosets} information sets, {self.actions} actions>"
        )

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.node_kind)

    @property
    def edges(self) -> int:
        """Number of edges."""
        return len(self.edge_child)

    @property
    def infosets(self) -> int:
        """Number of information sets."""
        return len(self.infoset_player)

    @property
    def actions(self) -> int:
        """Number of actions, over all information sets."""
        return int(self.infoset_first_action[-1])
