"""Which policies an expression needs: what a run that left some out did not measure.

What lives here: the policies behind the quantities of an expression. What may not: values, sentences.
"""

from __future__ import annotations

from collections.abc import Iterator

from parley.scenario.model import Scenario
from parley.scenario.syntax import Call, Kind, Node, Reference
from parley.scenario.unparsing import children, references

__all__ = ["left_out"]

QUANTITIES = frozenset({"P", "E", "payoff", "belief", "time"})  # what is measured under a policy


def left_out(
    scenario: Scenario, root: Node, policies: tuple[str, ...], default: str | None = None
) -> tuple[str, ...]:
    """Return the policies that an expression needs and a run left out, in the order of the text.

    Parameters
    ----------
    scenario
        Whose definitions and policies the expression refers to.
    root
        The expression.
    policies
        The policies that were run.
    default
        The policy of quantities that name none; None where they are measured under each policy in turn.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load(parley.catalog.template())
    >>> claim = scenario.claims["accept"].derives
    >>> left_out(scenario, claim.root, ("accept",))
    ('strike',)
    """
    if scenario.comparison is None:
        return ()
    named = (_policy(quantity) or default for quantity in _quantities(scenario, root))
    return tuple(dict.fromkeys(name for name in named if name is not None and name not in policies))


def _quantities(scenario: Scenario, node: Node) -> Iterator[Call]:
    """Yield the quantities inside an expression, through definitions."""
    if isinstance(node, Call) and node.function in QUANTITIES:
        yield node
        return
    if isinstance(node, Reference) and node.kind is Kind.DEFINITION:
        yield from _quantities(scenario, scenario.definitions[node.name].expression.root)
    for child in children(node):
        yield from _quantities(scenario, child)


def _policy(quantity: Call) -> str | None:
    if quantity.given is None:
        return None
    return next((each.name for each in references(quantity.given) if each.kind is Kind.POLICY), None)
