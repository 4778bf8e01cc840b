"""Expressions brought down to registers, at one point of one story.

What lives here: the meaning of every expression of the language given what has happened so far. What may
not: NumPy, the walk over the story.

At any point of a story all that is discrete is known (moves, states, rounds, switches), so that only
parameters stay symbolic. A condition that depends on what happened alone lowers to a constant register.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from parley.errors import GameError
from parley.game.symbolic import Builder
from parley.scenario.model import Expression, Scenario
from parley.scenario.syntax import (
    Arithmetic,
    Both,
    Call,
    Compare,
    Conditional,
    Either,
    Is,
    Kind,
    Negate,
    Node,
    Not,
    Number,
    Reference,
)

__all__ = ["Lowering", "LoweringError", "Situation"]

_ARITHMETIC = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "power"}
_FOLDED = {"min": "minimum", "max": "maximum"}
_UNARY = {"exp": "exp", "log": "log", "sqrt": "sqrt", "abs": "abs", "Phi": "cdf"}


class LoweringError(GameError):
    """An expression has no value at this point of the story; ``node`` is the part at fault."""

    def __init__(self, message: str, node: Node) -> None:
        super().__init__(message)
        self.node = node


@dataclass(slots=True)
class Situation:
    """What is known at one point of the story.

    ``labels`` maps a variable, state or switch to its current label (absent: has not happened); ``before``
    the same for the round before; ``counters`` a repeat's counter to the round; ``times`` (variable, label)
    to how often; ``elapsed`` a race to the register of its total expected time; ``outcome`` is the ending,
    once there is one.
    """

    labels: Mapping[str, str]
    counters: Mapping[str, int] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[tuple[str, str], int] = field(default_factory=dict)
    elapsed: Mapping[str, int] = field(default_factory=dict)
    outcome: str | None = None


class Lowering:
    """Lowers the expressions of one scenario into one builder.

    ``leaves`` maps the source text of quantities (``P(...)`` and so on) to registers; without it a quantity
    is a fault.
    """

    def __init__(
        self,
        scenario: Scenario,
        builder: Builder,
        numbers: Mapping[tuple[str, str], float],
        leaves: Mapping[Call, int] | None = None,
    ) -> None:
        self.scenario = scenario
        self.builder = builder
        self.numbers = numbers
        self.leaves = leaves or {}
        self._defined: dict[str, int] = {}  # definitions met in the expression at hand

    def lower(self, expression: Expression, situation: Situation) -> int:
        """Return the register of an expression's value."""
        return self.node(expression.root, situation)

    def node(self, node: Node, at: Situation) -> int:
        """Return the register of a node's value; truth is 1 or 0.

        A definition is brought down once per expression: definitions of definitions would double otherwise.
        """
        self._defined = {}
        return self._node(node, at)

    def _node(self, node: Node, at: Situation) -> int:
        apply = self.builder.apply
        match node:
            case Number(value=value):
                return self.builder.constant(value)
            case Reference():
                return self._reference(node, at)
            case Is():
                return self.builder.constant(float(self._holds(node, at)))
            case Negate(operand=operand):
                return apply("negate", self._node(operand, at))
            case Not(operand=operand):
                return apply("not", self._node(operand, at))
            case Arithmetic(operator=operator, left=left, right=right):
                return apply(_ARITHMETIC[operator], self._node(left, at), self._node(right, at))
            case Compare(operator=operator, left=left, right=right):
                return self._compare(operator, self._node(left, at), self._node(right, at))
            case Both() | Either():
                return self._connect(node, at)
            case Conditional(test=test, then=then, otherwise=otherwise):
                return self._conditional(test, then, otherwise, at)
            case Call():
                return self._call(node, at)

    def _connect(self, node: Both | Either, at: Situation) -> int:
        left = self._node(node.left, at)
        known = self.builder.value(left)
        if known is not None and (known == 0) == isinstance(node, Both):
            return self.builder.constant(float(isinstance(node, Either)))
        return self.builder.apply("and" if isinstance(node, Both) else "or", left, self._node(node.right, at))

    def _conditional(self, test: Node, then: Node, otherwise: Node, at: Situation) -> int:
        register = self._node(test, at)
        known = self.builder.value(register)
        if known is not None:
            return self._node(then if known != 0 else otherwise, at)
        return self.builder.apply("where", register, self._node(then, at), self._node(otherwise, at))

    def _compare(self, operator: str, left: int, right: int) -> int:
        apply = self.builder.apply
        match operator:
            case "<":
                return apply("less", left, right)
            case "<=":
                return apply("lessequal", left, right)
            case ">":
                return apply("less", right, left)
            case ">=":
                return apply("lessequal", right, left)
            case "=":
                return apply("equal", left, right)
            case _:
                return apply("not", apply("equal", left, right))

    def _reference(self, node: Reference, at: Situation) -> int:
        constant = self.builder.constant
        match node.kind:
            case Kind.PARAMETER:
                replaced = self.scenario.overrides.get(node.name)
                if replaced is not None and replaced.expression is not None:
                    return self._once(node.name, replaced.expression, at)
                return self.builder.parameter(node.name)
            case Kind.DEFINITION:
                return self._once(node.name, self.scenario.definitions[node.name].expression, at)
            case Kind.OUTCOME:
                return constant(float(at.outcome == node.name))
            case Kind.COUNTER:
                if node.name not in at.counters:
                    raise LoweringError(f"'{node.name}' has no number before its first round", node)
                return constant(float(at.counters[node.name]))
            case Kind.VARIABLE | Kind.STATE | Kind.SWITCH:
                return constant(self._number(node, node.name, at.labels.get(node.name)))
            case _:
                raise LoweringError(f"'{node.name}' is a {node.kind.value} and has no number", node)

    def _once(self, name: str, expression: Expression, at: Situation) -> int:
        known = self._defined.get(name)
        if known is None:
            known = self._defined[name] = self._node(expression.root, at)
        return known

    def _number(self, node: Node, name: str, label: str | None) -> float:
        if label is None:
            raise LoweringError(f"'{name}' is used as a number where it has not happened", node)
        number = self.numbers.get((name, label))
        if number is None:
            raise LoweringError(f"'{name}' is '{label}' here, which is not a number", node)
        return number

    def _holds(self, node: Is, at: Situation) -> bool:
        subject: Node = node.subject
        label: str | None
        if isinstance(subject, Call) and subject.function == "last":
            argument = subject.arguments[0]
            assert isinstance(argument, Reference)
            label = at.before.get(argument.name)
        else:
            assert isinstance(subject, Reference)
            if subject.kind is Kind.COUNTER:
                count = at.counters.get(subject.name)
                label = None if count is None else str(count)
            else:
                label = at.labels.get(subject.name)
        return (label == node.label) != node.negated

    def _call(self, node: Call, at: Situation) -> int:
        if node in self.leaves:
            return self.leaves[node]
        apply, first = self.builder.apply, node.arguments[0]
        if node.function in _UNARY:
            return apply(_UNARY[node.function], self._node(first, at))
        if node.function in _FOLDED:
            register = self._node(first, at)
            for each in node.arguments[1:]:
                register = apply(_FOLDED[node.function], register, self._node(each, at))
            return register
        if node.given is None:
            if node.function == "times" and isinstance(first, Is) and isinstance(first.subject, Reference):
                return self.builder.constant(float(at.times.get((first.subject.name, first.label), 0)))
            if isinstance(first, Reference):
                return self._of_story(node, first, at)
        raise LoweringError(f"'{node.function}(...)' has no value inside the story", node)

    def _of_story(self, node: Call, argument: Reference, at: Situation) -> int:
        match node.function:
            case "last":
                return self.builder.constant(self._number(node, argument.name, at.before.get(argument.name)))
            case "happened":
                return self.builder.constant(float(argument.name in at.labels))
            case "time":
                return at.elapsed.get(argument.name, 0)
            case _:
                raise LoweringError(f"'{node.function}(...)' has no value inside the story", node)
