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
from parley.game.flatten import Fact, Instruction, Round, Show, Skip, facts, flatten, liveness
from parley.game.lower import Lowering, LoweringError, Situation
from parley.game.reading import DEFAULT_PRECISION, begin_round, fact_value, numbers_of, payoff_expressions
from parley.game.symbolic import Builder
from parley.scenario.model import (
    Endings,
    Expression,
    Move,
    Nature,
    Option,
    Payoff,
    Policy,
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
    """A node: ``kind`` is "terminal", "chance" or "decision"; ``position`` orders nodes in time."""

    kind: str
    position: int
    label: str
    infoset: int = -1
    pay: Pay | None = None
    edges: list[Edge] = field(default_factory=list)
    environment: Mapping[str, Any] | None = None


@dataclass(slots=True)
class InformationSet:
    """What one player knows at one step; ``rules`` maps a policy to the mix it prescribes here."""

    player: str
    move: Move
    position: int
    options: tuple[str, ...]
    seen: str
    rules: dict[str, tuple[float, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Walk:
    """The graph of a story, in the order of discovery; node 0 is the root."""

    scenario: Scenario
    builder: Builder
    lowering: Lowering
    nodes: list[Node]
    infosets: list[InformationSet]
    seen: Seen
    precision: tuple[int, ...]
    stake: tuple[int, ...]
    bounds: Mapping[tuple[int, str], Span]


@dataclass(slots=True)
class State:
    """A point of the story: the next instruction, what has happened, what each player has seen."""

    position: int
    at: Situation
    logs: tuple[int, ...]  # one per player: number of an observation sequence

    def branch(self) -> State:
        """Return a copy that may go another way."""
        at = self.at
        copy = Situation(
            dict(at.labels), dict(at.counters), dict(at.before), dict(at.times), dict(at.elapsed), at.outcome
        )
        return State(self.position, copy, self.logs)


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
        self.policies = [] if scenario.comparison is None else list(scenario.comparison.policies.values())
        self._live(tracked)
        self.read: dict[int, tuple[Fact, ...]] = {}
        self.lowered: dict[tuple[object, ...], int] = {}
        self.nodes: list[Node] = []
        self.infosets: list[InformationSet] = []
        self.known: dict[tuple[object, ...], int] = {}
        self.sets: dict[tuple[object, ...], int] = {}
        self.choices: dict[tuple[object, ...], tuple[str, ...]] = {}
        self.log_of: dict[tuple[int, int, str, str], int] = {}
        self.logs: list[tuple[int, str, str]] = [(-1, "", "")]  # previous, variable, label
        self.chance = ChanceSteps(
            self.lowering, self.index, self.seen, self._lower, self._decide, self._fault
        )
        self.stack: list[tuple[int, State, str, list[Any]]] = []
        self.parent: dict[int, tuple[int, str]] = {}
        self.taking: tuple[int, str] | None = None
        self.edges = 0

    # --- what still matters ---------------------------------------------------------------------------

    def _live(self, tracked: Tracked) -> None:
        end = set(tracked.facts)
        for payoff in self.scenario.payoffs.values():
            for expression in payoff_expressions(payoff):
                end.update(facts(expression.root, self.scenario))
        for player in tracked.believers:
            end.update(("label", name) for name in self.scenario.players[player].remembers or ())
        rules = {
            fact
            for policy in self.policies
            for rule in policy.rules
            if rule.when is not None
            for fact in facts(rule.when.root, self.scenario)
        }
        live = liveness(self.code, self.scenario, frozenset(end), rules)
        self.live = [tuple(sorted(each)) for each in live]
        self.ever = frozenset().union(*live)
        recall = {name for name, player in self.scenario.players.items() if player.remembers is None}
        matter = [frozenset(tracked.believers & recall)]
        for instruction in reversed(self.code):
            mover = {instruction.player} & recall if isinstance(instruction, Move) else set()
            matter.append(matter[-1] | mover)
        matter.reverse()
        self.matter = [tuple(sorted(self.index[name] for name in each)) for each in matter]

    def _key(self, state: State) -> tuple[object, ...]:
        at = state.at
        values = tuple(fact_value(at, fact) for fact in self.live[state.position])
        return (state.position, values, tuple(state.logs[who] for who in self.matter[state.position]))

    # --- the walk -------------------------------------------------------------------------------------

    def start(self) -> State:
        """Return the state before the first instruction."""
        labels = {name: state.start for name, state in self.scenario.states.items()}
        labels.update(self.switches)
        return State(0, Situation(labels), (0,) * len(self.players))

    def run(self) -> Walk:
        """Walk all reachable states."""
        _, pay = self.arrive(self.start())
        while self.stack:
            number, state, kind, branches = self.stack.pop()
            if kind == "chance":
                self._expand_chance(number, state, branches)
            else:
                self._expand_decision(number, state)
        before = Situation(dict(self.switches))
        precision = tuple(self._precision(name, before) for name in self.players)
        stake = tuple(self._stake(name, before) for name in self.players)
        nodes = self.nodes if pay == self.nothing else _rooted(self.nodes, pay)
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
        )

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
                return "decision", list(self._options(instruction, state))
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
        key = (state.logs[who], state.position, name, label)
        log = self.log_of.get(key)
        if log is None:
            log = self.log_of[key] = len(self.logs)
            self.logs.append((key[0], name, label))
        state.logs = (*state.logs[:who], log, *state.logs[who + 1 :])

    def _show(self, state: State, show: Show) -> None:
        for name in show.variables:
            label = state.at.labels.get(name)
            if label is not None:
                for player in self.players if show.seen_by is None else show.seen_by:
                    if player != show.mover:
                        self._observe(state, self.index[player], name, label)

    def _knowledge(self, state: State, player: str) -> tuple[object, ...]:
        remembers = self.scenario.players[player].remembers
        if remembers is None:
            return ("log", state.logs[self.index[player]])
        return ("remembers", *(state.at.labels.get(name) for name in remembers))

    def _in_words(self, state: State, player: str) -> str:
        remembers = self.scenario.players[player].remembers
        if remembers is not None:
            pairs = [(name, state.at.labels.get(name)) for name in remembers]
            return ", ".join(f"{name}: {label}" for name, label in pairs if label is not None)
        parts: list[str] = []
        log = state.logs[self.index[player]]
        while log > 0:
            log, name, label = self.logs[log]
            parts.append(f"{name}: {label}")
        return ", ".join(reversed(parts))

    def _infoset(self, move: Move, state: State, options: tuple[str, ...]) -> int:
        key = (state.position, move.player, self._knowledge(state, move.player))
        number = self.sets.get(key)
        if number is None:
            number = self.sets[key] = len(self.infosets)
            words = self._in_words(state, move.player)
            self.infosets.append(InformationSet(move.player, move, state.position, options, words))
        self._rules(number, move, state.at)
        return number

    def _rules(self, number: int, move: Move, at: Situation) -> None:
        """Note what each policy prescribes here; it must be the same at every node of the set."""
        infoset = self.infosets[number]
        for policy in self.policies:
            mix = self._prescribed(policy, move, infoset.options, at)
            if mix is None and policy.name not in infoset.rules:
                infoset.rules[policy.name] = ()
            elif infoset.rules.setdefault(policy.name, mix or ()) != (mix or ()):
                raise self._fault(
                    "unseen rule",
                    f"the policy '{policy.name}' asks {move.player} at '{move.name}' to act on "
                    "something that it cannot have seen",
                    policy.span,
                )

    def _prescribed(
        self, policy: Policy, move: Move, options: tuple[str, ...], at: Situation
    ) -> tuple[float, ...] | None:
        for rule in policy.rules:
            if rule.move != move.name or not (rule.when is None or self._decide(rule.when, at)):
                continue
            missing = [label for label in rule.mix if label not in options and rule.mix[label] > 0]
            if missing:
                raise self._fault(
                    "missing option",
                    f"the policy '{policy.name}' wants '{missing[0]}' at '{move.name}', which is not "
                    "on offer there",
                    rule.span,
                )
            return tuple(rule.mix.get(label, 0.0) for label in options)
        return None

    def _options(self, move: Move, state: State) -> Sequence[Option]:
        options = [each for each in move.options if each.when is None or self._decide(each.when, state.at)]
        self.seen.available.update(id(each) for each in options)
        self._note_silent(move, options, state.at)
        if not options:
            raise self._fault("no option", f"{move.player} has no option left at '{move.name}'", move.span)
        key = (state.position, move.player, self._knowledge(state, move.player))
        labels = tuple(each.label for each in options)
        if self.choices.setdefault(key, labels) != labels:
            raise self._fault(
                "unseen option",
                f"at '{move.name}' the options of {move.player} depend on something that it cannot have seen",
                move.span,
            )
        return options

    def _note_silent(self, move: Move, options: Sequence[Option], at: Situation) -> None:
        """Note options that are missing because what they ask for has not happened."""
        there = {id(each) for each in options}
        for option in move.options:
            if option.when is not None and id(option) not in there:
                for fact in self.read[id(option.when)]:
                    if fact[0] == "label" and fact[1] not in at.labels:
                        self.seen.silent.setdefault(id(option), (option, fact[1]))

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


def _rooted(nodes: list[Node], pay: Pay) -> list[Node]:
    """Put a root before the first node: rewards before it hang on an edge, so there must be one."""
    for node in nodes:
        for edge in node.edges:
            edge.child += 1
    return [Node("chance", -1, "", edges=[Edge(1, 1, pay, "start")]), *nodes]
