"""The story unrolled: a straight list of instructions with forward jumps.

What lives here: unrolling of repeats and groups, and which facts are still needed where (liveness), which
is what lets identical futures merge. What may not: NumPy, walking the story.

Jumps only go forward, so the position of an instruction is an order of time: two nodes at one position
are at the same step of the same round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from parley.errors import GameError
from parley.scenario.model import (
    Endings,
    Expression,
    Group,
    Move,
    Nature,
    Race,
    Repeat,
    Reveal,
    Reward,
    Scenario,
    Signal,
    Simultaneous,
    Step,
    Update,
)
from parley.scenario.syntax import Call, Is, Kind, Node, Reference
from parley.scenario.unparsing import children

__all__ = [
    "LIMIT",
    "Fact",
    "Head",
    "Instruction",
    "Return",
    "Round",
    "Show",
    "Skip",
    "facts",
    "flatten",
    "liveness",
    "written",
]

LIMIT = 20_000  # instructions

Fact: TypeAlias = tuple[str, str] | tuple[str, str, str]
"""Something a state of the story carries: ("label", x), ("before", x), ("counter", c), ("elapsed", race)
or ("times", x, label)."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Jump to ``target`` unless ``when`` holds (or if it holds, for ``until``)."""

    condition: Expression
    target: int
    if_true: bool
    step: Step


@dataclass(frozen=True, slots=True)
class Round:
    """A round begins: set the counter, and remember the labels of the round before."""

    counter: str | None
    number: int
    remembered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """Rounds without a last one begin here."""

    step: Repeat


@dataclass(frozen=True, slots=True)
class Return:
    """A round without end is over; the next begins behind the ``head``, with its memory of this one."""

    head: int
    remembered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Show:
    """Players learn a variable's current label. ``seen_by`` None is everybody; ``mover`` knows it already."""

    variables: tuple[str, ...]
    seen_by: tuple[str, ...] | None
    mover: str | None = None


Instruction: TypeAlias = (
    Skip | Round | Head | Return | Show | Nature | Move | Signal | Race | Update | Reward | Endings
)


def facts(node: Node, scenario: Scenario, seen: set[str] | None = None) -> Iterator[Fact]:
    """Yield every fact that an expression reads, through definitions and overrides.

    Quantities are included with what they ask of the end of the story. ``seen`` are definitions that were
    looked through already.
    """
    seen = set() if seen is None else seen
    match node:
        case Reference(kind=Kind.VARIABLE | Kind.STATE, name=name):
            yield ("label", name)
        case Reference(kind=Kind.COUNTER, name=name):
            yield ("counter", name)
        case Reference(kind=Kind.DEFINITION | Kind.PARAMETER, name=name) if name not in seen:
            seen.add(name)
            meant = _meant(name, scenario)
            if meant is not None:
                yield from facts(meant.root, scenario, seen)
        case Call():
            yield from _call_facts(node, scenario, seen)
        case _:
            for each in children(node):
                yield from facts(each, scenario, seen)


def _meant(name: str, scenario: Scenario) -> Expression | None:
    """Return the expression that a definition, or a parameter put in another's place, stands for."""
    if name in scenario.definitions:
        return scenario.definitions[name].expression
    replaced = scenario.overrides.get(name)
    return None if replaced is None else replaced.expression


def _call_facts(node: Call, scenario: Scenario, seen: set[str]) -> Iterator[Fact]:
    first = node.arguments[0]
    match node.function, first:
        case "last", Reference(name=name):
            yield ("before", name)
        case "times", Is(subject=Reference(name=name), label=label):
            yield ("times", name, label)
        case "at", _:
            return
        case "time", Reference(name=name):
            yield ("elapsed", name)
            if node.given is not None:
                yield from facts(node.given, scenario, seen)
        case _:
            for each in node.arguments:
                yield from facts(each, scenario, seen)
            if node.given is not None:
                yield from facts(node.given, scenario, seen)


def flatten(scenario: Scenario) -> tuple[Instruction, ...]:
    """Unroll a scenario's story.

    Raises
    ------
    GameError
        When the story has more than :data:`LIMIT` instructions.
    """
    code: list[Instruction] = []
    _block(scenario.story, code, scenario)
    return tuple(code)


