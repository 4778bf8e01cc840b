"""Expressions: text to tree.

What lives here: the parse of one expression with everything that is wrong with it. The grammar is in
:mod:`parley.scenario.grammar`, what may stand where in :mod:`parley.scenario.usage`. What may not:
evaluation; nothing that an author writes is ever run as code.
"""

from __future__ import annotations

from parley.scenario.diagnostics import Diagnostic
from parley.scenario.grammar import CHAIN_LIMIT, DEPTH_LIMIT, tree
from parley.scenario.lexer import Fault
from parley.scenario.model import Expression, Span
from parley.scenario.names import Names
from parley.scenario.unparsing import references, subtrees, unparse
from parley.scenario.usage import Context, check_usage

__all__ = [
    "CHAIN_LIMIT",
    "DEPTH_LIMIT",
    "LENGTH_LIMIT",
    "Context",
    "parse",
    "references",
    "subtrees",
    "unparse",
]

LENGTH_LIMIT = 2_000  # characters


def parse(
    source: str, span: Span, names: Names, *, context: Context, line: str = ""
) -> tuple[Expression | None, tuple[Diagnostic, ...]]:
    """Parse an expression.

    Parameters
    ----------
    source
        The text, on one line.
    span
        Where its first character stands.
    names
        What it may refer to.
    context
        Where it is used; see :class:`Context`.
    line
        The source line, for the message.

    Returns
    -------
    The expression, or None with at least one diagnostic. Nothing is raised for any text.

    Examples
    --------
    >>> from parley.scenario.syntax import Kind
    >>> names = Names()
    >>> _ = names.add(Kind.PARAMETER, "cost", Span("a.md", 1, 1))
    >>> expression, faults = parse("1 - 35% * cost", Span("a.md", 9, 5), names, context=Context.PAYOFF)
    >>> unparse(expression.root)
    '1 - 0.35 * cost'
    >>> parse("1 - kost", Span("a.md", 9, 5), names, context=Context.PAYOFF)[1][0].hint
    'did you mean `cost`?'
    """

    def place(fault: Fault) -> Diagnostic:
        length = max(fault.end - fault.start, 1)
        where = Span(span.file, span.line, span.column + fault.start, length)
        return Diagnostic(fault.code, fault.message, where, fault.hint, line)

    if len(source) > LENGTH_LIMIT:
        message = f"this expression has {len(source):,} characters; at most {LENGTH_LIMIT:,} are allowed"
        return None, (place(Fault("P302", message, 0, 1, "give parts of it a name under `define:`")),)
    root, faults = tree(source, names)
    if root is not None and not faults:
        faults = list(check_usage(root, names, context))
    if root is None or faults:
        return None, tuple(place(fault) for fault in sorted(faults, key=lambda fault: fault.start))
    return Expression(source, root, Span(span.file, span.line, span.column, max(len(source), 1))), ()
