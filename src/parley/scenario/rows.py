"""Expressions over the rows of a table.

What lives here: columns as names of the language, the parse of an expression over them, its value in one row.
What may not: what is counted. Nothing that an author writes is run as code.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from parley.scenario.diagnostics import Diagnostic
from parley.scenario.expression import Context, parse, references, subtrees
from parley.scenario.located import Located, Refused
from parley.scenario.model import Span
from parley.scenario.names import Names, label_key
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
from parley.scenario.tables import Table

__all__ = ["Columns", "Formula", "is_condition"]

_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\s*%?")
_NOT_KNOWN = frozenset({"", "na", "n/a", "nan", "null", "."})
_MOSTLY = 0.5  # of the values are numbers: then the column was meant to hold numbers
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
_FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "min": min,
    "max": max,
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "abs": abs,
    "Phi": lambda x: 0.5 * math.erfc(-x / math.sqrt(2.0)),
}


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression over columns, and the numbers of the columns that it reads."""

    root: Node
    reads: tuple[int, ...]
    given: Located


def is_condition(formula: Formula) -> bool:
    """Whether an expression is true or false in a row, not a number."""
    return isinstance(formula.root, Is | Not | Both | Either | Compare)


def _number(text: str) -> float | None:
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text.rstrip("% \t")) / (100 if text.endswith("%") else 1)
    return value if math.isfinite(value) else None


