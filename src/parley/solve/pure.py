"""Equilibria in pure strategies of small games, all of them.

What lives here: the list of all pure profiles, and which of them nobody wants to leave. What may not:
mixtures.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from parley.errors import SolveError
from parley.game.model import Game
from parley.solve.layers import Layers
from parley.solve.replies import check

__all__ = ["MOST", "PureEquilibria", "pure_equilibria"]

Floats = NDArray[np.float64]

MOST = 1 << 20  # profiles
WORK = 2e9  # profiles times nodes and players
ROOM = 1 << 22  # numbers in the largest array
GAIN = 1e-9  # of the largest payoff, up to which a deviation gains nothing


@dataclass(frozen=True, slots=True, eq=False)
class PureEquilibria:
    """All Nash equilibria in pure strategies of one game.

    Profiles that differ only where a player's own moves never lead count once, with the first action there
    (``ruled_out``). ``play`` numbers what happens: equilibria of the same number differ off the path alone.
    """

    players: tuple[str, ...]
    strategy: Floats  # [action, equilibrium] 0 or 1
    value: Floats  # [player, equilibrium] expected payoff
    reached: NDArray[np.bool_]  # [infoset, equilibrium] play may lead there
    ruled_out: NDArray[np.bool_]  # [infoset, equilibrium] its own player's moves never lead there
    play: NDArray[np.int32]  # [equilibrium] from 0, in order of appearance
    profiles: int  # that were looked at


def pure_equilibria(game: Game, chance: Floats, payoff: Floats, *, draw: int = 0) -> PureEquilibria:
    """List all Nash equilibria in pure strategies of one draw of a small game.

    Every profile is looked at, and every pure strategy of a player as a reply to it. No recall is needed.

    Parameters
    ----------
    game
        The structure.
    chance, payoff
        ``[edge, draw]`` (ignored on decision edges), ``[row, player, draw]`` in the author's units.
    draw
        Which column.

    Returns
    -------
    PureEquilibria
        In the order of the game's actions; empty when there is none. Nash equilibria need not be sensible
        off the path: see :func:`parley.solve.exact_limit`.

    Raises
    ------
    SolveError
        When there are more than a million profiles, shapes do not agree, or numbers make no game.

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
    >>> pure_equilibria(game, numbers.chance, numbers.payoff).strategy.T.tolist()  # enter, out, fight, share
    [[1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]]
    """
    if not 0 <= draw < payoff.shape[-1]:
        raise SolveError(f"there is no draw {draw}, only 0 to {payoff.shape[-1] - 1}")
    one = slice(draw, draw + 1)
    chance, payoff = chance[:, one], payoff[:, :, one]
    check(game, chance, payoff, None)
    count = np.diff(game.infoset_first_action)
    sets = np.flatnonzero(count > 1)
    shape = tuple(count[sets].tolist())
    profiles = prod(shape)
    size = max(game.nodes, game.edges) * len(game.players)
    if profiles > MOST or profiles * size > WORK:
        raise SolveError(
            f"the game has {profiles:,} pure profiles over {len(sets)} information sets, and of a game of "
            f"{game.nodes:,} nodes {min(MOST, int(WORK / size)):,} can be looked at"
        )
    layers = Layers(game)
    value = np.empty((len(game.players), profiles))
    wide = max(1, ROOM // size)
    for first in range(0, profiles, wide):
        numbers = np.arange(first, min(first + wide, profiles))
        share = layers.shares(_strategies(game, sets, shape, numbers), chance)
        value[:, numbers] = layers.values(share, payoff)[0]
    stable = np.ones(profiles, dtype=bool)
    for player, found in enumerate(value):
        own = tuple(np.flatnonzero(game.infoset_player[sets] == player).tolist())
        table = found.reshape(shape)
        best = np.broadcast_to(table.max(axis=own, keepdims=True), shape).reshape(-1)
        stable &= found >= best - GAIN * np.abs(payoff[:, player]).max(initial=0.0)
    kept = np.flatnonzero(stable)
    return _described(layers, chance, _strategies(game, sets, shape, kept), value[:, kept], profiles)


def _strategies(
    game: Game, sets: NDArray[np.intp], shape: tuple[int, ...], numbers: NDArray[np.intp]
) -> Floats:
    """Return profiles by their numbers, ``[action, profile]``."""
    first = game.infoset_first_action[:-1]
    strategy = np.zeros((game.actions, len(numbers)))
    single = np.setdiff1d(np.arange(game.infosets), sets)
    strategy[first[single]] = 1.0
    choices = np.unravel_index(numbers, shape) if shape else ()
    for infoset, choice in zip(sets, choices, strict=True):
        strategy[first[infoset] + choice, np.arange(len(numbers))] = 1.0
    return strategy


def _described(
    layers: Layers, chance: Floats, strategy: Floats, value: Floats, profiles: int
) -> PureEquilibria:
    """Say where play leads, and leave out what differs where a player's own moves never lead alone."""
    game = layers.game
    begin = game.infoset_first_node[:-1]
    certain = np.repeat(chance, strategy.shape[1], axis=1)
    share = layers.shares(strategy, chance)
    reach = layers.reach(share)

    def visited(reach: Floats) -> NDArray[np.bool_]:
        if not game.infosets:
            return np.zeros((0, strategy.shape[1]), dtype=bool)
        return np.add.reduceat(reach[game.infoset_node], begin, axis=0) > 0.0

    ruled_out = np.zeros((game.infosets, strategy.shape[1]), dtype=bool)
    owner = np.full(game.edges, -1)
    infoset = game.node_infoset[layers.parent]
    owner[layers.decides] = game.infoset_player[infoset[layers.decides]]
    for player in range(len(game.players)):
        alone = np.where((owner == player)[:, None], share, np.where(layers.decides[:, None], 1.0, certain))
        mine = game.infoset_player == player
        ruled_out[mine] = ~visited(layers.reach(alone))[mine]
    first, last = game.infoset_first_action[:-1], game.infoset_first_action[1:]
    plain = np.ones(strategy.shape[1], dtype=bool)
    for h in range(game.infosets):
        plain &= ~ruled_out[h] | (strategy[first[h] : last[h]].argmax(axis=0) == 0)
    kept = np.flatnonzero(plain)
    seen: dict[bytes, int] = {}
    ends = np.ascontiguousarray((reach[:, kept] > 0.0).T)
    play = [seen.setdefault(each.tobytes(), len(seen)) for each in ends]
    return PureEquilibria(
        game.players,
        strategy[:, kept],
        value[:, kept],
        visited(reach)[:, kept],
        ruled_out[:, kept],
        np.array(play, dtype=np.int32),
        profiles,
    )
