"""``errors``: how players err, for everybody and for one player.

What lives here: kinds of errors, the endings on which a shock falls, and when. What may not: what the errors
do to choices.
"""

from __future__ import annotations

from itertools import pairwise

from parley.scenario.declared import Declared
from parley.scenario.expression import Context
from parley.scenario.keys import SHAPES
from parley.scenario.model import Expression, Span
from parley.scenario.players import Errors
from parley.scenario.syntax import Kind
from parley.scenario.unparsing import references
from parley.scenario.values import Reader
from parley.scenario.yaml import Mapping, Scalar, Sequence, Value

__all__ = ["ERRORS", "ON_ENDINGS", "read_errors"]

ERRORS = SHAPES["errors"].names
ON_ENDINGS = "normal on endings"
_ALWAYS = ("otherwise", "always")


def read_errors(reader: Reader, declared: Declared, value: Value) -> tuple[Errors, ...]:
    """Read ``errors: normal`` or ``errors: {normal: model is probit, logistic: otherwise}``.

    Returns
    -------
    tuple of Errors
        In the order of the text, which is the order in which they are tried.
    """
    if isinstance(value, Scalar):
        kind = reader.one_of(value, "`errors`", ERRORS)
        found = [] if kind is None else [Errors(kind, None, None, value.span)]
    else:
        found = _by_kind(reader, declared, value)
    for first, after in pairwise(found):
        if first.when is None:
            reader.fault(
                "P256",
                after.span,
                f"`{after.kind}` can never apply: `{first.kind}` before it always does",
                "Give each but the last a condition on switches.",
            )
            break
    return tuple(found)


def _by_kind(reader: Reader, declared: Declared, value: Value) -> list[Errors]:
    fields = reader.fields(value, "errors")
    if fields is None:
        return []
    if isinstance(value, Mapping) and not value.entries:
        reader.fault("P211", value.span, "`errors` is empty; it must name a kind", "Write `errors: normal`.")
    given = sorted((name for name in ERRORS if name in fields), key=lambda name: _place(fields.key(name)))
    found = []
    for kind in given:
        written, endings, when, before = fields.get(kind), None, None, len(reader.diagnostics)
        if kind == ON_ENDINGS and isinstance(written, Sequence):
            endings = reader.chosen(written, f"`{kind}`", declared.outcomes, "outcome", "P601")
        elif kind == ON_ENDINGS and isinstance(written, Mapping):
            inner = reader.fields(written, "shocks")
            if inner is not None and "of" in inner:
                endings = reader.chosen(inner.get("of"), "`of`", declared.outcomes, "outcome", "P601")
            when = _condition(reader, inner.get("when") if inner is not None else None)
        else:
            when = _condition(reader, written)
        if len(reader.diagnostics) == before:
            found.append(Errors(kind, endings, when, fields.key(kind)))
    return found


def _place(span: Span) -> tuple[int, int]:
    return span.line, span.column


def _condition(reader: Reader, value: Value | None) -> Expression | None:
    """Read a condition on switches alone; None holds always."""
    if value is None or (isinstance(value, Scalar) and value.value.strip() in _ALWAYS):
        return None
    condition = reader.expression(value, "the condition of `errors`", Context.CONDITION)
    if condition is not None:
        others = [each.name for each in references(condition.root) if each.kind is not Kind.SWITCH]
        if others:
            reader.fault(
                "P257",
                condition.span,
                f"`{others[0]}` is no switch: how somebody errs is settled before the story begins",
                "Declare a switch with an option for each kind of error.",
            )
    return condition
