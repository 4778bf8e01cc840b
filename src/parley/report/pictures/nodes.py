"""The records of a game tree, and what both of its forms draw alike.

What lives here: nodes, payoffs, strokes, the mark of chance. What may not: where a node stands.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parley.report import words
from parley.report.pictures.frame import EDGE, TEXT, WIDTH
from parley.report.pictures.svg import Element, element, points
from parley.report.pictures.text import text_width
from parley.report.pictures.theme import LIGHT, LINES, marker

__all__ = ["KINDS", "Node", "Payoffs", "Tree", "chance_mark", "children", "share", "stroke"]

KINDS = ("decision", "chance", "end", "more", "others")
_COLUMNS = 4  # players whose payoffs have a column each
_WIDEST = 200.0  # all columns of payoffs together; wider ones are left to the table


@dataclass(frozen=True, slots=True)
class Node:
    """A history.

    ``parent`` is the place of the node that it follows from, None for the first.
    ``edge`` is what its parent's choice is called that leads to it, ``probability`` how likely that is,
    ``reach`` how likely play comes here. ``kind`` is ``decision``, ``chance``, ``end``, ``more`` (the tree
    goes on) or ``others`` (several branches). ``player`` is whose decision it is, ``group`` the number of its
    information set. ``name`` and ``payoffs`` are of an end.
    """

    parent: int | None
    kind: str
    edge: str = ""
    probability: float | None = None
    reach: float = 1.0
    player: int | None = None
    move: str = ""
    group: int | None = None
    name: str = ""
    payoffs: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no kind of node; there are: {', '.join(KINDS)}")
        wrong = next(
            (x for x in (*self.payoffs, self.probability or 0.0, self.reach) if not math.isfinite(x)), None
        )
        if wrong is not None:
            raise ValueError(f"{wrong} has no place in a picture")


@dataclass(frozen=True, slots=True)
class Tree:
    """A game tree.

    Raises
    ------
    ValueError
        When there are more players than can be told apart, no node, or nodes are not in the order of a walk
        down the first branch first.
    """

    title: str
    players: tuple[str, ...]
    nodes: tuple[Node, ...]
    notes: tuple[str, ...] = ()
    description: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.players) <= LINES:
            raise ValueError(
                f"a tree has 1 to {LINES} players that can be told apart, not {len(self.players)}"
            )
        if not self.nodes:
            raise ValueError("a tree has a node")
        path: list[int] = []  # from the first node to the last one seen
        for place, node in enumerate(self.nodes):
            while path and path[-1] != node.parent:
                path.pop()
            path.append(place)
            if (node.parent is None) != (place == 0) or (place and len(path) < 2):
                raise ValueError(
                    f"node {place} has the parent {node.parent}: the first has none, and after it come "
                    "the nodes below a node before those beside it"
                )
            if node.player is not None and not 0 <= node.player < len(self.players):
                raise ValueError(f"node {place} is of player {node.player} of {len(self.players)}")
            if node.payoffs and len(node.payoffs) != len(self.players):
                raise ValueError(
                    f"node {place} has {len(node.payoffs)} payoffs for {len(self.players)} players"
                )


def children(nodes: Sequence[Node]) -> list[list[int]]:
    """Return ``[node]`` the places of those that follow it.

    >>> children((Node(None, "chance"), Node(0, "end"), Node(0, "end")))
    [[1, 2], [], []]
    """
    found: list[list[int]] = [[] for _ in nodes]
    for place, node in enumerate(nodes):
        if node.parent is not None:
            found[node.parent].append(place)
    return found


def share(probability: float | None) -> str:
    """Write a probability with two decimals, never as 0 or 1 unless it is.

    >>> share(0.0004), share(0.996), share(1.0), share(0.25), share(None)
    ('<0.01', '>0.99', '1', '0.25', '')
    """
    if probability is None:
        return ""
    if probability <= 0 or probability >= 1:
        return f"{round(probability)}"
    return "<0.01" if probability < 0.005 else ">0.99" if probability >= 0.995 else f"{probability:.2f}"


def stroke(reach: float) -> dict[str, str]:
    """Return how wide a stroke is; dashed where play never comes."""
    width = f"{0.8 + 5.2 * min(max(reach, 0.0), 1.0):.2f}"
    return {"stroke_width": width} | ({} if reach > 0 else {"stroke_dasharray": "2 2.5"})


def chance_mark(x: float, y: float, size: float = 6.0) -> Element:
    """Draw the mark of chance: a hollow diamond."""
    corners = [
        (x + size * dx, y + size * dy) for dx, dy in ((0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0))
    ]
    fill, ink = LIGHT["paper"], LIGHT["ink"]
    return element(
        "polygon", class_="middle", points=points(corners), fill=fill, stroke=ink, stroke_width=1.6
    )


class Payoffs:
    """Columns at the right edge: what each player gets at each end."""

    def __init__(self, shown: Tree) -> None:
        players = range(len(shown.players)) if len(shown.players) <= _COLUMNS else range(0)
        ends = [place for place, node in enumerate(shown.nodes) if node.payoffs]
        self.texts: dict[int, list[str]] = {place: [] for place in ends}
        self.widths: list[float] = []
        for player in players:
            column = words.figures([shown.nodes[place].payoffs[player] for place in ends])
            for place, text in zip(ends, column, strict=True):
                self.texts[place].append(text)
            self.widths.append(max((text_width(text, TEXT) for text in column), default=0.0) + 9)
        if sum(self.widths) > _WIDEST:
            self.widths, self.texts = [], {}

    @property
    def width(self) -> float:
        """How wide all columns are together."""
        return max(sum(self.widths), 14.0)

    def middles(self) -> Iterator[float]:
        """Yield the right edge of each column."""
        right = WIDTH - EDGE - sum(self.widths)
        for width in self.widths:
            right += width
            yield right

    def heads(self, y: float) -> Iterator[Element]:
        """Draw the mark of each player above its column."""
        for player, (right, width) in enumerate(zip(self.middles(), self.widths, strict=True)):
            yield marker(player, right - min(width - 9, 10) / 2, y, 3.6)

    def row(self, place: int, y: float) -> Iterator[Element]:
        """Write what each player gets at an end."""
        for player, (right, text) in enumerate(zip(self.middles(), self.texts.get(place, ()), strict=False)):
            colour = LIGHT[f"line{player + 1}"]
            yield element(
                "text",
                text,
                class_=f"f{player + 1}",
                x=right,
                y=y + TEXT * 0.35,
                text_anchor="end",
                fill=colour,
                font_size=TEXT,
            )
