"""What a scenario asks about: the quantities in its claims, comparisons, reports and expectations.

What lives here: finding quantities in expressions, and which facts must stay known for them. What may not:
NumPy (the checks of a scenario use this), measuring.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from parley.game.flatten import Fact, facts
from parley.game.walk import Tracked
from parley.scenario.model import Expression, Scenario
from parley.scenario.syntax import Both, Call, Kind, Node, Reference
from parley.scenario.unparsing import children

__all__ = ["QUANTITIES", "Asked", "asked", "given_of", "policy_of", "quantities_in", "tracked"]

QUANTITIES = frozenset({"P", "E", "payoff", "belief", "time"})


@dataclass(frozen=True, slots=True)
class Asked:
    """An expression with quantities: ``kind`` is criterion, quantity, claim, expected or published.

    ``expected`` are published numbers that a run compares with, ``published`` those for other numbers or
    another solution concept, which are solved for apart.
    """

    kind: str
    name: str
    expression: Expression


def asked(scenario: Scenario) -> Iterator[Asked]:
    """Yield every expression of a scenario that asks for quantities."""
    if scenario.comparison is not None:
        for number, criterion in enumerate(scenario.comparison.by):
            yield Asked("criterion", str(number), criterion.expression)
    for quantity in scenario.quantities.values():
        yield Asked("quantity", quantity.name, quantity.expression)
    for claim in scenario.claims.values():
        if claim.derives is not None:
            yield Asked("claim", claim.name, claim.derives)
    for number, expectation in enumerate(scenario.expected):
        kind = "published" if expectation.apart else "expected"
        yield Asked(kind, str(number), expectation.expression)


def quantities_in(node: Node, scenario: Scenario, seen: set[str] | None = None) -> Iterator[Call]:
    """Yield the quantities inside an expression, through definitions (``seen``: looked through already)."""
    seen = set() if seen is None else seen
    if isinstance(node, Call) and node.function in QUANTITIES:
        yield node
        return
    if isinstance(node, Reference) and node.kind is Kind.DEFINITION and node.name not in seen:
        seen.add(node.name)
        yield from quantities_in(scenario.definitions[node.name].expression.root, scenario, seen)
    for child in children(node):
        yield from quantities_in(child, scenario, seen)


def _conjuncts(node: Node | None) -> Iterator[Node]:
    if isinstance(node, Both):
        yield from _conjuncts(node.left)
        yield from _conjuncts(node.right)
    elif node is not None:
        yield node


def policy_of(quantity: Call) -> str | None:
    """Return the policy named behind the bar of a quantity, if any."""
    for part in _conjuncts(quantity.given):
        if isinstance(part, Reference) and part.kind is Kind.POLICY:
            return part.name
    return None


def given_of(quantity: Call) -> tuple[tuple[Node, ...], str | None]:
    """Return the conditions behind the bar without the policy, and the move named by ``at``."""
    conditions: list[Node] = []
    move: str | None = None
    for part in _conjuncts(quantity.given):
        if isinstance(part, Call) and part.function == "at":
            target = part.arguments[0]
            assert isinstance(target, Reference)
            move = target.name
        elif not (isinstance(part, Reference) and part.kind is Kind.POLICY):
            conditions.append(part)
    return tuple(conditions), move


def tracked(scenario: Scenario) -> Tracked:
    """Return what must stay known to the end for a scenario's quantities to be measured.

    Examples
    --------
    >>> import parley
    >>> sorted(tracked(parley.load("which-event-first")).believers)
    []
    """
    known: set[Fact] = set()
    believers: set[str] = set()
    moves: set[str] = set()
    for each in asked(scenario):
        for quantity in quantities_in(each.expression.root, scenario):
            known.update(facts(quantity, scenario))
            _, move = given_of(quantity)
            if move is not None:
                moves.add(move)
            if quantity.function == "belief":
                player = quantity.arguments[0]
                assert isinstance(player, Reference)
                believers.add(player.name)
    return Tracked(frozenset(known), frozenset(believers), frozenset(moves))
