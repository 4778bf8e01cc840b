"""Nash equilibria of small games, enumerated by Gambit.

What lives here: the only import of pygambit, made when it is needed, and the way there and back. What may
not: an answer that we have not checked.

Gambit is licensed under the GPL and Parley is not: it is no part of Parley, is not required by it, and is
installed by whoever wants it with ``pip install 'parley-workbench[nash]'``. Games go there as files, and
each equilibrium that comes back gets our own measure of what deviating from it would bring.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.errors import SolveError
from parley.game.efg import to_efg
from parley.game.model import DECISION, Game
from parley.solve.refusal import refuse_loop
from parley.solve.replies import check, deviations, insist_on_recall

__all__ = ["Method", "NashEquilibria", "nash_equilibria"]

Numbers: TypeAlias = NDArray[np.float64]
Method: TypeAlias = Literal["auto", "enummixed", "lcp", "enumpoly", "enumpure"]

METHODS = ("enummixed", "lcp", "enumpoly", "enumpure")
GAIN = 1e-6  # most that a deviation may bring where an equilibrium counts as certified, by the largest payoff
SAME = 1e-9  # by which probabilities may differ between reports of one equilibrium


@dataclass(frozen=True, slots=True, eq=False)
class NashEquilibria:
    """What Gambit found, with proof of ours.

    ``complete`` says that the method looks for all equilibria (``enummixed``: all extreme ones, of which
    others are mixtures; ``enumpoly``: all isolated ones; ``enumpure``: all pure ones), not that there are
    no others.
    """

    players: tuple[str, ...]
    strategy: Numbers  # [action, equilibrium]
    value: Numbers  # [player, equilibrium]
    gain: Numbers  # [player, equilibrium] what the best reply would add, in the author's units
    certified: NDArray[np.bool_]  # [equilibrium] no gain exceeds a millionth of the largest payoff
    method: str
    complete: bool


def nash_equilibria(
    game: Game, chance: Numbers, payoff: Numbers, *, draw: int = 0, method: Method = "auto"
) -> NashEquilibria:
    """Enumerate Nash equilibria of one draw of a small game.

    Parameters
    ----------
    game
        The structure; recall must be perfect.
    chance, payoff
        ``[edge, draw]``, ``[row, player, draw]`` in the author's units.
    draw
        Which column.
    method
        One of Gambit's: ``"enummixed"`` (two players), ``"lcp"`` (two players, one equilibrium, larger
        games), ``"enumpoly"``, ``"enumpure"``; ``"auto"`` takes the first for two players and
        ``"enumpoly"`` for others. Their time grows exponentially with the game.

    Returns
    -------
    NashEquilibria
        Where a player's own moves never lead, Gambit's answer stands if it gives one, else all actions
        alike. Nash equilibria need not be sensible there: see :func:`parley.solve.limit`.

    Raises
    ------
    SolveError
        When pygambit is not installed or cannot solve the game by the method, recall is imperfect, or
        shapes do not agree.

    References
    ----------
    Savani, R. & Turocy, T. L. Gambit: the package for computation in game theory. https://www.gambit-project.org.

    Examples
    --------
    >>> from importlib.util import find_spec
    >>> import numpy as np
    >>> from parley.game import evaluate
    >>> from parley.game.efg_reader import read_efg
    >>> from parley.solve import tables_of
    >>> text = 'EFG 2 R "" { "rival" "firm" } p "" 1 1 "" { "enter" "stay out" } 0 '
    >>> text += 'p "" 2 1 "" { "fight" "share" } 0 t "" 1 "" { -1 -1 } t "" 2 "" { 1 1 } t "" 3 "" { 0 2 }'
    >>> game = read_efg(text)
    >>> numbers = tables_of(game, evaluate(game.program, np.zeros((0, 1))))
    >>> if find_spec("pygambit"):
    ...     found = nash_equilibria(game, numbers.chance, numbers.payoff)
    ...     assert found.certified.all() and found.strategy.shape == (4, 3)
    """
    refuse_loop(game, "a Nash equilibrium")
    _check(game, payoff, draw, method)
    one = slice(draw, draw + 1)
    chance, payoff = np.ascontiguousarray(chance[:, one]), np.ascontiguousarray(payoff[:, :, one])
    check(game, chance, payoff, None)
    insist_on_recall(game, range(len(game.players)))
    if method == "auto":
        method = "enummixed" if len(game.players) == 2 else "enumpoly"
    elif method in ("enummixed", "lcp") and len(game.players) != 2:
        raise SolveError(
            f"{method} is for two players, and this game has {len(game.players)}; use 'enumpoly'"
        )
    gambit = _gambit()
    text = to_efg(game, chance[:, 0], payoff[:, :, 0])
    try:
        found = _solved(gambit, gambit.read_efg(io.StringIO(text)), method)
    except Exception as error:  # Gambit raises many kinds, none of ours
        raise SolveError(f"Gambit cannot solve this game by {method}: {error}") from error
    strategy = _distinct(_behaviours(game, found))
    count = strategy.shape[1]
    gain, value = deviations(
        game, np.repeat(chance, count, axis=1), np.repeat(payoff, count, axis=2), strategy
    )
    gain = np.maximum(gain, 0.0)
    certified = (gain <= GAIN * np.abs(payoff).max(initial=0.0)).all(axis=0)
    for array in (strategy, value, gain, certified):
        array.setflags(write=False)
    return NashEquilibria(game.players, strategy, value, gain, certified, method, method != "lcp")


def _check(game: Game, payoff: Numbers, draw: int, method: str) -> None:
    if method not in ("auto", *METHODS):
        raise SolveError(f"there is no method {method!r}, only 'auto', {', '.join(map(repr, METHODS))}")
    if not 0 <= draw < payoff.shape[-1]:
        raise SolveError(f"there is no draw {draw}, only 0 to {payoff.shape[-1] - 1}")


def _gambit() -> Any:
    try:
        import pygambit
    except ImportError:
        raise SolveError(
            "enumerating equilibria takes pygambit, which is not installed; type:"
            " pip install 'parley-workbench[nash]'"
        ) from None
    return pygambit


def _solved(gambit: Any, tree: Any, method: str) -> list[list[list[list[float]]]]:
    """Probabilities by equilibrium, player, information set and action, in Gambit's order."""
    result = getattr(gambit.nash, f"{method}_solve")(tree)
    profiles = result.equilibria if hasattr(result, "equilibria") else [result.equilibrium]
    behaviours = [each.as_behavior() if hasattr(each, "as_behavior") else each for each in profiles]
    return [
        [[[float(share) for _, share in mix] for _, mix in each[player]] for player in tree.players]
        for each in behaviours
    ]


