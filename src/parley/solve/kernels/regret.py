"""Regret minimisation in two-player zero-sum games, one draw at a time.

What lives here: the payoff matrix of a draw, counterfactual regret minimisation on it, and best replies. What
may not: the structure of the form (:mod:`parley.solve.sequence_form`), checks, words.

All is scalar and in a fixed order, so that a draw's bits depend on nothing but its numbers. A player's
*desk* is ``[row, sequence]`` with the rows named below; sequence 0 is nothing done yet.
"""

from __future__ import annotations

from typing import Final

from parley.solve.kernels._jit import Integers, Numbers, kernel, part

__all__ = ["MIX", "ROWS", "SPACING", "TOTAL", "constant_sum", "fill_matrix", "minimise"]

REACH: Final = 0  # probability of making the moves of the sequence, opponent and chance permitting
MIX: Final = 1  # of its last action, at the information set
REGRET: Final = 2  # positive part of the accumulated regret of its last action
LATEST: Final = 3  # regret of its last action in the latest iteration
TOTAL: Final = 4  # weighted sum of REACH over iterations
WORTH: Final = 5  # counterfactual value; room to work in
ROWS: Final = 6

SPACING: Final = 8  # NashConv is computed each time the iterations have grown by one in so many


@kernel
def constant_sum(
    first: Integers, child: Integers, paid: Integers, end_paid: Integers, both: Numbers, total: Numbers
) -> float:
    """Compute what both players get together, and return by how much it differs between paths.

    Parameters
    ----------
    first, child, paid, end_paid
        Of the game: ``[node + 1]``, ``[edge]``, ``[edge]`` row, ``[node]`` row.
    both
        ``[row]`` sum of the players' payoffs.
    total
        ``[node]`` what is still to come; modified in place.
    """
    worst = 0.0
    for node in range(len(total) - 1, -1, -1):
        low, high = both[end_paid[node]], both[end_paid[node]]
        for edge in range(first[node], first[node + 1]):
            after = both[paid[edge]] + total[child[edge]]
            if edge == first[node]:
                low, high = after, after
            else:
                low, high = min(low, after), max(high, after)
        worst = max(worst, high - low)
        total[node] = low
    return worst


@kernel
def fill_matrix(
    step_from: Integers,
    step_edge: Integers,
    step_to: Integers,
    step_entry: Integers,
    edge_paid: Integers,
    end_place: Integers,
    end_row: Integers,
    end_entry: Integers,
    chance: Numbers,
    payoff: Numbers,
    weight: Numbers,
    matrix: Numbers,
) -> None:
    """Compute the first player's payoffs by pair of sequences, weighed by chance.

    Parameters
    ----------
    step_from, step_edge, step_to, step_entry, end_place, end_row, end_entry
        See :class:`parley.solve.sequence_form.Form`.
    edge_paid
        ``[edge]`` payoff row.
    chance, payoff
        ``[edge]``, 1 on decision edges; ``[row]``.
    weight, matrix
        ``[place]`` and ``[entry]``, modified in place.
    """
    for place in range(len(weight)):
        weight[place] = 0.0
    for entry in range(len(matrix)):
        matrix[entry] = 0.0
    weight[0] = 1.0
    for step in range(len(step_from)):
        edge = step_edge[step]
        likely = weight[step_from[step]] * chance[edge]
        weight[step_to[step]] += likely
        if step_entry[step] >= 0:
            matrix[step_entry[step]] += likely * payoff[edge_paid[edge]]
    for end in range(len(end_place)):
        matrix[end_entry[end]] += weight[end_place[end]] * payoff[end_row[end]]


@part
def gather(begin: int, end: int, index: Integers, value: Numbers, other: Numbers) -> float:
    """Sum one line of the matrix, weighed by the opponent's reach."""
    total = 0.0
    for k in range(begin, end):
        total += value[k] * other[index[k]]
    return total


@part
def reply(
    first: Integers,
    parent: Integers,
    line: Integers,
    index: Integers,
    value: Numbers,
    other: Numbers,
    worth: Numbers,
) -> float:
    """Value of the best reply to ``other``; ``worth`` is room."""
    for s in range(len(worth)):
        worth[s] = gather(line[s], line[s + 1], index, value, other)
    for h in range(len(parent) - 1, -1, -1):
        best = worth[first[h]]
        for s in range(first[h] + 1, first[h + 1]):
            best = max(best, worth[s])
        worth[parent[h]] += best
    whole: float = worth[0]
    return whole


