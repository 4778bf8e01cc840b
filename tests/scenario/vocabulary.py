"""The names that the tests of expressions use: one of every kind."""

from __future__ import annotations

from parley.scenario.diagnostics import Diagnostic
from parley.scenario.expression import Context, parse
from parley.scenario.model import Expression, Span
from parley.scenario.names import Names
from parley.scenario.syntax import Kind

PLACE = Span("a.md", 3, 10)


def vocabulary() -> Names:
    """Return a table with names of every kind, some of several words, some awkward."""
    names = Names()
    for kind in (Kind.PARAMETER,):
        for name in ("cost", "B", "v_senior", "P"):
            names.add(kind, name, PLACE)
    names.add(
        Kind.VARIABLE, "posture", PLACE, ("as usual", "short list", "pause", "wait and see"), step="move"
    )
    names.add(Kind.VARIABLE, "answer", PLACE, ("yes", "no", "pause"), step="move")
    names.add(Kind.VARIABLE, "offer", PLACE, ("0.5", "1", "25%"), numeric=True, step="move")
    names.add(Kind.VARIABLE, "first event", PLACE, ("strike", "breach"), step="race")
    names.add(Kind.STATE, "mood", PLACE, ("calm", "angry"))
    names.add(Kind.STATE, "score", PLACE, ("-1", "0", "1"), numeric=True)
    names.add(Kind.COUNTER, "round", PLACE, ("1", "2", "3"), numeric=True)
    names.add(Kind.SWITCH, "agency_binds", PLACE, ("on", "off"))
    for outcome in ("clean failure", "war", "war and peace"):
        names.add(Kind.OUTCOME, outcome, PLACE)
    names.add(Kind.PLAYER, "us", PLACE)
    names.add(Kind.PLAYER, "the army", PLACE)
    names.add(Kind.DEFINITION, "failure", PLACE)
    names.add(Kind.POLICY, "careful", PLACE)
    names.add(Kind.POLICY, "short list", PLACE)
    return names


NAMES = vocabulary()


def parsed(
    source: str, context: Context = Context.PAYOFF, names: Names = NAMES
) -> tuple[Expression | None, tuple[Diagnostic, ...]]:
    """Parse with the vocabulary, as if the source stood in column 10 of line 3."""
    return parse(source, PLACE, names, context=context, line=" " * (PLACE.column - 1) + source)


def tree(source: str, context: Context = Context.PAYOFF, names: Names = NAMES) -> Expression:
    """Parse something that must have no fault."""
    expression, faults = parsed(source, context, names)
    assert expression is not None, "\n".join(each.render() for each in faults)
    assert faults == ()
    return expression