def _emit(code: list[Instruction], instruction: Instruction) -> None:
    if len(code) >= LIMIT:
        raise GameError(
            f"the story has more than {LIMIT:,} steps once its repeats are written out; repeat fewer times"
        )
    code.append(instruction)


def _block(story: Iterable[Step], code: list[Instruction], scenario: Scenario) -> None:
    for step in story:
        condition = step.when
        position = len(code)
        if condition is not None:
            _emit(code, Skip(condition, -1, False, step))
        _step(step, code, scenario)
        if condition is not None:
            code[position] = Skip(condition, len(code), False, step)


def _step(step: Step, code: list[Instruction], scenario: Scenario) -> None:
    match step:
        case Group(story=story):
            _block(story, code, scenario)
        case Repeat():
            _repeat(step, code, scenario)
        case Simultaneous(moves=moves):
            _simultaneous(moves, code)
        case Move() | Nature() | Signal() | Race():
            _emit(code, step)
            _emit(code, Show((step.name,), step.seen_by, step.player if isinstance(step, Move) else None))
        case Reveal(variables=variables, seen_by=seen_by):
            _emit(code, Show(variables, seen_by))
        case Update(state=state):
            _emit(code, step)
            _emit(code, Show((state,), scenario.states[state].seen_by))
        case Reward() | Endings():
            _emit(code, step)


def _simultaneous(moves: tuple[Move, ...], code: list[Instruction]) -> None:
    """All moves first, then everybody sees; a move that is skipped is not seen either."""
    for show in (False, True):
        for move in moves:
            instruction = Show((move.name,), move.seen_by, move.player) if show else move
            if move.when is None:
                _emit(code, instruction)
            else:
                position = len(code)
                _emit(code, Skip(move.when, position + 2, False, move))
                _emit(code, instruction)


def written(story: Iterable[Step]) -> Iterator[str]:
    """Yield the variables and states that steps give a value to, the steps inside others too.

    Examples
    --------
    >>> import parley
    >>> next(written(parley.load("which-event-first").story))
    'posture'
    """
    for step in story:
        match step:
            case Group(story=inner) | Repeat(story=inner):
                yield from written(inner)
            case Simultaneous(moves=moves):
                for move in moves:
                    yield move.name
            case Move(name=name) | Nature(name=name) | Signal(name=name) | Race(name=name):
                yield name
            case Update(state=state):
                yield state
            case _:
                pass


def _repeat(step: Repeat, code: list[Instruction], scenario: Scenario) -> None:
    exits: list[int] = []
    remembered = tuple(dict.fromkeys(written(step.story)))
    if step.discount is not None:
        _forever(step, code, scenario, remembered)
        return
    for number in range(1, step.times + 1):
        _emit(code, Round(step.counter, number, remembered))
        _block(step.story, code, scenario)
        if step.until is not None and number < step.times:
            exits.append(len(code))
            _emit(code, Skip(step.until, -1, True, step))
    for position in exits:
        skip = code[position]
        assert isinstance(skip, Skip)
        code[position] = Skip(skip.condition, len(code), True, step)


def _forever(step: Repeat, code: list[Instruction], scenario: Scenario, remembered: tuple[str, ...]) -> None:
    """One round, at whose end the story goes back to its head."""
    _emit(code, Round(None, 1, remembered))
    head = len(code)
    _emit(code, Head(step))
    _block(step.story, code, scenario)
    if step.until is not None:
        _emit(code, Skip(step.until, len(code) + 2, True, step))
    _emit(code, Return(head, remembered))


def _named(instruction: Instruction, scenario: Scenario) -> tuple[str, ...]:
    """Return the variables that an instruction looks at other than through an expression."""
    match instruction:
        case Round(remembered=names) | Show(variables=names):
            return names
        case Move(player=player):
            return scenario.players[player].remembers or ()
        case Signal(of=of):
            return (of,)
        case _:
            return ()


