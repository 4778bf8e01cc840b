"""Rounds without a last one: what follows from given behaviour, by linear algebra over head states.

What lives here: chances and payoffs of one round from each head state, values of the endless play, how often
each round is played. What may not: choosing behaviour; anything that a solver iterates.

Row 0 of an array over *begins* is the story's start, row 1 + s a round that begins in head state s. With
P[s, t] the chance that the round from s is followed by one from t, and r the expected payoff of the round,
values solve V = r + discount P V (Puterman, Markov Decision Processes, 1994, theorem 6.1.1), and expected
numbers of rounds n solve n = p + n P, p being the chances of the first (Kemeny & Snell, Finite Markov Chains,
1960, theorem 3.2.4), here without subtraction, so that endings that are next to impossible lose no digits
(Grassmann, Taksar & Heyman, Operations Research 33, 1985, 1107-1116).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parley.game.model import Game, Loop

__all__ = [
    "Rounds",
    "cleared",
    "collected_over_rounds",
    "filled",
    "ranges_over_rounds",
    "rounds",
    "values",
    "visits",
]

Values = NDArray[np.float64]

BATCH = 1 << 21  # numbers in the largest array of one batch of draws
IMPROVEMENTS = 200  # of a way through the rounds; each is better than the one before


@dataclass(frozen=True, slots=True, eq=False)
class Rounds:
    """One round from each begin: where it leads, how likely it ends the story, what it pays."""

    transition: Values  # [begin, head, draw]
    ending: Values  # [begin, draw]
    reward: Values  # [begin, player, draw]


def loop_of(game: Game) -> Loop:
    """Return the loop of a game that has one."""
    assert game.loop is not None
    return game.loop


def solved(matrix: Values, right: Values) -> Values:
    """Solve a linear system for each draw, by elimination without exchange of rows.

    Parameters
    ----------
    matrix
        ``[row, column, draw]``, of each draw diagonally dominant by rows or by columns.
    right
        ``[row, k, draw]``.

    Returns
    -------
    ``[column, k, draw]``. A draw's numbers have the same bits whatever draws are beside it.

    Examples
    --------
    >>> import numpy as np
    >>> solved(np.array([[[2.0], [1.0]], [[0.0], [4.0]]]), np.array([[[3.0]], [[4.0]]]))[:, 0, 0].tolist()
    [1.0, 1.0]
    """
    a, b = matrix.copy(), right.copy()
    n = len(a)
    for pivot in range(n):
        for row in range(pivot + 1, n):
            factor = a[row, pivot] / a[pivot, pivot]
            a[row, pivot + 1 :] -= factor * a[pivot, pivot + 1 :]
            b[row] -= factor * b[pivot]
    for pivot in reversed(range(n)):
        for column in range(pivot + 1, n):
            b[pivot] -= a[pivot, column] * b[column]
        b[pivot] /= a[pivot, pivot]
    return b


def cleared(game: Game, payoff: Values) -> Values:
    """Return ``payoff [row, player, draw]`` with 0 in the rows of unknown values and of discounts."""
    loop = loop_of(game)
    bare = payoff.copy()
    bare[loop.entry_row] = 0.0
    bare[loop.return_row] = 0.0
    bare[loop.discount_row] = 0.0
    return bare


def filled(game: Game, payoff: Values, value: Values) -> Values:
    """Return ``payoff`` with the values of rounds in the rows of a loop.

    Parameters
    ----------
    payoff
        ``[row, player, draw]``.
    value
        ``[begin, player, draw]``.
    """
    loop = loop_of(game)
    full = payoff.copy()
    full[loop.entry_row] = value[1:]
    full[loop.return_row] = payoff[loop.discount_row] * value[1:]
    return full


def rounds(game: Game, shares: Values, payoff: Values) -> Rounds:
    """Return where one round from each begin leads, and what it pays, under given behaviour.

    Parameters
    ----------
    game
        With a loop.
    shares
        ``[edge, draw]``; of the root's edges ignored.
    payoff
        ``[row, player, draw]``; what stands in the rows of the loop is ignored.
    """
    loop = loop_of(game)
    draws, players = shares.shape[1], len(game.players)
    transition = np.zeros((1 + loop.heads, loop.heads, draws))
    ending = np.zeros((1 + loop.heads, draws))
    reward = np.zeros((1 + loop.heads, players, draws))
    for part in _batches(game, draws):
        bare = cleared(game, payoff[:, :, part])
        reached = _reach(game, shares[:, part], np.ones((1 + loop.heads, bare.shape[2])))
        for node in np.flatnonzero(loop.next_head >= 0):
            transition[1 + loop.of_head[node], loop.next_head[node], part] += reached[node]
        worth = _worth(game, shares[:, part], bare)
        ending[:, part] = _to_endings(game, shares[:, part])
        for begin in range(1 + loop.heads):  # the first edges are the root's
            reward[begin, :, part] = worth[game.edge_child[begin]] + bare[game.edge_payoff[begin]]
    return Rounds(transition, ending, reward)


def values(game: Game, found: Rounds, payoff: Values) -> Values:
    """Return what play is worth from each begin, ``[begin, player, draw]``, in the author's units.

    Examples
    --------
    >>> import numpy as np
    >>> import parley
    >>> text = '''
    ... parley: 1
    ... title: Rent
    ... players: {a: A}
    ... story: [{repeat: forever, discount: 0.9, story: [{reward: {a: 2}}]}]
    ... payoffs: {a: 0}
    ... '''
    >>> game = parley.compile(parley.loads(text, "rent.yaml"))
    >>> payoff = np.array([0.0, 1.0, 2.0, 0.9])[[[0], [2], [0], [0], [3]]][:, :, None]
    >>> payoff.shape == (*game.payoff_register.shape, 1)
    True
    >>> values(game, rounds(game, np.ones((game.edges, 1)), payoff), payoff)[:, 0, 0].round(9).tolist()
    [20.0, 20.0]
    """
    loop = loop_of(game)
    discount = payoff[loop.discount_row]
    value = np.empty_like(found.reward)
    one = np.eye(loop.heads)[:, :, None]
    for player in range(len(game.players)):
        matrix = one - discount[player] * found.transition[1:]
        value[1:, player] = solved(matrix, found.reward[1:, player, None])[:, 0]
        value[0, player] = found.reward[0, player]
        for head in range(loop.heads):
            value[0, player] += found.transition[0, head] * value[1 + head, player]
    return value


def visits(game: Game, shares: Values, payoff: Values) -> Values:
    """Return how much each node counts in chances; for finite stories :func:`parley.game.passes.reach` does.

    A node of a round counts the expected number of rounds in which it is reached, so that an ending counts
    the probability that the story ends there. Where no ending can come about any more (its chance is 0 in
    a draw), rounds count by the discount: the next one 1 - discount, the one after it discount times that, as
    if each round were the last with chance 1 - discount; all together they count the probability of getting
    there, and so do the ends of these rounds. Ends of other rounds count 0. Where the players' discounts
    differ that has no meaning, and the result is NaN.

    Parameters
    ----------
    game
        With a loop.
    shares
        ``[edge, draw]``.
    payoff
        ``[row, player, draw]``, for the discounts.

    Returns
    -------
    ``[node, draw]``.

    Examples
    --------
    >>> import numpy as np
    >>> import parley
    >>> text = '''
    ... parley: 1
    ... title: A coin until heads
    ... players: {a: A}
    ... story:
    ...   - repeat: forever
    ...     discount: 0.9
    ...     story: [{nature: coin, options: [heads, tails]}, {outcomes: {over: coin is heads}}]
    ... payoffs: {a: 0}
    ... '''
    >>> game = parley.compile(parley.loads(text, "coin.yaml"))
    >>> count = visits(game, np.full((game.edges, 1), 0.5), np.full((*game.payoff_register.shape, 1), 0.9))
    >>> [float(count[node, 0]) for node in range(game.nodes) if game.chance_label[node] == "coin"]
    [2.0]
    """
    loop = loop_of(game)
    with np.errstate(all="ignore"):
        found = rounds(game, shares, payoff)
        never = _never(found)
        weight = np.zeros((1 + loop.heads, shares.shape[1]))
        for lasting, draws in _patterns(never):
            one = Rounds(found.transition[:, :, draws], found.ending[:, draws], found.reward[:, :, draws])
            weight[:, draws] = _weights(one, lasting, payoff[loop.discount_row][:, draws])
        reached = _reach(game, shares, weight)
        for node in np.flatnonzero(loop.next_head >= 0):
            last = never[loop.of_head[node]] if loop.of_head[node] >= 0 else False
            reached[node] = np.where(last, reached[node], 0.0)
        return reached


def _to_endings(game: Game, shares: Values) -> Values:
    """Chance that the round from each begin ends the story, ``[begin, draw]``."""
    loop = loop_of(game)
    first, child = game.node_first_edge.tolist(), game.edge_child.tolist()
    ends = np.zeros((game.nodes, shares.shape[1]))
    for node in range(game.nodes - 1, 0, -1):
        if first[node] == first[node + 1] and loop.next_head[node] < 0:
            ends[node] = 1.0
        for edge in range(first[node], first[node + 1]):
            ends[node] += shares[edge] * ends[child[edge]]
    return np.asarray(ends[child[: 1 + loop.heads]])


def _never(found: Rounds) -> NDArray[np.bool_]:
    """Find the head states from which no ending comes about, whose chance is 0, ``[head, draw]``."""
    can_end = found.ending[1:] > 0.0
    leads = found.transition[1:] > 0.0
    while True:
        more = can_end.copy()
        for head in range(len(leads)):
            more |= leads[:, head] & can_end[head]
        if np.array_equal(more, can_end):
            return np.asarray(~can_end)
        can_end = more


def _patterns(never: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.intp]]]:
    """Yield the draws that have the same endless head states, with these, ``[head]``."""
    if not never.any():
        yield np.zeros(len(never), dtype=bool), np.arange(never.shape[1])
        return
    kinds, group = np.unique(never, axis=1, return_inverse=True)
    for number in range(kinds.shape[1]):
        yield kinds[:, number], np.flatnonzero(group.ravel() == number)


def _weights(found: Rounds, never: NDArray[np.bool_], discounts: Values) -> Values:
    """How much a round from each begin counts, ``[begin, draw]``; ``never [head]`` are without ending."""
    ending, lasting = np.flatnonzero(~never), np.flatnonzero(never)
    chance = found.transition[1:]
    weight = np.zeros((1 + len(never), chance.shape[2]))
    weight[0] = 1.0
    leaving = found.ending[1:] + chance[:, lasting].sum(axis=1) if len(lasting) else found.ending[1:]
    weight[1 + ending] = _visits_until(chance, ending, leaving, found.transition[0])
    if len(lasting):
        arriving = found.transition[0].copy()
        for head in ending:
            arriving += weight[1 + head] * chance[head]
        same = np.all(discounts == discounts[0], axis=0)
        discount = np.where(same, discounts[0], np.nan)
        weight[1 + lasting] = (1 - discount) * _discounted_visits(chance, lasting, arriving, discount)
    return weight


def _discounted_visits(chance: Values, heads: NDArray[np.intp], first: Values, discount: Values) -> Values:
    """Solve n = first + discount n P over some head states, ``[head, draw]``."""
    inner = chance[np.ix_(heads, heads)].swapaxes(0, 1)
    matrix = np.eye(len(heads))[:, :, None] - discount * inner
    return solved(matrix, first[heads][:, None])[:, 0]


def _visits_until(chance: Values, heads: NDArray[np.intp], leaving: Values, first: Values) -> Values:
    """Solve n = first + n P over head states that are left for good some day, ``[head, draw]``.

    ``leaving [head, draw]`` is the chance of that in one round. States are taken out one by one, with what
    passes through them; there is no subtraction.
    """
    chance, leaving, first = chance[np.ix_(heads, heads)].copy(), leaving[heads].copy(), first[heads].copy()
    count = len(heads)
    out = np.empty_like(first)
    for one in range(count):
        out[one] = leaving[one]
        for other in range(one + 1, count):
            out[one] += chance[one, other]
        for other in range(one + 1, count):
            through = chance[other, one] / out[one]
            leaving[other] += through * leaving[one]
            chance[other, one + 1 :] += through * chance[one, one + 1 :]
            first[other] += first[one] * chance[one, other] / out[one]
    visits = np.empty_like(first)
    for one in reversed(range(count)):
        visits[one] = first[one]
        for other in range(one + 1, count):
            visits[one] += visits[other] * chance[other, one]
        visits[one] /= out[one]
    return visits


def collected_over_rounds(game: Game, shares: Values, payoff: Values, player: int) -> Values:
    """Return ``[node, draw]``: expected payoff collected, discounted, on the ways that lead to each node.

    As :func:`parley.game.passes.collected`, over all rounds; at a node that can be reached in several rounds,
    the sum over them. NaN where the story may never end.

    Parameters
    ----------
    game, shares
        As there.
    payoff
        ``[row, player, draw]``.
    player
        Whose.
    """
    loop = loop_of(game)
    bare = cleared(game, payoff)[:, player]
    with np.errstate(all="ignore"):
        found = rounds(game, shares, payoff)
        never = _never(found)
        counted = np.ones((1 + loop.heads, shares.shape[1]))  # the first round counts in full
        worth = payoff[loop.discount_row, player]
        counted[1:] = _discounted_visits(
            found.transition[1:], np.arange(loop.heads), found.transition[0], worth
        )
        once = _gathered(game, shares, np.ones_like(counted), np.zeros_like(counted), bare)
        gain = np.zeros((1 + loop.heads, loop.heads, shares.shape[1]))
        for node in np.flatnonzero(loop.next_head >= 0):
            gain[1 + loop.of_head[node], loop.next_head[node]] += once[node]
        brought = np.zeros((loop.heads, shares.shape[1]))
        for begin in range(1 + loop.heads):
            brought += counted[begin] * gain[begin]
        begun = np.zeros_like(counted)
        for lasting, draws in _patterns(never):
            ending = np.flatnonzero(~lasting)
            chance = found.transition[1:, :, draws]
            leaving = found.ending[1:, draws]  # to endless rounds: such draws are taken out below
            begun[np.ix_(1 + ending, draws)] = _visits_until(chance, ending, leaving, brought[:, draws])
        total = _gathered(game, shares, counted, begun, bare)
        total[:, np.any(never & (counted[1:] > 0.0), axis=0)] = np.nan
        return total


def _batches(game: Game, draws: int) -> Iterator[slice]:
    size = max(1, BATCH // (max(game.nodes, game.edges) * max(1, len(game.players))))
    for begin in range(0, draws, size):
        yield slice(begin, begin + size)


def _reach(game: Game, shares: Values, weight: Values) -> Values:
    """How much each node counts when each begin counts ``weight [begin, draw]``."""
    found = np.zeros((game.nodes, shares.shape[1]))
    first, child = game.node_first_edge.tolist(), game.edge_child.tolist()
    found[0] = weight[0]
    for begin, each in enumerate(weight):
        found[child[begin]] += each
    for node in range(1, game.nodes):
        for edge in range(first[node], first[node + 1]):
            found[child[edge]] += found[node] * shares[edge]
    return found


def _worth(game: Game, shares: Values, payoff: Values) -> Values:
    """Every player's expected payoff from each node on, ``[node, player, draw]``."""
    worth = np.zeros((game.nodes, *payoff.shape[1:]))
    first, child = game.node_first_edge.tolist(), game.edge_child.tolist()
    edge_row, node_row = game.edge_payoff.tolist(), game.node_payoff.tolist()
    for node in range(game.nodes - 1, 0, -1):
        if node_row[node]:
            worth[node] = payoff[node_row[node]]
        for edge in range(first[node], first[node + 1]):
            ahead = worth[child[edge]]
            if edge_row[edge]:
                ahead = ahead + payoff[edge_row[edge]]
            worth[node] += shares[edge] * ahead
    return worth


