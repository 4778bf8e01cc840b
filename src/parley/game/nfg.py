"""Gambit's strategic-form files: one draw written, any file read.

What lives here: the ``.nfg`` format. What may not: other formats, reduction by dominance.

Players of a strategic form choose at once: each has one information set, with its strategies as actions.
A game that is written becomes its reduced strategic form: two strategies that differ only where
an own earlier choice never leads are one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import product

import numpy as np
from numpy.typing import NDArray

from parley.errors import GameError
from parley.game.efg import quoted
from parley.game.gambit_tokens import Token, Tokens, relabelled
from parley.game.model import DECISION, Game
from parley.game.tree import PRECISION, Place, Spot, Tree, game_of

__all__ = ["CELL_LIMIT", "STRATEGY_LIMIT", "parse_nfg", "read_nfg", "to_nfg"]

CELL_LIMIT = 100_000
STRATEGY_LIMIT = 5_000  # of one player
_WORK_LIMIT = 50_000_000  # cells times edges

Values = NDArray[np.float64]


def read_nfg(text: str, path: str = "<text>", *, precision: float = PRECISION) -> Game:
    """Read a strategic-form file into a game of one simultaneous move.

    Parameters
    ----------
    text
        The file's contents.
    path
        Its name, for messages.
    precision
        Of every player, per whole stake; a file knows none.

    Returns
    -------
    A game without parameters, with one information set for each player.

    Raises
    ------
    FileFault
        Where Gambit refuses the file, with line and column.
    GameError
        When the table has more than :data:`CELL_LIMIT` cells.

    Examples
    --------
    >>> game = read_nfg('NFG 1 R "" { "row" "column" } { 2 2 } 1 1 0 2 2 0 3 3')
    >>> game.infosets, game.action_label
    (2, ('1', '2', '1', '2'))
    """
    return game_of(parse_nfg(text, path), precision)


def parse_nfg(text: str, path: str = "<text>") -> Tree:
    """Read a strategic-form file into a tree with exact numbers; see :func:`read_nfg`.

    Examples
    --------
    >>> tree = parse_nfg('NFG 1 R "alone" { "us" } { { "go" "stay" } } { { "win" 1/3 } } 1 0')
    >>> [spot.pay for spot in tree.spots[1:]]
    [(Fraction(1, 3),), (Fraction(0, 1),)]
    """
    tokens = Tokens(text, path)
    head = tokens.take()
    if (head.kind, head.text) != ("word", "NFG"):
        tokens.fail("a strategic-form file begins with NFG", head)
    version = tokens.take()
    if (version.kind, version.text) != ("number", "1"):
        tokens.fail("only version 1 of the format is known", version)
    data = tokens.take()
    if data.kind != "word" or data.text not in ("R", "D"):
        tokens.fail("R or D is missing here", data)
    title = tokens.expect("text", "the title in quotes").text
    players = tokens.labels(tokens.texts("the players"))
    strategies = _strategies(tokens, players)
    comment = tokens.accept("text")
    cells = math.prod(len(each) for each in strategies)
    if cells > CELL_LIMIT:
        raise GameError(f"{path}: the table has {cells:,} cells, more than {CELL_LIMIT:,}")
    pays = _outcomes(tokens, players, cells) if tokens.next.kind == "{" else _flat(tokens, players, cells)
    tokens.expect("end", "the end of the file")
    places = [Place(number, "", labels) for number, labels in enumerate(strategies)]
    return Tree(title, comment.text if comment else "", players, places, _spots(strategies, pays))


Pay = tuple[tuple[Fraction, ...], str]


def _strategies(tokens: Tokens, players: tuple[str, ...]) -> list[tuple[str, ...]]:
    tokens.expect("{", "the list of strategies in braces")
    found: list[tuple[str, ...]] = []
    named = tokens.next.kind == "{"
    for player in players:
        at = tokens.next
        if named:
            labels = tokens.labels(tokens.texts(f"the strategies of {player!r}"))
        else:
            count = tokens.integer(f"the number of strategies of {player!r}")
            if count > CELL_LIMIT:
                tokens.fail(f"{count:,} strategies are more than the {CELL_LIMIT:,} cells of a table", at)
            labels = tuple(str(number + 1) for number in range(count))
        if not labels:
            tokens.fail(f"{player!r} has no strategy", at)
        found.append(labels)
    tokens.expect("}", "the '}' after the strategies")
    return found


def _flat(tokens: Tokens, players: tuple[str, ...], cells: int) -> list[Pay]:
    """Read payoffs cell by cell, the first player's strategy fastest."""
    pays: list[Pay] = []
    for _ in range(cells):
        numbers = [tokens.expect("number", f"the payoff of {player!r}") for player in players]
        pays.append((tuple(tokens.value(each) for each in numbers), ""))
    return pays


