"""What a YAML parser's complaint means for somebody who does not know YAML.

What lives here: turning the parser's problem and its two marks into a code, the line that has to be changed,
and a hint. The parser often notices a slip one line late; then the place reported is the line of the slip.
What may not: parsing, or any key of the language but those of several words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ruamel.yaml.error import MarkedYAMLError

from parley.scenario.keys import SHAPES
from parley.scenario.model import Span
from parley.scenario.text import Report, SourceText

__all__ = ["explain"]

_QUOTE = "Put the whole value in quotes."
_KEY = re.compile(r"^\s*(?:- +)*[^\s:#'\"\[{][^:#'\"\[{]*:(?:\s|$)")
_EQUALS = re.compile(r"^\s*(?:- +)?(\w[\w -]*?)\s*=\s*(\S.*)$")
_NO_COLON = re.compile(r"[{,]\s*(\w[\w -]*?)\s*(=?)\s*$")
_SEVERAL_WORDS = tuple({key.name for shape in SHAPES.values() for key in shape.keys if " " in key.name})
_CLOSES = {"[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class _Fault:
    """A complaint, its marks turned into offsets of the whole text."""

    source: SourceText
    start: int
    context: int
    problem: int
    words: str

    @property
    def line(self) -> int:
        return self.source.span(self.problem).line

    @property
    def opened(self) -> int:
        return self.source.span(self.context).line

    def above(self) -> int:
        """Return the number of the last line before the problem's that is not blank or a comment."""
        first = self.source.span(self.start).line
        for number in range(self.line - 1, first - 1, -1):
            text = self.source.line(number).strip()
            if text and not text.startswith("#"):
                return number
        return 0


def explain(fault: MarkedYAMLError, source: SourceText, start: int, end: int, report: Report) -> None:
    """Report a syntax fault, in the words of somebody who mends it.

    Parameters
    ----------
    fault
        What the parser raised.
    source, start, end
        The text, and the stretch of it that was parsed.
    report
        Takes note of the fault.
    """
    mark = fault.problem_mark or fault.context_mark
    problem = min(start + (mark.index if mark is not None else 0), end)
    opened = fault.context_mark
    context = min(start + (opened.index if opened is not None else problem - start), end)
    found = _Fault(source, start, context, problem, str(fault.problem or fault.context or ""))
    code, place, message, hint = _judge(found)
    report(code, place, message, hint)


_Verdict = tuple[str, Span, str, str]


def _judge(fault: _Fault) -> _Verdict:
    words = fault.words
    equals = _EQUALS.match(fault.source.line(fault.line))
    whole = fault.source.starts[fault.line - 1] >= fault.start  # not the `=` of a setting, which is right
    if equals and whole and equals[2][0] in "{[":
        return _missing_colon(fault, fault.line)
    for part, judge in _CASES:
        if part in words:
            return judge(fault)
    place = fault.source.span(fault.problem)
    return (
        "P169",
        place,
        f"YAML cannot read this: {words}",
        "Put free text in quotes and check the indentation.",
    )


def _no_colon(fault: _Fault) -> _Verdict:
    return _missing_colon(fault, fault.opened)


def _missing_colon(fault: _Fault, number: int) -> _Verdict:
    text = fault.source.line(number).strip()
    place = fault.source.whole_line(number)
    glued = re.match(r"^(?:- +)?([\w -]+):(\S.*)$", text)
    if glued:
        hint = f"A blank must follow the colon: `{glued[1]}: {glued[2]}`."
        return "P151", place, "there is no blank after the colon in this line", hint
    message = "this line should be `name: value`, but it has no colon"
    if equals := _EQUALS.match(text):
        return "P150", place, message, f"Write `:` instead of `=`: `{equals[1]}: {equals[2]}`."
    plain = re.sub(r"\s#.*", "", text.removeprefix("- "))
    long = next((key for key in _SEVERAL_WORDS if plain.startswith(f"{key} ")), None)
    if long is not None:
        return (
            "P150",
            place,
            message,
            f"A colon is missing after `{long}`: `{long}: {plain[len(long) :].strip()}`.",
        )
    words = text.removeprefix("- ").split()
    shown = f"`{words[0]}: {' '.join(words[1:])}`" if len(words) > 1 else f"`{text.removeprefix('- ')}: ...`"
    hint = f"Write {shown}. If the line goes on with the text of the line above, put that text in quotes."
    return "P150", place, message, hint


