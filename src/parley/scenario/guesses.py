"""What was probably meant by an expression that is at fault.

What lives here: hints for the parser. What may not: parsing.
"""

from __future__ import annotations

from collections.abc import Sequence

from parley.scenario.lexer import KEYWORDS, Token
from parley.scenario.names import Names, Symbol, suggest
from parley.scenario.syntax import Kind, Node, Reference

__all__ = ["for_function", "for_name", "for_operator", "instead_of_is", "labels_of"]

_SIGNS = {
    "|": "a bar stands inside a quantity, `P(event | condition)`; for a choice write `or`",
    ")": "there is no parenthesis to close",
    "=": "to compare write one sign: <, <=, >, >=, =, !=",
}


def for_operator(tokens: Sequence[Token], position: int, names: Names) -> str | None:
    """Guess what would have made the token at a position welcome.

    Examples
    --------
    >>> from parley.scenario.lexer import tokens
    >>> for_operator(tokens("2 cost")[0], 1, Names())
    'an operator is missing: `2 * cost`'
    """
    token = tokens[position]
    before = tokens[position - 1] if position else None
    if token.text.lower() in KEYWORDS and token.kind == "word":
        if token.text not in KEYWORDS:
            return f"write `{token.text.lower()}`"
        if token.text == "if":
            return "write `a if condition else b`"
        return f"quote the name if `{token.text}` is part of one"
    if token.kind == "sign" and token.text == ",":
        return _instead_of_comma(tokens, position)
    if token.kind == "sign" or before is None or before.kind == "sign":
        return _SIGNS.get(token.text) if token.kind == "sign" else None
    if before.kind == "number" and token.kind != "number":
        return f"an operator is missing: `{before.text} * {token.text}`"
    start = position
    while start and tokens[start - 1].kind == "word" and tokens[start - 1].text not in KEYWORDS:
        start -= 1
    words = [each.text for each in tokens[max(start, position - 5) : position + 1]]
    known = names.every(policies=True)
    tails = (" ".join(words[place:]) for place in range(len(words)))
    near = next((found for tail in tails if (found := suggest(tail, known))), None)
    if near:
        return f"an operator is missing, or a name is misspelt: did you mean `{near}`?"
    return "an operator is missing, or a name of several words is not declared"


def _instead_of_comma(tokens: Sequence[Token], position: int) -> str | None:
    """Say what to write for a comma outside of a function's arguments."""
    opened: list[bool] = []  # for each open parenthesis whether there was a bar in it
    for token in tokens[:position]:
        if token.text == "(":
            opened.append(False)
        elif token.text == ")" and opened:
            opened.pop()
        elif token.text == "|" and opened:
            opened[-1] = True
    if opened and opened[-1]:
        return "join conditions with `and`"
    if tokens[position - 1].kind == "number" and tokens[position + 1].kind == "number":
        return "write a decimal point: 1.5, not 1,5"
    return "commas stand between the arguments of a function; join conditions with `and`"


def for_name(words: Sequence[str], follows: Token, names: Names, *, policies: bool) -> str:
    """Guess which name was meant by words that name nothing.

    Examples
    --------
    >>> for_name(["true"], Token("end", "", 4, 4), Names(), policies=False).split(":")[0]
    'there is no true or false'
    """
    text = " ".join(words)
    if text.lower() in ("true", "false"):
        return "there is no true or false: leave a condition out that always holds, or compare something"
    capital = next((word for word in words if word.lower() in KEYWORDS), None)
    if capital is not None:
        return f"write `{capital.lower()}` in small letters"
    near = suggest(text, names.every(policies=policies))
    if near:
        return f"did you mean `{near}`?"
    if follows.kind in ("quoted", "number") or follows.text == ".":
        return "quote a name that contains other signs"
    return "declare it under `parameters:` or `define:`, or as a step of the story"


def for_function(function: str, functions: Sequence[str], names: Names) -> str:
    """Guess which function was meant.

    Examples
    --------
    >>> for_function("p", ["P", "E"], Names())
    'did you mean `P`?'
    """
    if names.find(function) is not None:
        return f"to multiply write `{function} * (...)`"
    near = next((each for each in functions if each.lower() == function.lower()), None)
    near = near or suggest(function, functions)
    return f"did you mean `{near}`?" if near else f"there are: {', '.join(functions)}"


def instead_of_is(holder: Node) -> str:
    """Say what to write for something that no `is` can follow.

    Examples
    --------
    >>> instead_of_is(Reference(Kind.OUTCOME, "war", 0, 3))
    'an outcome stands alone: `war`, or `not war`'
    """
    if isinstance(holder, Reference) and holder.kind is Kind.OUTCOME:
        return f"an outcome stands alone: `{holder.name}`, or `not {holder.name}`"
    if isinstance(holder, Reference) and holder.kind is Kind.PARAMETER:
        return "compare numbers with `=`, `<` or `>`"
    return "compare numbers with `=`; a condition stands alone, without `is`"


def labels_of(symbol: Symbol) -> str:
    """List what may follow `is`.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> labels_of(Symbol(Kind.STATE, "mood", Span("a.md", 1, 1), ("calm", "angry")))
    'its values are: calm, angry'
    """
    if not symbol.labels:
        return f"`{symbol.name}` has no values"
    shown = ", ".join(symbol.labels[:12])
    return f"its values are: {shown}{', ...' if len(symbol.labels) > 12 else ''}"
