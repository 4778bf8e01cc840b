"""Topological order of computations that may block each other.

What lives here: one algorithm on integers. What may not: games.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

__all__ = ["arrange", "circular", "cut", "in_circles"]


def arrange(
    needs: list[set[int]], key: list[int], present: list[bool], lag: Callable[[int], bool]
) -> list[int]:
    """Order steps so that each comes after those that it needs.

    Parameters
    ----------
    needs
        For each step, the steps that it reads.
    key
        Among the steps that are ready, that of smallest key comes first.
    present
        Steps that are not take no part.
    lag
        Called when no step is ready, on blocked steps in the order of their keys, until it says that a step
        may be read before it has been done.

    Examples
    --------
    >>> arrange([{1}, set()], [0, 0], [True, True], lambda step: False)
    [1, 0]
    """
    users: list[list[int]] = [[] for _ in needs]
    missing = [len(each) for each in needs]
    for step, each in enumerate(needs):
        for wanted in each:
            users[wanted].append(step)
    ready = [(key[step], step) for step in range(len(needs)) if present[step] and not missing[step]]
    heapq.heapify(ready)
    done = [not each for each in present]
    sequence: list[int] = []
    released: set[int] = set()

    def release(step: int) -> None:
        if step not in released:
            released.add(step)
            for user in users[step]:
                missing[user] -= 1
                if not missing[user] and not done[user]:
                    heapq.heappush(ready, (key[user], user))

    while True:
        while ready:
            _, step = heapq.heappop(ready)
            done[step] = True
            sequence.append(step)
            release(step)
        blocked = sorted((key[step], step) for step in range(len(needs)) if not done[step])
        if not blocked:
            return sequence
        release(next(step for _, step in blocked if lag(step)))


def circular(needs: list[set[int]]) -> set[int]:
    """Find the steps that need themselves, directly or by way of others (Tarjan's strong components).

    Examples
    --------
    >>> sorted(circular([{1}, {2}, {1}, {0}]))
    [1, 2]
    """
    rank: dict[int, int] = {}
    low: dict[int, int] = {}
    path: list[int] = []
    on_path: set[int] = set()
    found: set[int] = set()
    for root in range(len(needs)):
        stack = [] if root in rank else [(root, iter(sorted(needs[root])))]
        if stack:
            rank[root] = low[root] = len(rank)
            path.append(root)
            on_path.add(root)
        while stack:
            step, rest = stack[-1]
            wanted = next(rest, None)
            if wanted is None:
                stack.pop()
                if stack:
                    low[stack[-1][0]] = min(low[stack[-1][0]], low[step])
                if low[step] == rank[step]:
                    component = path[path.index(step) :]
                    del path[path.index(step) :]
                    on_path.difference_update(component)
                    if len(component) > 1 or step in needs[step]:
                        found.update(component)
            elif wanted not in rank:
                rank[wanted] = low[wanted] = len(rank)
                path.append(wanted)
                on_path.add(wanted)
                stack.append((wanted, iter(sorted(needs[wanted]))))
            elif wanted in on_path:
                low[step] = min(low[step], rank[wanted])
    return found


def cut(reads: list[int], weight: list[int]) -> list[int]:
    """Find steps without which nothing goes round in circles: a small set, by a greedy rule.

    Parameters
    ----------
    reads
        For each step, the steps that it reads, as a set of bits.
    weight
        What it costs to take a step out.

    Returns
    -------
    Numbers of the steps to take out, sorted: again and again, that with the most readers times things read
    among those that are left, for its weight.

    Examples
    --------
    >>> cut([0b010, 0b101, 0b010, 0b001], [1, 1, 1, 1])
    [1]
    """
    readers = _turned(reads)
    left = (1 << len(reads)) - 1
    taken: list[int] = []
    while True:
        left = _without_ends(reads, readers, left)
        if not left:
            return sorted(taken)
        best = max(
            _bits(left),
            key=lambda step: (
                (reads[step] & left).bit_count() * (readers[step] & left).bit_count() / weight[step]
            ),
        )
        taken.append(best)
        left &= ~(1 << best)


def in_circles(reads: list[int]) -> list[int]:
    """Find the steps that are in circles, or between two of them, sorted; ``reads`` as for :func:`cut`.

    Examples
    --------
    >>> in_circles([0b010, 0b101, 0b010, 0b001])
    [0, 1, 2]
    """
    return _bits(_without_ends(reads, _turned(reads), (1 << len(reads)) - 1))


def _turned(reads: list[int]) -> list[int]:
    """Return who reads each step, as a set of bits."""
    readers = [0] * len(reads)
    for step, bits in enumerate(reads):
        for other in _bits(bits):
            readers[other] |= 1 << step
    return readers


def _without_ends(reads: list[int], readers: list[int], left: int) -> int:
    """Leave out, again and again, what reads nothing that is left, or is read by nothing."""
    ends = 1
    while ends:
        ends = 0
        for step in _bits(left):
            if not reads[step] & left or not readers[step] & left:
                ends |= 1 << step
        left &= ~ends
    return left


def _bits(bits: int) -> list[int]:
    """Return the numbers of the bits that are set, from the lowest."""
    found = []
    for place, digit in enumerate(reversed(bin(bits)[2:])):
        if digit == "1":
            found.append(place)
    return found
