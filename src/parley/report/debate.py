"""Objections in a terminal: who moves the conclusion, and how far.

What lives here: sentences and layout. What may not: differences of runs, ranking.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from parley.findings import Debate, Move, Objection, Put, Shift
from parley.report import words
from parley.report.ledger import STYLES
from parley.report.terminal import NARROWEST, WIDEST, draw, heading

__all__ = ["render_debate", "render_objection"]

NOTHING = "moves nothing that can be told from none"


def render_debate(debate: Debate, width: int = 100, colour: bool = False) -> str:
    """Lay a debate out for a terminal or a plain text file.

    Parameters
    ----------
    debate
        What :func:`parley.findings.objections.debate` returned.
    width
        Columns, kept within 60 and 120.
    colour
        Whether to add ANSI colours.

    Returns
    -------
    str
        Lines without trailing blanks, ending in a newline.

    Examples
    --------
    >>> import parley
    >>> from parley.findings import debate
    >>> found = debate(parley.load("which-event-first"), lambda each: parley.run(each, draws=64, seed=7))
    >>> print(render_debate(found, 80).splitlines()[0])
    Which event comes first
    """
    width = min(max(width, NARROWEST), WIDEST)
    parts: list[RenderableType] = [Text(words.clean(debate.title), style="bold")]
    if debate.question:
        parts.append(Text(words.clean(debate.question)))
    count = len(debate.objections)
    each = "1 objection, granted" if count == 1 else f"{count} objections, each granted in turn"
    parts.append(heading("DEBATE", f"{each}; {debate.draws:,} readings"))
    parts += [_line(text) for text in _summary(debate)]
    for item in debate.objections:
        parts.append(Text(""))
        parts += _objection(item, width)
    parts.append(heading("NOTES"))
    parts += [_line(f"- {text}") for text in _notes(debate)]
    return draw(parts, width, colour)


def render_objection(item: Objection, width: int = 100, colour: bool = False) -> str:
    """Lay out what one objection moves, what it sets first.

    Examples
    --------
    >>> import parley
    >>> from parley.findings.objections import objection
    >>> scenario = parley.load("which-event-first")
    >>> changed = parley.scenario.challenge(scenario, "leaky list")
    >>> runs = [parley.run(each, draws=64, seed=7) for each in (scenario, changed)]
    >>> print(render_objection(objection(scenario.challenges["leaky list"], *runs), 80).splitlines()[1])
      leaky list: A shared list leaks: half the value of a listed strike is lost
    """
    width = min(max(width, NARROWEST), WIDEST)
    parts: list[RenderableType] = [Text("With this objection granted", style="bold")]
    parts += _objection(item, width)
    if item.why:
        parts.append(_line(f"why: {words.clean(item.why)}"))
    for put in item.set:
        parts.append(_line(_put(put)))
    if item.uncertified:
        parts.append(_line(f"{item.uncertified:,} readings have no certified answer with it granted."))
    return draw(parts, width, colour)


def _line(text: str | Text, indent: int = 2) -> Padding:
    return Padding(text if isinstance(text, Text) else Text(text), (0, 0, 0, indent))


def _summary(debate: Debate) -> Iterator[str]:
    reversing = [item for item in debate.objections if item.reverses]
    count = len(debate.objections)
    of = f"of {count} objections" if count > 1 else "of 1 objection"
    subject = words.quoted(debate.recommended or "the recommendation")
    if reversing:
        names = words.listed([words.clean(item.name) for item in reversing])
        changes = "changes" if len(reversing) == 1 else "change"
        yield f"{len(reversing)} {of} {changes} what is said of {subject}: {names}."
    else:
        yield f"None {of} changes what is said of {subject}."
    first = max(debate.objections, key=lambda item: item.furthest)
    if first.furthest:
        move = max(first.moves, key=lambda each: abs(each.share.change or 0.0) * each.share.distinct)
        yield (
            f"{words.clean(first.name)} moves it furthest: on {words.clean(move.criterion)} it does "
            f"better in {_hundred(move.share.after)} readings instead of {_hundred(move.share.before)}."
        )


def _objection(item: Objection, width: int) -> Iterator[RenderableType]:
    name = Text(words.clean(item.name), style="bold").append(f": {words.clean(item.text)}", style="not bold")
    yield _line(name)
    moved = False
    for move in item.moves:
        if move.share.distinct or move.margin.distinct or move.reversed:
            moved = True
            yield _line(_move(move), 4)
    for claim in item.claims:
        moved = True
        text = words.shorten(claim.text, max(20, width - 50))
        yield _line(f"{words.clean(claim.name)} {claim.before.word} -> {claim.after.word}: {text}", 4)
    if not moved:
        yield _line(NOTHING, 4)


def _move(move: Move) -> Text:
    """One criterion: the share before and after, the change with its error, the word."""
    text = Text(f"{words.clean(move.criterion)}: ")
    if move.share.change is not None:
        text.append(f"better in {_hundred(move.share.before)} -> {_hundred(move.share.after)} ")
        text.append(f"({_points(move.share)}); ")
    if move.margin.change is not None:
        before, after = words.figures((move.margin.before, move.margin.after))
        text.append(f"on average {_signed(before)} -> {_signed(after)}; ")
    if move.reversed:
        text.append(f"{move.before.word} -> ")
        text.append(move.after.word, style=STYLES[move.after.word])
    else:
        text.append(f"{move.after.word} as before")
    return text


def _hundred(share: float | None) -> str:
    return words.brief(words.of_hundred(share))


def _signed(text: str) -> str:
    return text if text.startswith(("-", "n/a")) else f"+{text}"


def _points(shift: Shift) -> str:
    """Write a change of a share in hundredths with its error, rounded up.

    >>> _points(Shift(0.34, 0.21, -0.13, 0.012, 1024))
    '-13 ±2 of 100'
    """
    change = shift.change or 0.0
    size = math.floor(100 * abs(change) + 0.5)
    sign = "-" if change < 0 else "+"
    number = f"{sign}{size}" if size else ("less than 1" if change else "0")
    if shift.error is None:
        return f"{number} of 100"
    return f"{number} ±{max(1, math.ceil(100 * shift.error - 1e-9))} of 100"


def _put(put: Put) -> str:
    text = f"{words.clean(put.name)}: {words.clean(put.objection)} instead of {words.clean(put.author)}"
    if put.before is not None and put.after is not None and put.before != put.after:
        before, after = words.figures((put.before, put.after))
        text += f" (middle {before} -> {after})"
    return text


def _notes(debate: Debate) -> Iterable[str]:
    yield (
        "Every objection is solved for the author's own readings, with what it leaves alone unchanged; "
        "±: 95 times in 100 the change lies that near."
    )
    for pair, names in debate.skipped.items():
        yield f"{words.clean(pair)} are not granted together: both set {words.clean(names)}."
    record = debate.provenance
    settings = " ".join(f"--set {name}={text}" for name, text in record.overrides.items())
    command = f"parley debate {record.path} --draws {debate.draws} --seed {record.seed} {settings}"
    yield f"again: {command.rstrip()}"
