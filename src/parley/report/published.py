"""Published numbers in a terminal: what was published, what the model gives, by how much it is off.

What lives here: layout. What may not: comparisons, solving.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from parley.findings.published import PublishedNumber, PublishedNumbers
from parley.report import words
from parley.report.terminal import NARROWEST, WIDEST, draw, heading

__all__ = ["render_published", "render_shelf"]

INDENT = (0, 0, 0, 2)
DIGITS = 10  # significant ones of a number that is compared
HOW = {
    "formula": "follows from the parameters",
    "quantal": "quantal response",
    "exact": "limit, exact",
    "extrapolated": "limit, extrapolated",
    "unsolved": "not solved",
}


def render_published(found: PublishedNumbers, width: int = 100, colour: bool = False) -> str:
    """Lay the published numbers of a scenario out for a terminal or a plain text file.

    Parameters
    ----------
    found
        The comparison.
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
    >>> empty = PublishedNumbers("A threat", "threat.md", "", True, (), (), 0, 0)
    >>> print(render_published(empty), end="")
    A threat
    No number is published for it: it has no `expected`.
    """
    parts: list[RenderableType] = [Text(words.clean(found.title), style="bold")]
    if not found.numbers:
        parts.append(Text("No number is published for it: it has no `expected`."))
    else:
        parts += _numbers(found.numbers)
        parts += _certified(found)
    return draw(parts, min(max(width, NARROWEST), WIDEST), colour)


def _numbers(numbers: Sequence[PublishedNumber]) -> Iterable[RenderableType]:
    met = sum(each.met for each in numbers)
    yield heading("PUBLISHED NUMBERS", f"{met} of {len(numbers)} met")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("quantity", overflow="fold")
    for name in ("published", "found", "off by", "may be"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for each in numbers:
        verdict = Text("met", style="green") if each.met else Text("NOT MET", style="bold red")
        found = words.ABSENT if each.found is None else _exactly(each.found)
        off = words.ABSENT if each.off is None else _roughly(abs(each.off))
        table.add_row(_what(each), _exactly(each.value), found, off, _roughly(each.tolerance), verdict)
    yield Padding(table, INDENT)


def _what(each: PublishedNumber) -> Text:
    """Name a number: its words if it has any, the quantity, the values, how it was found."""
    said = Text(words.clean(each.text or each.quantity))
    notes = [words.clean(each.quantity)] if each.text else []
    notes += [words.clean(each.given)] if each.given else []
    how = HOW[each.how]
    if each.readings > 1:
        how += f", {each.readings:,} readings"
        if each.error:
            how += f" +- {_roughly(each.error)}"
    if each.unsolved and each.how != "unsolved":
        how += f", {each.unsolved:,} not solved"
    if each.undefined:
        how += f", undefined in {each.undefined:,}" if each.readings > 1 else ", undefined"
    return said.append("".join(f"\n  {note}" for note in (*notes, how)), style="dim")


def _certified(found: PublishedNumbers) -> Iterable[RenderableType]:
    yield heading("PROOF")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    noise = [each.residual for each in found.numbers if each.how == "quantal" and each.residual is not None]
    gaps = {how: [each.residual or 0.0 for each in found.numbers if each.how == how] for how in HOW}
    table.add_row("games", f"{found.games:,} solved for, every certificate computed again without the solver")
    if noise:
        table.add_row("quantal", f"largest residual of the quantal-response equation {_roughly(max(noise))}")
    for how, said in (("exact", "exact limits"), ("extrapolated", "extrapolated limits")):
        if gaps[how]:
            most = _roughly(max(gaps[how]))
            table.add_row(said, f"an action in use falls short of the best by at most {most} of the stake")
    sources = dict.fromkeys(words.clean(each.source) for each in found.numbers if each.source)
    for source in sources:
        table.add_row("source", source)
    for problem in found.problems:
        table.add_row("PROBLEM", Text(words.clean(problem), style="bold red"))
    yield Padding(table, INDENT)


def render_shelf(
    found: Sequence[tuple[PublishedNumbers, float]], width: int = 100, colour: bool = False
) -> str:
    """Lay out one line per scenario: how many numbers are met, and in how many seconds of work.

    Examples
    --------
    >>> empty = PublishedNumbers("A threat", "threat.md", "", True, (), (), 0, 0)
    >>> print(render_shelf([(empty, 0.5)]), end="")
    PUBLISHED NUMBERS  0 of 0 met
      scenario   met    games  seconds
      threat.md  0 / 0      0      0.5
    """
    numbers = [each for item, _ in found for each in item.numbers]
    met = sum(each.met for each in numbers)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("scenario", overflow="fold")
    for name in ("met", "games", "seconds"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for item, seconds in found:
        good = sum(each.met for each in item.numbers)
        wrong = [f"{len(item.numbers) - good} NOT MET"] if good < len(item.numbers) else []
        wrong += [f"{len(item.problems)} certificates wrong"] if item.problems else []
        count = f"{good} / {len(item.numbers)}"
        said = Text(", ".join(wrong), style="bold red")
        table.add_row(words.clean(item.name), count, f"{item.games:,}", f"{seconds:.1f}", said)
    title = heading("PUBLISHED NUMBERS", f"{met} of {len(numbers)} met")
    return draw([title, Padding(table, INDENT)], min(max(width, NARROWEST), WIDEST), colour).lstrip("\n")


def _exactly(value: float) -> str:
    """Write a number that is compared with another.

    >>> _exactly(0.5), _exactly(3 / 7), _exactly(1e-17)
    ('0.5', '0.4285714286', '1e-17')
    """
    return f"{value + 0.0:.{DIGITS}g}"


def _roughly(value: float) -> str:
    """Write a size.

    >>> _roughly(0.0), _roughly(1e-9), _roughly(0.0123)
    ('0', '1e-09', '0.012')
    """
    return f"{value:.2g}"