def _second_colon(fault: _Fault) -> _Verdict:
    before = fault.source.line(fault.line)[: fault.source.span(fault.problem).column - 1]
    if _KEY.match(before):
        return (
            "P152",
            fault.source.span(fault.problem),
            "a second colon in the same line; YAML takes it for another `name: value`",
            "Put the text that contains the colon in quotes.",
        )
    above = fault.above()
    text = fault.source.line(above)
    if above and not _KEY.match(text):
        return _missing_colon(fault, above)
    item = re.match(r"^(\s*(?:- +)*)", text)
    column = len(item[1]) + 1 if item else 1
    return (
        "P153",
        fault.source.whole_line(fault.line),
        f"this line is indented deeper than line {above}, which already has its value",
        f"Start it in column {column}, below `{text.strip().removeprefix('- ').split(':')[0]}`, "
        f"or move the value of line {above} to lines of its own.",
    )


def _block_end(fault: _Fault) -> _Verdict:
    place = fault.source.span(fault.problem)
    found = fault.words.rpartition("found ")[2].strip("'")
    if found in ("]", "}"):
        return "P159", place, f"this `{found}` closes nothing", "Delete it, or add the bracket that opens it."
    if found == "<scalar>":
        return _after_quote(fault)
    if found == "-":
        return (
            "P154",
            fault.source.whole_line(fault.line),
            "a list item stands where `name: value` is expected",
            "Take the dash away if this is `name: value`; indent the items of a list below their name.",
        )
    if found == ",":
        return "P160", place, "there is a comma outside of brackets", _QUOTE
    return (
        "P155",
        fault.source.whole_line(fault.line),
        "the indentation of this line fits none of the lines above it",
        f"Lines of one list or map start in the same column; the one at fault opens in line {fault.opened}.",
    )


def _after_quote(fault: _Fault) -> _Verdict:
    for number in range(fault.line, max(fault.opened, fault.line - 30) - 1, -1):
        text = fault.source.line(number)
        for quote in ('"', "'"):
            if number < fault.line and text.count(quote) % 2 and re.search(rf"[:\[{{,(-]\s*{quote}", text):
                at = fault.source.starts[number - 1] + text.index(quote)
                return _unclosed_at(fault.source, at)
    return (
        "P156",
        fault.source.span(fault.problem),
        "there is text after the closing quote",
        'Put the quotes around the whole value; inside double quotes write \\" for a quote.',
    )


def _unclosed_quote(fault: _Fault) -> _Verdict:
    return _unclosed_at(fault.source, fault.context)


def _unclosed_at(source: SourceText, at: int) -> _Verdict:
    quote = source.text[at : at + 1]
    hint = f"Put another {quote} where the text ends."
    if quote == "'":
        hint += " If it is an apostrophe, put the whole text in double quotes."
    return "P157", source.span(at), "the quote that opens here is never closed", hint