def _behaviours(game: Game, found: list[list[list[list[float]]]]) -> Numbers:
    """Put the probabilities in our order of actions: ``[action, equilibrium]``."""
    appeared: list[list[int]] = [[] for _ in game.players]
    for infoset in _in_prefix_order(game):
        appeared[game.infoset_player[infoset]].append(infoset)
    strategy = np.zeros((game.actions, len(found)))
    for column, profile in enumerate(found):
        for sets, mixes in zip(appeared, profile, strict=True):
            for infoset, mix in zip(sets, mixes, strict=True):
                first, last = game.infoset_first_action[infoset : infoset + 2]
                whole = sum(mix)
                even = [1.0 / (last - first)] * (last - first)
                strategy[first:last, column] = np.divide(mix, whole) if whole > 0.0 else even
    return strategy


def _in_prefix_order(game: Game) -> list[int]:
    """Information sets in the order in which the tree that is written out comes to them."""
    seen: dict[int, None] = {}
    known = [False] * game.nodes  # below a merged node, a second visit meets no new set
    stack = [0]
    while stack:
        node = stack.pop()
        if known[node]:
            continue
        known[node] = True
        if game.node_kind[node] == DECISION:
            seen.setdefault(int(game.node_infoset[node]))
        first, last = game.node_first_edge[node : node + 2]
        stack.extend(int(child) for child in reversed(game.edge_child[first:last]))
    return list(seen)


def _distinct(strategy: Numbers) -> Numbers:
    """Leave out equilibria that were reported before."""
    kept: list[int] = []
    for column in range(strategy.shape[1]):
        if all(np.abs(strategy[:, column] - strategy[:, other]).max(initial=0.0) > SAME for other in kept):
            kept.append(column)
    return np.ascontiguousarray(strategy[:, kept])
