"""Who moves and who sees: a story as steps from top to bottom, beside one lane for each player.

What lives here: the records of such a picture, and how it is drawn. What may not: scenarios.

The form is that of a message sequence chart (ITU-T Z.120): time runs down, whoever acts sends what it did to
those who learn it. It grows with the number of steps alone. Arrows from each step to every later decision
(the influence diagrams of Koller and Milch 2003) would be several hundred for twenty steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parley.report import words
from parley.report.pictures.frame import EDGE, LINE, NOTE, TEXT, WIDTH, frame, paragraph
from parley.report.pictures.svg import Element, element
from parley.report.pictures.text import text_width, wrap
from parley.report.pictures.theme import LIGHT, LINES, marker

__all__ = ["ACTS", "CHANCE", "ENDS", "SHOWN", "WORLD", "Box", "Influence", "Row", "influence", "rows_of"]

ACTS, CHANCE, WORLD, SHOWN, ENDS = "acts", "chance", "world", "shown", "ends"
KINDS = (ACTS, CHANCE, WORLD, SHOWN, ENDS)

_LANE = 23.0  # between two lanes
_GAP = 9.0  # between two rows
_INSET = 3.5  # of a box in a box
_MARK = 5.2
_DEEPEST = 5  # boxes in boxes that are drawn
_LINES = 3  # of what a step decides


@dataclass(frozen=True, slots=True)
class Row:
    """One step.

    ``kind`` is ``acts`` (a player's choice), ``chance``, ``world`` (what follows from what was done),
    ``shown`` or ``ends``. ``actor`` is the lane of the player who acts, None for all other kinds. ``seen``
    are the lanes of those who learn it at once; they are not said of an end.
    """

    kind: str
    title: str
    detail: str = ""
    when: str = ""
    actor: int | None = None
    seen: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no kind of step; there are: {', '.join(KINDS)}")
        if (self.actor is not None) != (self.kind == ACTS):
            raise ValueError(f"the step {self.title!r} ({self.kind}) has the actor {self.actor}")


@dataclass(frozen=True, slots=True)
class Box:
    """Steps that belong together: repeated, under one condition, or made at once."""

    title: str
    items: tuple[Row | Box, ...]


@dataclass(frozen=True, slots=True)
class Influence:
    """A story.

    ``lanes`` are the players by name, at most as many as have marks of their own. ``notes`` stand below the
    picture.

    Raises
    ------
    ValueError
        When there is no lane or there are too many, or a step names one that is not there.
    """

    title: str
    lanes: tuple[str, ...]
    items: tuple[Row | Box, ...]
    notes: tuple[str, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.lanes) <= LINES:
            raise ValueError(f"a story has 1 to {LINES} lanes that can be told apart, not {len(self.lanes)}")
        for row in rows_of(self.items):
            for lane in (*row.seen, *(() if row.actor is None else (row.actor,))):
                if not 0 <= lane < len(self.lanes):
                    raise ValueError(f"the step {row.title!r} names lane {lane} of {len(self.lanes)}")


def rows_of(items: Sequence[Row | Box]) -> Iterator[Row]:
    """Yield the steps in order, those in boxes too.

    Examples
    --------
    >>> [row.title for row in rows_of((Row("chance", "rain"), Box("twice", (Row("ends", "home"),))))]
    ['rain', 'home']
    """
    for item in items:
        if isinstance(item, Row):
            yield item
        else:
            yield from rows_of(item.items)


@dataclass(slots=True)
class _Sheet:
    """What is drawn so far, from the back to the front, and how far down."""

    story: Influence
    world: bool  # whether there is a lane for chance and the like
    top: float
    boxes: list[Element] = field(default_factory=list)
    marks: list[Element] = field(default_factory=list)
    texts: list[Element] = field(default_factory=list)
    begins: list[float] = field(default_factory=list)  # [lane], that of chance first where there is one
    ended: float | None = None  # where the story ends, when the last step says so

    @property
    def lanes(self) -> int:
        return len(self.story.lanes) + self.world

    @property
    def text_left(self) -> float:
        return EDGE + _INSET * _DEEPEST / 2 + _LANE * self.lanes + 10

    def place(self, lane: int | None) -> float:
        """Return where a lane stands; None is that of chance."""
        number = 0 if lane is None else lane + self.world
        return EDGE + _INSET * _DEEPEST / 2 + _LANE * (number + 0.5)


def influence(story: Influence, theme: str = "auto") -> str:
    """Draw a story.

    Parameters
    ----------
    story
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
    >>> step = Row("acts", "us chooses price", "high | low", actor=0, seen=(0,))
    >>> influence(Influence("A price", ("us", "them"), (step,)))[:4]
    '<svg'
    """
    inside = WIDTH - 2 * EDGE
    title, top = paragraph(story.title, EDGE, EDGE - 2, inside, size=16.0, kind="title", lines=4)
    world = any(row.kind not in (ACTS, ENDS) for row in rows_of(story.items))
    sheet = _Sheet(story, world, top + 8)
    _heads(sheet)
    sheet.top += 6
    _items(sheet, story.items, 0)
    lanes = [_lane(sheet, number) for number in range(sheet.lanes)]
    notes, top = _key(sheet)
    for note in story.notes:
        drawn, top = paragraph(note, EDGE, top + 4, inside, size=NOTE, kind="note", lines=8)
        notes += drawn
    parts = [*title, *sheet.boxes, *lanes, *sheet.marks, *sheet.texts, *notes]
    return frame(parts, round(top + EDGE + 2), title=story.title, description=story.description, theme=theme)


# --- lanes ----------------------------------------------------------------------------------------------


def _heads(sheet: _Sheet) -> None:
    """Write the name of each lane on a line of its own, beside which the lane begins."""
    names = [*(["chance and what follows"] if sheet.world else []), *sheet.story.lanes]
    for number, name in enumerate(names):
        lane = number - sheet.world if number >= sheet.world else None
        rows = wrap(words.clean(name), TEXT, WIDTH - EDGE - sheet.text_left, lines=2)
        middle = sheet.top + TEXT * LINE / 2
        x = sheet.place(lane)
        sheet.begins.append(middle)
        leader = element(
            "line", class_="grid", x1=x, y1=middle, x2=sheet.text_left - 4, y2=middle, stroke=LIGHT["grid"]
        )
        sheet.boxes.append(leader)
        sheet.marks.append(_chance(x, middle) if lane is None else marker(lane, x, middle, _MARK))
        kind, colour = ("soft", "soft") if lane is None else (f"f{lane + 1}", f"line{lane + 1}")
        for row, text in enumerate(rows):
            y = middle + TEXT * (0.35 + LINE * row)
            fill = LIGHT[colour]
            sheet.texts.append(
                element("text", text, class_=kind, x=sheet.text_left, y=y, fill=fill, font_size=TEXT)
            )
        sheet.top += TEXT * LINE * len(rows) + 2


def _lane(sheet: _Sheet, number: int) -> Element:
    lane = number - sheet.world if number >= sheet.world else None
    x, end = sheet.place(lane), sheet.top if sheet.ended is None else sheet.ended
    kind, colour = ("axis", "soft") if lane is None else (f"s{lane + 1}", f"line{lane + 1}")
    plain = {"stroke_width": "1.2", "stroke_opacity": "0.55", "fill": "none"}
    return element(
        "line", class_=kind, x1=x, y1=sheet.begins[number], x2=x, y2=end, stroke=LIGHT[colour], **plain
    )


def _chance(x: float, y: float) -> Element:
    """Draw the mark of chance: a hollow diamond."""
    corners = ((0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0))
    places = " ".join(f"{x + 6.2 * dx:.1f},{y + 6.2 * dy:.1f}" for dx, dy in corners)
    return element(
        "polygon", class_="middle", points=places, fill=LIGHT["paper"], stroke=LIGHT["ink"], stroke_width=1.6
    )


# --- steps ----------------------------------------------------------------------------------------------


def _items(sheet: _Sheet, items: Sequence[Row | Box], depth: int) -> None:
    for item in items:
        if isinstance(item, Row):
            _row(sheet, item, depth)
        else:
            _box(sheet, item, depth)


def _box(sheet: _Sheet, box: Box, depth: int) -> None:
    """Draw a frame around steps, its heading inside."""
    start = sheet.top
    inset = EDGE - 6 + _INSET * min(depth, _DEEPEST)
    sheet.top += 3
    width = WIDTH - inset - 8 - sheet.text_left
    drawn, sheet.top = paragraph(
        box.title, sheet.text_left, sheet.top, width, size=NOTE, kind="soft", lines=3
    )
    sheet.texts += drawn
    sheet.top += 4
    _items(sheet, box.items, depth + 1)
    outline = element(
        "rect",
        class_="axis",
        x=inset,
        y=start,
        width=WIDTH - 2 * inset,
        height=sheet.top - start - _GAP + 5,
        rx=5,
        fill="none",
        stroke=LIGHT["soft"],
    )
    sheet.boxes.append(outline)
    sheet.top += 5


def _row(sheet: _Sheet, row: Row, depth: int) -> None:
    left = sheet.text_left
    width = WIDTH - EDGE - 2 - _INSET * min(depth, _DEEPEST) - left
    if row.when:
        drawn, sheet.top = paragraph(row.when, left, sheet.top, width, size=NOTE, kind="note", lines=2)
        sheet.texts += drawn
    middle = sheet.top + TEXT * LINE / 2
    for text in wrap(words.clean(row.title), TEXT, width, lines=3):
        sheet.top += TEXT * LINE
        y = sheet.top - TEXT * 0.3
        sheet.texts.append(element("text", text, x=left, y=y, fill=LIGHT["ink"], font_size=TEXT))
    if row.detail:
        drawn, sheet.top = paragraph(row.detail, left, sheet.top, width, size=NOTE, kind="note", lines=_LINES)
        sheet.texts += drawn
    sheet.marks += _end(sheet, middle) if row.kind == ENDS else _message(sheet, row, middle)
    sheet.ended = middle if row.kind == ENDS and not depth else None
    sheet.top += _GAP


def _end(sheet: _Sheet, y: float) -> Iterator[Element]:
    """Draw a bar over all lanes."""
    last = len(sheet.story.lanes) - 1
    left, right = sheet.place(None if sheet.world else 0) - 6, sheet.place(last) + 6
    yield element("rect", class_="judged", x=left, y=y - 2.5, width=right - left, height=5, fill=LIGHT["ink"])


def _message(sheet: _Sheet, row: Row, y: float) -> Iterator[Element]:
    """Draw who acts, who learns it (a dot) and who does not (a ring)."""
    x = sheet.place(row.actor)
    told = [sheet.place(lane) for lane in row.seen if lane != row.actor]
    for end in (min(told, default=x), max(told, default=x)):
        if end != x:
            yield element("line", class_="axis", x1=x, y1=y, x2=end, y2=y, stroke=LIGHT["soft"])
    for lane in range(len(sheet.story.lanes)):
        if lane == row.actor:
            continue
        place = sheet.place(lane)
        if lane in row.seen:
            yield element("circle", class_="judged", cx=place, cy=y, r=3, fill=LIGHT["ink"])
        else:
            yield _ring(place, y)
    yield _mark(row, x, y)


def _mark(row: Row, x: float, y: float) -> Element:
    if row.actor is not None:
        return marker(row.actor, x, y, _MARK)
    if row.kind == CHANCE:
        return _chance(x, y)
    return element("circle", class_="soft", cx=x, cy=y, r=2.2, fill=LIGHT["soft"])


def _ring(x: float, y: float) -> Element:
    return element(
        "circle",
        class_="middle",
        cx=x,
        cy=y,
        r=3.6,
        fill=LIGHT["paper"],
        stroke=LIGHT["ink"],
        stroke_width=1.3,
        stroke_dasharray="2 1.6",
    )


def _key(sheet: _Sheet) -> tuple[list[Element], float]:
    """Explain the marks, as far as they occur."""
    rows = list(rows_of(sheet.story.items))
    told = [row for row in rows if row.kind != ENDS]
    lanes = range(len(sheet.story.lanes))
    hides = any(lane not in row.seen and lane != row.actor for row in told for lane in lanes)
    shows = any(lane in row.seen and lane != row.actor for row in told for lane in lanes)
    parts: list[Element] = []
    x, y = EDGE + 5.0, sheet.top + 12
    entries: list[tuple[Element, str]] = []
    if any(row.kind == CHANCE for row in told):
        entries.append((_chance(0, 0), "chance decides"))
    if shows:
        dot = element("circle", class_="judged", cx=0, cy=0, r=3, fill=LIGHT["ink"])
        entries.append((dot, "sees it"))
    if hides:
        entries.append((_ring(0, 0), "does not see it"))
    for sign, text in entries:
        width = text_width(text, NOTE)
        if x + 11 + width > WIDTH - EDGE:
            x, y = EDGE + 5.0, y + NOTE * LINE + 2
        parts.append(element("g", sign, transform=f"translate({x:.1f} {y:.1f})"))
        parts.append(
            element(
                "text",
                text,
                class_="note",
                x=x + 11,
                y=y + NOTE * 0.35,
                fill=LIGHT["soft"],
                font_size=NOTE,
            )
        )
        x += 11 + width + 20
    return parts, (y + NOTE * 0.7 if entries else sheet.top)
