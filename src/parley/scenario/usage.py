"""What may stand where in an expression.

What lives here: contexts, and the check of a parsed tree against one: numbers against conditions, uncertain
numbers where only what happened may count, quantities where there is a story still to come. What may
not: parsing.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from parley.scenario.lexer import Fault
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
from parley.scenario.unparsing import children

__all__ = ["Context", "check_usage"]


class Context(StrEnum):
    """Where an expression is used."""

    PAYOFF = "payoff"  # a number at an ending: what happened, parameters, time(race)
    REWARD = "reward"  # a number on the way
    CHANCE = "chance"  # a probability, rate, error or horizon
    CONDITION = "condition"  # when, until, outcomes: true or false by what happened and switches alone
    UPDATE = "update"  # the new value of a numeric state: what happened alone
    QUANTITY = "quantity"  # criteria, reports: quantities and parameters
    CLAIM = "claim"  # what a claim derives: true or false, of quantities and parameters
    CONSTANT = "constant"  # precision, stake, `set:`: parameters and switches alone
    DEFINITION = "definition"  # anything; checked again where it is used
    EVENT = "event"  # what happened, as a case records it: true or false


_QUANTITIES = ("P", "E", "payoff", "belief")
_STORY = (Kind.VARIABLE, Kind.STATE, Kind.COUNTER, Kind.OUTCOME)
_LABELLED = (Kind.VARIABLE, Kind.STATE, Kind.SWITCH)
_TRUE_OR_FALSE = (Context.CONDITION, Context.EVENT, Context.CLAIM)
_ASKED = (Context.QUANTITY, Context.CLAIM)
_BEFORE_THE_END = (Context.CONDITION, Context.UPDATE, Context.REWARD, Context.CHANCE)
_CERTAIN = (Context.CONDITION, Context.UPDATE, Context.EVENT)


def check_usage(root: Node, names: Names, context: Context) -> tuple[Fault, ...]:
    """Return what is wrong with the use of names, numbers and conditions in a tree, in the order of the text.

    Definitions are looked through as far as ``names`` knows what they stand for; a fault in one is shown
    where it is used.

    Parameters
    ----------
    root
        A parsed tree.
    names
        To tell numeric states from others, and for definitions.
    context
        Where it stands.

    Examples
    --------
    >>> cost = Reference(Kind.PARAMETER, "cost", 0, 4)
    >>> [fault.code for fault in check_usage(cost, Names(), Context.CONDITION)]
    ['P325']
    """
    check = _Check(names, context)
    if context in _TRUE_OR_FALSE:
        check.condition(root)
    else:
        check.walk(root)
    return tuple(sorted(check.faults, key=lambda fault: fault.start))


class _Check:
    """Collects faults; ``inside`` a quantity everything of the story may stand."""

    def __init__(self, names: Names, context: Context) -> None:
        self.names = names
        self.context = context
        self.faults: list[Fault] = []
        self.inside = False
        self.event = False  # inside an event or condition of a quantity, which holds or not at an ending
        self.through: list[Reference] = []  # definitions that we look into, the outermost first
        self.sound: set[tuple[str, bool, bool]] = set()  # definitions looked into without a fault
        self.types: dict[str, str] = {}

    def fault(self, code: str, message: str, node: Node, hint: str | None) -> None:
        if not self.through:
            self.faults.append(Fault(code, message, node.start, node.end, hint))
            return
        outer = self.through[0]
        if not self.told():
            text = f"'{outer.name}' cannot stand here: {message}"
            self.faults.append(Fault(code, text, outer.start, outer.end, hint))

    # --- numbers and conditions ---------------------------------------------------------------------

    def type(self, node: Node, seen: frozenset[str] = frozenset()) -> str:
        """Return "number", "condition" or "any"."""
        match node:
            case Number() | Arithmetic() | Negate():
                return "number"
            case Is() | Not() | Both() | Either() | Compare():
                return "condition"
            case Conditional(then=then, otherwise=otherwise):
                kinds = {self.type(then, seen), self.type(otherwise, seen)}
                return kinds.pop() if len(kinds) == 1 else "any"
            case Call(function=function):
                return "condition" if function in ("happened", "at") else "number"
            case Reference(kind=Kind.DEFINITION, name=name):
                tree = None if name in seen else self.names.tree(name)
                if name not in self.types:
                    self.types[name] = "any" if tree is None else self.type(tree, seen | {name})
                return self.types[name]
            case Reference(kind=kind):
                return "condition" if kind in (Kind.OUTCOME, Kind.POLICY) else "number"

    def condition(self, node: Node) -> None:
        """Walk a node that must be true or false."""
        before = len(self.faults)
        self.walk(node)
        if len(self.faults) == before and self.type(node) == "number":
            hint = "compare it with something, for instance `... > 0`"
            if self.context is Context.CLAIM and not self.inside:
                hint = "a claim is true or false: write `... > ...`"
            self.fault("P320", "this is a number where a condition is needed", node, hint)

    # --- the walk -----------------------------------------------------------------------------------

    def walk(self, node: Node) -> None:
        match node:
            case Not() | Both() | Either():
                for each in children(node):
                    self.condition(each)
            case Conditional(test=test, then=then, otherwise=otherwise):
                self.walk(then)
                self.condition(test)
                self.walk(otherwise)
            case Compare():
                self.compare(node)
            case Is(subject=subject):
                self.subject(subject)
            case Reference():
                self.reference(node)
            case Call():
                self.call(node)
            case _:
                for each in children(node):
                    self.walk(each)

    def compare(self, node: Compare) -> None:
        for side in (node.left, node.right):
            if node.operator in ("=", "!=") and self.has_names(side):
                word = "is" if node.operator == "=" else "is not"
                name = side.name if isinstance(side, Reference) else "..."
                message = f"`{node.operator}` compares numbers; names are compared with `is`"
                self.fault("P321", message, side, f"write `{name} {word} ...`")
            else:
                self.walk(side)

    def has_names(self, node: Node) -> bool:
        """Whether this takes names as values, not numbers."""
        if not isinstance(node, Reference) or node.kind not in _LABELLED:
            return False
        symbol = self.names.find(node.name)
        return symbol is not None and not symbol.numeric

    def subject(self, subject: Node) -> None:
        """Check what stands before ``is``."""
        if isinstance(subject, Call):
            self.call(subject, labels=True)
        elif isinstance(subject, Reference) and subject.kind in _STORY:
            self.of_the_story(subject, f"'{subject.name}'")

    def of_the_story(self, node: Node, what: str) -> None:
        if self.inside:
            return
        if self.context in _ASKED:
            hint = "write `P(...)` for its chance, or `E(...)` for an average"
            self.fault("P322", f"{what} differs from ending to ending", node, hint)
        elif self.context is Context.CONSTANT:
            hint = "only parameters, definitions of parameters and switches can stand here"
            self.fault("P323", f"{what} is not known before the story begins", node, hint)

    def reference(self, node: Reference) -> None:
        match node.kind:
            case Kind.DEFINITION:
                self.definition(node)
            case Kind.PARAMETER if self.context in _CERTAIN:
                hint = "let chance depend on it (`nature`, `signal`, a random `set`), or a payoff"
                message = f"'{node.name}' is uncertain, and the shape of the story may not depend on it"
                self.fault("P325", message, node, hint)
            case Kind.OUTCOME if self.context in _BEFORE_THE_END:
                message = f"'{node.name}' is an ending: it is known only when the story is over"
                self.fault("P324", message, node, "say what brings it about instead")
            case Kind.PLAYER:
                self.fault(
                    "P327", f"'{node.name}' is a player, not a number", node, f"write `payoff({node.name})`"
                )
            case Kind.POLICY:
                hint = "write `P(event | policy and condition)`"
                self.fault("P330", f"'{node.name}' is a policy: it stands alone or beside `and`", node, hint)
            case kind if kind in _LABELLED and self.has_names(node):
                labels = self.names.labels_of(node.name)
                hint = f"compare it: `{node.name} is {labels[0] if labels else '...'}`"
                self.fault("P326", f"'{node.name}' has names as values, not numbers", node, hint)
            case kind if kind in _STORY:
                self.of_the_story(node, f"'{node.name}'")

    def definition(self, node: Reference) -> None:
        tree = self.names.tree(node.name)
        if tree is None or self.context is Context.DEFINITION or node.name in [d.name for d in self.through]:
            return
        key = (node.name, self.inside, self.event)
        if key in self.sound or self.told():  # definitions of definitions would double otherwise
            return
        before = len(self.faults)
        self.through.append(node)
        self.walk(tree)
        self.through.pop()
        if len(self.faults) == before:
            self.sound.add(key)

    def told(self) -> bool:
        """Say whether the definition that we look into has its fault already."""
        if not self.through:
            return False
        outer = self.through[0]
        return any((each.start, each.end) == (outer.start, outer.end) for each in self.faults)

    # --- calls --------------------------------------------------------------------------------------

    def call(self, node: Call, *, labels: bool = False) -> None:
        """Check a call; with ``labels`` it stands before ``is`` and need not be a number."""
        function = node.function
        quantity = function in _QUANTITIES or (function == "time" and node.given is not None)
        if quantity and (self.inside or self.context not in (*_ASKED, Context.DEFINITION)):
            where = "inside another quantity" if self.inside else "while the story still runs"
            hint = "quantities belong in claims, `compare:`, `quantities:` and `expected:`"
            if self.inside:
                hint = "conditions stand behind one bar: `P(event | condition)`"
            self.fault("P328", f"'{function}(...)' cannot be asked {where}", node, hint)
        elif function in ("last", "times", "happened", "time"):
            self.about_steps(node, labels=labels)
        elif quantity:
            self.quantity(node)
        else:
            for each in node.arguments:
                self.walk(each)
        if quantity and node.given is not None:
            self.given(node.given, function)

    def quantity(self, node: Call) -> None:
        """Check what is asked about, before the bar."""
        asked = node.arguments[1:] if node.function in ("payoff", "belief") else node.arguments
        outer = self.inside, self.event
        self.inside, self.event = True, node.function != "E"
        for each in asked:
            if self.event:
                self.condition(each)
            else:
                self.walk(each)
        self.inside, self.event = outer

    def given(self, given: Node, function: str) -> None:
        """Check what stands behind the bar: one policy, `at` a move, conditions."""
        outer = self.inside, self.event
        self.inside = self.event = True
        policies = 0
        for part in _conjuncts(given):
            if isinstance(part, Reference) and part.kind is Kind.POLICY:
                policies += 1
                if policies > 1:
                    message = "only one policy can be followed at a time"
                    self.fault("P330", message, part, "ask twice, and compare")
            elif isinstance(part, Call) and part.function == "at":
                self.at(part, function)
            else:
                self.condition(part)
        self.inside, self.event = outer

    def at(self, node: Call, function: str) -> None:
        target = node.arguments[0]
        if function != "belief":
            self.fault("P328", "`at` stands behind the bar of a belief", node, "delete it")
        elif not isinstance(target, Reference) or target.kind is not Kind.VARIABLE:
            self.fault(
                "P329", "`at` needs the name of a move", target, "write `belief(player, event | at move)`"
            )

    def is_step(self, node: Reference, steps: tuple[str, ...] = ()) -> bool:
        """Whether this names a step (of one of the kinds, as far as they are known)."""
        if node.kind not in (Kind.VARIABLE, Kind.STATE):
            return False
        symbol = self.names.find(node.name)
        return not steps or symbol is None or not symbol.step or symbol.step in steps

    def about_steps(self, node: Call, *, labels: bool) -> None:
        """Check last(x), times(x is label), happened(x), time(race)."""
        function, argument = node.function, node.arguments[0]
        name: Node = argument.subject if function == "times" and isinstance(argument, Is) else argument
        example = "times(move is option)" if function == "times" else f"{function}(name of a step)"
        if function == "time":
            example = "time(name of a race)"
        fits = isinstance(argument, Is if function == "times" else Reference)
        if not fits or (isinstance(argument, Is) and argument.negated):
            self.fault("P329", f"'{function}' needs another kind of argument", argument, f"write `{example}`")
        elif not isinstance(name, Reference) or not self.is_step(
            name, ("race",) if function == "time" else ()
        ):
            what = "race" if function == "time" else "step of the story"
            shown = name.name if isinstance(name, Reference) else function
            self.fault("P329", f"'{shown}' is no {what}", name, f"write `{example}`")
        elif function == "last" and not labels and self.has_names(name):
            hint = f"compare it: `last({name.name}) is ...`"
            self.fault("P326", f"'{name.name}' has names as values, not numbers", node, hint)
        elif function != "time":
            self.of_the_story(node, f"'{function}(...)'")
        elif self.context is Context.CONSTANT:
            self.of_the_story(node, "'time(...)'")
        elif self.event:
            hint = "let `E(...)` or a payoff contain it; an event says what happened, not when"
            self.fault("P331", "only the expected time is known, so no event can depend on it", node, hint)
        elif self.context in _CERTAIN:
            hint = "time is itself uncertain; let a payoff depend on it"
            self.fault("P325", "`time(...)` cannot decide how the story goes on", node, hint)


def _conjuncts(node: Node) -> Iterator[Node]:
    if isinstance(node, Both):
        yield from _conjuncts(node.left)
        yield from _conjuncts(node.right)
    else:
        yield node
