"""A deep game tree as an outline: each node on a line of its own, below the one it follows from.

What lives here: this form of :mod:`parley.report.pictures.tree`. What may not: its records.
"""

from __future__ import annotations

from collections.abc import Iterator

from parley.report import words
from parley.report.pictures.frame import EDGE, LINE, NOTE, TEXT, WIDTH
from parley.report.pictures.nodes import Node, Payoffs, Tree, chance_mark, children, share, stroke
from parley.report.pictures.svg import Element, element
from parley.report.pictures.text import text_width, wrap
from parley.report.pictures.theme import LIGHT, marker

__all__ = ["outline"]

_INDENT = 19.0
_ROOM = 150.0  # that the words of the deepest node have at least


def outline(shown: Tree, payoffs: Payoffs, top: float) -> tuple[list[Element], float]:
    """Draw a tree as an outline below a place, and return where it ends."""
    nodes = shown.nodes
    depth = [0] * len(nodes)
    for place, node in enumerate(nodes):
        if node.parent is not None:
            depth[place] = depth[node.parent] + 1
    right = WIDTH - EDGE - payoffs.width - 6
    indent = min(_INDENT, (right - EDGE - _ROOM) / max(1, max(depth)))
    tags = _tags(shown)
    x = [EDGE + 7 + indent * each for each in depth]
    y: list[float] = []
    texts = list(payoffs.heads(top + 10))
    top += 6
    for place, node in enumerate(nodes):
        y.append(top + TEXT * LINE / 2 + 1)
        drawn, top = _words(node, tags.get(place, ""), x[place] + 11, right, top)
        texts += [*drawn, *payoffs.row(place, y[-1])]
    strokes = list(_strokes(shown, x, y))
    strokes.sort(key=lambda each: -float(dict(each.attributes)["stroke-width"]))
    marks = [_mark(node, x[place], y[place]) for place, node in enumerate(nodes)]
    return [*strokes, *marks, *texts], top


def _tags(shown: Tree) -> dict[int, str]:
    """Return a letter for each information set with several nodes: a, b, ..., z, aa, ab and so on."""
    sets: dict[int, list[int]] = {}
    for place, node in enumerate(shown.nodes):
        if node.group is not None:
            sets.setdefault(node.group, []).append(place)
    found: dict[int, str] = {}
    several = [members for members in sets.values() if len(members) > 1]
    for number, members in enumerate(several):
        letter = chr(ord("a") + number % 26)
        tag = letter if number < 26 else chr(ord("a") + number // 26 - 1) + letter
        found |= dict.fromkeys(members, tag)
    return found


def _words(node: Node, tag: str, x: float, right: float, top: float) -> tuple[list[Element], float]:
    """Write one node: the choice that leads to it and how likely it is, then what it is."""
    parts: list[Element] = []
    chance, second = share(node.probability), _second(node, tag)
    after = text_width(chance, NOTE) + 7 if chance else 0.0
    first = node.edge if node.parent is not None else second
    rows = wrap(words.clean(first), TEXT, right - x - after, lines=2)
    for text in rows:
        top += TEXT * LINE
        parts.append(element("text", text, x=x, y=top - TEXT * 0.3, fill=LIGHT["ink"], font_size=TEXT))
    soft = LIGHT["soft"]
    if chance:
        behind, y = x + text_width(rows[-1], TEXT) + 7, top - TEXT * 0.3
        parts.append(element("text", chance, class_="note", x=behind, y=y, fill=soft, font_size=NOTE))
    if second and node.parent is not None:
        for text in wrap(words.clean(second), NOTE, right - x, lines=2):
            top += NOTE * LINE
            y = top - NOTE * 0.3
            parts.append(element("text", text, class_="note", x=x, y=y, fill=soft, font_size=NOTE))
    return parts, top + 3


def _second(node: Node, tag: str) -> str:
    if node.kind in ("decision", "chance", "more"):
        move = f"{node.move} ({tag})" if tag else node.move
        return ", ".join(text for text in (move, "goes on" if node.kind == "more" else "") if text)
    return node.name


def _strokes(shown: Tree, x: list[float], y: list[float]) -> Iterator[Element]:
    """Draw below each node a trunk that thins as branches leave it, and the branches."""
    for place, below in enumerate(children(shown.nodes)):
        player = shown.nodes[place].player
        kind, colour = ("flow", "soft") if player is None else (f"s{player + 1}", f"line{player + 1}")
        left = sum(shown.nodes[each].reach for each in below)
        start = y[place]
        for each in below:
            line = {"class_": kind, "stroke": LIGHT[colour]}
            yield element("line", x1=x[place], y1=start, x2=x[place], y2=y[each], **line, **stroke(left))
            reach = shown.nodes[each].reach
            yield element("line", x1=x[place], y1=y[each], x2=x[each], y2=y[each], **line, **stroke(reach))
            start, left = y[each], max(0.0, left - reach)


def _mark(node: Node, x: float, y: float) -> Element:
    if node.player is not None:
        return marker(node.player, x, y, 4.6)
    if node.kind in ("chance", "more"):
        return chance_mark(x, y, 5.6)
    return element("circle", class_="judged", cx=x, cy=y, r=2.4, fill=LIGHT["ink"])
