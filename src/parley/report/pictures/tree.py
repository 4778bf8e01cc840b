"""A game tree: who decides, how likely each choice is, how likely play comes anywhere, who gets what.

What lives here: how it is drawn from the left to the right. What may not: its records
(:mod:`parley.report.pictures.nodes`), games, solutions.

A tree that fits goes from the left to the right, every end in a line of its own, so that labels never meet; a
deeper one is an outline, in which depth costs an indent only (:mod:`parley.report.pictures.outline`). Strokes
are as wide as play is likely to come that way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from parley.report import words
from parley.report.pictures.frame import EDGE, LINE, NOTE, TEXT, WIDTH, frame, paragraph
from parley.report.pictures.nodes import Node, Payoffs, Tree, chance_mark, children, share, stroke
from parley.report.pictures.outline import outline
from parley.report.pictures.svg import Element, element, points
from parley.report.pictures.text import text_width, wrap
from parley.report.pictures.theme import LIGHT, marker

__all__ = ["tree"]

_BEND = 12.0  # how far along an edge stands its own line
_LABEL = 96.0  # at most so wide is what a choice is called
_ROW = 37.5  # of one end
_SECOND = 14.0  # more for a second line of a label
_SPARE = 50.0  # more than needed, at most, between two columns


def tree(shown: Tree, theme: str = "auto") -> str:
    """Draw a game tree.

    Parameters
    ----------
    shown
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
    >>> nodes = (Node(None, "decision", player=0), Node(0, "end", "go", 0.5, 0.5, payoffs=(1.0,)))
    >>> tree(Tree("Go", ("us",), nodes))[:4]
    '<svg'
    """
    inside = WIDTH - 2 * EDGE
    parts, top = paragraph(shown.title, EDGE, EDGE - 2, inside, size=16.0, kind="title", lines=4)
    drawn, top = _legend(shown, top + 6)
    parts += drawn
    payoffs = Payoffs(shown)
    placed = _Layout(shown, payoffs)
    body, top = _across(shown, placed, payoffs, top) if placed.fits else outline(shown, payoffs, top)
    parts += body
    notes = shown.notes
    if _sets(shown.nodes):
        sign = "A dotted line joins" if placed.fits else "The same letter in brackets stands at"
        notes = (f"{sign} places that their player cannot tell apart.", *notes)
    if any(node.payoffs for node in shown.nodes):
        said = "Numbers at the ends: what each player gets there."
        notes = (*notes, said if payoffs.widths else "What each player gets at the ends is in the table.")
    for note in notes:
        drawn, top = paragraph(note, EDGE, top + 4, inside, size=NOTE, kind="note", lines=6)
        parts += drawn
    return frame(parts, round(top + EDGE + 2), title=shown.title, description=shown.description, theme=theme)


def _legend(shown: Tree, top: float) -> tuple[list[Element], float]:
    """Name the mark of each player, and that of chance where it decides."""
    entries: list[tuple[int | None, str]] = [(n, words.clean(name)) for n, name in enumerate(shown.players)]
    if any(node.kind == "chance" for node in shown.nodes):
        entries.append((None, "chance"))
    parts: list[Element] = []
    x, y = EDGE + 6, top + TEXT * 0.65
    for player, name in entries:
        text = wrap(name, TEXT, WIDTH - 2 * EDGE - 14, lines=1)[0]
        width = text_width(text, TEXT)
        if x > EDGE + 6 and x + 10 + width > WIDTH - EDGE:
            x, y = EDGE + 6, y + TEXT * LINE
        parts.append(chance_mark(x, y) if player is None else marker(player, x, y, 5.0))
        kind, colour = ("soft", "soft") if player is None else (f"f{player + 1}", f"line{player + 1}")
        at, fill = (x + 11, y + TEXT * 0.35), LIGHT[colour]
        parts.append(element("text", text, class_=kind, x=at[0], y=at[1], fill=fill, font_size=TEXT))
        x += 11 + width + 18
    return parts, y + TEXT * 0.65


# --- from the left to the right -------------------------------------------------------------------------


class _Layout:
    """Where each node stands: its column, and which line."""

    def __init__(self, shown: Tree, payoffs: Payoffs) -> None:
        self.nodes = shown.nodes
        self.below = children(shown.nodes)
        self.column = _columns(shown.nodes)
        self.labels = [wrap(words.clean(node.edge), NOTE, _LABEL, lines=2) for node in shown.nodes]
        self.row = _ROW + _SECOND * (max(map(len, self.labels)) - 1)
        self.line = self._lines()
        self.bulges = self._bulges()
        self.left = self._places(WIDTH - EDGE - payoffs.width)
        self.fits = self.left[-1] + 14 <= WIDTH - EDGE - payoffs.width

    def _lines(self) -> list[float]:
        """Return ``[node]`` its line, counted from 0; between its first and last child."""
        found = [0.0] * len(self.nodes)
        ends = 0
        for place, below in enumerate(self.below):
            if not below:
                found[place] = float(ends)
                ends += 1
        for place in reversed(range(len(self.nodes))):
            if self.below[place]:
                found[place] = (found[self.below[place][0]] + found[self.below[place][-1]]) / 2
        return found

    def _bulges(self) -> list[tuple[int, int, int]]:
        """Return the bands: from a node to the next of its set, and how far the band swings to the left."""
        taken: dict[int, list[tuple[float, float]]] = {}
        found = []
        for members in _sets(self.nodes).values():
            members.sort(key=lambda place: self.line[place])
            for upper, lower in pairwise(members):
                column, low, high = self.column[upper], self.line[upper], self.line[lower]
                between = any(
                    column == at and low < line < high
                    for at, line in zip(self.column, self.line, strict=True)
                )
                swing = 0
                if between:
                    others = taken.setdefault(column, [])
                    swing = 1 + sum(1 for a, b in others if a < high and low < b)
                    others.append((low, high))
                found.append((upper, lower, swing))
        return found

    def _places(self, right: float) -> list[float]:
        """Return ``[column]`` where it stands; room that is left before ``right`` is shared out."""
        count = max(self.column) + 1
        widths = [0.0] * count
        for place, node in enumerate(self.nodes):
            if node.parent is not None:
                texts = [*self.labels[place], share(node.probability)]
                before = self.column[node.parent]
                widths[before] = max(widths[before], *(text_width(text, NOTE) for text in texts))
        swings = [0] * count
        for upper, _, swing in self.bulges:
            swings[self.column[upper]] = max(swings[self.column[upper]], swing)
        places = [EDGE + 7.0]
        for column in range(1, count):
            room = widths[column - 1] + _BEND + 5 + (12 if column < count - 1 else 4)
            places.append(places[-1] + room + 9 * swings[column])
        spare = right - 14 - places[-1]
        if spare <= 0 or count == 1:
            return places
        share_of = min(spare / (count - 1), _SPARE)
        return [place + share_of * column for column, place in enumerate(places)]


def _sets(nodes: Sequence[Node]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for place, node in enumerate(nodes):
        if node.group is not None:
            found.setdefault(node.group, []).append(place)
    return {group: members for group, members in found.items() if len(members) > 1}


def _columns(nodes: Sequence[Node]) -> list[int]:
    """Return ``[node]`` its column: behind its parent's, and that of all others in its information set."""
    column = [0] * len(nodes)
    sets = list(_sets(nodes).values())
    for _ in range(len(nodes)):  # each round moves a set to the right, if any
        for place, node in enumerate(nodes):
            if node.parent is not None:
                column[place] = max(column[place], column[node.parent] + 1)
        before = list(column)
        for members in sets:
            last = max(column[place] for place in members)
            for place in members:
                column[place] = last
        if column == before:
            break
    return column


