"""Level-k: players who reply to what they take for the others' behaviour, a fixed number of times.

What lives here: levels from given behaviour upwards, best and noisy replies, beliefs where a level never
leads. What may not: equilibria, arithmetic per node.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.errors import RecallError, SolveError
from parley.game.model import Game
from parley.solve.certify import from_blocks, to_blocks
from parley.solve.kernels import layout
from parley.solve.replies import Setting, check, insist_on_recall, pages_of

__all__ = ["Levels", "level_k"]

Numbers: TypeAlias = NDArray[np.float64]

FAINT = 1e-250  # a set that is reached with less counts as never reached


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Behaviour of levels 0 to k.

    ``belief[k, infoset, draw]`` says to which level's behaviour the beliefs of level k at that set are due:
    k - 1 where the others at level k - 1, and chance, may lead there, else the highest lower level that
    does; -1 where even level 0 does not, and all nodes count alike. Row 0 is -1: level 0 believes nothing.
    ``value`` is what the player expects before it moves: of its own replies, or, where agents reply one by
    one, of all staying as they were at level k - 1.
    """

    players: tuple[str, ...]
    strategy: Numbers  # [level, action, draw]
    value: Numbers  # [level, player, draw] what a player of the level expects to get; NaN at level 0
    belief: NDArray[np.int8]  # [level, infoset, draw]


def level_k(
    game: Game,
    chance: Numbers,
    payoff: Numbers,
    level: int,
    *,
    start: Numbers | None = None,
    noisy: bool = False,
    precision: Numbers | None = None,
    reply: Literal["player", "agent"] = "player",
    forgetful: bool = False,
) -> Levels:
    """Compute the behaviour of players who think a fixed number of steps ahead.

    Level 0 behaves as ``start`` says, at random if it is not given. A player of level k replies to others
    of level k - 1. All draws are done at once, and each has the same bits whatever it is done with.

    Parameters
    ----------
    game
        The structure; recall must be perfect unless players may be ``forgetful``.
    chance
        ``[edge, draw]``; ignored on decision edges.
    payoff
        ``[row, player, draw]`` in the author's units.
    level
        The highest level, at least 0.
    start
        ``[action, draw]`` behaviour of level 0; None for all actions of a set alike.
    noisy
        Whether players respond by logit with ``precision`` rather than by the best action, the first of those
        that tie.
    precision
        ``[player, draw]`` lambda per payoff unit, for noisy replies.
    reply
        Who thinks: ``"player"`` counts on its own replies at its later information sets; ``"agent"`` takes
        it that whoever moves for the player there behaves as level k - 1 too.
    forgetful
        Whether recall may be imperfect. A player who does not remember what it did takes it that it behaved
        as level k - 1, like the others; one who remembers needs no such guess.

    Returns
    -------
    Levels
        A set that level k - 1 never leads to is believed to have been reached by the highest level below that
        does lead there: a player who is surprised takes the others for less sophisticated.

    Raises
    ------
    SolveError
        When shapes do not agree, numbers are no probabilities, ``level`` is negative, noisy replies lack a
        precision, or errors are not all logistic; its kind RecallError when recall is imperfect and must not
        be, or when a player may come to the same information set twice.

    References
    ----------
    Stahl, D. O. & Wilson, P. W. (1994). Experimental evidence on players' models of other players. Journal
    of Economic Behavior & Organization 25, 309-327. Nagel, R. (1995). Unraveling in guessing games: an
    experimental study. American Economic Review 85, 1313-1326.

    Examples
    --------
    >>> import numpy as np
    >>> from parley.game.efg_reader import read_efg
    >>> from parley.game import evaluate
    >>> from parley.solve import tables_of
    >>> text = 'EFG 2 R "" { "rival" "firm" } p "" 1 1 "" { "enter" "stay out" } 0 '
    >>> text += 'p "" 2 1 "" { "fight" "share" } 0 t "" 1 "" { -3 -1 } t "" 2 "" { 1 1 } t "" 3 "" { 0 2 }'
    >>> game = read_efg(text)
    >>> numbers = tables_of(game, evaluate(game.program, np.zeros((0, 1))))
    >>> levels = level_k(game, numbers.chance, numbers.payoff, 2)
    >>> levels.strategy[:, :, 0].tolist()  # enter, stay out, fight, share
    [[0.5, 0.5, 0.5, 0.5], [0.0, 1.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0]]
    """
    start = _uniform(game, payoff.shape[-1]) if start is None else start
    precision = _asked(game, payoff, level, noisy, precision, reply)
    check(game, chance, payoff, start)
    if not forgetful:
        insist_on_recall(game, range(len(game.players)))
    draws = payoff.shape[-1]
    strategy = np.zeros((level + 1, game.actions, draws))
    value = np.full((level + 1, len(game.players), draws), np.nan)
    belief = np.full((level + 1, game.infosets, draws), -1, dtype=np.int8)
    strategy[0] = start
    arrivals: list[
        Numbers
    ] = []  # [level] of [node, draw]: chance that others and nature lead to a player's node
    for k in range(1, level + 1):
        thinking = _Thinking(Setting(game, chance, payoff, strategy[k - 1]))
        arrivals.append(thinking.arrival())
        weight, belief[k] = _beliefs(game, arrivals)
        strategy[k], value[k] = thinking.replies(weight, precision, noisy, reply == "player")
    for array in (strategy, value, belief):
        array.setflags(write=False)
    return Levels(game.players, strategy, value, belief)


