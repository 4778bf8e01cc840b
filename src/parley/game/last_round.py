"""Where a story can be when it is over, and where it can't be over any more.

What lives here: reachability on the walked graph. What may not: NumPy, probabilities.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from parley.game.tracking import given_of
from parley.game.walk import Edge, Walk
from parley.scenario.syntax import Call

__all__ = ["Last", "last_places", "reachable", "without_value"]


@dataclass(frozen=True, slots=True)
class Last:
    """``nodes`` at which quantities are read; ``endless`` whether it may come to where it can't end."""

    nodes: frozenset[int]
    endless: bool


def reachable(walked: Walk, policy: str) -> set[int]:
    """Return the nodes that can be reached when the focal player follows a policy ("" is none).

    Examples
    --------
    >>> import parley
    >>> from parley.game.tracking import tracked
    >>> from parley.game.walk import walk
    >>> scenario = parley.load("which-event-first")
    >>> walked = walk(scenario, {}, tracked(scenario))
    >>> len(reachable(walked, "pause")) < len(walked.nodes)
    True
    """
    root = walked.nodes[0].edges if walked.heads is not None else []
    first = root[0].child if root else 0
    reached, stack = {0, first}, [first]
    while stack:
        number = stack.pop()
        node = walked.nodes[number]
        following = [edge.child for edge in _possible(walked, number, policy)]
        if node.next_head >= 0:
            following.append(root[1 + node.next_head].child)
        for child in following:
            if child not in reached:
                reached.add(child)
                stack.append(child)
    return reached


def _possible(walked: Walk, number: int, policy: str) -> list[Edge]:
    """Return the branches that a node has under a policy."""
    node = walked.nodes[number]
    mix: tuple[float, ...] = ()
    if node.kind == "decision":
        mix = walked.infosets[node.infoset].rules.get(policy, ())
    return [edge for place, edge in enumerate(node.edges) if not mix or mix[place] > 0]


def last_places(walked: Walk, policy: str, reached: AbstractSet[int]) -> Last:
    """Return where quantities are read: everywhere but at ends of rounds from which the story can still end.

    Parameters
    ----------
    walked
        The graph of a story with rounds without a last one.
    policy, reached
        A policy and the nodes that can be reached under it, as of :func:`reachable`.
    """
    begins = {head: edge.child for head, edge in enumerate(walked.nodes[0].edges[1:])}
    ending: set[int] = set()
    changed = True
    while changed:
        changed = False
        for number in sorted(reached - ending - {0}, reverse=True):
            node = walked.nodes[number]
            if node.kind != "terminal":
                ends = any(edge.child in ending for edge in _possible(walked, number, policy))
            else:
                ends = node.next_head < 0 or begins[node.next_head] in ending
            if ends:
                ending.add(number)
                changed = True
    left = {
        number
        for number in reached
        if walked.nodes[number].next_head < 0
        or (walked.nodes[number].of_head >= 0 and begins[walked.nodes[number].of_head] not in ending)
    }
    return Last(frozenset(left), any(walked.nodes[number].next_head >= 0 for number in left))


def without_value(walked: Walk, call: Call, endless: bool) -> str | None:
    """Say why a quantity has no value where the story may never end; None where it has one."""
    assert walked.heads is not None
    conditions, move = given_of(call)
    if not endless:
        return None
    if call.function == "payoff":
        if not conditions and move is None:
            return None
        return "has no value: the story may never end, so a payoff can't be asked under a condition"
    if len(set(walked.heads.discount)) > 1:
        return "has no value: the story may never end, and the discounts by which rounds count differ"
    return None
