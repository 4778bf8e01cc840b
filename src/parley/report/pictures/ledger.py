"""A strip of claims: one cell for each, in the order of the text, and what became of it.

What lives here: data and layout of the strip. What may not: what became of a claim.

A word is told by its letter and by its pattern, a share by how far its cell is filled and by its number:
nothing is told by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from parley.report import words
from parley.report.pictures.frame import EDGE, NOTE, TEXT, WIDTH, frame, paragraph
from parley.report.pictures.svg import Element, element
from parley.report.pictures.text import text_width, wrap
from parley.report.pictures.theme import LIGHT

__all__ = ["WORDS", "Cell", "LedgerStrip", "ledger_strip"]

WORDS = ("robust", "leans", "open", "fails")
_COLOURS = {"robust": 3, "leans": 1, "open": 5, "fails": 2}
_KINDS = ("derived", "assumed", "unmodelled")
_CELL, _BOX = 60.0, 25.0  # a cell with the space beside it; the height of its box
_WIDEST = 142.0  # a cell whose claim has a long name: three stand beside each other
_BETWEEN = 8.0
_ROW, _BARE = 64.0, 49.0  # heights of a row of cells, with numbers below them and without
_GRADES = {"A": "counted", "B": "read off", "C": "judged"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One claim.

    ``kind`` is ``derived``, ``assumed`` or ``unmodelled``. A derived claim has the ``word`` and the ``share``
    (0 to 1) of the readings in which it holds, or neither where it was not measured; ``counted`` writes the
    share. An assumed one has a ``grade`` A, B, C, or none.

    Raises
    ------
    ValueError
        When there is no such kind, word or grade, or the share is none.

    Examples
    --------
    >>> Cell("C1", "derived", word="likely")
    Traceback (most recent call last):
    ...
    ValueError: the claim 'C1' cannot be 'likely'; it is: robust, leans, open, fails
    """

    name: str
    kind: str
    word: str | None = None
    share: float | None = None
    counted: str = ""
    grade: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ValueError(f"the claim {self.name!r} cannot be {self.kind!r}; it is: {', '.join(_KINDS)}")
        if self.word is not None and self.word not in WORDS:
            raise ValueError(f"the claim {self.name!r} cannot be {self.word!r}; it is: {', '.join(WORDS)}")
        if self.share is not None and not (math.isfinite(self.share) and 0 <= self.share <= 1):
            raise ValueError(f"the claim {self.name!r} cannot hold in a share of {self.share}")
        if self.grade is not None and self.grade not in _GRADES:
            raise ValueError(f"the claim {self.name!r} has no grade {self.grade!r}; grades are: A, B, C")


@dataclass(frozen=True, slots=True)
class LedgerStrip:
    """The claims of an argument in the order of its text.

    Raises
    ------
    ValueError
        When there is none.
    """

    title: str
    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        if not self.cells:
            raise ValueError("a strip of claims has a claim")


