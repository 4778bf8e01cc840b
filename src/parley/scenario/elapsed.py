"""Time elapsed enters linearly.

What lives here: one check. Expected payoffs are computed exactly because ``time(race)`` stands for its
expectation; that is right for sums, multiples, and products of different races' times, and for nothing else.
What may not: computing times.
"""

from __future__ import annotations

from parley.scenario.expression import subtrees
from parley.scenario.model import Expression, Scenario, Span
from parley.scenario.syntax import Arithmetic, Call, Compare, Conditional, Kind, Negate, Node, Reference
from parley.scenario.trees import constant
from parley.scenario.uses import everything
from parley.scenario.values import Reader

__all__ = ["check_elapsed"]


class _NotLinear(Exception):  # noqa: N818
    """Carries what was found and where: offsets into the expression."""

    def __init__(self, node: Node, what: str) -> None:
        super().__init__(what)
        self.node, self.what = node, what


def check_elapsed(reader: Reader, scenario: Scenario) -> None:
    """Report `time(...)` where the expectation of the whole is not the whole of the expectations.

    Parameters
    ----------
    reader
        Takes note of faults.
    scenario
        Its definitions must not go round in a circle.
    """
    definitions = _Definitions(scenario)
    for use in everything(scenario):
        inside: list[Node] = [use.expression.root]
        if use.role == "quantity":
            inside = [
                each
                for node in subtrees(use.expression.root)
                if isinstance(node, Call) and node.function == "E"
                for each in node.arguments
            ]
        for root in inside:
            _check(reader, definitions, use.expression, root, chance=use.role == "chance")


class _Definitions:
    """The races whose time enters each definition, found once: definitions of definitions would double."""

    def __init__(self, scenario: Scenario) -> None:
        self._trees = {name: each.expression.root for name, each in scenario.definitions.items()}
        self._known: dict[str, frozenset[str]] = {}

    def times(self, node: Reference) -> frozenset[str]:
        """Return the races whose time enters a definition, or raise as :func:`_times` does."""
        tree = self._trees.get(node.name)
        if tree is None:
            return frozenset()
        if node.name not in self._known:
            try:
                self._known[node.name] = _times(self, tree)
            except _NotLinear as fault:
                raise _NotLinear(node, f"{fault.what}, as it does in `{node.name}`") from None
        return self._known[node.name]


def _check(
    reader: Reader, definitions: _Definitions, expression: Expression, root: Node, *, chance: bool
) -> None:
    try:
        found = _times(definitions, root)
    except _NotLinear as fault:
        node, what = fault.node, fault.what
    else:
        if not (chance and found):
            return
        node, what = root, "in a chance or a rate"
    span = expression.span
    reader.fault(
        "P608",
        Span(span.file, span.line, span.column + node.start, max(node.end - node.start, 1)),
        f"`time(...)` may not stand {what}",
        "Add it, or multiply it by numbers: only then does the average time say what is got on average.",
    )


def _times(definitions: _Definitions, node: Node) -> frozenset[str]:
    """Return the races whose time enters, or raise when one enters otherwise than linearly."""
    if isinstance(node, Call):
        if node.function == "time":
            return frozenset(each.name for each in node.arguments if isinstance(each, Reference))
        if node.function in ("min", "max", "exp", "log", "sqrt", "abs", "Phi"):
            _none(definitions, node.arguments, node, f"inside `{node.function}`")
        return frozenset()
    if isinstance(node, Arithmetic):
        return _arithmetic(definitions, node)
    if isinstance(node, Negate):
        return _times(definitions, node.operand)
    if isinstance(node, Conditional):
        _none(definitions, (node.test,), node, "in the condition of an `if`")
        return _times(definitions, node.then) | _times(definitions, node.otherwise)
    if isinstance(node, Compare):
        _none(definitions, (node.left, node.right), node, "in a comparison")
        return frozenset()
    if isinstance(node, Reference) and node.kind is Kind.DEFINITION:
        return definitions.times(node)
    for below in subtrees(node):
        if below is not node and isinstance(below, Compare | Call):
            _times(definitions, below)
    return frozenset()


def _none(definitions: _Definitions, parts: tuple[Node, ...], whole: Node, what: str) -> None:
    for part in parts:
        if _times(definitions, part):
            raise _NotLinear(whole, what)


def _arithmetic(definitions: _Definitions, node: Arithmetic) -> frozenset[str]:
    left, right = _times(definitions, node.left), _times(definitions, node.right)
    if node.operator in "+-":
        return left | right
    if node.operator == "*":
        if left & right:
            raise _NotLinear(node, "in a product with itself")
        return left | right
    if node.operator == "/" and right:
        raise _NotLinear(node, "below a fraction bar")
    if node.operator == "^" and (right or (left and constant(node.right) != 1)):
        raise _NotLinear(node, "in a power")
    return left