def _expressions(instruction: Instruction) -> Iterator[Expression | str | None]:
    match instruction:
        case Skip(condition=condition):
            yield condition
        case Move(options=options) | Nature(options=options) | Update(options=options):
            for option in options:
                yield from (option.chance, option.when)
            if isinstance(instruction, Update):
                yield instruction.value
            if isinstance(instruction, Nature):
                yield instruction.weight
        case Signal(error=error, chances=chances):
            yield error
            for row in (chances or {}).values():
                yield from row
        case Race(clocks=clocks, horizon=horizon, flow=flow):
            yield horizon
            yield from flow.values()
            for clock in clocks:
                yield from (clock.rate, clock.when)
        case Reward(payoffs=payoffs):
            yield from payoffs.values()
        case Endings(endings=endings):
            yield from (ending.when for ending in endings)
        case _:
            return


def _reads(instruction: Instruction, scenario: Scenario) -> Iterator[Fact]:
    for name in _named(instruction, scenario):
        yield ("label", name)
    # in a weight, the step's own name is the option at hand, not what happened before
    own = ("label", instruction.name) if isinstance(instruction, Nature) else None
    for expression in _expressions(instruction):
        if isinstance(expression, Expression):
            yield from (fact for fact in facts(expression.root, scenario) if fact != own)


def _writes(instruction: Instruction) -> Iterator[Fact]:
    match instruction:
        case Round(counter=counter, remembered=remembered):
            if counter is not None:
                yield ("counter", counter)
            for name in remembered:
                yield ("before", name)
        case Move(name=name) | Nature(name=name) | Race(name=name):
            yield ("label", name)
        case Update(state=state):
            yield ("label", state)
        case _:  # a signal of something that has not happened is skipped, so it may leave the old label
            pass


def liveness(
    code: tuple[Instruction, ...], scenario: Scenario, end: frozenset[Fact], rules: Iterable[Fact] = ()
) -> list[frozenset[Fact]]:
    """Return, for every position, the facts that a later instruction or the end may still read.

    Parameters
    ----------
    code
        The unrolled story.
    scenario
        Whose definitions and players are meant.
    end
        Facts read at the end: by payoffs and by what is measured.
    rules
        Facts read at the focal player's moves by rules of policies.

    Returns
    -------
    One set per position and one more for the end.
    """
    head = next((place for place, each in enumerate(code) if isinstance(each, Head)), None)
    back: frozenset[Fact] | None = None if head is None else frozenset()
    while True:  # what the next round asks for is needed at the end of this one
        live = _backwards(code, scenario, end, frozenset(rules), back)
        if head is None or back is None or live[head] <= back:
            return live
        back = back | live[head]


def _backwards(
    code: tuple[Instruction, ...],
    scenario: Scenario,
    end: frozenset[Fact],
    at_moves: frozenset[Fact],
    back: frozenset[Fact] | None,
) -> list[frozenset[Fact]]:
    """:func:`liveness`, with what is needed when a next round begins; None without endless rounds."""
    live: list[frozenset[Fact]] = [frozenset()] * len(code) + [end]
    cache: dict[int, frozenset[Fact]] = {}
    for position in reversed(range(len(code))):
        instruction = code[position]
        after = live[position + 1]
        if isinstance(instruction, Return) and back is not None:
            live[position] = end | frozenset(_at_return(instruction, back))
            continue
        if isinstance(instruction, Skip):
            after = after | live[instruction.target]
        if isinstance(instruction, Endings):
            after = after | end
        reads = cache.get(id(instruction))
        if reads is None:
            reads = cache[id(instruction)] = frozenset(_reads(instruction, scenario))
        if isinstance(instruction, Round):  # remembering x is a read only where the memory is used
            reads = frozenset(("label", name) for name in instruction.remembered if ("before", name) in after)
        if isinstance(instruction, Move):
            reads = reads | at_moves
        written_here = frozenset(_writes(instruction))
        if back is not None and isinstance(instruction, Signal):
            # What was shown in an earlier round has happened, so it is shown anew: no old label is left.
            written_here = frozenset({("label", instruction.name)})
        live[position] = (after - written_here) | reads
    return live


def _at_return(instruction: Return, back: frozenset[Fact]) -> Iterator[Fact]:
    """Yield what must be known at the end of a round so that ``back`` is known when the next begins."""
    for fact in back:
        remembered = fact[0] == "before" and fact[1] in instruction.remembered
        yield ("label", fact[1]) if remembered else fact
