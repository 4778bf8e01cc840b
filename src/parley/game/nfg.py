"""Gambit's strategic-form files: one draw written, any file read.

What lives here: the ``.nfg`` format. What may not: other formats, reduction by dominance.

Players of a strategic form choose at once: each has one information set, with its strategies as actions.
A game that is written becomes its reduced strategic form: two strategies that differ only where
an own earlier choice never leads are one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from parley.errors import GameError
from parley.game.efg import Exact, finite, quoted
from parley.game.gambit_tokens import Token, Tokens, relabelled
from parley.game.model import Game
from parley.game.numerals import bounded, spelled
from parley.game.tree import PRECISION, Outcome, Place, Spot, Tree, game_of

__all__ = ["CELL_LIMIT", "STRATEGY_LIMIT", "parse_nfg", "read_nfg", "to_nfg"]

CELL_LIMIT = 100_000
STRATEGY_LIMIT = 5_000  # of one player
_WORK_LIMIT = 50_000_000  # nodes looked at, numbers added: some ten seconds

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
    [(Fraction(1, 3),), None]
    """
    tokens = Tokens(text, path)
    tokens.begin("NFG", "1", "a strategic-form file")
    title = tokens.expect("text", "the title in quotes").text
    players = tokens.labels(tokens.texts("the players"))
    strategies = _strategies(tokens, players)
    comment = tokens.accept("text")
    cells = math.prod(len(each) for each in strategies)
    if not players and tokens.next.kind == "end":
        tokens.fail("an outcome or payoff is missing here")
    if cells > CELL_LIMIT:
        raise GameError(f"{path}: the table has {cells:,} cells, more than {CELL_LIMIT:,}")
    pays = _outcomes(tokens, players, cells) if tokens.next.kind == "{" else _flat(tokens, players, cells)
    tokens.expect("end", "the end of the file")
    places = [Place(number, "", labels) for number, labels in enumerate(strategies)]
    return Tree(title, comment.text if comment else "", players, places, _spots(strategies, pays))


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


def _flat(tokens: Tokens, players: tuple[str, ...], cells: int) -> list[Outcome | None]:
    """Read payoffs cell by cell, the first player's strategy fastest."""
    pays: list[Outcome | None] = []
    for _ in range(cells):
        numbers = [tokens.expect("number", f"the payoff of {player!r}") for player in players]
        pays.append(_outcome(tokens, "", numbers))
    return pays


def _outcome(tokens: Tokens, name: str, numbers: list[Token]) -> Outcome:
    exact = tuple(tokens.value(each) for each in numbers)
    return Outcome(name, tuple(each.text for each in numbers), exact)


def _outcomes(tokens: Tokens, players: tuple[str, ...], cells: int) -> list[Outcome | None]:
    """Read a list of outcomes, then which of them stands in each cell; 0 pays nothing."""
    tokens.expect("{", "the list of outcomes in braces")
    known: list[Outcome] = []
    while tokens.accept("{") is not None:
        name = tokens.expect("text", "the name of the outcome in quotes")
        tokens.check_label(name)
        numbers = []
        for player in players:
            numbers.append(tokens.expect("number", f"the payoff of {player!r}"))
            tokens.accept(",")
        tokens.expect("}", "the '}' after the payoffs")
        known.append(_outcome(tokens, name.text, numbers))
    tokens.expect("}", "the '}' after the outcomes")
    for outcome, label in zip(known, relabelled([each.name for each in known]), strict=True):
        outcome.name = label
    listed = [None, *known]
    found = []
    for _ in range(cells):
        at = tokens.next
        number = tokens.integer("the number of an outcome")
        if not 0 <= number < len(listed):
            tokens.fail(f"there is no outcome {number}, only 0 to {len(known)}", at)
        found.append(listed[number])
    return found


def _spots(strategies: list[tuple[str, ...]], pays: Sequence[Outcome | None]) -> list[Spot]:
    """Write the table as a tree: each player in turn, nobody seeing anything."""
    spots: list[Spot] = []
    stride = [math.prod(len(each) for each in strategies[:player]) for player in range(len(strategies))]
    waiting = [(-1, 0, 0, 0)]
    while waiting:
        parent, branch, player, cell = waiting.pop()
        index = len(spots)
        if parent >= 0:
            siblings = spots[parent].children
            assert isinstance(siblings, list)
            siblings.append(index)
        if player == len(strategies):
            spots.append(Spot(-1, parent, branch, pays[cell]))
            continue
        spots.append(Spot(player, parent, branch, children=[]))
        waiting.extend(
            (index, each, player + 1, cell + each * stride[player])
            for each in reversed(range(len(strategies[player])))
        )
    return spots


def to_nfg(game: Game, chance: Values, payoff: Values, *, title: str | None = None) -> str:
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
        Of the file; None for that of the file that the game was read from.

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
    finite(game)
    if not game.players:
        raise GameError("a game without players has no table")
    exact = Exact(game, chance, payoff)
    strategies = [list(_reduced(game, player)) for player in range(len(game.players))]
    cells = math.prod(len(each) for each in strategies)
    if cells > CELL_LIMIT:
        raise GameError(
            f"in strategic form the game has {cells:,} cells, more than can be written; use efg instead"
        )
    values = _values(game, exact, strategies)
    names = " ".join(
        "{ " + " ".join(quoted(each) for each in relabelled([_name(game, s) for s in own])) + " }"
        for own in strategies
    )
    players = " ".join(quoted(name) for name in game.players)
    if title is None:
        title = game.origin.title if game.origin else ""
    body = [" ".join(map(spelled, row)) for row in values]
    return "\n".join([f'NFG 1 R {quoted(title)} {{ {players} }} {{ {names} }} ""', *body, ""])


