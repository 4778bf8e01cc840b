"""A Markdown file taken apart: front matter, model fences, marked passages, the article that remains.

What lives here: finding the parts, with the offset of each. What may not: reading YAML, or knowing any key
of the language.

*Front matter* is what stands between a first line ``---`` and the next such line. A *fence* is a block that
starts with three or more backticks or tildes; it belongs to the model when the first word after them is
``parley``. A *passage* is ``[words]{#name}`` outside code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from types import MappingProxyType

from parley.scenario.model import Passage
from parley.scenario.text import Report, SourceText

__all__ = ["Block", "Document", "take_apart"]

_FENCE = re.compile(r"^( {0,3})(`{3,}|~{3,})[ \t]*([^\n]*)$")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)([^\n]{0,500}?[^`\n])\1(?!`)")
_MARK = re.compile(r"\{#([^{}\n]*)\}")
_PLAIN = ("", "yaml", "yml")
_ENTRY = re.compile(r"^[a-z]+:(?:[ \t]|$)", re.MULTILINE)
_NAME = re.compile(r"[^\W\d_][\w-]*")
_BRACKET = re.compile(r"[\[\]]|\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text that holds YAML: from ``start`` up to ``end``, characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """The parts of a Markdown file. ``front`` is None when there is none."""

    front: Block | None
    fences: tuple[Block, ...]
    passages: Mapping[str, Passage]
    article: str


def take_apart(source: SourceText, report: Report) -> Document:
    r"""Find front matter, model fences and passages, and report what is wrong with them.

    Parameters
    ----------
    source
        The text of the file.
    report
        Takes note of each fault.

    Returns
    -------
    Document
        Everything that could be found.

    Examples
    --------
    >>> text = "---\nparley: 1\n---\n[Talks fail]{#fail}.\n\n```parley\nplayers: {a: A}\n```\n"
    >>> document = take_apart(SourceText.of(text, "x.md"), lambda *fault: None)
    >>> [text[block.start:block.end] for block in document.fences]
    ['players: {a: A}\n']
    >>> document.passages["fail"].text
    'Talks fail'
    """
    front, first = _front_matter(source, report)
    fences, hidden = _fences(source, first, report)
    body = source.starts[first - 1] if first <= source.count else len(source.text)
    passages = _passages(source, body, hidden, report)
    article = _article(source, body, fences)
    return Document(front, tuple(block for block, _, _ in fences), passages, article)


def _front_matter(source: SourceText, report: Report) -> tuple[Block | None, int]:
    """Return the block between the first two ``---`` lines, and the number of the first line after it."""
    if source.line(1).rstrip() != "---":
        late = next((n for n in range(1, min(source.count, 12) + 1) if source.line(n).strip()), 1)
        hint = "Begin the file with a line ---, then `parley: 1` and `title: ...`, then another line ---."
        if source.line(late).rstrip() == "---":
            hint = "Nothing may stand before the front matter, not even an empty line: move --- to line 1."
        report("P110", source.whole_line(late), "the front matter is missing", hint)
        return None, 1
    for number in range(2, source.count + 1):
        if source.line(number).rstrip() in ("---", "..."):
            return Block(source.starts[1], source.starts[number - 1]), number + 1
        if _FENCE.match(source.line(number)):
            break
    report(
        "P111",
        source.whole_line(1),
        "the front matter opens here and is never closed",
        "Put a line --- after its last entry, before the article begins.",
    )
    return None, 2


_Fence = tuple[Block, int, int]  # the content, and the whole block with its two fence lines


def _fences(source: SourceText, first: int, report: Report) -> tuple[list[_Fence], list[tuple[int, int]]]:
    """Return the model's fences, and the extents of all fences (no passage is looked for in there)."""
    model: list[_Fence] = []
    hidden: list[tuple[int, int]] = []
    misspelt = False
    likely: int | None = None
    number = first
    while number <= source.count:
        match = _FENCE.match(source.line(number))
        if match is None or ("`" in match[3] and match[2][0] == "`"):
            number += 1
            continue
        ours = _is_model(match[3])
        closing = _closing(source, number + 1, match[2])
        last = source.count if closing is None else closing
        stop = source.starts[last] if last < source.count else len(source.text)
        content = Block(source.starts[number] if number < source.count else len(source.text), stop)
        if closing is not None:
            content = Block(content.start, source.starts[closing - 1])
        hidden.append((source.starts[number - 1], stop))
        if ours:
            model.append((content, source.starts[number - 1], stop))
            if closing is None:
                report(
                    "P121",
                    source.whole_line(number),
                    "this block is never closed",
                    f"Put a line {match[2]} after the last line of the model.",
                )
        else:
            misspelt |= _check_heading(source, number, match[3], report)
            if (
                likely is None
                and match[3].strip() in _PLAIN
                and _looks_like_a_model(source.text[content.start : content.end])
            ):
                likely = number
        number = last + 1
    if not model and not misspelt:
        report(
            "P120",
            source.whole_line(likely or 1),
            "the file has no block headed `parley`, so there is no model to read",
            "Put the model between a line ```parley and a line ```."
            if likely is None
            else "If this block is the model, write ```parley here.",
        )
    return model, hidden


