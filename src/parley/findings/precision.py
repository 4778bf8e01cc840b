"""What a player's precision means, in odds.

What lives here: the translation of a number that nobody has a feeling for. What may not:
games, strategies.

Precision is per unit of a player's stake (agent logit quantal response, McKelvey & Palfrey 1998): the odds
of the better of two options are exp(precision x difference). A difference of a tenth of the stake therefore
has the odds exp(precision / 10). Under normal errors its chance is Phi(precision x difference / sqrt 2).
"""

from __future__ import annotations

import math

import numpy as np

from parley.findings.model import Precision
from parley.scenario.model import Group, Move, Repeat, Simultaneous, Step
from parley.scenario.players import kinds_of
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
        stake = player.stake.source if player.stake is not None else None
        kinds = kinds_of(player, scenario.errors)
        errors = kinds[0] if len(kinds) == 1 else "by switch"
        odds, chance = _odds(middle / 10.0, errors)
        found.append(Precision(player.name, player.text, stake, low, middle, high, odds, chance, errors))
    return tuple(found)


def _odds(advantage: float, errors: str) -> tuple[float, float] | tuple[None, None]:
    """Return odds and chance of the better of two options; ``advantage`` is counted in sizes of errors."""
    if errors == "by switch":
        return None, None
    if errors == "logistic":
        odds = math.exp(min(advantage, 700.0))  # overflows only above a precision of 7000: nobody errs then
        return odds, odds / (1.0 + odds)
    worse = 0.5 * math.erfc(advantage / 2.0)  # the difference of two unit shocks has the sd sqrt 2
    return (1.0 - worse) / max(worse, 1e-300), 1.0 - worse


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
