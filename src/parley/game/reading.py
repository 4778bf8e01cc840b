"""Small readings of a scenario and of a point of its story.

What lives here: what the walk asks again and again. What may not: NumPy, the walk itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from parley.game.flatten import Fact
from parley.game.lower import Situation
from parley.scenario.model import Expression, Payoff, Scenario, Step, Update

__all__ = ["DEFAULT_PRECISION", "begin_round", "fact_value", "numbers_of", "payoff_expressions"]

DEFAULT_PRECISION = 4.0  # of a player for whom the author states none


def begin_round(at: Situation, counter: str | None, number: int, remembered: Sequence[str]) -> None:
    """Set the counter of a repeat and remember the labels of the round before."""
    assert isinstance(at.before, dict)
    assert isinstance(at.counters, dict)
    if counter is not None:
        at.counters[counter] = number
    for name in remembered:
        if number > 1 and name in at.labels:
            at.before[name] = at.labels[name]
        else:  # there is no round before the first
            at.before.pop(name, None)


def fact_value(at: Situation, fact: Fact) -> object:
    """Return what a situation says of a fact; None when it has not happened."""
    match fact:
        case ("label", name):
            return at.labels.get(name)
        case ("before", name):
            return at.before.get(name)
        case ("counter", name):
            return at.counters.get(name)
        case ("elapsed", name):
            return at.elapsed.get(name)
        case (_, name, label):
            return at.times.get((name, label))
    raise AssertionError(fact)


def payoff_expressions(payoff: Payoff) -> Iterable[Expression]:
    """Yield every expression of a player's payoff."""
    yield from payoff.by_outcome.values()
    yield from payoff.add
    if payoff.otherwise is not None:
        yield payoff.otherwise


def numbers_of(scenario: Scenario) -> dict[tuple[str, str], float]:
    """Return the numeric value of every label that has one."""
    numbers: dict[tuple[str, str], float] = {}
    for state in scenario.states.values():
        if state.numeric:
            numbers.update({(state.name, value): float(value) for value in state.values})
    stack: list[Step] = list(scenario.story)
    while stack:
        step = stack.pop()
        stack.extend(getattr(step, "story", ()))
        stack.extend(getattr(step, "moves", ()))
        for option in getattr(step, "options", ()):
            if option.number is not None and not isinstance(step, Update):
                numbers[(getattr(step, "name", ""), option.label)] = option.number
    return numbers