class Columns:
    """The columns of a table as names that an expression may use.

    A column holds numbers when every value in it is one. Empty cells are missing, and among numbers ``NA``,
    ``N/A``, ``NaN``, ``null`` and ``.`` too. Any other column holds labels.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.names = Names()
        self.places: dict[str, int] = {}
        self.twice: dict[str, str] = {}
        self.numbers: dict[int, tuple[float | None, ...]] = {}
        for place, name in enumerate(table.columns):
            self._add(place, name)

    def _add(self, place: int, name: str) -> None:
        cells = [row[place] for row in self.table.rows]
        known = [cell for cell in cells if cell.casefold() not in _NOT_KNOWN]
        values = [_number(cell) for cell in known]
        numeric = bool(known) and None not in values
        labels = tuple(dict.fromkeys(known if numeric else [cell for cell in cells if cell]))
        span = Span(self.table.name, 1, 1)
        if self.names.add(Kind.STATE, name, span, labels, numeric=numeric) is not None:
            self.twice[label_key(name)] = name
            return
        self.places[name] = place
        if numeric:
            self.numbers[place] = tuple(_number(cell) for cell in cells)

    # --- expressions ------------------------------------------------------------------------------------

    def formula(self, given: Located, what: str, *, condition: bool = False) -> Formula:
        """Parse an expression over the columns.

        Raises
        ------
        Refused
            It is no expression, or not over these columns; every fault at once.
        """
        if not isinstance(given.value, str) or not given.value.strip():
            raise Refused("P420", f"{what} needs an expression over columns", given, "name a column")
        text = " ".join(given.value.split())
        context = Context.CONDITION if condition else Context.UPDATE
        expression, faults = parse(text, given.span, self.names, context=context, line=given.line)
        if expression is None:
            raise Refused.because([self._placed(fault, given, text) for fault in faults], given)
        self._no_story(expression.root, given)
        reads = tuple(dict.fromkeys(self.column(each.name, given) for each in references(expression.root)))
        return Formula(expression.root, reads, given)

    def _placed(self, fault: Diagnostic, given: Located, text: str) -> Diagnostic:
        """Show a fault at the whole value when this is not one plain line, and say what a column lacks."""
        if given.span.length != len(text):
            fault = replace(fault, span=given.span)
        if fault.code != "P326":
            if fault.code == "P301":
                fault = replace(
                    fault, hint=fault.hint or f"the columns of `{self.table.name}` are {self._listed()}"
                )
            return fault
        name = fault.message.split("'")[1]
        place = self.places.get(name)
        cell = self._odd(place) if place is not None else None
        if cell is None:
            return fault
        line, value = cell
        message = f"`{name}` is no number in line {line} of `{self.table.name}`: `{value[:40]}`"
        return replace(
            fault, code="P428", message=message, hint="correct it, or empty the cell if it is not known"
        )

    def _odd(self, place: int) -> tuple[int, str] | None:
        """Return line and text of the first value that is no number, where most are."""
        cells = [(line, row[place]) for line, row in zip(self.table.lines, self.table.rows, strict=True)]
        known = [(line, cell) for line, cell in cells if cell.casefold() not in _NOT_KNOWN]
        odd = [each for each in known if _number(each[1]) is None]
        return odd[0] if odd and len(odd) < _MOSTLY * len(known) else None

    def _listed(self) -> str:
        shown = ", ".join(f"`{name}`" for name in self.table.columns[:12])
        return shown + (" and others" if len(self.table.columns) > 12 else "")

    def column(self, name: str, given: Located) -> int:
        """Return the number of a column, which no other shares the name of."""
        if label_key(name) in self.twice:
            message = f"`{self.table.name}` has two columns `{name}`"
            raise Refused("P427", message, given, "give one of them another name")
        return self.places[name]

    def _no_story(self, root: Node, given: Located) -> None:
        for node in subtrees(root):
            if isinstance(node, Call) and node.function not in _FUNCTIONS:
                message = f"`{node.function}(...)` is about a story, and this is a row of a table"
                raise Refused("P420", message, given, f"there are {', '.join(_FUNCTIONS)}")

    # --- values -----------------------------------------------------------------------------------------

    def lacking(self, formula: Formula, row: int) -> str | None:
        """Return the column that the expression reads and that is missing in a row, if one is."""
        for place in formula.reads:
            numbers = self.numbers.get(place)
            if (numbers[row] is None) if numbers is not None else not self.table.rows[row][place]:
                return self.table.columns[place]
        return None

    def value(self, formula: Formula, row: int) -> float:
        """Return the value in a row, a condition as 1 or 0; nothing that it reads may be missing there.

        Raises
        ------
        Refused
            It is not finite there: a division by zero, the logarithm of a negative number.
        """
        try:
            value = float(self._of(formula.root, row))
        except (ArithmeticError, ValueError, TypeError):
            value = math.nan
        if math.isfinite(value):
            return value
        line = self.table.lines[row]
        message = f"line {line} of `{self.table.name}` gives no number here"
        raise Refused("P428", message, formula.given, "keep such rows out with `where`")

    def _of(self, node: Node, row: int) -> float:
        match node:
            case Number(value=value):
                return value
            case Reference(name=name):
                number = self.numbers[self.places[name]][row]
                return math.nan if number is None else number
            case Is(subject=Reference(name=name), label=label, negated=negated):
                same = label_key(self.table.rows[row][self.places[name]]) == label_key(label)
                return same is not negated
            case Negate(operand=operand):
                return -self._of(operand, row)
            case Not(operand=operand):
                return not self._of(operand, row)
            case Both(left=left, right=right):
                return bool(self._of(left, row)) and bool(self._of(right, row))
            case Either(left=left, right=right):
                return bool(self._of(left, row)) or bool(self._of(right, row))
            case Compare(operator=sign, left=left, right=right):
                return _COMPARE[sign](self._of(left, row), self._of(right, row))
            case Conditional(test=test, then=then, otherwise=otherwise):
                return self._of(then if self._of(test, row) else otherwise, row)
            case Arithmetic(operator=sign, left=left, right=right):
                return _arithmetic(sign, self._of(left, row), self._of(right, row))
            case Call(function=function, arguments=arguments):
                return _FUNCTIONS[function](*(self._of(each, row) for each in arguments))
        raise TypeError(f"{type(node).__name__} has no value in a row")

    def __iter__(self) -> Iterator[int]:
        """Go through the numbers of the rows."""
        return iter(range(len(self.table.rows)))


def _arithmetic(sign: str, left: float, right: float) -> float:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right
        case _:
            return float(left**right)  # a complex power is refused with the TypeError that this raises