def _across(shown: Tree, placed: _Layout, payoffs: Payoffs, top: float) -> tuple[list[Element], float]:
    top += 12
    heads = list(payoffs.heads(top))
    top += 2 + placed.row / 2 + (placed.row - _ROW) / 2
    height = [top + line * placed.row for line in placed.line]
    x = [placed.left[column] for column in placed.column]
    edges, marks, texts = [], [], list[Element]()
    for place, node in enumerate(shown.nodes):
        if node.parent is not None:
            edges.append(_edge(shown.nodes, place, x, height))
            texts += _label(placed.labels[place], node, x[node.parent] + _BEND + 4, height[place])
        marks.append(_mark(node, x[place], height[place]))
        if not placed.below[place]:
            edges += _leader(node, x[place], height[place], payoffs)
            texts += [
                *payoffs.row(place, height[place]),
                *_name(node, _free(shown.nodes, place, x), height[place]),
            ]
    # Thin strokes last, so that none is lost under a thick one.
    edges.sort(key=lambda each: -float(dict(each.attributes)["stroke-width"]))
    bands = [_band(shown.nodes[a], x[a], height[a], height[b], swing) for a, b, swing in placed.bulges]
    return [*heads, *edges, *bands, *marks, *texts], max(height) + placed.row / 2


