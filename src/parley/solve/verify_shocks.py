"""The equations of an equilibrium with normal errors, checked in plain NumPy.

What lives here: chances of endings, probits, the multinomial probit by another quadrature. What may not:
anything that the solver computes with (:mod:`parley.solve.shocks`, :mod:`parley.solve.structural`).
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from parley.game.model import Game

__all__ = ["NO_SPREAD", "ending_chances", "missed_probits", "spread_of", "wanted_probits"]

Numbers: TypeAlias = NDArray[np.float64]

NODES = 240  # of the quadrature
SIDE = 11.0  # standard deviations on either side of the integrand's top
HALVINGS = 60
NO_SPREAD = 1e-12  # options whose endings' chances differ by no more lead to the same endings
NO_GAIN = 1e-12  # worth in which equals may differ by rounding
SURE = 1e3  # probits of what is certain
LEAST = float(np.finfo(float).tiny)  # a probability below has no probit to speak of
ROOT = math.sqrt(2.0)


def ending_chances(game: Game, share: Numbers) -> Numbers:
    """Return ``[node, ending, draw]``: how likely each ending with a shock is from each node on.

    Parameters
    ----------
    game
        The structure.
    share
        ``[edge, draw]``, how likely each branch is taken.
    """
    found = np.zeros((game.nodes, len(game.endings), share.shape[1]))
    if game.node_ending is None:
        return found
    ends = np.flatnonzero(game.node_ending >= 0)
    found[ends, game.node_ending[ends]] = 1.0
    for node in range(game.nodes - 1, -1, -1):
        for edge in range(int(game.node_first_edge[node]), int(game.node_first_edge[node + 1])):
            found[node] += share[edge] * found[game.edge_child[edge]]
    return found


def spread_of(leads: Numbers) -> Numbers:
    """Return the sd of the difference of two options' worth, ``[draw]``, in sds of one ending's shock.

    Parameters
    ----------
    leads
        ``[option, ending, draw]``: how likely each option leads to each ending with a shock.
    """
    return np.asarray(np.linalg.norm(leads[1] - leads[0], axis=0))


def wanted_probits(worth: Numbers, spread: Numbers | None) -> Numbers:
    """Return the probits of the chances that options should have, ``[option, draw]``.

    Parameters
    ----------
    worth
        ``[option, draw]`` in standard deviations of a shock.
    spread
        ``[draw]`` of two options whose shocks fall on endings; None where one falls on each option.
    """
    if len(worth) > 2:
        return _to_probits(_multinomial(worth))
    gain = worth[1] - worth[0]
    if spread is None:
        gap = gain / ROOT
    else:
        flat = spread <= NO_SPREAD
        sure = np.where(np.abs(gain) <= NO_GAIN, 0.0, np.sign(gain) * SURE)
        gap = np.where(flat, sure, gain / np.where(flat, 1.0, spread))
    return np.stack([-gap, gap])


def missed_probits(likely: Numbers, wanted: Numbers) -> Numbers:
    """Return the largest relative miss of probits, ``[draw]``.

    Parameters
    ----------
    likely
        ``[option, draw]`` chances as stored.
    wanted
        ``[option, draw]`` from :func:`wanted_probits`.

    Notes
    -----
    An option too unlikely to be written as a number has no probit: being less likely still is no fault, and
    neither is that the others are as likely as can be written.
    """
    found = _to_probits(likely)
    written = likely >= LEAST
    aim = np.where(written, wanted, np.maximum(wanted, found))
    alone = written & (written.sum(axis=0) == 1)
    aim = np.where(alone, np.minimum(aim, found), aim)
    return np.asarray((np.abs(found - aim) / np.maximum(1.0, np.abs(found))).max(axis=0))


def _inverse(values: Numbers) -> Numbers:
    from scipy.special import erfcinv

    return np.asarray(erfcinv(values))


def _to_probits(likely: Numbers) -> Numbers:
    """Probits of chances that sum to 1, of the likelier than not by way of the others."""
    kept = np.maximum(likely, LEAST)
    others = np.stack([np.delete(kept, k, axis=0).sum(axis=0) for k in range(len(kept))])
    low = -ROOT * _inverse(2.0 * np.minimum(kept, 0.5))
    high = ROOT * _inverse(2.0 * np.minimum(others, 0.5))
    return np.asarray(np.where(kept < others, low, high))


def _multinomial(worth: Numbers) -> Numbers:
    """Chances of three or more options with a shock on each, by Gauss's rule around the integrand's top."""
    from scipy.special import roots_legendre

    places, weights = roots_legendre(NODES)
    chances = np.zeros_like(worth)
    for option, own in enumerate(worth):
        lead = own - np.delete(worth, option, axis=0)
        top = _top(lead)
        for place, weight in zip(places, weights, strict=True):
            x = top + SIDE * place
            logarithm = -0.5 * x * x + _log_normal(x + lead).sum(axis=0)
            chances[option] += SIDE * weight * np.exp(logarithm) / math.sqrt(2.0 * math.pi)
    return np.asarray(chances / chances.sum(axis=0))


def _top(lead: Numbers) -> Numbers:
    """Where the integrand is largest, by halving: between 0 and the largest lag, or some way on."""
    low = np.zeros(lead.shape[1])
    high = np.maximum(-lead, 0.0).max(axis=0) + 2.0 * len(lead)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        z = middle + lead
        slope = np.exp(-0.5 * z * z - 0.5 * math.log(2.0 * math.pi) - _log_normal(z)).sum(axis=0) - middle
        low, high = np.where(slope > 0.0, middle, low), np.where(slope > 0.0, high, middle)
    return low


def _log_normal(z: Numbers) -> Numbers:
    """Logarithm of the normal distribution function, by the scaled complementary error function."""
    from scipy.special import erfc, erfcx

    below = np.log(0.5 * erfcx(-np.minimum(z, 0.0) / ROOT)) - 0.5 * np.minimum(z, 0.0) ** 2
    return np.asarray(np.where(z < 0.0, below, np.log1p(-0.5 * erfc(np.maximum(z, 0.0) / ROOT))))