Strategy = dict[int, int]  # own information set -> action, -1 where the strategy never comes


def _name(game: Game, strategy: Strategy) -> str:
    labels = ["*" if action < 0 else game.action_label[action] for action in strategy.values()]
    return " / ".join(labels) if labels else "nothing"


def _reduced(game: Game, player: int) -> Iterator[Strategy]:
    """Yield a player's reduced strategies, the first information set's action slowest."""
    own = [int(each) for each in np.flatnonzero(game.infoset_player == player)]
    count, work = 0, 0
    waiting: list[Strategy] = [{}]
    while waiting:
        strategy = waiting.pop()
        work += game.nodes
        if work > _WORK_LIMIT:
            raise GameError(
                f"listing the strategies of {game.players[player]} takes too long; use efg instead"
            )
        asked = _asked(game, strategy, frozenset(own))
        if asked is None:
            count += 1
            if count > STRATEGY_LIMIT:
                raise GameError(
                    f"{game.players[player]} has more than {STRATEGY_LIMIT:,} strategies; use efg instead"
                )
            yield {infoset: strategy.get(infoset, -1) for infoset in own}
            continue
        first, last = game.infoset_first_action[asked : asked + 2].tolist()
        waiting.extend({**strategy, asked: action} for action in reversed(range(first, last)))


def _asked(game: Game, strategy: Strategy, own: frozenset[int]) -> int | None:
    """Return the first own set that is come to, and not decided yet, when the others do as they like."""
    reached = [False] * game.nodes
    reached[0] = True
    asked: int | None = None
    first, infosets = game.node_first_edge.tolist(), game.node_infoset.tolist()
    actions, children = game.edge_action.tolist(), game.edge_child.tolist()
    for node in range(game.nodes):
        if not reached[node]:
            continue
        infoset = infosets[node]
        chosen = strategy.get(infoset)
        if infoset in own and chosen is None:
            asked = infoset if asked is None else min(asked, infoset)
            continue
        for edge in range(first[node], first[node + 1]):
            if chosen is None or actions[edge] == chosen:
                reached[children[edge]] = True
    return asked


def _values(game: Game, exact: Exact, strategies: list[list[Strategy]]) -> Iterator[list[Fraction]]:
    """Yield every cell's expected payoffs, exactly, the first player's strategy fastest."""
    sizes = [len(each) for each in strategies]
    taking = [_taking(own) for own in strategies]
    parts: list[tuple[tuple[NDArray[np.intp], ...], list[Fraction]]] = []
    work = 0
    for share, rows, choices in _paths(game, exact):
        cells = tuple(
            np.flatnonzero(np.all([known[each] for each in chosen], axis=0)) if chosen else np.arange(size)
            for known, chosen, size in zip(taking, choices, sizes, strict=True)
        )
        work += math.prod(len(each) for each in cells) * len(sizes)
        if work > _WORK_LIMIT:
            raise GameError("working out this table of strategies takes too long; use efg instead")
        parts.append((cells, [share * number for number, _ in exact.paid(rows)]))
    below = 1  # one denominator for all, so that what is added up are whole numbers
    for _, pays in parts:
        below = bounded(Fraction(1, math.lcm(below, *(pay.denominator for pay in pays)))).denominator
    table = np.zeros((len(sizes), *sizes), dtype=object)
    for cells, pays in parts:
        for player, pay in enumerate(pays):
            if pay:
                table[player][np.ix_(*cells)] += pay.numerator * (below // pay.denominator)
    for row in table.reshape(len(sizes), -1, order="F").T.tolist():
        yield [Fraction(number, below) for number in row]


Choice = tuple[int, int]  # an information set, an action


def _taking(strategies: list[Strategy]) -> dict[Choice, NDArray[np.bool_]]:
    """Return for every choice which of a player's strategies make it, ``[strategy]``."""
    found: dict[Choice, NDArray[np.bool_]] = {}
    for number, strategy in enumerate(strategies):
        for choice in strategy.items():
            found.setdefault(choice, np.zeros(len(strategies), dtype=bool))[number] = True
    return found


def _paths(game: Game, exact: Exact) -> Iterator[tuple[Fraction, tuple[int, ...], list[list[Choice]]]]:
    """Yield every path: its probability by chance alone, its payoff rows, each player's choices on it."""
    first_edge, pays = game.node_first_edge.tolist(), game.edge_payoff.tolist()
    stack: list[tuple[int, Fraction, tuple[int, ...], tuple[Choice, ...]]] = [(0, Fraction(1), (), ())]
    while stack:
        node, share, rows, chosen = stack.pop()
        edges = range(first_edge[node], first_edge[node + 1])
        if not edges:
            choices: list[list[Choice]] = [[] for _ in game.players]
            for choice in chosen:
                choices[game.infoset_player[choice[0]]].append(choice)
            yield share, (*rows, int(game.node_payoff[node])), choices
            continue
        infoset = int(game.node_infoset[node])
        shares = [] if infoset >= 0 else exact.shares(edges)
        for position in reversed(range(len(edges))):
            edge = edges[position]
            below, paid = int(game.edge_child[edge]), (*rows, pays[edge])
            if infoset >= 0:
                stack.append((below, share, paid, (*chosen, (infoset, int(game.edge_action[edge])))))
            elif shares[position][0]:
                stack.append((below, bounded(share * shares[position][0]), paid, chosen))
