"""What a player's precision means, in odds.

What lives here: the translation of a number that nobody has a feeling for. What may not:
games, strategies.

Precision is per unit of a player's stake (agent logit quantal response, McKelvey & Palfrey 1998): the odds
of the better of two options are exp(precision x difference). A difference of a tenth of the stake therefore
has the odds exp(precision / 10).
"""

from __future__ import annotations

import math

import numpy as np

from parley.findings.model import Precision
from parley.scenario.model import Group, Move, Repeat, Simultaneous, Step
from parley.study.results import Results

__all__ = ["movers", "precision"]


def precision(results: Results) -> tuple[Precision, ...]:
    """Say for every player who moves how closely it follows its interest.

    Returns
    -------
    tuple of Precision
        In the order of the scenario's players; a player whose precision is defined in no reading is left
        out. Nothing when the policies of the run leave nobody a choice.
    """
    scenario = results.scenario
    if not any(proof.actions for proof in results.proofs.values()):
        return ()
    moving = movers(scenario.story)
    found: list[Precision] = []
    for player in scenario.players.values():
        if player.name not in moving:
            continue
        values = results.precision[player.name]
        known = values[np.isfinite(values)]
        if not known.size:
            continue
        low, middle, high = (float(x) for x in np.quantile(known, (0.05, 0.5, 0.95)))
        # exp overflows only for a precision above 7000: such a player never errs.
        odds = math.exp(min(middle / 10.0, 700.0))
        stake = player.stake.source if player.stake is not None else None
        chance = odds / (1.0 + odds)
        found.append(Precision(player.name, player.text, stake, low, middle, high, odds, chance))
    return tuple(found)


def movers(story: tuple[Step, ...]) -> set[str]:
    """Return the players who make a move somewhere in a story."""
    found: set[str] = set()
    for step in story:
        if isinstance(step, Move):
            found.add(step.player)
        elif isinstance(step, Simultaneous):
            found.update(move.player for move in step.moves)
        elif isinstance(step, Repeat | Group):
            found |= movers(step.story)
    return found
