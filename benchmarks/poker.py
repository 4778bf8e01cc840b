"""Kuhn's and Leduc poker as games, deal by deal and bet by bet as OpenSpiel has them.

What lives here: the rules. What may not: solvers.

Kuhn, H. W. (1950). A simplified two-person poker. Contributions to the Theory of Games I, 97-103: three
cards, an ante of one, one bet of one; 58 nodes, 12 information sets, worth -1/18 to the first player.

Southey, F. et al. (2005). Bayes' bluff: opponent modelling in poker. UAI: two suits of three ranks, an ante
of one, one card each, a round of bets of two, a card for all, a round of bets of four, two bets a round at
most; 9,457 nodes, 936 information sets with suits kept apart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tests.solve.games import Spot, Table, build

__all__ = ["kuhn", "leduc"]


def kuhn() -> Table:
    """Kuhn's poker: cards are dealt one by one."""
    root = Spot()
    for first in range(3):
        second_card = Spot()
        root.edges.append((f"card {first}", 1 / 3, None, second_card))
        for second in (card for card in range(3) if card != first):
            second_card.edges.append((f"card {second}", 1 / 2, None, _kuhn_bets((first, second), "")))
    return build(root, 2)


def _kuhn_bets(cards: tuple[int, int], bets: str) -> Spot:
    """Play on after ``bets``, a word of p (pass) and b (bet)."""
    winner = 0 if cards[0] > cards[1] else 1
    if bets in ("pp", "bb", "pbb"):
        return Spot(payoff=_won(winner, 2 if bets.endswith("bb") else 1))
    if bets in ("bp", "pbp"):
        return Spot(payoff=_won(len(bets) % 2, 1))  # who passed after a bet has lost
    player = len(bets) % 2
    spot = Spot(player, (cards[player], bets))
    for bet, name in (("p", "pass"), ("b", "bet")):
        spot.edges.append((name, None, None, _kuhn_bets(cards, bets + bet)))
    return spot


def _won(winner: int, stake: float) -> tuple[float, float]:
    return (stake, -stake) if winner == 0 else (-stake, stake)


@dataclass(frozen=True)
class _Hand:
    """What has happened: cards dealt (one each, then the common one), bets by round, money put in."""

    cards: tuple[int, ...] = ()
    bets: tuple[str, ...] = ("",)
    paid: tuple[int, int] = (1, 1)

    @property
    def player(self) -> int:
        return len(self.bets[-1]) % 2

    def after(self, move: str) -> _Hand:
        """Go on after f (fold), c (call or check) or r (raise by two, in the second round by four)."""
        owed = max(self.paid) - self.paid[self.player]
        more = {"f": 0, "c": owed, "r": owed + 2 * len(self.bets)}[move]
        paid = tuple(m + more * (player == self.player) for player, m in enumerate(self.paid))
        return replace(self, bets=(*self.bets[:-1], self.bets[-1] + move), paid=(paid[0], paid[1]))


def leduc(ranks: int = 3, suits: int = 2) -> Table:
    """Leduc poker; with more than three ranks, a larger game by the same rules."""
    return build(_deal(_Hand(), ranks, suits), 2)


def _deal(hand: _Hand, ranks: int, suits: int) -> Spot:
    deck = [card for card in range(ranks * suits) if card not in hand.cards]
    spot = Spot()
    for card in deck:
        dealt = replace(hand, cards=(*hand.cards, card))
        after = _deal(dealt, ranks, suits) if len(dealt.cards) == 1 else _bet(dealt, ranks, suits)
        spot.edges.append((f"card {card}", 1 / len(deck), None, after))
    return spot


def _bet(hand: _Hand, ranks: int, suits: int) -> Spot:
    bets, player = hand.bets[-1], hand.player
    if bets.endswith("f"):
        return Spot(payoff=_won(player, hand.paid[1 - player]))
    if bets.endswith("c") and len(bets) > 1:  # all have been asked
        if len(hand.bets) == 2:
            return Spot(payoff=_shown(hand, suits))
        return _deal(replace(hand, bets=(*hand.bets, "")), ranks, suits)
    known: Any = (hand.cards[player], hand.cards[2:], hand.bets)
    spot = Spot(player, known)
    raised = bets.count("r")
    moves = ["f"] * (hand.paid[0] != hand.paid[1]) + ["c"] + ["r"] * (raised < 2)
    names = {"f": "fold", "c": "call", "r": "raise"}
    for move in moves:
        spot.edges.append((names[move], None, None, _bet(hand.after(move), ranks, suits)))
    return spot


def _shown(hand: _Hand, suits: int) -> tuple[float, float]:
    """Compare hands: a pair with the common card wins, then the higher card; equal cards share."""
    mine, yours, common = (card // suits for card in hand.cards)
    if mine == yours:
        return 0.0, 0.0
    winner = 0 if mine == common or (yours != common and mine > yours) else 1
    return _won(winner, hand.paid[0])