def _flow(fault: _Fault) -> _Verdict:
    source = fault.source
    opening = source.text[fault.context : fault.context + 1]
    closing = _CLOSES.get(opening, "]")
    found = fault.words.rpartition("got ")[2].strip("'")
    place = source.span(fault.problem)
    if found in ("]", "}"):
        message = f"`{found}` stands here, but the bracket opened in line {fault.opened} is `{opening}`"
        return "P159", place, message, f"Write `{closing}`."
    indent = len(source.line(fault.line)) - len(source.line(fault.line).lstrip())
    outer = source.line(fault.opened)
    left = len(outer) - len(outer.lstrip())
    if found in ("<stream end>", "<document end>") or (fault.line > fault.opened and indent <= left):
        message = f"the bracket `{opening}` that opens here is never closed"
        return "P158", source.span(fault.context), message, f"Put `{closing}` where it ends."
    if found == "<scalar>" and source.text[fault.problem - 1 : fault.problem] in "'\" ":
        return _after_quote(fault)
    name = _NO_COLON.search(source.text[fault.context : fault.problem]) if opening == "{" else None
    if name is not None and found in ("[", "{"):
        at = fault.context + name.start(1)
        rest, closed, _ = source.line(fault.line)[place.column - 1 :].partition(_CLOSES[found])
        hint = "Write `:` instead of `=`" if name[2] else f"A colon is missing after `{name[1]}`"
        hint = f"{hint}: `{name[1]}: {rest}{closed or '...'}`."
        return (
            "P150",
            source.span(at, at + len(name[1])),
            "this should be `name: value`, but it has no colon",
            hint,
        )
    if fault.line > fault.opened and not _KEY.match(source.line(fault.line)[: place.column - 1]):
        above = fault.above()
        text = source.line(above).rstrip()
        at = source.starts[above - 1] + len(text)
        return (
            "P161",
            source.span(at),
            "there is no comma at the end of this line",
            "Put `,` between two entries.",
        )
    if found == ":":
        return (
            "P152",
            place,
            "a second colon in the same entry; YAML takes it for another `name: value`",
            "Put the text that contains the colon in quotes; two entries need a comma between them.",
        )
    return (
        "P162",
        place,
        f"`{source.text[fault.problem : fault.problem + 1]}` cannot stand here, inside brackets",
        "Put text that contains brackets in quotes; two entries need a comma between them.",
    )


def _character(fault: _Fault) -> _Verdict:
    character = fault.source.text[fault.problem : fault.problem + 1]
    place = fault.source.span(fault.problem)
    if character == "\t":
        return "P164", place, "there is a tab in this line; YAML allows blanks only", "Replace it by blanks."
    shown = "a backquote" if character == "`" else f"`{character}`"
    return "P165", place, f"a value cannot start with {shown}", _QUOTE


def _star(fault: _Fault) -> _Verdict:
    character = fault.source.text[fault.context : fault.context + 1]
    return "P165", fault.source.span(fault.context), f"a value cannot start with `{character}`", _QUOTE


def _escape(fault: _Fault) -> _Verdict:
    shown = fault.source.text[fault.problem - 1 : fault.problem + 1]
    hint = "Use single quotes around the text, or write \\\\ for a backslash."
    return "P166", fault.source.span(fault.problem), f"`{shown}` is no escape that YAML knows", hint


def _dash(fault: _Fault) -> _Verdict:
    return (
        "P167",
        fault.source.span(fault.problem),
        "a dash with a blank after it begins a list item, and none can stand here",
        "For a negative number write the dash without a blank (`-B`); a list starts on the next line.",
    )


def _question(fault: _Fault) -> _Verdict:
    return "P165", fault.source.span(fault.problem), "a value cannot start with `?`", _QUOTE


def _content(fault: _Fault) -> _Verdict:
    character = fault.source.text[fault.problem : fault.problem + 1]
    place = fault.source.span(fault.problem)
    return "P163", place, f"a value is missing before `{character}`", "Write the value, or put it in quotes."


def _block_text(fault: _Fault) -> _Verdict:
    character = fault.source.text[fault.context : fault.context + 1]
    message = f"a value that starts with `{character}` is read by YAML as a text of several lines"
    return "P165", fault.source.span(fault.context), message, _QUOTE


def _start(fault: _Fault) -> _Verdict:
    return (
        "P155",
        fault.source.whole_line(fault.line),
        "the indentation of this line fits none of the lines above it",
        "Start all top-level entries in the first column.",
    )


_CASES = (
    ("could not find expected ':'", _no_colon),
    ("mapping values are not allowed", _second_colon),
    ("expected <block end>", _block_end),
    ("expected ',' or", _flow),
    ("cannot start any token", _character),
    ("unexpected end of stream", _unclosed_quote),
    ("unexpected document separator", _unclosed_quote),
    ("escape character", _escape),
    ("expected escape sequence", _escape),
    ("expected alphabetic or numeric", _star),
    ("sequence entries are not allowed", _dash),
    ("mapping keys are not allowed", _question),
    ("expected the node content", _content),
    ("chomping or indentation indicators", _block_text),
    ("comment or a line break", _block_text),
    ("expected '<document start>'", _start),
)
