"""The walk over a story: every reachable state becomes a node, identical futures become one.

What lives here: the plain-Python graph that :mod:`parley.game.compiler` packs into arrays and
:mod:`parley.game.inspection` reads faults off. What may not: NumPy, solving.

Two histories share a node when they stand at the same instruction, agree on every fact that may still be
read (:func:`parley.game.flatten.liveness`), and every player who still matters has the same information.
Two nodes share an information set when the mover has the same information: with perfect recall the same
sequence of observations and own moves, with ``remembers:`` the same current values of what it remembers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parley.game.chance import Branch, ChanceSteps, Pay, Seen, WalkError
from parley.game.flatten import (
    Fact,
    Head,
    Instruction,
    Return,
    Round,
    Show,
    Skip,
    facts,
    flatten,
    liveness,
)
from parley.game.heads import Heads, find
from parley.game.knowledge import Knowledge, Logs
from parley.game.lower import Lowering, LoweringError, Situation
from parley.game.offers import InformationSet, Offers
from parley.game.reading import DEFAULT_PRECISION, begin_round, fact_value, numbers_of, payoff_expressions
from parley.game.symbolic import Builder
from parley.scenario.model import (
    Endings,
    Expression,
    Move,
    Nature,
    Payoff,
    Race,
    Reward,
    Scenario,
    Signal,
    Span,
    Update,
)
from parley.scenario.syntax import Node as Syntax

__all__ = [
    "NODE_LIMIT",
    "Edge",
    "InformationSet",
    "Node",
    "State",
    "Tracked",
    "Walk",
    "Walker",
    "walk",
]

NODE_LIMIT = 60_000
EDGES_PER_NODE = 4  # on average: a bound on work that many nodes of few branches never meet


@dataclass(frozen=True, slots=True)
class Tracked:
    """What must still be known at the end, or at some decisions, for quantities to be measured.

    ``facts`` stay known to the end; ``believers`` are players whose information is kept to the end;
    ``moves`` are the decisions at which beliefs are asked for.
    """

    facts: frozenset[Fact] = frozenset()
    believers: frozenset[str] = frozenset()
    moves: frozenset[str] = frozenset()


@dataclass(slots=True)
class Edge:
    """A branch: ``register`` of its chance (-1 for a choice), payoffs collected on the way."""

    child: int
    register: int
    pay: Pay
    label: str


@dataclass(slots=True)
class Node:
    """A node: ``kind`` is "terminal", "chance" or "decision"; ``position`` orders nodes in time.

    A terminal with a ``next_head`` is no ending: a round begins in that state. The round that it closes began
    in ``of_head``, -1 where there was none.
    """

    kind: str
    position: int
    label: str
    infoset: int = -1
    pay: Pay | None = None
    edges: list[Edge] = field(default_factory=list)
    environment: Mapping[str, Any] | None = None
    next_head: int = -1
    of_head: int = -1


@dataclass(slots=True)
class Walk:
    """The graph of a story, in the order of discovery; node 0 is the root.

    With rounds without a last one the root is chance: its first branch is the story, and then there is one
    for each head state.
    """

    scenario: Scenario
    builder: Builder
    lowering: Lowering
    nodes: list[Node]
    infosets: list[InformationSet]
    seen: Seen
    precision: tuple[int, ...]
    stake: tuple[int, ...]
    bounds: Mapping[tuple[int, str], Span]
    heads: Heads | None


@dataclass(slots=True)
class State:
    """A point of the story: the next instruction, what has happened, what each player has seen.

    ``head`` is the number of the state in which the round began, -1 before rounds without a last one.
    """

    position: int
    at: Situation
    logs: Logs
    head: int = -1

    def branch(self) -> State:
        """Return a copy that may go another way."""
        at = self.at
        copy = Situation(
            dict(at.labels), dict(at.counters), dict(at.before), dict(at.times), dict(at.elapsed), at.outcome
        )
        return State(self.position, copy, self.logs, self.head)


def walk(
    scenario: Scenario,
    switches: Mapping[str, str],
    tracked: Tracked,
    *,
    limit: int = NODE_LIMIT,
    seen: Seen | None = None,
) -> Walk:
    """Walk a scenario's story over all reachable states.

    Parameters
    ----------
    scenario
        What to walk.
    switches
        The option of every switch.
    tracked
        What quantities need to know.
    limit
        Largest number of nodes after merging.
    seen
        Where to note what was come across; a new one by default.

    Raises
    ------
    WalkError
        When the story breaks off, or has more nodes than ``limit``.
    """
    return Walker(scenario, switches, tracked, limit, seen or Seen()).run()


class Walker:
    """Walks one scenario under one choice of switches; see :func:`walk`."""

    def __init__(
        self, scenario: Scenario, switches: Mapping[str, str], tracked: Tracked, limit: int, seen: Seen
    ) -> None:
        self.scenario = scenario
        self.players = tuple(scenario.players)
        self.index = {player: number for number, player in enumerate(self.players)}
        self.nothing: Pay = (0,) * len(self.players)
        self.builder = Builder()
        self.lowering = Lowering(scenario, self.builder, numbers_of(scenario))
        self.switches = switches
        self.tracked = tracked
        self.limit = limit
        self.seen = seen
        self.code = flatten(scenario)
        self.parent: dict[int, tuple[int, str]] = {}
        self.taking: tuple[int, str] | None = None
        self.read: dict[int, tuple[Fact, ...]] = {}
        self.offers = Offers(scenario, self.seen, self.read, self._decide, self._fault)
        self._live(tracked)
        self.lowered: dict[tuple[object, ...], int] = {}
        self.nodes: list[Node] = []
        self.infosets: list[InformationSet] = []
        self.known: dict[tuple[object, ...], int] = {}
        self.sets: dict[tuple[object, ...], int] = {}
        self.knowledge = Knowledge(scenario)
        self.chance = ChanceSteps(
            self.lowering, self.index, self.seen, self._lower, self._decide, self._fault
        )
        self.stack: list[tuple[int, State, str, list[Any]]] = []
        self.waiting: list[State] = []  # head states that were found but not walked from
        self.edges = 0

    # --- what still matters ---------------------------------------------------------------------------

    def _live(self, tracked: Tracked) -> None:
        live = self._needed(tracked)
        self.live = [tuple(sorted(each)) for each in live]
        self.ever = frozenset().union(*live)
        played = live
        if not tracked.believers:  # what is measured is known to nobody, and moves nobody
            played = self._needed(Tracked())
        self.heads = find(self.scenario, self.code, self.live, played, self._fault)
        recall = {name for name, player in self.scenario.players.items() if player.remembers is None}
        matter = [frozenset(tracked.believers & recall)]
        for instruction in reversed(self.code):
            mover = {instruction.player} & recall if isinstance(instruction, Move) else set()
            matter.append(matter[-1] | mover)
        matter.reverse()
        self.matter = [tuple(sorted(self.index[name] for name in each)) for each in matter]

    def _needed(self, tracked: Tracked) -> list[frozenset[Fact]]:
        """Return, for every position, the facts that may still be read."""
        end = set(tracked.facts)
        for payoff in self.scenario.payoffs.values():
            for expression in payoff_expressions(payoff):
                end.update(facts(expression.root, self.scenario))
        for player in tracked.believers:
            end.update(("label", name) for name in self.scenario.players[player].remembers or ())
        rules = {
            fact
            for policy in self.offers.policies
            for rule in policy.rules
            if rule.when is not None
            for fact in facts(rule.when.root, self.scenario)
        }
        return liveness(self.code, self.scenario, frozenset(end), rules)

    def _key(self, state: State) -> tuple[object, ...]:
        at = state.at
        values = tuple(fact_value(at, fact) for fact in self.live[state.position])
        logs = tuple(state.logs[who] for who in self.matter[state.position])
        return (state.position, values, logs, state.head)

    # --- the walk -------------------------------------------------------------------------------------

    def start(self) -> State:
        """Return the state before the first instruction."""
        labels = {name: state.start for name, state in self.scenario.states.items()}
        labels.update(self.switches)
        return State(0, Situation(labels), (0,) * len(self.players))

    def run(self) -> Walk:
        """Walk all reachable states."""
        begun = [self._walk_from(self.start())]
        while self.waiting:
            self.taking = None
            begun.append(self._walk_from(self.waiting.pop(0)))
        before = Situation(dict(self.switches))
        precision = tuple(self._precision(name, before) for name in self.players)
        stake = tuple(self._stake(name, before) for name in self.players)
        nodes = self.nodes
        if self.heads is not None:
            self._discount(self.heads, before)
        if self.heads is not None or begun[0][1] != self.nothing:
            nodes = _rooted(nodes, begun, self.builder.constant(1 / len(begun)))
        return Walk(
            self.scenario,
            self.builder,
            self.lowering,
            nodes,
            self.infosets,
            self.seen,
            precision,
            stake,
            self.chance.bounds,
            self.heads,
        )

    def _walk_from(self, state: State) -> tuple[int, Pay]:
        """Walk on from a state until every branch has ended; return its node and what was paid before it."""
        begun = self.arrive(state)
        while self.stack:
            number, state, kind, branches = self.stack.pop()
            if kind == "chance":
                self._expand_chance(number, state, branches)
            else:
                self._expand_decision(number, state)
        return begun

    def _discount(self, heads: Heads, before: Situation) -> None:
        discount = heads.step.discount or {}
        heads.discount = tuple(self._lower(discount[name], before) for name in self.players)
        self.chance.bounds.update({(each, "discount"): heads.step.span for each in heads.discount})

    def _precision(self, name: str, at: Situation) -> int:
        expression = self.scenario.players[name].precision or self.scenario.precision
        return self.builder.constant(DEFAULT_PRECISION) if expression is None else self._lower(expression, at)

    def _stake(self, name: str, at: Situation) -> int:
        expression = self.scenario.players[name].stake
        return -1 if expression is None else self._lower(expression, at)

    def _lower(self, expression: Expression, at: Situation) -> int:
        """Lower an expression, once for all points of the story that agree on what it reads."""
        read = self.read.get(id(expression))
        if read is None:
            read = self.read[id(expression)] = tuple(sorted(set(facts(expression.root, self.scenario))))
        key = (id(expression), at.outcome, *[fact_value(at, fact) for fact in read])
        register = self.lowered.get(key)
        if register is None:
            try:
                register = self.lowered[key] = self.lowering.lower(expression, at)
            except LoweringError as error:
                raise self._fault("no value", str(error), expression.span, error.node) from error
        return register

    def _decide(self, expression: Expression, at: Situation) -> bool:
        known = self.builder.value(self._lower(expression, at))
        if known is None:
            message = "a condition may not depend on an uncertain number"
            raise self._fault("no value", message, expression.span, expression.root)
        return known != 0

    def _fault(self, kind: str, message: str, span: Span | None, node: Syntax | None = None) -> WalkError:
        fault = WalkError(kind, message, span, self._path())
        fault.node = node
        return fault

    def _path(self) -> str:
        """Say in words how the walk came to the node that it is expanding."""
        steps: list[str] = []
        step = self.taking
        while step is not None:
            number, label = step
            steps.append(f"{self.nodes[number].label}: {label}")
            step = self.parent.get(number)
        return ", ".join(reversed(steps))

    def arrive(self, state: State) -> tuple[int, Pay]:
        """Run on to the next branching; return its node and what was collected before it."""
        pay = self.nothing
        while state.position < len(self.code):
            instruction = self.code[state.position]
            if isinstance(instruction, Endings):
                outcome = self._ending(instruction, state)
                if outcome is not None:
                    return self._terminal(state, outcome), pay
                state.position += 1
                continue
            if isinstance(instruction, Head | Return):
                return self._next_round(instruction, state), pay
            stop = self.run_one(instruction, state)
            if stop is not None:
                kind, branches = stop
                if len(branches) != 1:
                    return self._node(state, instruction, kind, branches), pay
                pay = self.take(state, instruction, branches[0], pay)
            elif isinstance(instruction, Reward):
                pay = self._add(pay, self._rewards(instruction.payoffs, state.at))
                state.position += 1
        if self.scenario.outcomes:
            raise self._fault("no ending", "the story can run out of steps without reaching an outcome", None)
        return self._terminal(state, None), pay

    def run_one(self, instruction: Instruction, state: State) -> tuple[str, list[Any]] | None:
        """Run one instruction; return the branches where it has any."""
        at = state.at
        match instruction:
            case Skip(condition=condition, target=target, if_true=if_true):
                holds = self._decide(condition, at)
                self.seen.truths.setdefault(id(condition), set()).add(holds)
                state.position = target if holds == if_true else state.position + 1
            case Round(counter=counter, number=number, remembered=remembered):
                begin_round(at, counter, number, remembered)
                state.position += 1
            case Show():
                self._show(state, instruction)
                state.position += 1
            case Move():
                self.seen.reached.add(id(instruction))
                knowledge = self._knowledge(state, instruction.player)
                return "decision", list(self.offers.options(instruction, state.position, knowledge, at))
            case Nature() | Signal() | Race() | Update():
                self.seen.reached.add(id(instruction))
                branches = self.chance.branches(instruction, state.at)
                if branches is not None:
                    return "chance", branches
                state.position += 1
            case _:
                pass
        return None

    def _node(self, state: State, instruction: Instruction, kind: str, branches: list[Any]) -> int:
        key = self._key(state)
        number = self.known.get(key)
        if number is not None:
            return number
        if len(self.nodes) >= self.limit:
            raise WalkError("too large", f"the game has more than {self.limit:,} nodes", None, "")
        number = self.known[key] = len(self.nodes)
        label = instruction.state if isinstance(instruction, Update) else getattr(instruction, "name", "")
        node = Node(kind, state.position, label)
        self.nodes.append(node)
        if isinstance(instruction, Move):
            node.infoset = self._infoset(instruction, state, tuple(option.label for option in branches))
            if instruction.name in self.tracked.moves:
                node.environment = self._environment(state, None)
        self.stack.append((number, state, kind, branches))
        return number

    def _expand_chance(self, number: int, state: State, branches: Sequence[Branch]) -> None:
        instruction = self.code[state.position]
        for branch in branches:
            self._follow(number, state, instruction, branch, branch.register)

    def _expand_decision(self, number: int, state: State) -> None:
        instruction = self.code[state.position]
        for label in self.infosets[self.nodes[number].infoset].options:
            self._follow(number, state, instruction, Branch(label, -1), -1)

    def _follow(
        self, number: int, state: State, instruction: Instruction, branch: Branch, register: int
    ) -> None:
        self.edges += 1
        if self.edges > EDGES_PER_NODE * self.limit:
            message = f"the game has more than {EDGES_PER_NODE * self.limit:,} branches"
            raise WalkError("too large", message, None, "")
        copy = state.branch()
        self.taking = (number, branch.label)
        known = len(self.nodes)
        pay = self.take(copy, instruction, branch, self.nothing)
        child, more = self.arrive(copy)
        if child == known:
            self.parent[child] = (number, branch.label)
        self.nodes[number].edges.append(Edge(child, register, self._add(pay, more), branch.label))

    def take(self, state: State, instruction: Instruction, branch: Any, pay: Pay) -> Pay:
        """Let a branch happen: set labels, counts, times; step on."""
        at = state.at
        labels = at.labels
        assert isinstance(labels, dict)
        name = instruction.state if isinstance(instruction, Update) else getattr(instruction, "name", "")
        labels[name] = branch.label
        fact = (name, branch.label)
        if ("times", *fact) in self.ever:
            assert isinstance(at.times, dict)
            at.times[fact] = at.times.get(fact, 0) + 1
        if isinstance(instruction, Move):
            self._observe(state, self.index[instruction.player], name, branch.label)
        elif isinstance(instruction, Race) and branch.elapsed is not None:
            if ("elapsed", name) in self.ever:
                assert isinstance(at.elapsed, dict)
                at.elapsed[name] = self.builder.apply("add", at.elapsed.get(name, 0), branch.elapsed)
            if branch.pay is not None:
                pay = self._add(pay, branch.pay)
        state.position += 1
        return pay

    # --- who knows what -------------------------------------------------------------------------------

    def _observe(self, state: State, who: int, name: str, label: str) -> None:
        if who not in self.matter[state.position]:
            return
        log = self.knowledge.extended(state.logs[who], state.position, name, label)
        state.logs = (*state.logs[:who], log, *state.logs[who + 1 :])

    def _show(self, state: State, show: Show) -> None:
        for name in show.variables:
            label = state.at.labels.get(name)
            if label is not None:
                for player in self.players if show.seen_by is None else show.seen_by:
                    if player != show.mover:
                        self._observe(state, self.index[player], name, label)

    def _knowledge(self, state: State, player: str) -> tuple[object, ...]:
        return self.knowledge.carried(player, state.at.labels, state.logs[self.index[player]], state.head)

    def _infoset(self, move: Move, state: State, options: tuple[str, ...]) -> int:
        key = (state.position, move.player, self._knowledge(state, move.player))
        number = self.sets.get(key)
        if number is None:
            number = self.sets[key] = len(self.infosets)
            words = self.knowledge.in_words(move.player, state.at.labels, state.logs[self.index[move.player]])
            self.infosets.append(InformationSet(move.player, move, state.position, options, words))
        self.offers.note_rules(self.infosets[number], state.at)
        return number

    # --- payoffs and endings --------------------------------------------------------------------------

    def _add(self, left: Pay, right: Pay) -> Pay:
        if right == self.nothing:
            return left
        if left == self.nothing:
            return right
        return tuple(self.builder.apply("add", a, b) for a, b in zip(left, right, strict=True))

    def _rewards(self, payoffs: Mapping[str, Expression], at: Situation) -> Pay:
        pay = [0] * len(self.players)
        for player, expression in payoffs.items():
            pay[self.index[player]] = self._lower(expression, at)
        return tuple(pay)

    def _ending(self, endings: Endings, state: State) -> str | None:
        for ending in endings.endings:
            if ending.when is None or self._decide(ending.when, state.at):
                self.seen.available.add(id(ending))
                return ending.outcome
        return None

    def _payoff(self, payoff: Payoff, at: Situation) -> int:
        terms = [self._lower(each, at) for each in payoff.add]
        expression = payoff.by_outcome.get(at.outcome or "", payoff.otherwise)
        if payoff.ranking is not None:
            for tier in payoff.ranking.tiers:
                if at.outcome in tier:
                    terms.append(self.builder.parameter(f"{payoff.player}: {tier[0]}"))
        elif expression is not None:
            terms.append(self._lower(expression, at))
        return self.builder.total(terms)

    def _terminal(self, state: State, outcome: str | None) -> int:
        at = state.at
        at.outcome = outcome
        pay = list(self.nothing)
        for player, payoff in self.scenario.payoffs.items():
            pay[self.index[player]] = self._payoff(payoff, at)
        environment = self._environment(state, outcome)
        key = ("terminal", tuple(pay), tuple(sorted((k, repr(v)) for k, v in environment.items())))
        number = self.known.get(key)
        if number is None:
            number = self.known[key] = len(self.nodes)
            self.nodes.append(
                Node("terminal", len(self.code), outcome or "end", pay=tuple(pay), environment=environment)
            )
        return number

    def _next_round(self, instruction: Head | Return, state: State) -> int:
        """Return the terminal at which a round begins: the first, or the next."""
        assert self.heads is not None
        environment = None
        if isinstance(instruction, Return):
            environment = self._environment(state, None)
            begin_round(state.at, None, 2, instruction.remembered)
        values = [fact_value(state.at, fact) for fact in self.heads.facts]
        head, new = self.heads.number(values)
        if new:
            passed = list(zip(self.heads.facts, values, strict=True))
            log = self.knowledge.of_head(self.heads.position, passed)
            logs = (log,) * len(self.players)
            self.waiting.append(State(self.heads.position + 1, state.branch().at, logs, head))
        shown = () if environment is None else tuple(sorted((k, repr(v)) for k, v in environment.items()))
        key = ("next round", state.head, head, shown)
        number = self.known.get(key)
        if number is None:
            number = self.known[key] = len(self.nodes)
            node = Node("terminal", len(self.code), "next round", environment=environment)
            node.next_head, node.of_head = head, state.head
            self.nodes.append(node)
        return number

    def _environment(self, state: State, outcome: str | None) -> dict[str, Any]:
        at = state.at
        known = {fact: fact_value(at, fact) for fact in self.tracked.facts}
        return {
            "outcome": outcome,
            "facts": {fact: value for fact, value in sorted(known.items()) if value is not None},
            "knowledge": {
                player: self._knowledge(state, player) for player in sorted(self.tracked.believers)
            },
        }


def _rooted(nodes: list[Node], begun: Sequence[tuple[int, Pay]], chance: int) -> list[Node]:
    """Put a root before the nodes: what is paid before a first one hangs on an edge, so there must be one.

    ``begun`` are the nodes at which walks began, with what was paid before; all are equally likely. Of head
    states the chances mean nothing: each is a game of its own, whose value is an unknown of the others.
    """
    for node in nodes:
        for edge in node.edges:
            edge.child += 1
    edges = [
        Edge(child + 1, chance, pay, "start" if k == 0 else "round") for k, (child, pay) in enumerate(begun)
    ]
    return [Node("chance", -1, "", edges=edges), *nodes]
