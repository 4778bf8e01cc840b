"""The grammar of expressions: tokens to tree.

What lives here: top-down operator precedence (Pratt 1973), the resolution of names, and going on after a
fault where the rest still has a meaning. What may not: what may stand where, evaluation.

Precedence, loosest first: ``a if c else b``, ``or``, ``and``, ``not``, comparisons and ``is``, ``+ -``,
``* /``, unary minus, ``^``.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from parley.scenario import guesses
from parley.scenario.lexer import KEYWORDS, SLIPS, Fault, Token, tokens
from parley.scenario.names import Names, Symbol, suggest
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

__all__ = ["CHAIN_LIMIT", "DEPTH_LIMIT", "FUNCTIONS", "tree"]

DEPTH_LIMIT = 60  # nested parentheses, calls and signs
CHAIN_LIMIT = 120  # operations one above the other, those of chains like a + b + c + ... included

_NUMERIC = {
    "min": (2, 99),
    "max": (2, 99),
    "exp": (1, 1),
    "log": (1, 1),
    "sqrt": (1, 1),
    "abs": (1, 1),
    "Phi": (1, 1),
}
_OF_STORY = ("last", "times", "happened", "time")
_QUANTITIES = {"P": 1, "E": 1, "payoff": 1, "belief": 2, "time": 1}
FUNCTIONS = tuple(dict.fromkeys((*_NUMERIC, *_OF_STORY, *_QUANTITIES)))
_LONGEST_UNQUOTED = 16  # tokens of a name with keywords or hyphens, looked for to give a better hint
_LABELLED = (Kind.VARIABLE, Kind.STATE, Kind.SWITCH, Kind.COUNTER)

_IF, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _SIGN, _POWER = range(1, 10)
_INFIX = {
    ("word", "if"): _IF,
    ("word", "or"): _OR,
    ("word", "and"): _AND,
    ("word", "is"): _COMPARISON,
    **{("sign", each): _COMPARISON for each in ("<", "<=", ">", ">=", "=", "!=")},
    ("sign", "+"): _SUM,
    ("sign", "-"): _SUM,
    ("sign", "*"): _PRODUCT,
    ("sign", "/"): _PRODUCT,
    ("sign", "^"): _POWER,
}


def tree(source: str, names: Names) -> tuple[Node | None, list[Fault]]:
    """Parse a source, resolving its names.

    Parameters
    ----------
    source
        Any text.
    names
        What it may refer to.

    Returns
    -------
    The tree, or None when no sense can be made of the source, and every fault found. A tree with faults
    holds stand-ins and is fit for nothing.

    Examples
    --------
    >>> tree("-2", Names())
    (Negate(operand=Number(value=2.0, start=1, end=2), start=0, end=2), [])
    >>> [fault.message for fault in tree("a + b", Names())[1]]
    ["unknown name 'a'", "unknown name 'b'"]
    """
    parser = _Parser(source, names)
    return parser.whole(), parser.faults


class _Parser:
    """Parses one source; ``faults`` collects what is wrong without stopping the parse."""

    def __init__(self, source: str, names: Names) -> None:
        self.names = names
        self.tokens, self.faults = tokens(source)
        self.position = 0
        self.depth = 0
        self.given = 0  # how many bars of quantities we stand behind
        self.asked_about: Reference | None = None  # the last subject of an `is`

    def whole(self) -> Node | None:
        """Parse the whole source; None when it cannot be made sense of (then there is a fault)."""
        try:
            if self.next.kind == "end":
                if not self.faults:
                    self.faults.append(Fault("P306", "an expression is missing here", 0, 1))
                return None
            node = self.expression(0)
            if self.next.kind != "end":
                raise self.unexpected()
            self.limit(node)
        except Fault as fault:
            self.faults.append(fault)
            return None
        return node

    def limit(self, node: Node) -> None:
        """Refuse towers that only a long chain of operators can build; everybody downstream recurses."""
        if len(self.tokens) <= CHAIN_LIMIT:
            return
        waiting = [(node, 1)]
        while waiting:
            each, height = waiting.pop()
            if height > CHAIN_LIMIT:
                message = f"this expression chains more than {CHAIN_LIMIT} operations"
                raise Fault("P305", message, node.start, node.end, "give parts of it a name under `define:`")
            waiting.extend((child, height + 1) for child in children(each))

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
        token = self.tokens[self.position]
        return token.text == text and token.kind == kind

    def accept(self, text: str, kind: str = "sign") -> bool:
        if self.at(text, kind):
            self.position += 1
            return True
        return False

    def note(self, code: str, message: str, token: Token | Node, hint: str | None = None) -> None:
        """Take note of a fault and go on."""
        self.faults.append(Fault(code, message, token.start, max(token.end, token.start + 1), hint))

    def stop(self, code: str, message: str, token: Token, hint: str | None = None) -> Fault:
        return Fault(code, message, token.start, max(token.end, token.start + 1), hint)

    def expect_close(self, opened: Token) -> Token:
        if self.at(")"):
            return self.take()
        token = self.next
        if token.kind == "end":
            hint = f"the parenthesis in column {opened.start + 1} of the expression is not closed"
            raise self.stop("P304", "a `)` is missing", token, hint)
        raise self.unexpected()

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            message = f"this expression is nested more than {DEPTH_LIMIT} deep"
            raise self.stop("P305", message, token, "give parts of it a name under `define:`")

    def unexpected(self) -> Fault:
        """Say what is wrong with the next token, given that nothing can follow."""
        token = self.next
        if token.kind == "end":
            return self.stop("P304", "the expression ends too early", token)
        if token.kind == "sign" and token.text in SLIPS:
            message = f"'{token.text}' is not used in expressions"
            return self.stop("P307", message, token, SLIPS[token.text])
        return self.stop(
            "P304",
            f"did not expect '{token.text}' here",
            token,
            guesses.for_operator(self.tokens, self.position, self.names),
        )

    # --- operators ----------------------------------------------------------------------------------

    def expression(self, least: int) -> Node:
        """Parse as far as operators bind at least this tightly."""
        left = self.prefix(least)
        while True:
            token = self.tokens[self.position]
            level = _INFIX.get((token.kind, token.text), 0)
            if not level or level < least:
                return left
            self.position += 1
            left = self.infix(left, token, level)

    def prefix(self, least: int) -> Node:
        token = self.next
        if token.kind == "number":
            self.position += 1
            return self.number(token)
        if token.kind == "quoted" or (token.kind == "word" and token.text not in KEYWORDS):
            return self.name()
        if token.kind == "sign" and token.text in ("-", "+", "("):
            self.position += 1
            self.deeper(token)
            inner = self.expression(0 if token.text == "(" else _SIGN)
            if token.text == "(":
                self.expect_close(token)
            self.depth -= 1
            return Negate(inner, token.start, inner.end) if token.text == "-" else inner
        if token.kind == "word" and token.text == "not":
            if least > _NOT:
                raise self.stop("P304", "`not` must be in parentheses here", token, "write `(not ...)`")
            if (taken := self.swallowed()) is not None:
                return taken
            self.position += 1
            self.deeper(token)
            operand = self.expression(_NOT)
            self.depth -= 1
            return Not(operand, token.start, operand.end)
        raise self.unexpected()

    def infix(self, left: Node, token: Token, level: int) -> Node:
        if level == _IF:
            return self.conditional(left, token)
        if level == _COMPARISON:
            return self.comparison(left, token)
        if level == _POWER:
            self.deeper(token)
            right = self.expression(_SIGN)
            self.depth -= 1
        else:
            right = self.expression(level + 1)
        if level == _OR:
            return Either(left, right, left.start, right.end)
        if level == _AND:
            return Both(left, right, left.start, right.end)
        return Arithmetic(token.text, left, right, left.start, right.end)

    def conditional(self, then: Node, token: Token) -> Node:
        self.deeper(token)
        test = self.expression(_OR)
        if not self.accept("else", "word"):
            if self.next.kind != "end" and not self.at(")") and not self.at(","):
                raise self.unexpected()
            raise self.stop("P308", "an `if` needs its `else`", token, "write `a if condition else b`")
        otherwise = self.expression(_IF)
        self.depth -= 1
        return Conditional(test, then, otherwise, then.start, otherwise.end)

    def comparison(self, left: Node, token: Token) -> Node:
        node = self.identity(left, token) if token.text == "is" else self.compare(left, token)
        after = self.next
        if _INFIX.get((after.kind, after.text)) == _COMPARISON:
            self.note("P309", "comparisons cannot be chained", after, "write `a < b and b < c`")
        return node

    def compare(self, left: Node, token: Token) -> Node:
        if token.text in ("=", "!=") and isinstance(left, Reference) and left.kind in _LABELLED:
            symbol = self.names.find(left.name)
            found = self.label_ahead(symbol) if symbol is not None and not symbol.numeric else None
            if found is not None:
                label, count = found
                word = "is" if token.text == "=" else "is not"
                hint = f"write `{left.name} {word} {label}`"
                self.note(
                    "P321", f"`{token.text}` compares numbers; names are compared with `is`", token, hint
                )
                self.position += count
                return Is(left, label, token.text == "!=", left.start, self.tokens[self.position - 1].end)
        right = self.expression(_COMPARISON + 1)
        return Compare(token.text, left, right, left.start, right.end)

    # --- is -----------------------------------------------------------------------------------------

    def identity(self, subject: Node, token: Token) -> Node:
        negated = self.accept("not", "word")
        holder = subject.arguments[0] if isinstance(subject, Call) and subject.function == "last" else subject
        if not isinstance(holder, Reference) or holder.kind not in _LABELLED:
            if not (isinstance(holder, Reference) and self.names.find(holder.name) is None):
                self.note(
                    "P310",
                    "`is` needs a move, state or switch on its left",
                    token,
                    guesses.instead_of_is(holder),
                )
            self.skip_label()
            return Is(
                Reference(Kind.DEFINITION, "", subject.start, subject.end),
                "",
                negated,
                subject.start,
                token.end,
            )
        self.asked_about = holder
        label = self.label(holder)
        end = self.tokens[self.position - 1].end
        return Is(subject, label, negated, subject.start, end)  # type: ignore[arg-type]

    def label(self, holder: Reference) -> str:
        """Take the label behind `is`."""
        symbol = self.names.find(holder.name)
        assert symbol is not None
        found = self.label_ahead(symbol)
        unquoted = self.unquoted(lambda text: symbol.label(text))
        if unquoted is not None and (found is None or found[1] < unquoted[1]):
            label, count = unquoted
            start, last = self.next.start, self.tokens[self.position + count - 1]
            code, message = "P311", f"the value '{label}' must be in quotes"
            if found is not None:
                code, message = "P319", f"this could be the value '{label}' or '{found[0]}'"
            hint = f"write `{holder.name} is '{label}'`"
            self.faults.append(Fault(code, message, start, last.end, hint))
            self.position += count
            return label
        if found is not None:
            self.position += found[1]
            return found[0]
        if self.next.kind == "end" or self.words_ahead() == 0:
            hint = guesses.labels_of(symbol)
            if self.at("(") and len(symbol.labels) > 1:
                first, second = symbol.labels[:2]
                hint = f"write `{holder.name} is {first} or {holder.name} is {second}`"
            raise self.stop("P311", f"a value of '{holder.name}' must follow `is`", self.next, hint)
        start = self.next.start
        text = self.skip_label()
        end = self.tokens[self.position - 1].end
        near = suggest(text, symbol.labels)
        hint = f"did you mean `{near}`?" if near else guesses.labels_of(symbol)
        self.faults.append(Fault("P311", f"'{holder.name}' is never '{text}'", start, end, hint))
        return ""

    def label_ahead(self, symbol: Symbol) -> tuple[str, int] | None:
        """Return the longest label that the next tokens spell, and how many they are."""
        ahead = self.words_ahead()
        for count in range(ahead, 0, -1):
            label = symbol.label(self.spelt(count))
            if label is not None:
                return label, count
        return None

    def unquoted(self, find: Callable[[str], str | None]) -> tuple[str, int] | None:
        """Return what the next words name with their keywords and hyphens, and how many they are."""
        start, texts = self.position, [""]
        best = None
        for count in range(1, min(len(self.tokens) - start, _LONGEST_UNQUOTED)):
            token = self.tokens[start + count - 1]
            if token.kind not in ("word", "number") and not self.is_hyphen(start + count - 1):
                break
            close = token.text == "-" or texts[-1] == "-"
            texts.append(token.text if close else f" {token.text}")
            if count > 1 and token.kind == "word":
                name = find("".join(texts))
                best = best if name is None else (name, count)
        plain = best is not None and all(
            self.tokens[place].kind != "sign" and self.tokens[place].text not in KEYWORDS
            for place in range(start, start + best[1])
        )
        return None if plain else best

    def is_hyphen(self, place: int) -> bool:
        """Whether this is a minus between two words, without blanks."""
        token, before, after = self.tokens[place], self.tokens[place - 1], self.tokens[place + 1]
        close = before.end == token.start and token.end == after.start
        return close and (before.kind, token.text, after.kind) == ("word", "-", "word")

    def words_ahead(self) -> int:
        """Return how many of the next tokens may make up one name or label; a quoted one stands alone."""
        start = position = self.position
        if self.tokens[position].kind == "quoted":
            return 1
        if self.at("-") or self.at("+"):
            return 2 if self.tokens[position + 1].kind == "number" else 0
        while True:
            token = self.tokens[position]
            if token.kind != "number" and (token.kind != "word" or token.text in KEYWORDS):
                return position - start
            position += 1

    def spelt(self, count: int) -> str:
        """Return the text of the next tokens, a sign close to its number."""
        texts = [token.text for token in self.tokens[self.position : self.position + count]]
        return "".join(texts) if texts[0] in ("-", "+") else " ".join(texts)

    def skip_label(self) -> str:
        count = self.words_ahead()
        text = self.spelt(count) if count else ""
        self.position += count
        return text

    # --- names --------------------------------------------------------------------------------------

    def name(self) -> Node:
        token = self.next
        if token.kind == "word" and (taken := self.swallowed()) is not None:
            return taken
        follows = self.tokens[self.position + 1]
        if token.kind == "word" and follows.kind == "sign" and follows.text == "(":
            return self.call()
        ahead = 1 if token.kind == "quoted" else self.words_ahead()
        words = [each.text for each in self.tokens[self.position : self.position + ahead]]
        behind = self.given > 0
        count = self.names.longest(words, policies=behind)
        if not count:
            if behind and token.text == "at" and token.kind == "word" and follows.kind in ("word", "quoted"):
                self.position += 1
                target = self.name()
                return Call("at", (target,), None, token.start, target.end)
            return self.unknown(words)
        text = " ".join(words[:count])
        symbol = self.names.find(text, policies=behind)
        assert symbol is not None
        self.position += count
        return Reference(symbol.kind, symbol.name, token.start, self.tokens[self.position - 1].end)

    def swallowed(self) -> Node | None:
        """Note a name with a keyword inside that is not quoted, and take it."""
        start = end = self.position
        while self.tokens[end].kind == "word":
            end += 1
        found = self.names.swallowed([token.text for token in self.tokens[start:end]])
        if found is None:
            return None
        name, count = found
        self.position += count
        first, last = self.tokens[start], self.tokens[self.position - 1]
        hint = f"write '{name}' in quotes for the name; else put parentheses around the first part"
        self.faults.append(Fault("P319", f"this could be the name '{name}'", first.start, last.end, hint))
        return Reference(Kind.DEFINITION, name, first.start, last.end)

    def unknown(self, words: list[str]) -> Node:
        """Note that nothing is called so; return something to go on with."""
        first = self.next
        text, count = " ".join(words), len(words)
        code, message, hint = "P301", f"unknown name '{text}'", self.meant(words)
        unquoted = self.unquoted(self.anything)
        if unquoted is not None:
            self.position += unquoted[1]
            end = self.tokens[self.position - 1].end
            message = f"a name with a hyphen must be in quotes: '{unquoted[0]}'"
            self.faults.append(Fault("P301", message, first.start, end, "`-` between names is a minus"))
            return Reference(Kind.DEFINITION, unquoted[0], first.start, end)
        for each in range(len(words), 0, -1):
            part = " ".join(words[:each])
            holders = self.names.holders(part)
            if holders:
                asked = self.asked_about
                names = [holder.name for holder in holders]
                name = asked.name if asked is not None and asked.name in names else names[0]
                code, message, count = "P312", f"'{part}' is a value of '{name}'", each
                hint = f"write `{name} is {part}`"
                break
        else:
            if self.names.find(text, policies=True) is not None:
                code, message = "P313", f"'{text}' is a policy"
                hint = "a policy stands behind the bar of a quantity: `P(event | policy)`"
        self.position += count
        end = self.tokens[self.position - 1].end
        self.faults.append(Fault(code, message, first.start, end, hint))
        return Reference(Kind.DEFINITION, text, first.start, end)

    def anything(self, text: str) -> str | None:
        """Return the declared spelling of a name or value of any kind."""
        symbol = self.names.find(text, policies=True)
        if symbol is not None:
            return symbol.name
        return next((holder.label(text) for holder in self.names.holders(text)), None)

    def meant(self, words: list[str]) -> str:
        follows = self.tokens[self.position + len(words)]
        return guesses.for_name(words, follows, self.names, policies=self.given > 0)

    # --- calls --------------------------------------------------------------------------------------

    def call(self) -> Node:
        token, opened = self.take(), self.take()
        function = token.text
        if function not in FUNCTIONS:
            self.note(
                "P314",
                f"there is no function '{function}'",
                token,
                guesses.for_function(function, FUNCTIONS, self.names),
            )
        self.deeper(opened)
        parse: Callable[[], Node] = self.argument
        arguments = (
            [self.player() if function in ("payoff", "belief") else parse()] if not self.at(")") else []
        )
        while self.accept(","):
            arguments.append(parse())
        given = self.bar(function) if self.at("|") else None
        close = self.expect_close(opened)
        self.depth -= 1
        self.arity(function, len(arguments), token)
        nodes = tuple(arguments) or (Number(0.0, close.start, close.end),)
        return Call(function, nodes, given, token.start, close.end)

    def argument(self) -> Node:
        return self.expression(0)

    def bar(self, function: str) -> Node:
        bar = self.take()
        if function not in _QUANTITIES and function in FUNCTIONS:
            hint = "only quantities have a bar; for a choice write `or`"
            self.note("P315", f"'{function}' takes no condition", bar, hint)
        self.given += 1
        given = self.expression(0)
        self.given -= 1
        if self.at("|"):
            raise self.stop("P304", "there is one bar only", self.next, "join conditions with `and`")
        return given

    def player(self) -> Node:
        """Take a player's name."""
        count = self.words_ahead()
        tokens = self.tokens[self.position : self.position + count]
        for each in range(count, 0, -1):
            symbol = self.names.find(" ".join(token.text for token in tokens[:each]))
            if symbol is not None and symbol.kind is Kind.PLAYER:
                self.position += each
                return Reference(Kind.PLAYER, symbol.name, tokens[0].start, tokens[each - 1].end)
        players = self.names.of(Kind.PLAYER)
        hint = f"players are: {', '.join(players)}" if players else "no player is declared"
        if not count:
            raise self.stop("P317", "a player's name must stand here", self.next, hint)
        text = " ".join(token.text for token in tokens)
        near = suggest(text, players)
        self.position += count
        start, end = tokens[0].start, tokens[-1].end
        hint = f"did you mean `{near}`?" if near else hint
        self.faults.append(Fault("P317", f"'{text}' is no player", start, end, hint))
        return Reference(Kind.PLAYER, text, start, end)

    def arity(self, function: str, count: int, token: Token) -> None:
        low, high = _NUMERIC.get(function, (_QUANTITIES.get(function, 1),) * 2)
        if function in FUNCTIONS and not low <= count <= high:
            wanted = f"{low}" if low == high else f"at least {low}"
            message = f"'{function}' takes {wanted} argument{'s' if wanted != '1' else ''}, not {count}"
            self.note("P316", message, token, "join conditions with `and`" if function == "P" else None)

    def number(self, token: Token) -> Number:
        percent = token.text.endswith("%")
        value = float(token.text.rstrip("% \t\n")) / (100 if percent else 1)
        if math.isinf(value):
            self.note(
                "P318", "this number is too large to compute with", token, "the largest is about 1.8e308"
            )
            value = 0.0
        return Number(value, token.start, token.end)
