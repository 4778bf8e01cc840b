"""Expressions: text to tree.

What lives here: the grammar (top-down operator precedence, Pratt 1973), the resolution of names, and what may
stand where. What may not: evaluation; nothing that an author writes is ever run as code.

Precedence, loosest first: ``a if c else b``, ``or``, ``and``, ``not``, comparisons and ``is``, ``+ -``,
``* /``, unary minus, ``^``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from enum import StrEnum

from parley.scenario.diagnostics import Diagnostic
from parley.scenario.lexer import KEYWORDS, LexicalFault, Token, tokens
from parley.scenario.model import Expression, Span
from parley.scenario.names import Names, Symbol, canonical, suggest
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
from parley.scenario.usage import Context, Fault, check_usage

__all__ = ["DEPTH_LIMIT", "LENGTH_LIMIT", "Context", "parse", "references", "subtrees", "unparse"]

LENGTH_LIMIT = 2_000  # characters
DEPTH_LIMIT = 60  # nested parentheses, calls and signs

_NUMERIC = {"min": (2, 99), "max": (2, 99), "exp": (1, 1), "log": (1, 1), "sqrt": (1, 1), "abs": (1, 1)}
_OF_STORY = {"last", "times", "happened", "time"}
_QUANTITIES = {"P": 1, "E": 1, "payoff": 1, "belief": 2, "time": 1}
_FUNCTIONS = (*_NUMERIC, "last", "times", "happened", *_QUANTITIES)
_LABELLED = (Kind.VARIABLE, Kind.STATE, Kind.SWITCH, Kind.COUNTER)
_COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")
_SLIPS = {
    "==": "write `=` to compare numbers and `is` to compare names",
    "<>": "write `!=`",
    "&&": "write `and`",
    "&": "write `and`",
    "||": "write `or`",
    "!": "write `not`",
    "**": "write `^` for a power",
    ":=": "nothing can be set inside an expression; use a `set:` step",
    "?": "write `a if condition else b`",
    ".": "names have no parts; write the whole name",
    "[": "there are no lists in expressions; use ( )",
    "{": "there are no maps in expressions; use ( )",
    ":": "put text that contains a colon in quotes",
    "%": "write the percent sign right behind its number: 35%",
    "#": "put the whole expression in quotes if it contains #",
}


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
    try:
        root = _Parser(source, names).whole()
    except LexicalFault as fault:
        return None, (place(Fault("P303", fault.message, fault.start, fault.end, fault.hint)),)
    except Fault as fault:
        return None, (place(fault),)
    faults = check_usage(root, names, context)
    if faults:
        return None, tuple(place(fault) for fault in faults)
    return Expression(source, root, Span(span.file, span.line, span.column, max(len(source), 1))), ()


class _Parser:
    def __init__(self, source: str, names: Names) -> None:
        self.source = source
        self.names = names
        self.tokens = tokens(source)
        self.position = 0
        self.depth = 0
        self.given = 0  # how many bars of quantities we stand behind

    # --- tokens -------------------------------------------------------------------------------------

    @property
    def next(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.tokens[self.position]
        if token.kind != "end":
            self.position += 1
        return token

    def at(self, text: str, kind: str = "sign") -> bool:
        return self.next.kind == kind and self.next.text == text

    def keyword(self, word: str) -> bool:
        return self.at(word, "word")

    def accept(self, text: str, kind: str = "sign") -> bool:
        if self.at(text, kind):
            self.position += 1
            return True
        return False

    def expect(self, text: str, opened: Token | None = None) -> Token:
        if self.at(text):
            return self.take()
        found = "the end" if self.next.kind == "end" else f"'{self.next.text}'"
        hint = (
            None
            if opened is None
            else f"'{opened.text}' is opened in column {opened.start + 1} and not closed"
        )
        if self.next.text in _SLIPS and self.next.kind == "sign":
            hint = _SLIPS[self.next.text]
        raise Fault("P304", f"expected '{text}', found {found}", self.next.start, self.next.end, hint)

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            message = f"this expression is nested more than {DEPTH_LIMIT} deep"
            raise Fault("P305", message, token.start, token.end, "give parts of it a name under `define:`")

    # --- grammar ------------------------------------------------------------------------------------

    def whole(self) -> Node:
        if self.next.kind == "end":
            raise Fault("P306", "an expression is missing here", 0, 1, None)
        node = self.conditional()
        if self.next.kind != "end":
            raise self.unexpected()
        return node

    def unexpected(self) -> Fault:
        token = self.next
        if token.kind == "end":
            return Fault("P304", "the expression ends too early", token.start, token.end, None)
        if token.text in _SLIPS and token.kind == "sign":
            return Fault(
                "P307",
                f"'{token.text}' is not used in expressions",
                token.start,
                token.end,
                _SLIPS[token.text],
            )
        if token.kind in ("word", "quoted", "number") and self.position > 0:
            hint = "an operator is missing, or a name of several words is not declared: " + self.hint(token)
            return Fault("P304", f"did not expect '{token.text}' here", token.start, token.end, hint)
        return Fault("P304", f"did not expect '{token.text}' here", token.start, token.end, None)

    def hint(self, token: Token) -> str:
        near = suggest(token.text, self.names.every(policies=True))
        return f"did you mean `{near}`?" if near else "quote it if it is one name"

    def conditional(self) -> Node:
        then = self.disjunction()
        if not self.accept("if", "word"):
            return then
        self.deeper(self.next)
        test = self.disjunction()
        if not self.accept("else", "word"):
            token = self.next
            message = "an `if` needs its `else`"
            raise Fault(
                "P308", message, token.start, max(token.end, token.start + 1), "write `a if condition else b`"
            )
        otherwise = self.conditional()
        self.depth -= 1
        return Conditional(test, then, otherwise, then.start, otherwise.end)

    def disjunction(self) -> Node:
        left = self.conjunction()
        while self.accept("or", "word"):
            right = self.conjunction()
            left = Either(left, right, left.start, right.end)
        return left

    def conjunction(self) -> Node:
        left = self.negation()
        while self.accept("and", "word"):
            right = self.negation()
            left = Both(left, right, left.start, right.end)
        return left

    def negation(self) -> Node:
        token = self.next
        if not self.accept("not", "word"):
            return self.comparison()
        self.deeper(token)
        operand = self.negation()
        self.depth -= 1
        return Not(operand, token.start, operand.end)

    def comparison(self) -> Node:
        left = self.sum()
        if self.keyword("is"):
            return self.identity(left)
        if self.next.kind != "sign" or self.next.text not in _COMPARISONS:
            return left
        operator = self.take().text
        right = self.sum()
        if self.next.kind == "sign" and self.next.text in _COMPARISONS:
            token = self.next
            raise Fault(
                "P309", "comparisons cannot be chained", token.start, token.end, "write `a < b and b < c`"
            )
        return Compare(operator, left, right, left.start, right.end)

    def identity(self, subject: Node) -> Node:
        token = self.take()
        negated = self.accept("not", "word")
        holder = subject.arguments[0] if isinstance(subject, Call) and subject.function == "last" else subject
        if not isinstance(holder, Reference) or holder.kind not in _LABELLED:
            hint = "compare numbers with `=`; an outcome or a condition stands alone, without `is`"
            raise Fault(
                "P310", "`is` needs a move, state or switch on its left", token.start, token.end, hint
            )
        label, end = self.label(holder, token)
        return Is(subject, label, negated, subject.start, end)  # type: ignore[arg-type]

    def label(self, holder: Reference, token: Token) -> tuple[str, int]:
        symbol = self.names.find(holder.name)
        assert symbol is not None
        words = self.words()
        if not words:
            at = self.next
            raise Fault(
                "P311",
                f"a value of '{holder.name}' must follow `is`",
                at.start,
                max(at.end, at.start + 1),
                _these(symbol),
            )
        if symbol.kind is Kind.COUNTER and words[0].kind == "number":
            self.position += 1
            return words[0].text, words[0].end
        known = {canonical(label): label for label in symbol.labels}
        for count in range(len(words), 0, -1):
            text = canonical(" ".join(word.text for word in words[:count]))
            if text in known:
                self.position += count
                return known[text], words[count - 1].end
        text = " ".join(word.text for word in words)
        near = suggest(text, symbol.labels)
        hint = f"did you mean `{near}`?" if near else _these(symbol)
        raise Fault("P311", f"'{holder.name}' is never '{text}'", words[0].start, words[-1].end, hint)

    def words(self) -> list[Token]:
        """Return the tokens ahead that may make up one name; a quoted name stands alone."""
        ahead = self.tokens[self.position :]
        if ahead[0].kind == "quoted":
            return [ahead[0]]
        found: list[Token] = []
        for token in ahead:
            if token.kind == "word" and token.text not in KEYWORDS:
                found.append(token)
            elif token.kind == "number" and not token.text.endswith("%"):
                found.append(token)
            else:
                break
        return found

    def sum(self) -> Node:
        left = self.product()
        while self.next.kind == "sign" and self.next.text in "+-":
            operator = self.take().text
            right = self.product()
            left = Arithmetic(operator, left, right, left.start, right.end)
        return left

    def product(self) -> Node:
        left = self.unary()
        while self.next.kind == "sign" and self.next.text in "*/":
            operator = self.take().text
            right = self.unary()
            left = Arithmetic(operator, left, right, left.start, right.end)
        return left

    def unary(self) -> Node:
        token = self.next
        if not (self.at("-") or self.at("+")):
            return self.power()
        self.take()
        self.deeper(token)
        operand = self.unary()
        self.depth -= 1
        return Negate(operand, token.start, operand.end) if token.text == "-" else operand

    def power(self) -> Node:
        base = self.primary()
        token = self.next
        if not self.accept("^"):
            return base
        self.deeper(token)
        exponent = self.unary()
        self.depth -= 1
        return Arithmetic("^", base, exponent, base.start, exponent.end)

    def primary(self) -> Node:
        token = self.next
        if token.kind == "number":
            self.take()
            return _number(token)
        if token.kind == "sign" and token.text == "(":
            self.take()
            self.deeper(token)
            inner = self.conditional()
            self.expect(")", token)
            self.depth -= 1
            return inner
        if token.kind == "quoted" or (token.kind == "word" and token.text not in KEYWORDS):
            return self.name()
        if token.kind == "word":
            hint = f"quote it if `{token.text}` is part of a name"
            raise Fault("P304", f"did not expect '{token.text}' here", token.start, token.end, hint)
        raise self.unexpected()

    def name(self) -> Node:
        token = self.next
        follows = self.tokens[self.position + 1]
        if token.kind == "word" and follows.kind == "sign" and follows.text == "(":
            return self.call()
        if self.given and token.text == "at" and token.kind == "word" and self.names.find("at") is None:
            return self.at_move()
        words = self.words()
        count = self.names.longest([word.text for word in words], policies=self.given > 0)
        if count == 0:
            raise self.unknown(words)
        self.position += count
        text = " ".join(word.text for word in words[:count])
        symbol = self.names.find(text, policies=self.given > 0)
        assert symbol is not None
        return Reference(symbol.kind, symbol.name, token.start, words[count - 1].end)

    def at_move(self) -> Node:
        token = self.take()
        reference = self.name()
        return Call("at", (reference,), None, token.start, reference.end)

    def unknown(self, words: list[Token]) -> Fault:
        text = " ".join(word.text for word in words)
        start, end = words[0].start, words[-1].end
        for count in range(len(words), 0, -1):
            part = " ".join(word.text for word in words[:count])
            holders = self.names.holders(part)
            if holders:
                hint = f"write `{holders[0].name} is {part}`"
                return Fault(
                    "P312", f"'{part}' is a value of '{holders[0].name}'", start, words[count - 1].end, hint
                )
        if self.names.find(text, policies=True) is not None:
            hint = "a policy stands behind the bar of a quantity: `P(event | policy)`"
            return Fault("P313", f"'{text}' is a policy", start, end, hint)
        near = suggest(text, self.names.every(policies=self.given > 0))
        hint = (
            f"did you mean `{near}`?"
            if near
            else "declare it, or quote a name that contains `is`, `and`, ..."
        )
        return Fault("P301", f"unknown name '{text}'", start, end, hint)

    # --- calls --------------------------------------------------------------------------------------

    def call(self) -> Node:
        token, opened = self.take(), self.take()
        function = token.text
        if function not in _FUNCTIONS:
            near = suggest(function, _FUNCTIONS) or next(
                (f for f in _FUNCTIONS if f.lower() == function.lower()), None
            )
            hint = f"did you mean `{near}`?" if near else f"there are: {', '.join(dict.fromkeys(_FUNCTIONS))}"
            raise Fault("P314", f"there is no function '{function}'", token.start, token.end, hint)
        self.deeper(token)
        arguments = [self.player() if self.wants_player(function) else self.argument(function)]
        while self.accept(","):
            arguments.append(self.argument(function))
        given = None
        if self.at("|"):
            bar = self.take()
            if function not in _QUANTITIES:
                raise Fault(
                    "P315",
                    f"'{function}' takes no condition",
                    bar.start,
                    bar.end,
                    "only quantities have a bar",
                )
            self.given += 1
            given = self.conditional()
            self.given -= 1
        close = self.expect(")", opened)
        self.depth -= 1
        self.arity(function, len(arguments), token)
        return Call(function, tuple(arguments), given, token.start, close.end)

    def wants_player(self, function: str) -> bool:
        return function in ("payoff", "belief")

    def argument(self, function: str) -> Node:
        if self.at(")"):
            token = self.next
            raise Fault(
                "P316", f"'{function}' needs something between its parentheses", token.start, token.end, None
            )
        return self.conditional()

    def player(self) -> Node:
        words = self.words()
        count = 0
        for each in range(len(words), 0, -1):
            symbol = self.names.find(" ".join(word.text for word in words[:each]))
            if symbol is not None and symbol.kind is Kind.PLAYER:
                count = each
                break
        if not count:
            token = words[0] if words else self.next
            end = words[-1].end if words else max(token.end, token.start + 1)
            text = " ".join(word.text for word in words) or token.text
            players = [name for name in self.names.every() if self._is_player(name)]
            near = suggest(text, players)
            hint = f"did you mean `{near}`?" if near else f"players are: {', '.join(players) or 'none'}"
            raise Fault("P317", f"'{text}' is no player", token.start, end, hint)
        self.position += count
        assert symbol is not None
        return Reference(Kind.PLAYER, symbol.name, words[0].start, words[count - 1].end)

    def _is_player(self, name: str) -> bool:
        symbol = self.names.find(name)
        return symbol is not None and symbol.kind is Kind.PLAYER

    def arity(self, function: str, count: int, token: Token) -> None:
        low, high = _NUMERIC.get(function, (_QUANTITIES.get(function, 1),) * 2)
        if not low <= count <= high:
            wanted = f"{low}" if low == high else f"at least {low}"
            message = f"'{function}' takes {wanted} argument{'s' if wanted != '1' else ''}, not {count}"
            raise Fault("P316", message, token.start, token.end, None)


def _number(token: Token) -> Number:
    percent = token.text.endswith("%")
    value = float(token.text.rstrip("% ")) / (100 if percent else 1)
    if math.isinf(value):
        raise Fault("P318", f"{token.text} is too large a number", token.start, token.end, None)
    return Number(value, token.start, token.end)


def _these(symbol: Symbol) -> str:
    if not symbol.labels:
        return f"`{symbol.name}` has no values"
    return f"its values are: {', '.join(symbol.labels)}"


def subtrees(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, in the order of the text.

    Examples
    --------
    >>> len(list(subtrees(Negate(Number(1.0, 1, 2), 0, 2))))
    2
    """
    yield node
    match node:
        case Negate(operand=operand) | Not(operand=operand):
            yield from subtrees(operand)
        case Arithmetic() | Compare() | Both() | Either():
            yield from subtrees(node.left)
            yield from subtrees(node.right)
        case Conditional(test=test, then=then, otherwise=otherwise):
            for each in (then, test, otherwise):
                yield from subtrees(each)
        case Is(subject=subject):
            yield from subtrees(subject)
        case Call(arguments=arguments, given=given):
            for each in arguments:
                yield from subtrees(each)
            if given is not None:
                yield from subtrees(given)
        case _:
            return