def _gathered(game: Game, shares: Values, weight: Values, begun: Values, payoff: Values) -> Values:
    """Add up what has been paid on the ways to each node, ``[node, draw]``.

    ``weight`` is how much a payoff of the round counts, ``begun`` what was paid before it, ``[begin, draw]``;
    ``payoff [row, draw]`` is one player's.
    """
    reached = np.zeros((game.nodes, shares.shape[1]))
    found = np.zeros_like(reached)
    first, child = game.node_first_edge.tolist(), game.edge_child.tolist()
    for begin in range(len(weight)):
        reached[child[begin]] += weight[begin]
        found[child[begin]] += begun[begin] + weight[begin] * payoff[game.edge_payoff[begin]]
    for node in range(1, game.nodes):
        for edge in range(first[node], first[node + 1]):
            row = game.edge_payoff[edge]
            step = found[node] if row == 0 else found[node] + reached[node] * payoff[row]
            found[child[edge]] += shares[edge] * step
            reached[child[edge]] += shares[edge] * reached[node]
        if game.node_payoff[node]:
            found[node] += reached[node] * payoff[game.node_payoff[node]]
    return found


def ranges_over_rounds(game: Game, payoff: Values) -> Values:
    """Return each player's largest minus smallest total payoff over all ways that play can go.

    As :func:`parley.game.passes.ranges`, of the discounted total over all rounds, which need not end. The
    extremes are found by policy improvement: a best way through one round at the values of the next, until
    none is better.

    Parameters
    ----------
    payoff
        ``[row, player, draw]``.

    Returns
    -------
    ``[player, draw]``; 1 for a player to whom nothing matters, so that one may divide by it. NaN where a
    discount is not from 0 to below 1.
    """
    discount = payoff[loop_of(game).discount_row]
    with np.errstate(all="ignore"):
        span = _extreme(game, payoff, 1.0) - _extreme(game, payoff, -1.0)
        span[~((discount >= 0) & (discount < 1))] = np.nan
    return np.where(span == 0, 1.0, span)


