"""Constant trees.

What lives here: the value of an expression made of numbers alone. What may not: parsing, or values of
parameters.
"""

from __future__ import annotations

from parley.scenario.syntax import Arithmetic, Negate, Node, Number

__all__ = ["constant"]


def constant(node: Node) -> float | None:
    """Return the value of a tree made of numbers alone, else None.

    Examples
    --------
    >>> constant(Arithmetic("/", Number(1.0, 0, 1), Number(4.0, 2, 3), 0, 3))
    0.25
    """
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Negate):
        inner = constant(node.operand)
        return None if inner is None else -inner
    if not isinstance(node, Arithmetic):
        return None
    left, right = constant(node.left), constant(node.right)
    if left is None or right is None:
        return None
    try:
        return _apply(node.operator, left, right)
    except (ArithmeticError, ValueError):
        return None


def _apply(operator: str, left: float, right: float) -> float | None:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if operator == "/":
        return left / right
    power = left**right
    return power if isinstance(power, float) else None