def references(node: Node) -> Iterator[Reference]:
    """Yield every name that an expression refers to, definitions unexpanded.

    Examples
    --------
    >>> [each.name for each in references(Not(Reference(Kind.OUTCOME, "war", 4, 7), 0, 7))]
    ['war']
    """
    return (each for each in subtrees(node) if isinstance(each, Reference))


_LEVELS = {"+": 5, "-": 5, "*": 6, "/": 6, "^": 8}


def unparse(node: Node) -> str:
    """Write a tree as text that parses to the same tree.

    Examples
    --------
    >>> unparse(Arithmetic("-", Number(1.0, 0, 1), Reference(Kind.PARAMETER, "p", 4, 5), 0, 5))
    '1 - p'
    """
    return _text(node, 0)


def _text(node: Node, level: int) -> str:
    own, text = _written(node)
    return f"({text})" if own < level else text


def _written(node: Node) -> tuple[int, str]:
    match node:
        case Number(value=value):
            return 9, repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
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
        case Is(subject=subject, label=label, negated=negated):
            return 4, f"{_text(subject, 5)} {'is not' if negated else 'is'} {_quoted(label)}"
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


def _call_text(node: Call) -> str:
    if node.function == "at":
        return f"at {_text(node.arguments[0], 9)}"
    inside = ", ".join(_text(each, 0) for each in node.arguments)
    return (
        f"{node.function}({inside})"
        if node.given is None
        else f"{node.function}({inside} | {_text(node.given, 0)})"
    )


def _quoted(name: str) -> str:
    plain = all(word.replace("_", "a").isalnum() and word not in KEYWORDS for word in name.split())
    if plain and name and (name[0].isalpha() or name.isdigit()):
        return name
    return f"'{name}'" if "'" not in name else f'"{name}"'