def _outcomes(tokens: Tokens, players: tuple[str, ...], cells: int) -> list[Pay]:
    """Read a list of outcomes, then which of them stands in each cell; 0 pays nothing."""
    tokens.expect("{", "the list of outcomes in braces")
    names: list[Token] = []
    pays: list[tuple[Fraction, ...]] = []
    while tokens.accept("{") is not None:
        names.append(tokens.expect("text", "the name of the outcome in quotes"))
        tokens.check_label(names[-1])
        numbers = []
        for player in players:
            numbers.append(tokens.expect("number", f"the payoff of {player!r}"))
            tokens.accept(",")
        tokens.expect("}", "the '}' after the payoffs")
        pays.append(tuple(tokens.value(each) for each in numbers))
    tokens.expect("}", "the '}' after the outcomes")
    listed: list[Pay] = [((Fraction(0),) * len(players), "")]
    listed += zip(pays, relabelled([each.text for each in names]), strict=True)
    found = []
    for _ in range(cells):
        at = tokens.next
        number = tokens.integer("the number of an outcome")
        if not 0 <= number < len(listed):
            tokens.fail(f"there is no outcome {number}, only 0 to {len(pays)}", at)
        found.append(listed[number])
    return found


def _spots(strategies: list[tuple[str, ...]], pays: list[Pay]) -> list[Spot]:
    """Write the table as a tree: each player in turn, nobody seeing anything."""
    spots: list[Spot] = []
    stride = [math.prod(len(each) for each in strategies[:player]) for player in range(len(strategies))]
    waiting = [(-1, 0, 0, 0)]
    while waiting:
        parent, branch, player, cell = waiting.pop()
        index = len(spots)
        if parent >= 0:
            spots[parent].children.append(index)
        if player == len(strategies):
            spots.append(Spot(-1, parent, branch, *pays[cell]))
            continue
        spots.append(Spot(player, parent, branch))
        waiting.extend(
            (index, each, player + 1, cell + each * stride[player])
            for each in reversed(range(len(strategies[player])))
        )
    return spots


def to_nfg(game: Game, chance: Values, payoff: Values, *, title: str = "") -> str:
    """Write one draw of a game as its reduced strategic form.

    Parameters
    ----------
    game
        The arrays.
    chance
        ``[edge]`` probabilities (of decision edges ignored).
    payoff
        ``[row, player]``.
    title
        Of the file.

    Returns
    -------
    The text of an ``.nfg`` file, payoffs in the order in which Gambit reads them. A strategy is named by its
    actions in the order of the game's information sets, ``*`` where it never comes.

    Raises
    ------
    GameError
        When a number is not finite, or a player has more than :data:`STRATEGY_LIMIT` strategies or the table
        more than :data:`CELL_LIMIT` cells.

    Examples
    --------
    >>> import numpy as np
    >>> game = read_nfg('NFG 1 R "" { "us" } { { "go" "stay" } } 1 0')
    >>> payoff = np.array([[0.0], [1.0]])
    >>> print(to_nfg(game, np.ones(game.edges), payoff, title="alone"))
    NFG 1 R "alone" { "us" } { { "go" "stay" } } ""
    1
    0
    <BLANKLINE>
    """
    if not (np.isfinite(payoff).all() and np.isfinite(chance).all()):
        raise GameError("this draw has a payoff or chance that is not a finite number")
    strategies = [list(_reduced(game, player)) for player in range(len(game.players))]
    cells = math.prod(len(each) for each in strategies)
    if cells > CELL_LIMIT or cells * game.edges > _WORK_LIMIT:
        raise GameError(
            f"in strategic form the game has {cells:,} cells, more than can be written; use efg instead"
        )
    values = _values(game, chance, payoff, strategies)
    names = " ".join(
        "{ " + " ".join(quoted(each) for each in relabelled([_name(game, s) for s in own])) + " }"
        for own in strategies
    )
    players = " ".join(quoted(name) for name in game.players)
    body = [" ".join(_number(each) for each in row) for row in values]
    return "\n".join([f'NFG 1 R {quoted(title)} {{ {players} }} {{ {names} }} ""', *body, ""])


