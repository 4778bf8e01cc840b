"""Best replies to given behaviour, and how much they gain.

What lives here: best replies of a player of perfect recall, NashConv. What may not: replies to replies
(:mod:`parley.solve.levels`), equilibria.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.errors import RecallError, SolveError
from parley.game.model import CHANCE, Game
from parley.solve.certify import Book, book, from_blocks, to_blocks
from parley.solve.kernels import layout
from parley.solve.kernels.layout import LANES
from parley.solve.refusal import refuse_loop

__all__ = [
    "BestReply",
    "Setting",
    "best_reply",
    "check",
    "deviations",
    "insist_on_recall",
    "nash_conv",
    "pages_of",
]

Numbers: TypeAlias = NDArray[np.float64]

SUM = 1e-9  # by which probabilities may miss 1 in sum

_LATELY: deque[tuple[Game, Book]] = deque(maxlen=16)
_LOCK = Lock()


@dataclass(frozen=True, slots=True, eq=False)
class BestReply:
    """A pure reply to given behaviour.

    ``strategy[action, draw]`` has the replying player's choices as 0 and 1 and everybody else's behaviour as
    it was given; at information sets that the others and chance never lead to, the first action.
    """

    player: int
    strategy: Numbers  # [action, draw]
    value: Numbers  # [draw] what the player expects, in the author's units
    gain: Numbers  # [draw] by how much that is more than what its own given behaviour brings


def best_reply(
    game: Game, chance: Numbers, payoff: Numbers, strategy: Numbers, player: int | str
) -> BestReply:
    """Find a player's best reply to the behaviour of all others.

    Found set by set from the last to the first, nodes weighed by the probability that chance and the others
    lead there. Of actions that are equally good, the first is taken.

    Parameters
    ----------
    game
        The structure.
    chance
        ``[edge, draw]``; ignored on decision edges.
    payoff
        ``[row, player, draw]`` in the author's units.
    strategy
        ``[action, draw]`` everybody's behaviour; that of ``player`` counts for ``gain`` alone.
    player
        Its name or number.

    Raises
    ------
    SolveError
        When shapes do not agree, numbers are no probabilities, there is no such player, or its recall is
        imperfect.

    Examples
    --------
    >>> import numpy as np
    >>> from parley.game.efg_reader import read_efg
    >>> game = read_efg('EFG 2 R "" { "us" } p "" 1 1 "" { "go" "stay" } 0 t "" 1 "" { 1 } t "" 0')
    >>> payoff = np.array([[[0.0]], [[1.0]]])
    >>> reply = best_reply(game, np.ones((2, 1)), payoff, np.full((2, 1), 0.5), "us")
    >>> reply.strategy[:, 0].tolist(), reply.value.tolist(), reply.gain.tolist()
    ([1.0, 0.0], [1.0], [0.5])
    """
    from parley.solve.kernels.reply import answer, arrive

    own = _number(game, player)
    insist_on_recall(game, [own])
    setting = Setting(game, chance, payoff, strategy)
    arrival = setting.room(game.nodes)
    arrive(setting.pages, setting.desk, setting.likely, own, arrival)
    replies, value, precision = setting.strategy.copy(), setting.per_player(), setting.per_player()
    answer(
        setting.pages,
        setting.desk,
        setting.likely,
        arrival,
        setting.payoff,
        precision,
        own,
        False,
        True,
        replies,
        value,
    )
    _, now = deviations(game, chance, payoff, strategy)
    draws = setting.draws
    best = from_blocks(value, len(game.players), draws)[own]
    return BestReply(own, from_blocks(replies, game.actions, draws), best, np.maximum(best - now[own], 0.0))


def nash_conv(game: Game, chance: Numbers, payoff: Numbers, strategy: Numbers) -> Numbers:
    """Compute how far behaviour is from a Nash equilibrium: the sum over players of the best reply's gain.

    The definition is OpenSpiel's; in a two-player zero-sum game half of it is the exploitability.

    Parameters
    ----------
    game, chance, payoff, strategy
        As for :func:`best_reply`.

    Returns
    -------
    ``[draw]`` in the author's units, never negative.

    Raises
    ------
    SolveError
        When shapes do not agree, numbers are no probabilities, or somebody's recall is imperfect.

    References
    ----------
    Lanctot, M. et al. (2017). A unified game-theoretic approach to multiagent reinforcement learning.
    NeurIPS.

    Examples
    --------
    >>> import numpy as np
    >>> from parley.game.efg_reader import read_efg
    >>> game = read_efg('EFG 2 R "" { "us" } p "" 1 1 "" { "go" "stay" } 0 t "" 1 "" { 1 } t "" 0')
    >>> nash_conv(game, np.ones((2, 1)), np.array([[[0.0]], [[1.0]]]), np.array([[0.25], [0.75]])).tolist()
    [0.75]
    """
    insist_on_recall(game, range(len(game.players)))
    gain, _ = deviations(game, chance, payoff, strategy)
    return np.asarray(np.maximum(gain, 0.0).sum(axis=0))


def deviations(game: Game, chance: Numbers, payoff: Numbers, strategy: Numbers) -> tuple[Numbers, Numbers]:
    """Compute what each player's best reply adds to its payoff, and that payoff.

    Parameters
    ----------
    game, chance, payoff, strategy
        As for :func:`best_reply`.

    Returns
    -------
    Both ``[player, draw]`` in the author's units.
    """
    from parley.solve.kernels.reply import gains

    check(game, chance, payoff, strategy)
    pages, players, draws = pages_of(game), len(game.players), strategy.shape[1]
    likely = np.ascontiguousarray(np.concatenate([strategy, chance[pages.chance_edge]]).T)
    paid = np.ascontiguousarray(payoff.transpose(2, 1, 0))
    gain, value = np.zeros((2, draws, players))
    room = (np.empty(likely.shape[1]), np.empty(game.nodes), np.empty(game.nodes))
    gains(pages.pages, likely, paid, *room, gain, value)
    return np.ascontiguousarray(gain.T), np.ascontiguousarray(value.T)


class Setting:
    """A game, its numbers and everybody's behaviour, as the kernels read them."""

    def __init__(self, game: Game, chance: Numbers, payoff: Numbers, strategy: Numbers) -> None:
        check(game, chance, payoff, strategy)
        self.game, self.draws = game, strategy.shape[1]
        laid = pages_of(game)
        self.pages, self.chance_edge = laid.pages, laid.chance_edge
        self.payoff = to_blocks(payoff.reshape(-1, self.draws))
        self.chances = chance[self.chance_edge]
        self.likely = to_blocks(np.concatenate([strategy, self.chances]))
        rows, nodes, widest = self.likely.shape[1], game.nodes, int(self.pages[layout.BOOK_WIDEST])
        self.desk = np.zeros((2 * rows + 2 * nodes + 2 * widest + 2, LANES))

    @property
    def strategy(self) -> Numbers:
        """``[block, action, lane]``."""
        return np.ascontiguousarray(self.likely[:, : self.game.actions])

    def room(self, rows: int) -> Numbers:
        """``[block, row, lane]`` of zeros."""
        return np.zeros((len(self.likely), rows, LANES))

    def per_player(self) -> Numbers:
        """``[block, player, lane]`` of zeros."""
        return self.room(len(self.game.players))


