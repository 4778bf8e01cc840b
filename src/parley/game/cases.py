"""Cases told by the model: for each, a scenario that asks for what happened under what was given.

What lives here: what of a case becomes a rule, a number, an option or a condition. What may not: NumPy (the
checks of a scenario use this), solving, scores.

What was given of a *move* becomes a committed rule, as of a policy: everybody knows it, and nothing is
learned from it about who made it. *Parameters* and *switches* take the given value in every reading. All
that the story tells (what players and nature did, what signals, races and states came to) is a condition as
well: the model is asked for the chance of what happened among the ways the story could go in which it holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from types import MappingProxyType

from parley.errors import GameError
from parley.scenario.model import (
    Case,
    Comparison,
    Draw,
    Expression,
    Judgement,
    Policy,
    Quantity,
    Rule,
    Scenario,
)
from parley.scenario.settings import apply
from parley.scenario.syntax import Both, Call, Is, Kind, Node, Reference
from parley.scenario.uses import moves

__all__ = ["Telling", "given_numbers", "tellings", "under"]

Given = Mapping[str, str | float]


@dataclass(frozen=True, slots=True)
class Telling:
    """Cases that are told with the same numbers and switches.

    ``scenario`` compares one policy per way in which moves were given, and has one quantity per case and
    event: ``events[case]`` are their names, what happened first. ``baseline[case]`` are the same had the
    focal player followed the scenario's first policy; empty where nothing is compared.
    """

    scenario: Scenario
    events: Mapping[str, tuple[str, ...]]
    baseline: Mapping[str, tuple[str, ...]]

    def without_baseline(self) -> Scenario:
        """Return the scenario without what is asked under the first policy."""
        own = {name for names in self.events.values() for name in names}
        kept = {name: each for name, each in self.scenario.quantities.items() if name in own}
        return replace(self.scenario, quantities=MappingProxyType(kept))


def tellings(scenario: Scenario) -> tuple[Telling, ...]:
    """Return what to solve for the cases of a scenario that ask for an event of its story.

    Parameters
    ----------
    scenario
        With ``cases``; those with a forecast or a clock need no story.

    Raises
    ------
    GameError
        A case has no event.

    Examples
    --------
    >>> import parley
    >>> [(list(each.events), list(each.scenario.comparison.policies)) for each in
    ...  tellings(parley.load("taliban-talks"))][0][1][:2]
    ['as in bajaur-2006', 'as in swat-2009']
    """
    groups: dict[tuple[tuple[str, str | float], ...], list[Case]] = {}
    for case in scenario.cases.values():
        if case.forecast is None and case.clock is None:
            groups.setdefault(tuple(sorted(given_numbers(scenario, case).items())), []).append(case)
    return tuple(_telling(under(scenario, cases[0]), cases) for cases in groups.values())


def given_numbers(scenario: Scenario, case: Case) -> dict[str, str | float]:
    """Return the parameters and switches that a case gives, with their values and options."""
    known = {*scenario.parameters, *scenario.switches}
    return {name: value for name, value in case.given.items() if name in known}


def under(scenario: Scenario, case: Case) -> Scenario:
    """Return the scenario with the parameters and switches that a case gives, whatever was set before.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> case = next(iter(scenario.cases.values()))
    >>> under(scenario, case).parameters["horizon"].judgement.numbers
    (0.329,)
    """
    given: dict[str, Draw] = {}
    for name, value in given_numbers(scenario, case).items():
        if isinstance(value, str):
            given[name] = Draw(None, None, value, case.span)
        else:
            judgement = Judgement("fixed", (value,), None, None, None, case.span)
            given[name] = Draw(judgement, None, None, case.span)
    return apply(scenario, {**scenario.overrides, **given}) if given else scenario


def _telling(scenario: Scenario, cases: list[Case]) -> Telling:
    policies: dict[str, Policy] = {}
    quantities: dict[str, Quantity] = {}
    events: dict[str, tuple[str, ...]] = {}
    baseline: dict[str, tuple[str, ...]] = {}
    for case in cases:
        policy = Policy(f"as in {case.name}", _rules(case.given, scenario, case), False, case.span)
        asked = tuple(_quantities(case.given, scenario, case, _known(policies, policy)))
        events[case.name] = tuple(each.name for each in asked)
        others, usual = _baseline(scenario, case)
        if usual is not None:
            asked += tuple(_quantities(others, scenario, case, _known(policies, usual)))
        baseline[case.name] = tuple(each.name for each in asked[len(events[case.name]) :])
        quantities |= {each.name: each for each in asked}
    first = next(iter(policies))
    player = next((move.player for move in moves(scenario)), next(iter(scenario.players)))
    asking = replace(
        scenario,
        comparison=Comparison(player, MappingProxyType(policies), first, (), cases[0].span),
        quantities=MappingProxyType(quantities),
        claims=MappingProxyType({}),
        expected=(),
    )
    return Telling(asking, MappingProxyType(events), MappingProxyType(baseline))


def _quantities(given: Given, scenario: Scenario, case: Case, policy: str) -> Iterator[Quantity]:
    """Yield the chance of what happened and of all that could have, under a policy and what was given."""
    if case.happened is None:
        raise GameError(f"the case '{case.name}' has no event to ask for")
    for number, event in enumerate((case.happened, *case.instead)):
        end = len(event.source)
        conditions: list[Node] = [Reference(Kind.POLICY, policy, 0, end)]
        conditions += _conditions(given, scenario, end)
        call = Call("P", (event.root,), reduce(lambda a, b: Both(a, b, 0, end), conditions), 0, end)
        name = f"{case.name}: {number} {policy}"
        yield Quantity(name, Expression(event.source, call, event.span), None, case.span)


def _known(policies: dict[str, Policy], wanted: Policy) -> str:
    """Return the name of a policy with the same rules, which is added when there is none."""
    for name, policy in policies.items():
        if _same(policy) == _same(wanted):
            return name
    policies[wanted.name] = wanted
    return wanted.name


def _same(policy: Policy) -> object:
    return policy.intended, [(rule.move, dict(rule.mix), rule.when) for rule in policy.rules]


def _rules(given: Given, scenario: Scenario, case: Case) -> tuple[Rule, ...]:
    known = {move.name for move in moves(scenario)}
    return tuple(
        Rule(name, MappingProxyType({str(label): 1.0}), None, case.span)
        for name, label in given.items()
        if name in known
    )


def _baseline(scenario: Scenario, case: Case) -> tuple[Given, Policy | None]:
    """Return what a case gives besides moves of the focal player, and the first policy with it."""
    comparison = scenario.comparison
    if comparison is None:
        return {}, None
    first = next(iter(comparison.policies.values()))
    own = {move.name for move in moves(scenario) if move.player == comparison.player}
    others = {name: label for name, label in case.given.items() if name not in own}
    rules = (*first.rules, *_rules(others, scenario, case))
    return others, Policy(f"{first.name} in {case.name}", rules, first.intended, case.span)


def _conditions(given: Given, scenario: Scenario, end: int) -> Iterator[Node]:
    """Yield what is given of the story."""
    for name, label in given.items():
        if name not in scenario.parameters and name not in scenario.switches:
            kind = Kind.STATE if name in scenario.states else Kind.VARIABLE
            yield Is(Reference(kind, name, 0, end), str(label), False, 0, end)