def _number(value: float) -> str:
    return format(Decimal(repr(float(value))), "f").removesuffix(".0")


Strategy = dict[int, int]  # own information set -> action, -1 where the strategy never comes


def _name(game: Game, strategy: Strategy) -> str:
    labels = ["*" if action < 0 else game.action_label[action] for action in strategy.values()]
    return " / ".join(labels) if labels else "nothing"


def _reduced(game: Game, player: int) -> Iterator[Strategy]:
    """Yield a player's reduced strategies, the first information set's action slowest."""
    own = [int(each) for each in np.flatnonzero(game.infoset_player == player)]
    count = 0
    waiting: list[Strategy] = [{}]
    while waiting:
        strategy = waiting.pop()
        if len(strategy) == len(own):
            count += 1
            if count > STRATEGY_LIMIT:
                raise GameError(
                    f"{game.players[player]} has more than {STRATEGY_LIMIT:,} strategies; use efg instead"
                )
            yield strategy
            continue
        infoset = own[len(strategy)]
        actions = range(*(int(each) for each in game.infoset_first_action[infoset : infoset + 2]))
        # Without an order of the sets it is not known yet where an own later choice leads: keep all.
        reached = not game.ordered or _reaches(game, strategy, infoset)
        waiting.extend({**strategy, infoset: action} for action in (reversed(actions) if reached else (-1,)))


def _reaches(game: Game, strategy: Strategy, infoset: int) -> bool:
    """Whether a set can be reached when the others do as they like."""
    reached = np.zeros(game.nodes, dtype=bool)
    reached[0] = True
    for node in range(game.nodes):
        if not reached[node]:
            continue
        if game.node_infoset[node] == infoset:
            return True
        chosen = strategy.get(int(game.node_infoset[node]))
        for edge in range(int(game.node_first_edge[node]), int(game.node_first_edge[node + 1])):
            if chosen is None or game.edge_action[edge] == chosen:
                reached[game.edge_child[edge]] = True
    return False


def _values(game: Game, chance: Values, payoff: Values, strategies: list[list[Strategy]]) -> Values:
    """Return the expected payoffs ``[cell, player]``, the first player's strategy fastest."""
    tuples = list(product(*(range(len(each)) for each in reversed(strategies))))
    picked = np.array(tuples, dtype=np.intp).reshape(len(tuples), len(strategies))[:, ::-1]
    reach = np.zeros((game.nodes, len(tuples)))
    reach[0] = 1.0
    total = np.zeros((len(tuples), len(game.players)))
    for node in range(game.nodes):
        total += np.outer(reach[node], payoff[game.node_payoff[node]])
        infoset = int(game.node_infoset[node])
        if game.node_kind[node] == DECISION:
            player = int(game.infoset_player[infoset])
            action = np.array([each[infoset] for each in strategies[player]])[picked[:, player]]
        for edge in range(int(game.node_first_edge[node]), int(game.node_first_edge[node + 1])):
            decided = game.node_kind[node] == DECISION
            flow = reach[node] * ((action == game.edge_action[edge]) if decided else chance[edge])
            reach[game.edge_child[edge]] += flow
            total += np.outer(flow, payoff[game.edge_payoff[edge]])
    return total
