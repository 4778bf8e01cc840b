"""Games of plain numbers, read from Gambit's files of either form.

What lives here: telling the forms apart and turning bytes into text. What may not: the grammar of either
form (:mod:`parley.game.efg_reader`, :mod:`parley.game.nfg`).
"""

from __future__ import annotations

import os
from pathlib import Path

from parley.errors import GameError
from parley.game.efg_reader import parse_efg
from parley.game.gambit_tokens import FileFault
from parley.game.model import Game
from parley.game.nfg import parse_nfg
from parley.game.tree import PRECISION, Tree, game_of

__all__ = ["read_game", "read_tree"]

_FORMS = {".efg": parse_efg, ".nfg": parse_nfg}


def read_game(path: str | os.PathLike[str], text: str | None = None, *, precision: float = PRECISION) -> Game:
    """Read a game of plain numbers from a file of Gambit's.

    Parameters
    ----------
    path
        The file; ``.efg`` is a tree, ``.nfg`` a table of strategies.
    text
        Its contents, where they are at hand; nothing is read then, and ``path`` says only the form, and the
        name for messages.
    precision
        Of every player, per whole stake, for :func:`parley.solve`; a file knows none.
        :func:`parley.solve_at` takes its own.

    Returns
    -------
    A game without parameters. Its arrays hold every number of the file rounded once to float64;
    ``origin`` keeps them as written, so that writing the game back loses nothing.

    Raises
    ------
    FileFault
        A :class:`GameError` that begins with file, line and column: what Gambit refuses is refused here.
    GameError
        When the name ends otherwise, or a table has too many cells.
    OSError
        When the file cannot be read.

    Examples
    --------
    >>> text = 'EFG 2 R "" { "us" } p "" 1 1 "" { "go" "stay" } 0 t "" 1 "" { 1/3 } t "" 0'
    >>> game = read_game("war.efg", text)
    >>> game.nodes, game.action_label
    (3, ('go', 'stay'))
    """
    return game_of(read_tree(path, text), precision)


def read_tree(path: str | os.PathLike[str], text: str | None = None) -> Tree:
    """Read a file into a tree with exact numbers; see :func:`read_game`."""
    name = os.fspath(path)
    parse = _FORMS.get(Path(name).suffix.lower())
    if parse is None:
        raise GameError(f"{name!r} must end in .efg or .nfg: that tells the form of the game")
    return parse(_text(name) if text is None else text, name)


def _text(name: str) -> str:
    data = Path(name).read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        before = data[data.rfind(b"\n", 0, fault.start) + 1 : fault.start].decode("utf-8")
        raise FileFault(name, line, len(before) + 1, "this is not text in UTF-8") from None
