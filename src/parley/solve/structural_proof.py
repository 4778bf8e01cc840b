"""How far strategies are from answering themselves, where errors differ in kind.

What lives here: the residual that the solver certifies with. What may not: anything that
:mod:`parley.solve.verify` computes with.
"""

from __future__ import annotations

import numpy as np

from parley.solve.shocks import summed
from parley.solve.structural import LOGISTIC, Numbers, Structure, Tables

__all__ = ["probit_of", "structural_misses"]

LEAST = float(np.finfo(float).tiny)  # a probability below has no probit to speak of


def structural_misses(plan: Structure, tables: Tables, strategy: Numbers) -> Numbers:
    """Return by how much each information set misses its equation, ``[infoset, draw]``.

    Where errors are logistic it is the miss of log-odds, |z - lambda (U_a - U_0)| / max(1, |z|). Where they
    are normal it is that of probits, |x - x'| / max(1, |x|): x is the probit of an option's chance, x' that
    of the chance which the strategies of all give it. The largest over options counts.

    Parameters
    ----------
    plan, tables
        Of the game; one column for each draw.
    strategy
        ``[action, draw]``.
    """
    with np.errstate(divide="ignore", over="ignore", under="ignore", invalid="ignore"):
        wanted = plan.answers(tables, np.log(strategy))
        misses = np.zeros((plan.game.infosets, strategy.shape[1]))
        for h in plan.deciding:
            actions = slice(*plan.game.infoset_first_action[h : h + 2].tolist())
            logistic = plan.kinds[plan.game.infoset_player[h]] == LOGISTIC
            misses[h] = (_by_odds if logistic else _by_probits)(strategy[actions], wanted[actions])
    return misses


def _by_odds(likely: Numbers, wanted: Numbers) -> Numbers:
    odds = np.log(np.maximum(likely, LEAST))
    odds = odds - odds[0]
    aim = wanted - wanted[0]
    # where a probability is too small to be a number, being smaller still is no fault
    aim = np.where(likely < LEAST, np.maximum(aim, odds), aim)
    aim = np.where(likely[0] < LEAST, np.minimum(aim, odds), aim)
    return np.asarray((np.abs(odds - aim) / np.maximum(1.0, np.abs(odds))).max(axis=0))


def _by_probits(likely: Numbers, wanted: Numbers) -> Numbers:
    found, aim = probit_of(np.log(np.maximum(likely, LEAST))), probit_of(wanted)
    aim = np.where(likely < LEAST, np.maximum(aim, found), aim)
    # beside options that are too unlikely to be numbers one is as sure as it can be written
    sure = np.array([(np.delete(likely, k, axis=0) < LEAST).all(axis=0) for k in range(len(likely))])
    aim = np.where(sure, np.minimum(aim, found), aim)
    return np.asarray((np.abs(found - aim) / np.maximum(1.0, np.abs(found))).max(axis=0))


def probit_of(logs: Numbers) -> Numbers:
    """Probits of chances that sum to 1 over the first axis, from their logarithms ``[option, ...]``.

    Of an option that is likelier than not it is worked out from the others': its own chance has lost digits.

    Examples
    --------
    >>> probit_of(np.log(np.array([[1e-20], [1.0]]))).round(6).ravel().tolist()
    [-9.26234, 9.26234]
    """
    from scipy.special import ndtri_exp

    found = np.empty_like(logs)
    for option, own in enumerate(logs):
        others = np.delete(logs, option, axis=0)
        rest = summed(others)
        found[option] = np.where(
            own < rest, ndtri_exp(np.minimum(own, 0.0)), -ndtri_exp(np.minimum(rest, 0.0))
        )
    return found
