"""The shelf in a terminal: the list of what ships with Parley, and one entry as a page to read.

What lives here: layout of entries and of a scenario's prose. What may not: findings, and anything that takes
long to load.
"""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from parley.catalog.entries import FIDELITY, Entry

if TYPE_CHECKING:
    from parley.scenario.model import Scenario

__all__ = ["paragraphs", "render_catalog", "render_entry"]

INDENT = "  "
WIDEST = 110
NARROWEST = 40
SHOWN = 12  # published numbers on the page of an entry
LONGEST = 60  # characters of the values that a number was published for

_MARKED = re.compile(r"\[([^\[\]]*)\]\{#[^{}]*\}")
_LINK = re.compile(r"(?<!!)\[([^\[\]]*)\]\([^()]*\)")
_STRESS = re.compile(r"(?<!\w)(\*\*|\*|__|_)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_LEAD = re.compile(r"(#{1,6}|[-*]|\d+\.) ")


def render_catalog(entries: Sequence[Entry], width: int) -> str:
    """Write the list: by field, a line for each scenario with its players, and what it teaches.

    Examples
    --------
    >>> from parley.catalog import entries
    >>> from parley.report import render_catalog
    >>> render_catalog([each for each in entries() if each.name == "which-event-first"], 60).splitlines()[1]
    '  Which event comes first (1 player)      which-event-first'
    """
    width = max(NARROWEST, min(width, WIDEST))
    lines: list[str] = []
    for field, group in groupby(entries, key=lambda each: each.field):
        lines.append(("" if not lines else "\n") + field.upper())
        for each in group:
            players = f"{len(each.players)} player{'s' * (len(each.players) != 1)}"
            lines += _two_ends(f"{INDENT}{each.title} ({players})", each.name, width)
            lines += _wrapped(each.teaches, width, INDENT * 3, INDENT * 3)
    return "\n".join(lines) + "\n"


def _two_ends(left: str, right: str, width: int) -> list[str]:
    """Set two texts at the two ends of a line, or of two lines where one has no room for both."""
    room = width - len(left) - len(right)
    if room >= 2:
        return [left + " " * room + right]
    return [*_wrapped(left, width, INDENT, INDENT * 2), right.rjust(width)]


def render_entry(entry: Entry, scenario: Scenario, width: int) -> str:
    """Write one scenario as a page: what it is, its prose, the numbers that it must reproduce, what to run.

    Examples
    --------
    >>> import parley
    >>> from parley.catalog import entries
    >>> from parley.report import render_entry
    >>> entry = next(each for each in entries() if each.name == "which-event-first")
    >>> print(render_entry(entry, parley.load(entry.name), 80).splitlines()[0])
    WHICH EVENT COMES FIRST  which-event-first
    """
    width = max(NARROWEST, min(width, WIDEST))
    lines = [f"{entry.title.upper()}  {entry.name}"]
    lines += _wrapped(entry.question, width, INDENT, INDENT)
    lines.append("")
    for name, said in _facts(entry):
        lines += _wrapped(said, width, f"{INDENT}{name:<10}", INDENT + " " * 10)
    lines.append("")
    lines += paragraphs(scenario.article, width)
    if scenario.expected:
        lines += ["", "NUMBERS THAT IT MUST REPRODUCE"]
        lines += _expected(scenario, width)
    name = shlex.quote(entry.name)
    lines += ["", "NEXT"]
    if scenario.expected:
        lines.append(f"{INDENT}parley reproduce {name}")
    lines += [f"{INDENT}parley run {name}", f"{INDENT}parley show {name}"]
    lines.append(f"{INDENT}parley new my-own --from {name}")
    return "\n".join(_plain(line) for line in lines) + "\n"


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "field", entry.field
    yield "players", ", ".join(entry.players)
    yield "teaches", entry.teaches
    yield "source", entry.citation
    yield "fidelity", f"{entry.fidelity}: {FIDELITY[entry.fidelity]}"


def _expected(scenario: Scenario, width: int) -> Iterator[str]:
    for item in scenario.expected[:SHOWN]:
        said = item.text or item.expression.source
        put = ", ".join(f"{name} {value}" for name, value in item.set.items())
        if put and len(put) <= LONGEST:
            said += f" ({put})"
        yield from _wrapped(f"{item.value:.10g}  {said}", width, INDENT, INDENT * 3)
    if len(scenario.expected) > SHOWN:
        yield f"{INDENT}and {len(scenario.expected) - SHOWN} more"


def paragraphs(article: str, width: int) -> list[str]:
    r"""Return a Markdown text as lines of a terminal: marks and stress gone, code as it is, the rest filled.

    >>> paragraphs("[War]{#w} is *costly*.\n\n```text\na  = b\n```\n\n- one\n- two", 30)
    ['War is costly.', '', '    a  = b', '', '- one', '- two']
    """
    lines: list[str] = []
    waiting: list[str] = []
    code = False

    def flush() -> None:
        if waiting:
            lines.extend(_filled(" ".join(waiting), width))
            waiting.clear()

    for line in article.strip().splitlines():
        if line.lstrip().startswith(("```", "~~~")):
            flush()
            code = not code
        elif code:
            lines.append(f"    {line}".rstrip())
        elif not line.strip():
            flush()
            if lines and lines[-1]:
                lines.append("")
        else:
            if _LEAD.match(line.lstrip()):
                flush()
            waiting.append(line.strip())
    flush()
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _filled(text: str, width: int) -> list[str]:
    lead = _LEAD.match(text)
    if lead is not None and lead[1].startswith("#"):
        return [text[lead.end() :].upper()]
    hang = " " * lead.end() if lead is not None else ""
    return _wrapped(_words_alone(text), width, "", hang)


def _words_alone(text: str) -> str:
    text = _LINK.sub(r"\1", _MARKED.sub(r"\1", text))
    return _STRESS.sub(r"\2", text)


def _wrapped(text: str, width: int, first: str, later: str) -> list[str]:
    return textwrap.wrap(
        _plain(" ".join(text.split())),
        width,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _plain(text: str) -> str:
    """Leave out control characters: a text must not drive a terminal."""
    return "".join(sign for sign in text if sign.isprintable())
