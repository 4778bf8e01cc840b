"""The states in which a round without a last one can begin.

What lives here: which facts pass from round to round, whether everybody sees them, and a number for every
state. What may not: NumPy, the walk.

A round depends on earlier ones through its *head state* alone: the facts that it, or a later round, still
reads. Players know the head state and nothing else of earlier rounds, so that their behaviour is Markov in
it. What they do not all see must therefore not pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from parley.errors import GameError
from parley.game.flatten import Fact, Head, Instruction, written
from parley.scenario.model import Group, Move, Repeat, Reveal, Scenario, Span, Step
from parley.scenario.uses import steps

__all__ = ["HEAD_LIMIT", "Heads", "find"]

HEAD_LIMIT = 100
"""Head states: values of all of them are solved for together."""

Fault = Callable[[str, str, Span | None], GameError]


@dataclass(slots=True)
class Heads:
    """Head states by number, in the order of discovery.

    ``facts`` are what passes; ``labels`` say each state in words; ``discount`` is one register per player.
    """

    position: int
    step: Repeat
    facts: tuple[Fact, ...]
    labels: list[str] = field(default_factory=list)
    discount: tuple[int, ...] = ()
    known: dict[tuple[object, ...], int] = field(default_factory=dict)

    def number(self, values: Sequence[object]) -> tuple[int, bool]:
        """Return the number of the state with these values of the facts, and whether it is new.

        Raises
        ------
        GameError
            When there are more than :data:`HEAD_LIMIT` states.
        """
        key = tuple(values)
        number = self.known.get(key)
        if number is not None:
            return number, False
        if len(self.labels) >= HEAD_LIMIT:
            raise GameError(
                f"more than {HEAD_LIMIT} different states can pass from one round to the next: let rounds "
                "ask for less, or give states fewer values"
            )
        number = self.known[key] = len(self.labels)
        self.labels.append(", ".join(_words(self.facts, key)) or "any round")
        return number, True


def _words(facts: Iterable[Fact], values: Iterable[object]) -> Iterator[str]:
    for fact, value in zip(facts, values, strict=True):
        name = f"last {fact[1]}" if fact[0] == "before" else fact[1]
        yield f"{name}: {'nothing' if value is None else value}"


def find(
    scenario: Scenario,
    code: Sequence[Instruction],
    live: Sequence[Sequence[Fact]],
    played: Sequence[Iterable[Fact]],
    fault: Fault,
) -> Heads | None:
    """Find where rounds without a last one begin, and insist that what passes may pass.

    Parameters
    ----------
    scenario, code
        The story and its instructions.
    live
        For every position the facts that may still be read.
    played
        The same without what is only measured: what decides on chances, choices, payoffs.
    fault
        Makes an error out of a kind, a message and a place.

    Raises
    ------
    GameError
        When something hidden passes (kind "hidden state"), or a count (kind "count").
    """
    for position, instruction in enumerate(code):
        if isinstance(instruction, Head):
            step = instruction.step
            inside = set(written(step.story))
            for fact in live[position]:
                if fact[0] in ("times", "elapsed") and fact[1] in inside:
                    word = "times" if fact[0] == "times" else "time"
                    message = f"'{word}({fact[1]} ...)' grows without end, and something asks for it"
                    raise fault("count", message, step.span)
            movers = {each.player for each in code[position:] if isinstance(each, Move)}
            for fact in sorted(played[position]):
                _insist_seen(scenario, fact, movers, step, fault)
            return Heads(position, step, tuple(live[position]))
    return None


def _insist_seen(scenario: Scenario, fact: Fact, movers: set[str], step: Repeat, fault: Fault) -> None:
    """Insist that everybody who moves in the rounds knows a fact."""
    if fact[0] not in ("label", "before"):
        return
    blind = sorted(movers - _seen_by(scenario, fact[1], step))
    if blind:
        what = f"'{fact[1]}' passes from round to round, or into the first"
        message = f"{what}, but {blind[0]} does not always see it"
        raise fault("hidden state", message, step.span)


def _seen_by(scenario: Scenario, name: str, loop: Repeat) -> set[str]:
    """Return the players who are certain to see the value of a variable or state."""
    everybody = set(scenario.players)
    state = scenario.states.get(name)
    if state is not None:
        found = everybody if state.seen_by is None else set(state.seen_by)
    else:
        found = set(everybody)
        for step, _ in steps(scenario.story):
            if getattr(step, "name", None) == name:
                seen_by = getattr(step, "seen_by", None)
                mover = {step.player} if isinstance(step, Move) else set()
                found = everybody if seen_by is None else {*seen_by, *mover}
    for each in _unconditional((*scenario.story, *loop.story)):
        if isinstance(each, Reveal) and name in each.variables:
            found = found | (everybody if each.seen_by is None else set(each.seen_by))
    return found


def _unconditional(story: Iterable[Step]) -> Iterator[Step]:
    """Yield the steps that are always taken."""
    for step in story:
        if step.when is None:
            yield step
            if isinstance(step, Group):
                yield from _unconditional(step.story)
