"""Trees of expressions taken apart, and written as text again.

What lives here: iteration over a tree, and its text. What may not: parsing, names of any one scenario.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parley.scenario.lexer import KEYWORDS
from parley.scenario.syntax import (
    Arithmetic,
    Both,
    Call,
    Compare,
    Conditional,
    Either,
    Is,
    Negate,
    Node,
    Not,
    Number,
    Reference,
)

__all__ = ["children", "references", "subtrees", "unparse"]


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts of a node, in the order of the text.

    Examples
    --------
    >>> children(Negate(Number(1.0, 1, 2), 0, 2))
    (Number(value=1.0, start=1, end=2),)
    """
    match node:
        case Arithmetic() | Compare() | Both() | Either():
            return (node.left, node.right)
        case Negate() | Not():
            return (node.operand,)
        case Is():
            return (node.subject,)
        case Conditional():
            return (node.then, node.test, node.otherwise)
        case Call():
            return node.arguments if node.given is None else (*node.arguments, node.given)
        case _:
            return ()


def subtrees(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, in the order of the text.

    Examples
    --------
    >>> len(list(subtrees(Negate(Number(1.0, 1, 2), 0, 2))))
    2
    """
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(reversed(children(each)))


def references(node: Node) -> Iterator[Reference]:
    """Yield every name that an expression refers to, definitions unexpanded.

    Examples
    --------
    >>> from parley.scenario.syntax import Kind
    >>> [each.name for each in references(Not(Reference(Kind.OUTCOME, "war", 4, 7), 0, 7))]
    ['war']
    """
    return (each for each in subtrees(node) if isinstance(each, Reference))


_LEVELS = {"+": 5, "-": 5, "*": 6, "/": 6, "^": 8}
_WORD = re.compile(r"[^\W\d]\w*")
_DIGITS = re.compile(r"[0-9]+")


def unparse(node: Node) -> str:
    """Write a tree as text that parses to the same tree, given the same names.

    Examples
    --------
    >>> from parley.scenario.syntax import Kind
    >>> unparse(Arithmetic("-", Number(1.0, 0, 1), Reference(Kind.PARAMETER, "p", 4, 5), 0, 5))
    '1 - p'
    """
    return _text(node, 0)


def _text(node: Node, level: int) -> str:
    own, text = _written(node)
    return f"({text})" if own < level else text


def _written(node: Node) -> tuple[int, str]:
    """Return how tightly a node binds, and its text."""
    match node:
        case Number(value=value):
            return 9, repr(int(value)) if value < 1e15 and value == int(value) else repr(value)
        case Reference(name=name):
            return 9, _quoted(name)
        case Call():
            return 9, _call_text(node)
        case Arithmetic(operator=operator, left=left, right=right):
            own = _LEVELS[operator]
            if operator == "^":
                return own, f"{_text(left, 9)} ^ {_text(right, 7)}"
            return own, f"{_text(left, own)} {operator} {_text(right, own + 1)}"
        case Negate(operand=operand):
            return 7, f"-{_text(operand, 7)}"
        case _:
            return _written_condition(node)


def _written_condition(node: Node) -> tuple[int, str]:
    match node:
        case Is(subject=subject, label=label, negated=negated):
            return 4, f"{_text(subject, 5)} {'is not' if negated else 'is'} {_quoted(label, label=True)}"
        case Compare(operator=operator, left=left, right=right):
            return 4, f"{_text(left, 5)} {operator} {_text(right, 5)}"
        case Not(operand=operand):
            return 3, f"not {_text(operand, 3)}"
        case Both(left=left, right=right):
            return 2, f"{_text(left, 2)} and {_text(right, 3)}"
        case Either(left=left, right=right):
            return 1, f"{_text(left, 1)} or {_text(right, 2)}"
        case Conditional(test=test, then=then, otherwise=otherwise):
            return 0, f"{_text(then, 1)} if {_text(test, 1)} else {_text(otherwise, 0)}"
        case _:
            raise TypeError(f"{node!r} is no node of an expression")


def _call_text(node: Call) -> str:
    if node.function == "at":
        return f"at {_text(node.arguments[0], 9)}"
    inside = ", ".join(_text(each, 0) for each in node.arguments)
    if node.given is None:
        return f"{node.function}({inside})"
    return f"{node.function}({inside} | {_text(node.given, 0)})"


def _quoted(name: str, *, label: bool = False) -> str:
    """Write a name; in quotes unless it is words (and whole numbers behind the first) without a keyword."""
    words = name.split(" ")
    plain = [
        (_WORD.fullmatch(word) is not None and word not in KEYWORDS)
        or ((place > 0 or label) and _DIGITS.fullmatch(word) is not None)
        for place, word in enumerate(words)
    ]
    if all(plain):
        return name
    return f"'{name}'" if "'" not in name else f'"{name}"'