def pages_of(game: Game) -> Book:
    """Lay a game out for the kernels, or find the layout of one that was asked for lately."""
    with _LOCK:
        for known, pages in _LATELY:
            if known is game:
                return pages
    pages = book(game)
    with _LOCK:
        _LATELY.append((game, pages))
    return pages


def _number(game: Game, player: int | str) -> int:
    if isinstance(player, str):
        if player not in game.players:
            raise SolveError(f"there is no player {player!r}, only {', '.join(map(repr, game.players))}")
        return game.players.index(player)
    if not 0 <= player < len(game.players):
        raise SolveError(f"there is no player {player}: they are numbered 0 to {len(game.players) - 1}")
    return player


def insist_on_recall(game: Game, players: range | list[int]) -> None:
    """Insist that players never forget what they saw or did.

    Raises
    ------
    RecallError
        Naming one who does.
    """
    for player in players:
        if not game.perfect_recall[player]:
            raise RecallError(
                f"{game.players[player]} has imperfect recall: its best reply cannot be found set by set"
            )


def check(game: Game, chance: Numbers, payoff: Numbers, strategy: Numbers | None) -> None:
    """Insist on numbers of the right shapes that make a game, and on a strategy if there is one.

    Raises
    ------
    SolveError
        Naming what is wrong.
    """
    refuse_loop(game, "what was asked for")
    draws = payoff.shape[-1]
    wanted = {
        "chance": (chance, (game.edges, draws)),
        "payoff": (payoff, (len(game.payoff_register), len(game.players), draws)),
    }
    if strategy is not None:
        wanted["strategy"] = (strategy, (game.actions, draws))
    for name, (array, shape) in wanted.items():
        if array.shape != shape:
            raise SolveError(f"{name} has shape {array.shape}, but the game asks for {shape}")
    if not np.isfinite(payoff).all():
        raise SolveError("a payoff is not a finite number")
    if strategy is not None:
        _insist_on_shares("strategy", strategy, game.infoset_first_action)
    counts = np.diff(game.node_first_edge)[game.node_kind == CHANCE]
    shares = chance[game.edge_action < 0]  # those of one node stand together
    _insist_on_shares("chance", shares, np.concatenate([[0], np.cumsum(counts)]))


def _insist_on_shares(name: str, share: Numbers, first: NDArray[np.signedinteger]) -> None:
    """Insist on probabilities: none negative, those of each group summing to 1."""
    if len(first) < 2:
        return
    total = np.add.reduceat(share, first[:-1], axis=0)
    if not ((share >= 0.0).all() and (np.abs(total - 1.0) <= SUM).all()):
        raise SolveError(f"{name} has a negative number, or shares of one decision that do not sum to 1")
