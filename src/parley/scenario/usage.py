"""What may stand where in an expression.

What lives here: contexts, and the check of a parsed tree against one: numbers against conditions, uncertain
numbers where only what happened may count, quantities where there is a story still to come. What may not:
parsing.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from parley.scenario.names import Names
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

__all__ = ["Context", "Fault", "check_usage"]


class Context(StrEnum):
    """Where an expression is used."""

    PAYOFF = "payoff"  # a number at an ending: what happened, parameters, time(race)
    REWARD = "reward"  # a number on the way
    CHANCE = "chance"  # a probability, rate, error or horizon
    CONDITION = "condition"  # when, until, outcomes: true or false by what happened and switches alone
    UPDATE = "update"  # the new value of a numeric state: what happened alone
    QUANTITY = "quantity"  # claims, criteria, reports: quantities and parameters
    CONSTANT = "constant"  # precision, stake, `set:`: parameters and switches alone
    DEFINITION = "definition"  # anything; checked again where it is used
    EVENT = "event"  # what happened, as a case records it: true or false


class Fault(Exception):  # noqa: N818
    """A fault inside an expression: offsets into its source."""

    def __init__(self, code: str, message: str, start: int, end: int, hint: str | None) -> None:
        super().__init__(message)
        self.code, self.message, self.start, self.end, self.hint = code, message, start, end, hint


_QUANTITIES = ("P", "E", "payoff", "belief")
_STORY = (Kind.VARIABLE, Kind.STATE, Kind.COUNTER, Kind.OUTCOME)
_TRUE_OR_FALSE = (Context.CONDITION, Context.EVENT)


def check_usage(root: Node, names: Names, context: Context) -> tuple[Fault, ...]:
    """Return what is wrong with the use of names, numbers and conditions in a tree, in the order of the text.

    Parameters
    ----------
    root
        A parsed tree.
    names
        To tell numeric states from others.
    context
        Where it stands.
    """
    faults = list(_walk(root, names, context, inside=False))
    if context in _TRUE_OR_FALSE and _type(root) == "number":
        hint = "compare it with something, for instance `... > 0`"
        faults.append(Fault("P320", "this is a number, not a condition", root.start, root.end, hint))
    return tuple(sorted(faults, key=lambda fault: fault.start))


def _type(node: Node) -> str:
    """Return "number", "condition" or "any"."""
    match node:
        case Number() | Arithmetic() | Negate():
            return "number"
        case Is() | Not() | Both() | Either() | Compare():
            return "condition"
        case Conditional(then=then, otherwise=otherwise):
            kinds = {_type(then), _type(otherwise)}
            return kinds.pop() if len(kinds) == 1 else "any"
        case Call(function=function):
            return "condition" if function in ("happened", "at") else "number"
        case Reference(kind=kind):
            return _type_of_name(kind)


def _type_of_name(kind: Kind) -> str:
    if kind in (Kind.OUTCOME, Kind.POLICY):
        return "condition"
    return "any" if kind is Kind.DEFINITION else "number"


def _walk(node: Node, names: Names, context: Context, *, inside: bool) -> Iterator[Fault]:
    """Yield faults below a node; ``inside`` a quantity everything of the story may stand."""
    match node:
        case Not(operand=operand):
            yield from _wants_condition(operand)
            yield from _walk(operand, names, context, inside=inside)
        case Both(left=left, right=right) | Either(left=left, right=right):
            for each in (left, right):
                yield from _wants_condition(each)
                yield from _walk(each, names, context, inside=inside)
        case Conditional(test=test, then=then, otherwise=otherwise):
            yield from _wants_condition(test)
            for each in (then, test, otherwise):
                yield from _walk(each, names, context, inside=inside)
        case Negate(operand=operand):
            yield from _walk(operand, names, context, inside=inside)
        case Arithmetic(left=left, right=right):
            for each in (left, right):
                yield from _walk(each, names, context, inside=inside)
        case Compare(operator=operator, left=left, right=right):
            yield from _compare(operator, left, right, names)
            for each in (left, right):
                if not (operator in ("=", "!=") and _is_label_holder(each, names)):
                    yield from _walk(each, names, context, inside=inside)
        case Is(subject=subject):
            yield from _subject(subject, context, inside=inside)
        case Reference():
            yield from _reference(node, names, context, inside=inside)
        case Call():
            yield from _call(node, names, context, inside=inside)
        case Number():
            return


def _wants_condition(node: Node) -> Iterator[Fault]:
    if _type(node) == "number" and not (isinstance(node, Reference) and node.kind is not Kind.PARAMETER):
        hint = "compare it with something; after `or` and `and` repeat the name: `x is a or x is b`"
        yield Fault("P320", "this is a number where a condition is needed", node.start, node.end, hint)


def _is_label_holder(node: Node, names: Names) -> bool:
    if not isinstance(node, Reference) or node.kind not in (Kind.VARIABLE, Kind.STATE, Kind.SWITCH):
        return False
    symbol = names.find(node.name)
    return symbol is not None and not symbol.numeric


def _compare(operator: str, left: Node, right: Node, names: Names) -> Iterator[Fault]:
    for side in (left, right):
        if operator in ("=", "!=") and _is_label_holder(side, names):
            hint = f"write `{getattr(side, 'name', '')} {'is' if operator == '=' else 'is not'} ...`"
            yield Fault(
                "P321",
                f"`{operator}` compares numbers; names are compared with `is`",
                side.start,
                side.end,
                hint,
            )


def _subject(subject: Node, context: Context, *, inside: bool) -> Iterator[Fault]:
    reference = subject.arguments[0] if isinstance(subject, Call) else subject
    if isinstance(reference, Reference) and reference.kind in _STORY:
        yield from _story_name(reference, context, inside=inside)


def _story_name(node: Reference, context: Context, *, inside: bool) -> Iterator[Fault]:
    if context is Context.QUANTITY and not inside:
        hint = f"write `P({node.name} ...)` for its chance, or `E(...)` for an average"
        yield Fault("P322", f"'{node.name}' differs from ending to ending", node.start, node.end, hint)
    elif context is Context.CONSTANT:
        hint = "only parameters, definitions of parameters and switches can stand here"
        yield Fault("P323", f"'{node.name}' is not known before the story begins", node.start, node.end, hint)


def _reference(node: Reference, names: Names, context: Context, *, inside: bool) -> Iterator[Fault]:
    if node.kind in _STORY:
        yield from _story_name(node, context, inside=inside)
    if node.kind is Kind.OUTCOME and context in (
        Context.CONDITION,
        Context.UPDATE,
        Context.REWARD,
        Context.CHANCE,
    ):
        hint = "say what brings it about instead"
        yield Fault(
            "P324",
            f"'{node.name}' is an ending: it is known only when the story is over",
            node.start,
            node.end,
            hint,
        )
    if node.kind is Kind.PARAMETER and context in (Context.CONDITION, Context.UPDATE, Context.EVENT):
        hint = "let chance depend on it (`nature`, `signal`, a random `set`), or a payoff"
        message = f"'{node.name}' is uncertain, and the shape of the story may not depend on it"
        yield Fault("P325", message, node.start, node.end, hint)
    if node.kind in (Kind.VARIABLE, Kind.STATE, Kind.SWITCH):
        symbol = names.find(node.name)
        if symbol is not None and not symbol.numeric:
            label = symbol.labels[0] if symbol.labels else "..."
            hint = f"compare it: `{node.name} is {label}`"
            yield Fault("P326", f"'{node.name}' has names as values, not numbers", node.start, node.end, hint)
    if node.kind is Kind.PLAYER:
        hint = f"write `payoff({node.name})`"
        yield Fault("P327", f"'{node.name}' is a player, not a number", node.start, node.end, hint)
    if node.kind is Kind.POLICY and not inside:
        hint = "a policy stands behind the bar of a quantity: `P(event | policy)`"
        yield Fault("P313", f"'{node.name}' is a policy", node.start, node.end, hint)


def _call(node: Call, names: Names, context: Context, *, inside: bool) -> Iterator[Fault]:
    quantity = node.function in _QUANTITIES or (node.function == "time" and node.given is not None)
    if quantity and (inside or context not in (Context.QUANTITY, Context.DEFINITION)):
        hint = "quantities belong in claims, `compare:`, `quantities:` and `expected:`"
        where = "inside another quantity" if inside else "while the story still runs"
        yield Fault("P328", f"'{node.function}(...)' cannot be asked {where}", node.start, node.end, hint)
        return
    if node.function in ("last", "happened", "time", "at", "times"):
        yield from _of_story(node, context, inside=inside)
        if node.given is not None:
            yield from _given(node.given, names, context)
        return
    first = 1 if node.function in ("payoff", "belief") else 0
    for each in node.arguments[first:]:
        if node.function in ("P", "belief"):
            yield from _wants_condition(each)
        yield from _walk(each, names, context, inside=inside or quantity)
    if node.given is not None:
        yield from _given(node.given, names, context)


def _given(given: Node, names: Names, context: Context) -> Iterator[Fault]:
    yield from _wants_condition(given)
    yield from _walk(given, names, context, inside=True)


def _of_story(node: Call, context: Context, *, inside: bool) -> Iterator[Fault]:
    argument = node.arguments[0]
    wanted = Is if node.function == "times" else Reference
    if not isinstance(argument, wanted) or (isinstance(argument, Is) and argument.negated):
        example = "times(move is option)" if node.function == "times" else f"{node.function}(name of a step)"
        yield Fault(
            "P329",
            f"'{node.function}' needs another kind of argument",
            argument.start,
            argument.end,
            f"write `{example}`",
        )
        return
    if node.function == "at" and not inside:
        yield Fault("P328", "`at` stands behind the bar of a belief", node.start, node.end, None)
    name = argument.subject if isinstance(argument, Is) else argument
    if isinstance(name, Reference) and name.kind not in (Kind.VARIABLE, Kind.STATE):
        yield Fault("P329", f"'{name.name}' is no step of the story", name.start, name.end, None)
    elif context is Context.CONSTANT or (
        context is Context.QUANTITY and not inside and node.function != "time"
    ):
        yield Fault(
            "P323", f"'{node.function}(...)' is known only inside the story", node.start, node.end, None
        )
    elif node.function == "time" and context in (Context.CONDITION, Context.UPDATE, Context.EVENT):
        hint = "time is uncertain; let a payoff depend on it"
        yield Fault("P325", "`time(...)` cannot decide how the story goes on", node.start, node.end, hint)
