"""A solved game as a picture: its tree, as far as it is small or play comes there.

What lives here: from the document of :func:`parley.solve.unrolled.tree_of` to a picture. What may not: games.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from parley.errors import FindingsError
from parley.report import words
from parley.report.document import Figure, Table, plain
from parley.report.pictures.nodes import Node, Tree, share
from parley.report.pictures.theme import LINES
from parley.report.pictures.tree import tree

__all__ = ["figure", "of_game"]

Entry: TypeAlias = Mapping[str, Any]


def figure(document: Entry, title: str, theme: str = "auto") -> Figure:
    """Return the picture of a game tree, with the table behind it.

    Parameters
    ----------
    document
        As :func:`parley.solve.unrolled.tree_of` returns it, with ``players`` by the names to be shown.
    title
        Of the picture.
    theme
        ``auto``, ``light`` or ``dark``.

    Examples
    --------
    >>> end = {"parent": None, "kind": "end", "action": "", "probability": None, "reach": 1.0, "player": None,
    ...     "move": "", "set": None, "name": "peace", "payoffs": [1.0]}
    >>> found = figure({"players": ["us"], "whole": 1, "shown": 1.0, "nodes": [end]}, "Nothing to decide")
    >>> found.table.rows
    (('', 'peace', '1', '1'),)
    """
    shown = of_game(document, title)
    caption = (
        "Strokes are as wide as play is likely to go that way; "
        "the number at each choice is how likely it is taken."
    )
    return Figure("game", tree(shown, theme), caption, _table(document, shown))


def of_game(document: Entry, title: str) -> Tree:
    """Return what the picture of a tree shows.

    Raises
    ------
    FindingsError
        When there are more players than can be told apart.
    """
    if len(document["players"]) > LINES:
        raise FindingsError(
            f"a picture of a game tells {LINES} players apart, this one has {len(document['players'])}"
        )
    nodes = tuple(
        Node(
            parent=each["parent"],
            kind=each["kind"],
            edge=each["action"],
            probability=each["probability"],
            reach=each["reach"],
            player=each["player"],
            move=each["move"],
            group=each["set"],
            name=each["name"],
            payoffs=tuple(each["payoffs"] or ()),
        )
        for each in document["nodes"]
    )
    ends = sum(1 for node in nodes if node.kind == "end")
    players = words.listed([words.clean(name) for name in document["players"]])
    description = (
        f"A game tree of {players}: {len(nodes)} nodes, {ends} of them ends. The table lists the ends."
    )
    return Tree(title, tuple(document["players"]), nodes, tuple(_notes(document, nodes)), description)


def _notes(document: Entry, nodes: Sequence[Node]) -> Iterator[str]:
    if any(node.kind in ("more", "others") for node in nodes):
        yield (
            f"{len(nodes)} of the {document['whole']:,} nodes of the whole tree are shown, where play is "
            f"likeliest: it ends among them in {words.of_hundred(document['shown'])} cases."
        )


def _table(document: Entry, shown: Tree) -> Table:
    nodes = shown.nodes
    ends = [place for place, node in enumerate(nodes) if node.kind == "end"]
    columns = [
        words.figures([nodes[place].payoffs[player] for place in ends])
        for player in range(len(shown.players))
    ]
    rows = []
    for row, place in enumerate(ends):
        numbers = [column[row] for column in columns]
        rows.append(
            (plain(_path(nodes, place)), plain(nodes[place].name), share(nodes[place].reach), *numbers)
        )
    head = ("what happens", "end", "how likely", *(plain(name) for name in document["players"]))
    return Table(
        "Where the game ends, and what each player gets", head, tuple(rows), tuple(range(2, len(head)))
    )


def _path(nodes: Sequence[Node], place: int) -> str:
    found: list[str] = []
    at: int | None = place
    while at is not None:
        if nodes[at].edge:
            found.append(nodes[at].edge)
        at = nodes[at].parent
    return ", ".join(reversed(found))
