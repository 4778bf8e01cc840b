"""Where expressions stand in a scenario, and what they lead to.

What lives here: walking over every expression, and following definitions. What may not: judging what is
found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from parley.scenario.expression import references
from parley.scenario.model import (
    Endings,
    Expression,
    Group,
    Move,
    Nature,
    Option,
    Race,
    Repeat,
    Reward,
    Scenario,
    Signal,
    Simultaneous,
    Step,
    Update,
)
from parley.scenario.syntax import Kind

__all__ = ["Use", "everything", "in_story", "leads_to", "moves", "questions", "steps", "wishes"]


@dataclass(frozen=True, slots=True)
class Use:
    """An expression where it is used; ``repeated`` whether it stands inside a ``repeat``.

    ``role`` is condition, chance, update, reward, payoff, constant or quantity.
    """

    expression: Expression
    role: str
    repeated: bool = False


def steps(story: tuple[Step, ...], repeated: bool = False) -> Iterator[tuple[Step, bool]]:
    """Yield every step, the ones inside others too, with whether it stands inside a ``repeat``.

    Examples
    --------
    >>> list(steps(()))
    []
    """
    for step in story:
        yield step, repeated
        if isinstance(step, Repeat | Group):
            yield from steps(step.story, repeated or isinstance(step, Repeat))
        elif isinstance(step, Simultaneous):
            yield from ((move, repeated) for move in step.moves)


def moves(scenario: Scenario) -> Iterator[Move]:
    """Yield every move of a player."""
    return (step for step, _ in steps(scenario.story) if isinstance(step, Move))


def in_story(scenario: Scenario) -> Iterator[Use]:
    """Yield every expression of the story, in the order of the text."""
    for step, repeated in steps(scenario.story):
        if isinstance(step, Repeat):
            yield from (Use(each, "constant", repeated) for each in (step.discount or {}).values())
        for expression, role in _of_step(step):
            # `until` is tested at the end of a round, so the round before can be asked for.
            inside = repeated or (isinstance(step, Repeat) and expression is step.until)
            yield Use(expression, role, inside)


def _of_step(step: Step) -> Iterator[tuple[Expression, str]]:
    if step.when is not None:
        yield step.when, "condition"
    if isinstance(step, Nature | Move | Update):
        yield from _of_options(step.options)
    if isinstance(step, Nature) and step.weight is not None:
        yield step.weight, "chance"
    if isinstance(step, Update) and isinstance(step.value, Expression):
        yield step.value, "update"
    elif isinstance(step, Signal):
        yield from _of_signal(step)
    elif isinstance(step, Race):
        yield from _of_race(step)
    elif isinstance(step, Repeat) and step.until is not None:
        yield step.until, "condition"
    elif isinstance(step, Reward):
        yield from ((expression, "reward") for expression in step.payoffs.values())
    elif isinstance(step, Endings):
        yield from ((each.when, "condition") for each in step.endings if each.when is not None)


def _of_options(options: tuple[Option, ...]) -> Iterator[tuple[Expression, str]]:
    for option in options:
        if option.when is not None:
            yield option.when, "condition"
        if option.chance is not None:
            yield option.chance, "chance"


def _of_signal(step: Signal) -> Iterator[tuple[Expression, str]]:
    if step.error is not None:
        yield step.error, "chance"
    for row in (step.chances or {}).values():
        yield from ((chance, "chance") for chance in row if chance is not None)


def _of_race(step: Race) -> Iterator[tuple[Expression, str]]:
    for clock in step.clocks:
        yield clock.rate, "chance"
        if clock.when is not None:
            yield clock.when, "condition"
    if step.horizon is not None:
        yield step.horizon, "chance"
    yield from ((flow, "reward") for flow in step.flow.values())


def wishes(scenario: Scenario) -> Iterator[Use]:
    """Yield every expression of the payoffs."""
    for payoff in scenario.payoffs.values():
        yield from (Use(expression, "payoff") for expression in payoff.by_outcome.values())
        if payoff.otherwise is not None:
            yield Use(payoff.otherwise, "payoff")
        yield from (Use(expression, "payoff") for expression in payoff.add)


def questions(scenario: Scenario) -> Iterator[Use]:
    """Yield every expression that asks something of the model: criteria, quantities, claims, cases."""
    if scenario.comparison is not None:
        yield from (Use(criterion.expression, "quantity") for criterion in scenario.comparison.by)
        for policy in scenario.comparison.policies.values():
            yield from (Use(rule.when, "condition") for rule in policy.rules if rule.when is not None)
    yield from (Use(quantity.expression, "quantity") for quantity in scenario.quantities.values())
    yield from (Use(claim.derives, "quantity") for claim in scenario.claims.values() if claim.derives)
    for case in scenario.cases.values():
        events = (case.happened, *case.instead)
        yield from (Use(event, "condition") for event in events if event is not None)
        yield from (Use(each, "constant") for each in (case.forecast, case.clock) if each is not None)
    yield from (Use(item.expression, "quantity") for item in scenario.expected)
    yield from (Use(each.expression, "quantity") for sweep in scenario.sweeps for each in sweep.show)


def everything(scenario: Scenario) -> Iterator[Use]:
    """Yield every expression but the definitions, which count where they are used."""
    if scenario.precision is not None:
        yield Use(scenario.precision, "constant")
    yield from (Use(each.when, "condition") for each in scenario.errors if each.when is not None)
    for player in scenario.players.values():
        yield from (Use(each, "constant") for each in (player.precision, player.stake) if each is not None)
        yield from (Use(each.when, "condition") for each in player.errors or () if each.when is not None)
    yield from in_story(scenario)
    yield from wishes(scenario)
    yield from questions(scenario)
    for challenge in scenario.challenges.values():
        yield from (Use(draw.expression, "constant") for draw in challenge.set.values() if draw.expression)
    yield from (Use(draw.expression, "constant") for draw in scenario.overrides.values() if draw.expression)


def leads_to(scenario: Scenario, expression: Expression) -> set[tuple[Kind, str]]:
    """Return every name in an expression and in the definitions that it leads to.

    Parameters
    ----------
    scenario
        Holds the definitions; they may go round in a circle.
    expression
        Where to begin.
    """
    found: set[tuple[Kind, str]] = set()
    waiting = [expression]
    while waiting:
        for reference in references(waiting.pop().root):
            name = (reference.kind, reference.name)
            if name in found:
                continue
            found.add(name)
            if reference.kind is Kind.DEFINITION and reference.name in scenario.definitions:
                waiting.append(scenario.definitions[reference.name].expression)
    return found