@part
def learn(
    first: Integers,
    parent: Integers,
    line: Integers,
    index: Integers,
    value: Numbers,
    desk: Numbers,
    other: Numbers,
    keep: float,
) -> None:
    """Add the regrets of one iteration against the opponent's reach ``other``.

    Regrets so far are first multiplied by ``keep``.
    """
    mix, regret, latest, worth = desk[MIX], desk[REGRET], desk[LATEST], desk[WORTH]
    for s in range(len(worth)):
        worth[s] = 0.0
    for h in range(len(parent) - 1, -1, -1):
        mean = 0.0
        for s in range(first[h], first[h + 1]):
            worth[s] += gather(line[s], line[s + 1], index, value, other)
            mean += mix[s] * worth[s]
        for s in range(first[h], first[h + 1]):
            latest[s] = worth[s] - mean
            regret[s] = max(regret[s] * keep + latest[s], 0.0)
        worth[parent[h]] += mean


@part
def plan(first: Integers, parent: Integers, desk: Numbers, keep: float, trust: float, share: float) -> None:
    """Match the regrets: those so far times ``keep``, and the latest once more times ``trust``.

    The reach that follows is added to the total with weight ``share``.
    """
    reach, mix, regret, latest, total = desk[REACH], desk[MIX], desk[REGRET], desk[LATEST], desk[TOTAL]
    total[0] += share
    for h in range(len(parent)):
        whole = 0.0
        for s in range(first[h], first[h + 1]):
            mix[s] = max(regret[s] * keep + latest[s] * trust, 0.0)
            whole += mix[s]
        if whole > 0.0:
            for s in range(first[h], first[h + 1]):
                mix[s] = mix[s] / whole
        else:
            for s in range(first[h], first[h + 1]):
                mix[s] = 1.0 / (first[h + 1] - first[h])
        come = reach[parent[h]]
        for s in range(first[h], first[h + 1]):
            reach[s] = come * mix[s]
            total[s] += share * reach[s]


@part
def kept(time: float, discount: float) -> float:
    """Share of old regrets that is kept after iteration ``time``; all where ``discount`` is 0."""
    if discount == 0.0:
        return 1.0
    power: float = time**discount
    return power / (power + 1.0)


@kernel
def minimise(
    first_0: Integers,
    parent_0: Integers,
    line_0: Integers,
    index_0: Integers,
    value_0: Numbers,
    first_1: Integers,
    parent_1: Integers,
    line_1: Integers,
    index_1: Integers,
    value_1: Numbers,
    desk_0: Numbers,
    desk_1: Numbers,
    discount: float,
    trust: float,
    growth: float,
    target: float,
    limit: int,
    history: Numbers,
) -> int:
    """Iterate until the average strategies' NashConv is at most ``target``; return the points of the history.

    Strategy number t, the first being uniform, weighs t to the power ``growth`` in the average.

    Parameters
    ----------
    first_0, parent_0, line_0, index_0, value_0
        The first player's sequences and the matrix by row: see :class:`parley.solve.sequence_form.Form`. What
        follows with 1 is the second player's, the matrix by column and negative.
    desk_0, desk_1
        See the head of this module; modified in place. Zero but for the reach of sequence 0, which is 1.
    discount, trust, growth
        See :class:`parley.solve.zero_sum.Scheme`.
    target, limit
        In the author's units; most iterations.
    history
        ``[point, 2]`` iterations and NashConv, modified in place; one point per check: see :data:`SPACING`.
    """
    plan(first_0, parent_0, desk_0, 1.0, 0.0, 1.0)
    plan(first_1, parent_1, desk_1, 1.0, 0.0, 1.0)
    noted, check = 0, 1
    for iteration in range(1, limit + 1):
        time = 1.0 * iteration
        keep, later, share = kept(time - 1.0, discount), kept(time, discount), (time + 1.0) ** growth
        learn(first_0, parent_0, line_0, index_0, value_0, desk_0, desk_1[REACH], keep)
        plan(first_0, parent_0, desk_0, later, trust, share)
        learn(first_1, parent_1, line_1, index_1, value_1, desk_1, desk_0[REACH], keep)
        plan(first_1, parent_1, desk_1, later, trust, share)
        if iteration in (check, limit):
            check += 1 + check // SPACING
            gap = reply(first_0, parent_0, line_0, index_0, value_0, desk_1[TOTAL], desk_0[WORTH])
            gap += reply(first_1, parent_1, line_1, index_1, value_1, desk_0[TOTAL], desk_1[WORTH])
            history[noted, 0] = time
            history[noted, 1] = gap / desk_0[TOTAL, 0]
            noted += 1
            if history[noted - 1, 1] <= target:
                break
    return noted
