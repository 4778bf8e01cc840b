"""How likely each option is, by the kind of errors that a player makes.

What lives here: chances of options from what they are worth, in logarithms, for all draws at once. What may
not: games. :mod:`parley.solve.verify_shocks` works the same numbers out by other formulas.

``worth[option, ...]`` is counted in standard deviations of the shock: lambda times the payoff.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["SAME", "logit", "on_endings", "probit", "probits", "summed"]

Numbers: TypeAlias = NDArray[np.float64]

SAME = 1e-12  # options whose endings' chances differ by no more lead to the same endings
LEVEL = 1e-12  # relative difference of worth that is rounding
SURE = 1e3  # probits of an option that is taken for certain
REACH = 9.5  # standard deviations that the integral reaches to either side of its integrand's top
FAR = -1e4
CLIMBS = 14  # Newton steps to the top


def logit(worth: Numbers) -> Numbers:
    """Logarithms of the chances of options under logistic errors.

    Parameters
    ----------
    worth
        ``[option, ...]``.

    Returns
    -------
    ``[option, ...]``: worth less the logarithm of the sum of its exponentials (McFadden 1974).

    Examples
    --------
    >>> np.exp(logit(np.array([[0.5], [0.0]]))).round(10).ravel().tolist()
    [0.6224593312, 0.3775406688]
    """
    down = worth - _top(worth)
    total = np.zeros(worth.shape[1:])
    for each in down:
        total = total + np.exp(each)
    return np.asarray(down - np.log(total))


def probit(worth: Numbers) -> Numbers:
    """Logarithms of the chances of options when an independent normal shock falls on each.

    Parameters
    ----------
    worth
        ``[option, ...]``, the shocks have sd 1.

    Returns
    -------
    ``[option, ...]``. Of two options the better by d has the chance Phi(d / sqrt 2). Of more, option a has
    the integral of phi(x) prod_{b not a} Phi(x + d_ab) over x: the multinomial probit with independent
    shocks. The logarithm of the integrand is concave with a second derivative of at most -1, so that the
    trapezoidal rule around its top is good to rounding; an option that is very unlikely has the same relative
    accuracy.

    References
    ----------
    McKelvey, R. D. & Palfrey, T. R. (1995). Quantal response equilibria for normal form games. Games and
    Economic Behavior 10, 6-38. Signorino, C. S. (2003). Structure and uncertainty in discrete choice models.
    Political Analysis 11, 316-344.

    Examples
    --------
    >>> np.exp(probit(np.array([[0.5], [0.0]]))).round(10).ravel().tolist()
    [0.6381631951, 0.3618368049]
    >>> np.exp(probit(np.zeros((3, 1)))).round(12).ravel().tolist()
    [0.333333333333, 0.333333333333, 0.333333333333]
    """
    from scipy.special import log_ndtr

    options = len(worth)
    if options == 1:
        return np.zeros_like(worth)
    if options == 2:
        gap = (worth[0] - worth[1]) / math.sqrt(2.0)
        return np.stack([log_ndtr(gap), log_ndtr(-gap)])
    found = np.empty_like(worth)
    for option in range(options):
        found[option] = _integral(worth[option] - np.delete(worth, option, axis=0))
    return np.asarray(found - summed(found))


def on_endings(gain: Numbers, spread: Numbers) -> Numbers:
    """Logarithms of the chances of two options when shocks fall on endings.

    Parameters
    ----------
    gain
        ``[...]`` worth of the second option less that of the first.
    spread
        ``[...]`` root of the sum, over the endings with a shock, of the squared difference of the chances
        with which the two options lead there.

    Returns
    -------
    ``[2, ...]``: the second has the chance Phi(gain / spread). Two options that lead to the same endings with
    the same chances share every shock: the better is taken for certain, and of two equals each half the time.

    References
    ----------
    Signorino, C. S. (1999). Strategic interaction and the statistical analysis of international conflict.
    American Political Science Review 93, 279-297.

    Examples
    --------
    >>> np.exp(on_endings(np.array([0.5]), np.array([2.0**0.5]))).round(10).ravel().tolist()
    [0.3618368049, 0.6381631951]
    """
    from scipy.special import log_ndtr

    gap = probits(gain, spread)
    return np.stack([log_ndtr(-gap), log_ndtr(gap)])


def probits(gain: Numbers, spread: Numbers) -> Numbers:
    """Quotients of gain and spread, ``[...]``; see :func:`on_endings` for options with no spread."""
    same = spread <= SAME
    certain = np.where(np.abs(gain) <= LEVEL, 0.0, np.sign(gain) * SURE)
    return np.asarray(np.where(same, certain, gain / np.where(same, 1.0, spread)))


def _integral(lead: Numbers) -> Numbers:
    """Logarithm of the chance that one option beats all others by which it leads, ``lead [other, ...]``."""
    from scipy.special import log_ndtr

    top = _summit(lead)
    step = 2.0 * math.pi / math.sqrt(80.0 * (len(lead) + 1))
    half = math.ceil(REACH / step)
    terms = np.empty((2 * half + 1, *top.shape))
    for place in range(-half, half + 1):
        x = top + step * place
        term = -0.5 * x * x
        for each in lead:
            term = term + log_ndtr(x + each)
        terms[place + half] = term
    return np.asarray(summed(terms) + math.log(step / math.sqrt(2.0 * math.pi)))


def _summit(lead: Numbers) -> Numbers:
    """Where the integrand is largest: Newton's method from the left, where it climbs and cannot overshoot."""
    from scipy.special import log_ndtr

    x = np.zeros(lead.shape[1:])
    for _ in range(CLIMBS):
        slope, bend = -x, np.full_like(x, -1.0)
        for each in lead:
            z = x + each
            near = np.maximum(z, FAR)  # beyond, squares lose the digits that their difference needs
            hazard = np.exp(-0.5 * near * near - 0.5 * math.log(2.0 * math.pi) - log_ndtr(near))
            hazard = hazard + (near - z)
            slope = slope + hazard
            bend = bend - hazard * np.maximum(hazard + z, 0.0)
        x = x - slope / bend
    return x


def _top(worth: Numbers) -> Numbers:
    top = worth[0]
    for each in worth[1:]:
        top = np.maximum(top, each)
    return np.asarray(top)


def summed(logs: Numbers) -> Numbers:
    """Logarithm of the sum of exponentials over the first axis, one by one: the same bits in any company.

    Examples
    --------
    >>> float(summed(np.log(np.array([1.0, 2.0, 5.0]))).round(12)) == round(math.log(8.0), 12)
    True
    """
    top = _top(logs)
    top = np.where(np.isneginf(top), 0.0, top)
    total = np.zeros(logs.shape[1:])
    for each in logs:
        total = total + np.exp(each - top)
    return np.asarray(top + np.log(total))