def _free(nodes: Sequence[Node], place: int, x: Sequence[float]) -> float:
    """Return how far to the left there is room below an end: to the number at its edge."""
    node = nodes[place]
    left = x[place] if node.parent is None else x[node.parent] + _BEND + 4
    return left + text_width(share(node.probability), NOTE) if node.kind == "end" else x[place]


def _edge(nodes: Sequence[Node], place: int, x: Sequence[float], y: Sequence[float]) -> Element:
    node = nodes[place]
    parent = node.parent if node.parent is not None else place
    player = nodes[parent].player
    kind, colour = ("axis", "soft") if player is None else (f"s{player + 1}", f"line{player + 1}")
    return element(
        "polyline",
        class_=kind if player is not None else "flow",
        points=points([(x[parent], y[parent]), (x[parent] + _BEND, y[place]), (x[place], y[place])]),
        fill="none",
        stroke=LIGHT[colour],
        stroke_linejoin="round",
        **stroke(node.reach),
    )


def _label(rows: list[str], node: Node, x: float, y: float) -> Iterator[Element]:
    up = y - 4.5 - 2.6 * min(node.reach, 1.0)
    for number, text in enumerate(rows):
        yield element(
            "text",
            text,
            class_="halo",
            x=x,
            y=up - NOTE * 1.12 * (len(rows) - 1 - number),
            fill=LIGHT["ink"],
            font_size=NOTE,
        )
    down = y + 2.6 * min(node.reach, 1.0) + NOTE * 0.95
    fill = LIGHT["soft"]
    yield element("text", share(node.probability), class_="note", x=x, y=down, fill=fill, font_size=NOTE)


def _mark(node: Node, x: float, y: float) -> Element:
    if node.player is not None:
        return marker(node.player, x, y, 5.0)
    if node.kind in ("chance", "more"):
        return chance_mark(x, y)
    return element("circle", class_="judged", cx=x, cy=y, r=2.4, fill=LIGHT["ink"])


def _leader(node: Node, x: float, y: float, payoffs: Payoffs) -> Iterator[Element]:
    """Draw a thin line from an end to what is paid there."""
    right = WIDTH - EDGE - payoffs.width
    if node.kind == "end" and right - x > 8:
        grid = LIGHT["grid"]
        yield element("line", class_="grid", x1=x + 5, y1=y, x2=right, y2=y, stroke=grid, stroke_width="1")


def _name(node: Node, x: float, y: float) -> Iterator[Element]:
    text = {"end": node.name, "more": "goes on", "others": "…"}.get(node.kind, "")
    if not text:
        return
    shown = wrap(words.clean(text), NOTE, WIDTH - EDGE - x - 8, lines=1)[0]
    down = y + TEXT * 0.35 + (NOTE * 1.05 if node.kind == "end" else 0.0)
    soft = LIGHT["soft"]
    yield element(
        "text", shown, class_="note", x=WIDTH - EDGE, y=down, text_anchor="end", fill=soft, font_size=NOTE
    )


def _band(node: Node, x: float, upper: float, lower: float, swing: int) -> Element:
    """Join two nodes that their player cannot tell apart."""
    player = node.player or 0
    bulge = x - 9.0 * swing * 4 / 3
    along = (
        f"M{x:.1f} {upper:.1f}C{bulge:.1f} {upper + 14:.1f} {bulge:.1f} {lower - 14:.1f} {x:.1f} {lower:.1f}"
    )
    return element(
        "path",
        class_=f"s{player + 1}",
        d=along if swing else f"M{x:.1f} {upper:.1f}V{lower:.1f}",
        fill="none",
        stroke=LIGHT[f"line{player + 1}"],
        stroke_width="1.6",
        stroke_dasharray="1.5 3.5",
        stroke_linecap="round",
    )