def ledger_strip(strip: LedgerStrip, theme: str = "auto") -> str:
    """Draw a strip of claims, in as many rows as it needs, and below it what its signs mean.

    Parameters
    ----------
    strip
        What it shows.
    theme
        ``auto`` (as the reader's machine is set), ``light`` or ``dark``.

    Returns
    -------
    str
        One SVG element, see :func:`parley.report.pictures.frame.frame`.

    Raises
    ------
    ValueError
        When there is no such theme.

    Examples
    --------
    >>> cells = (Cell("C1", "assumed", grade="B"), Cell("C2", "unmodelled"))
    >>> picture = ledger_strip(LedgerStrip("Two", cells))
    >>> picture.count('stroke-dasharray="4 3"')  # the claim, and the box that explains it
    2
    """
    inside = WIDTH - 2 * EDGE
    parts, top = paragraph(strip.title, EDGE, EDGE - 2, inside, kind="title", size=16.0, lines=5)
    top += 8
    names = [text_width(words.clean(cell.name), NOTE) for cell in strip.cells]
    columns = int((inside + _BETWEEN) // min(max(_CELL, max(names) + _BETWEEN + 2), _WIDEST))
    across = (inside + _BETWEEN) / columns
    for first in range(0, len(strip.cells), columns):
        row = strip.cells[first : first + columns]
        for column, cell in enumerate(row):
            parts += _cell(cell, EDGE + across * column, top, across - _BETWEEN)
        top += _ROW if any(cell.counted for cell in row) else _BARE
    drawn, top = _legend(strip, top + 2)
    parts += drawn
    for note in strip.notes:
        drawn, top = paragraph(note, EDGE, top + 5, inside, size=NOTE, kind="note", lines=8)
        parts += drawn
    return frame(parts, round(top + EDGE + 2), title=strip.title, description=strip.description, theme=theme)


# --- one cell -------------------------------------------------------------------------------------------


def _cell(cell: Cell, x: float, top: float, width: float) -> Iterator[Element]:
    """Draw a claim: its name, its box, and what is said of it."""
    name = wrap(words.clean(cell.name), NOTE, width, lines=1)[0]
    yield _text(name, x + width / 2, top + NOTE, note=True)
    yield from _box(cell, x, top + NOTE + 4, width, _BOX)
    said = cell.counted if cell.kind == "derived" else ""
    if said:
        yield _text(said, x + width / 2, top + NOTE + 4 + _BOX + TEXT + 1)


def _box(cell: Cell, x: float, top: float, width: float, height: float) -> Iterator[Element]:
    dashes = {"unmodelled": "4 3", "assumed": None, "derived": None}[cell.kind]
    yield element(
        "rect",
        class_="axis",
        x=x,
        y=top,
        width=width,
        height=height,
        rx=3,
        fill="none",
        stroke=LIGHT["soft"],
        stroke_dasharray=dashes,
    )
    if cell.kind == "derived" and cell.word is not None:
        share = 1.0 if cell.share is None else cell.share
        yield from _filling(cell.word, x, top, width * share, height)
    letter = _letter(cell)
    if letter:
        yield element(
            "text",
            letter,
            class_="halo",
            x=x + width / 2,
            y=top + height / 2 + TEXT * 0.36,
            text_anchor="middle",
            fill=LIGHT["ink"],
            font_size=TEXT,
            font_weight="600",
        )


def _letter(cell: Cell) -> str:
    if cell.kind == "derived":
        return cell.word[0].upper() if cell.word else "?"
    return (cell.grade or "\N{EN DASH}") if cell.kind == "assumed" else ""


def _filling(word: str, x: float, top: float, width: float, height: float) -> Iterator[Element]:
    """Fill a box from the left: plain, with strokes along, with dots, or with strokes across."""
    if width <= 0:
        return
    number = _COLOURS[word]
    fill, stroke = f"f{number}", f"s{number}"
    colour = LIGHT[f"line{number}"]
    plain = word == "robust"
    yield element(
        "rect",
        class_=fill,
        x=x,
        y=top,
        width=width,
        height=height,
        rx=min(3.0, width / 2),
        fill=colour,
        fill_opacity="0.75" if plain else "0.22",
    )
    if word == "leans":
        for row in range(1, 5):
            yield _stroke(stroke, colour, x, top + height * row / 5, x + width, top + height * row / 5)
    elif word == "fails":
        for column in range(int((width - 2) // 5) + 1):
            across = x + 2 + 5 * column
            if across < x + width:
                yield _stroke(stroke, colour, across, top, across, top + height)
    elif word == "open":
        rows = int(height // 7.5)
        for column in range(int(max(width - 2.2, 0.0) // 7)):
            for row in range(rows):
                y = top + height / 2 + 7.5 * (row - (rows - 1) / 2)
                yield element("circle", class_=fill, cx=x + 3.6 + 7 * column, cy=y, r=1.4, fill=colour)


def _stroke(kind: str, colour: str, x1: float, y1: float, x2: float, y2: float) -> Element:
    return element("line", class_=kind, x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=1.2)


def _text(text: str, x: float, y: float, *, note: bool = False) -> Element:
    return element(
        "text",
        text,
        class_="note" if note else None,
        x=x,
        y=y,
        text_anchor="middle",
        fill=LIGHT["soft" if note else "ink"],
        font_size=NOTE if note else TEXT,
    )


# --- what the signs mean --------------------------------------------------------------------------------


def _legend(strip: LedgerStrip, top: float) -> tuple[list[Element], float]:
    """Say what the boxes that occur mean, two beside each other, and how many claims have each."""
    counts: dict[tuple[str, str | None], int] = {}
    for cell in strip.cells:
        key = (cell.kind, cell.word if cell.kind == "derived" else cell.grade)
        counts[key] = counts.get(key, 0) + 1
    parts: list[Element] = []
    width = (WIDTH - 2 * EDGE) / 2
    ends = [top]
    for column, derived in enumerate((True, False)):
        y = top
        for kind, what in _ORDER:
            if (kind, what) not in counts or (kind == "derived") is not derived:
                continue
            cell = Cell("", kind, word=what, share=1.0) if derived else Cell("", kind, grade=what)
            text = f"{_meaning(kind, what)}: {counts[kind, what]}"
            parts += _box(cell, EDGE + width * column, y + 2, 26, 18)
            left = EDGE + width * column + 33
            parts += paragraph(text, left, y + 1, width - 38, size=NOTE, kind="note", lines=1)[0]
            y += 25
        ends.append(y)
    return parts, max(ends)


_ORDER: tuple[tuple[str, str | None], ...] = (
    *(("derived", word) for word in WORDS),
    ("derived", None),
    *(("assumed", grade) for grade in _GRADES),
    ("assumed", None),
    ("unmodelled", None),
)


def _meaning(kind: str, what: str | None) -> str:
    if kind == "derived":
        return f"derived, {what}" if what else "derived, not measured"
    if kind == "assumed":
        return f"assumed, {_GRADES[what]}" if what else "assumed, no grade"
    return "not modelled"
