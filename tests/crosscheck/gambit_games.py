"""What Gambit says of a game, by history: who moves, what it knows, chances and payoffs exactly."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pygambit as gambit

__all__ = ["Described", "History", "describe", "history"]

History = tuple[str, ...]  # action labels from the root


@dataclass(frozen=True)
class Described:
    """A node."""

    player: str | None  # None at the end
    together: frozenset[History]  # the nodes of its information set
    actions: tuple[str, ...]
    chances: tuple[Fraction, ...]
    paid: tuple[Fraction, ...]  # on the path from the root, this node included


def history(found: Any) -> History:
    return tuple(step.action for step in found)


def describe(game: Any) -> dict[History, Described]:
    """Every node of an extensive game of pygambit 17."""
    players = list(game.players)
    events = {history(each) for each in game.get_events()}
    nodes = [history(each) for each, _ in game.mixed_behavior_profile().realiz_probs]
    ends = {history(each) for each in game.get_histories(gambit.H.plays)}
    found: dict[History, Described] = {}
    for node in nodes:
        at = gambit.H.path(*node)
        before = found[node[:-1]].paid if node else (Fraction(0),) * len(players)
        outcome = game.get_outcome(at)
        pays = game.get_outcome_payoffs(outcome) if outcome is not None else dict.fromkeys(players, 0)
        paid = tuple(a + Fraction(pays[player]) for a, player in zip(before, players, strict=True))
        if node in ends:
            found[node] = Described(None, frozenset(), (), (), paid)
            continue
        members = frozenset(history(each) for each in game.get_members(at))
        chance = bool(members & events)
        chances = tuple(Fraction(each) for each in game.get_action_probs(at).values()) if chance else ()
        found[node] = Described(game.get_player(at), members, tuple(game.get_actions(at)), chances, paid)
    return found