def _extreme(game: Game, payoff: Values, sign: float) -> Values:
    """Find the largest (sign 1) or smallest (-1) total from the start, ``[player, draw]``."""
    loop = loop_of(game)
    players, draws = payoff.shape[1:]
    bare, discount = sign * cleared(game, payoff), payoff[loop.discount_row]
    total = np.zeros((players, draws))
    for player in range(players):
        value = np.zeros((loop.heads, draws))
        going, first = np.arange(draws), True
        for _ in range(IMPROVEMENTS):
            if not len(going):
                break
            worth = discount[player, going]
            paid, following = _best_way(
                game, bare[:, player, going], worth * value[:, going], value[:, going]
            )
            matrix = np.tile(np.eye(loop.heads)[:, :, None], (1, 1, len(going)))
            for head in range(loop.heads):
                matrix[:, head] -= worth * (following[1:] == head)
            now = solved(matrix, paid[1:, None])[:, 0]
            slack = 1e-13 * np.maximum(np.abs(now), np.abs(value[:, going]))
            better = np.any(now - value[:, going] > slack, axis=0)
            if first:
                better[:] = True
            first = False
            value[:, going] = now
            going = going[better]
        paid, following = _best_way(game, bare[:, player], discount[player] * value, value)
        total[player] = paid[0]
        for head in range(loop.heads):
            total[player] += np.where(following[0] == head, value[head], 0.0)
    return sign * total