def _looks_like_a_model(text: str) -> bool:
    """Whether at least two lines of a text begin, in the first column, with a word and a colon."""
    return len(_ENTRY.findall(text)) > 1


def _is_model(heading: str) -> bool:
    words = heading.split()
    return bool(words) and words[0] == "parley"


def _closing(source: SourceText, first: int, opening: str) -> int | None:
    """Return the number of the line that closes a fence, or None."""
    pattern = re.compile(rf"^ {{0,3}}{re.escape(opening[0])}{{{len(opening)},}}[ \t]*$")
    return next((n for n in range(first, source.count + 1) if pattern.match(source.line(n))), None)


def _check_heading(source: SourceText, number: int, heading: str, report: Report) -> bool:
    """Say so, and return True, when the heading of a fence looks like a misspelt ``parley``."""
    word = (heading.split() or [""])[0].strip("{}.")
    if len(word) > 3 and SequenceMatcher(None, word.lower(), "parley").ratio() >= 0.7:
        column = source.starts[number - 1] + source.line(number).index(word)
        report(
            "P122",
            source.span(column, column + len(word)),
            f"this block is headed `{word}`, so it is not read as part of the model",
            "Write `parley`, in small letters, right after the three backticks.",
        )
        return True
    return False


def _passages(
    source: SourceText, body: int, hidden: list[tuple[int, int]], report: Report
) -> Mapping[str, Passage]:
    """Find ``[words]{#name}`` outside of code."""
    prose = _prose(source.text, body, hidden)
    partners = _brackets(prose)
    found: dict[str, Passage] = {}
    for match in _MARK.finditer(prose):
        name = match[1].strip()
        start = partners.get(match.start())
        place = source.span(match.start() if start is None else start, match.end())
        if start is None:
            if _NAME.fullmatch(name):
                found.setdefault(name, Passage(name, "", place))  # so that no reference to it is at fault too
            detached = prose[: match.start()].rstrip(" \t").endswith("]")
            report(
                "P130",
                place,
                f"`{match[0]}` marks no words",
                "Write it directly after the closing bracket, without a blank."
                if detached
                else f"Put the words that it marks in square brackets before it: [words]{{#{name}}}.",
            )
        elif not _NAME.fullmatch(name):
            report(
                "P131",
                source.span(match.start(), match.end()),
                f"`{name}` cannot be the name of a passage",
                "A name starts with a letter and goes on with letters, digits, - and _; no blanks.",
            )
        elif name in found:
            report(
                "P132",
                source.span(match.start(), match.end()),
                f"the passage `{name}` is marked twice",
                f"It is already marked in line {found[name].span.line}; give this one another name.",
            )
        else:
            words = " ".join(prose[start + 1 : match.start() - 1].split())
            found[name] = Passage(name, words, place)
    return MappingProxyType(found)


def _prose(text: str, body: int, hidden: list[tuple[int, int]]) -> str:
    """Blank out everything that is not prose, keeping every offset."""
    pieces: list[str] = [_blank(text[:body])]
    at = body
    for start, stop in hidden:
        pieces.append(text[at:start])
        pieces.append(_blank(text[start:stop]))
        at = stop
    pieces.append(text[at:])
    prose = "".join(pieces)
    prose = _without_comments(prose)
    return _CODE_SPAN.sub(lambda match: _blank(match[0]), prose)


def _without_comments(prose: str) -> str:
    """Blank out ``<!-- ... -->``; a search by pattern would take quadratic time on hostile text."""
    pieces: list[str] = []
    at = 0
    while (start := prose.find("<!--", at)) >= 0 and (stop := prose.find("-->", start)) >= 0:
        pieces += [prose[at:start], _blank(prose[start : stop + 3])]
        at = stop + 3
    return "".join([*pieces, prose[at:]])


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _brackets(prose: str) -> dict[int, int]:
    """Return, for the offset behind each closing bracket, that of the one that opens it in its paragraph."""
    partners: dict[int, int] = {}
    opened: list[int] = []
    for match in _BRACKET.finditer(prose):
        if match[0] == "[":
            opened.append(match.start())
        elif match[0] != "]":
            opened.clear()  # the paragraph ends
        elif opened:
            partners[match.end()] = opened.pop()
    return partners


def _article(source: SourceText, body: int, fences: list[_Fence]) -> str:
    """Return the Markdown without front matter and model fences."""
    pieces: list[str] = []
    at = body
    for _, start, stop in fences:
        pieces.append(source.text[at:start])
        at = stop
    pieces.append(source.text[at:])
    return re.sub(r"\n{3,}", "\n\n", "".join(pieces)).strip() + "\n" if pieces else ""