class _Thinking:
    """What each player makes of everybody's behaviour."""

    def __init__(self, setting: Setting) -> None:
        self.setting, self.game = setting, setting.game

    def arrival(self) -> Numbers:
        """Compute the chance that a node is reached if its player wants it, [node, draw]."""
        from parley.solve.kernels.reply import arrive

        setting, game = self.setting, self.game
        _insist_on_order(game)
        owner = np.full(game.nodes, -1)
        decisions = game.node_infoset >= 0
        owner[decisions] = game.infoset_player[game.node_infoset[decisions]]
        whole = np.zeros((game.nodes, setting.draws))
        for own, remembers in enumerate(game.perfect_recall):
            reached = setting.room(game.nodes)
            # nobody is number -1: one who forgets counts its own behaviour among all others'
            arrive(setting.pages, setting.desk, setting.likely, own if remembers else -1, reached)
            whole[owner == own] = from_blocks(reached, game.nodes, setting.draws)[owner == own]
        return whole

    def replies(
        self, weight: Numbers, precision: Numbers, noisy: bool, ahead: bool
    ) -> tuple[Numbers, Numbers]:
        """Reply to the behaviour, nodes of a set weighed by ``weight [node, draw]``."""
        from parley.solve.kernels.reply import answer

        setting, game = self.setting, self.game
        replies, value, strength = setting.room(game.actions), setting.per_player(), to_blocks(precision)
        for own in range(len(game.players)):
            answer(
                *(setting.pages, setting.desk, setting.likely, to_blocks(weight), setting.payoff, strength),
                *(own, noisy, ahead, replies, value),
            )
        strategy = from_blocks(replies, game.actions, setting.draws)
        return strategy, from_blocks(value, len(game.players), setting.draws)


def _beliefs(game: Game, arrivals: list[Numbers]) -> tuple[Numbers, NDArray[np.int8]]:
    """Weights of nodes from the highest level that reaches their set, and which level that is."""
    weight = np.ones_like(arrivals[0])
    level = np.full((game.infosets, arrivals[0].shape[1]), -1, dtype=np.int8)
    if not game.infosets:
        return weight, level
    infoset = np.repeat(np.arange(game.infosets), np.diff(game.infoset_first_node))
    for k, arrival in enumerate(arrivals):
        members = arrival[game.infoset_node]
        reached = np.maximum.reduceat(members, game.infoset_first_node[:-1], axis=0) > FAINT
        level[reached] = k
        weight[game.infoset_node] = np.where(reached[infoset], members, weight[game.infoset_node])
    return weight, level


def _insist_on_order(game: Game) -> None:
    """Insist that nobody can come to an information set twice: no reply would be the last."""
    pages = pages_of(game).pages
    first = int(pages[layout.BOOK_REPLIES])
    for own, name in enumerate(game.players):
        last = int(pages[layout.BOOK_HEADER + own])
        # the order of replies holds -1 - place for each set that has a place in it
        if np.count_nonzero(pages[first:last] < 0) < np.count_nonzero(game.infoset_player == own):
            raise RecallError(f"{name} may come to the same information set twice: no reply is its last")
        first = last


def _uniform(game: Game, draws: int) -> Numbers:
    count = np.diff(game.infoset_first_action)
    return np.repeat(np.repeat(1.0 / count, count)[:, None], draws, axis=1)


def _asked(
    game: Game, payoff: Numbers, level: int, noisy: bool, precision: Numbers | None, reply: str
) -> Numbers:
    """Insist on sense in what was asked for; the precision, zero where it does not matter."""
    if level < 0:
        raise SolveError(f"the highest level must be at least 0, not {level}")
    if level > np.iinfo(np.int8).max:
        raise SolveError(f"the highest level may be {np.iinfo(np.int8).max}, not {level}")
    if reply not in ("player", "agent"):
        raise SolveError(f"reply must be 'player' or 'agent', not {reply!r}")
    shape = (len(game.players), payoff.shape[-1])
    if not noisy:
        return np.zeros(shape)
    if any(each.kind != "logistic" for each in game.errors):
        raise SolveError(
            "noisy replies are worked out for logistic errors, and here somebody's are normal: let players "
            "think ahead without erring"
        )
    if precision is None or precision.shape != shape:
        found = "none" if precision is None else f"one of shape {precision.shape}"
        raise SolveError(f"noisy replies need a precision of shape {shape}, and there is {found}")
    if not (np.isfinite(precision).all() and (precision >= 0.0).all()):
        raise SolveError("a precision is negative or not a finite number")
    return precision
