"""What is known at a node, as expressions read it.

What lives here: one conversion, used by checks and measurement. What may not: NumPy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parley.game.lower import Situation

__all__ = ["situation"]


def situation(environment: Mapping[str, Any], options: Mapping[str, str]) -> Situation:
    """Turn a node's environment (see :class:`parley.game.model.Game`) into a situation.

    Parameters
    ----------
    environment
        ``outcome``, ``facts`` and ``knowledge`` of a node.
    options
        The option of every switch.

    Examples
    --------
    >>> known = {"outcome": "war", "facts": {("label", "answer"): "no"}, "knowledge": {}}
    >>> at = situation(known, {"law": "on"})
    >>> at.outcome, at.labels
    ('war', {'law': 'on', 'answer': 'no'})
    """
    labels, before, times = dict(options), dict[str, str](), dict[tuple[str, str], int]()
    counters, elapsed = dict[str, int](), dict[str, int]()
    for fact, value in environment["facts"].items():
        match fact:
            case ("label", name):
                labels[name] = value
            case ("before", name):
                before[name] = value
            case ("counter", name):
                counters[name] = value
            case ("elapsed", name):
                elapsed[name] = value
            case (_, name, label):
                times[name, label] = value
    return Situation(labels, counters, before, times, elapsed, environment["outcome"])