def _best_way(game: Game, payoff: Values, later: Values, first: Values) -> tuple[Values, NDArray[np.int64]]:
    """Find the way through one round from each begin on which payoff and what comes after are largest.

    Parameters
    ----------
    payoff
        ``[row, draw]`` of one player.
    later, first
        ``[head, draw]``: what a later round, and a first one, counts.

    Returns
    -------
    ``[begin, draw]`` payoff on that way, and the head state to which it leads, -1 for an ending.
    """
    loop = loop_of(game)
    draws = payoff.shape[1]
    paid = np.zeros((game.nodes, draws))
    whole = np.zeros((game.nodes, draws))
    following = np.full((game.nodes, draws), -1)
    edges = game.node_first_edge.tolist()
    for node in range(game.nodes - 1, 0, -1):
        if edges[node] == edges[node + 1]:
            head = int(loop.next_head[node])
            paid[node] = whole[node] = payoff[game.node_payoff[node]]
            if head >= 0:
                following[node] = head
                whole[node] = (first if loop.of_head[node] < 0 else later)[head]
            continue
        whole[node] = -np.inf
        for edge in range(edges[node], edges[node + 1]):
            child, extra = game.edge_child[edge], payoff[game.edge_payoff[edge]]
            better = whole[child] + extra > whole[node]
            whole[node] = np.where(better, whole[child] + extra, whole[node])
            paid[node] = np.where(better, paid[child] + extra, paid[node])
            following[node] = np.where(better, following[child], following[node])
    begins = game.edge_child[: 1 + loop.heads]
    extra = payoff[game.edge_payoff[: 1 + loop.heads]]
    return paid[begins] + extra, following[begins]
