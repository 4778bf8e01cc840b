"""Numbers estimated from counts: the conjugate updates.

What lives here: what was counted, and the posterior that follows, in closed form. What may not: reading
counts, from a scenario or a file.

A rate: events that come independently of each other at a constant rate are Poisson in number; with a
gamma(a, b) prior (shape, and prior exposure) for the rate, ``n`` events in an exposure of ``t`` leave
gamma(a + n, b + t). A proportion: with a beta(a, b) prior, ``s`` successes in ``n`` trials leave beta(a + s,
b + n - s). Gelman, Carlin, Stern, Dunson, Vehtari and Rubin, *Bayesian Data Analysis*, 3rd edition (2013),
sections 2.4 and 2.6. Jeffreys' prior is gamma(1/2, 0) and beta(1/2, 1/2); the uniform one gamma(1, 0) and
beta(1, 1). Spells that end at a constant rate, some of them still running, have the likelihood of as many
events as ended in the total time (ibid., section 2.6). Data that speak for the question only in part enter
with their likelihood raised to a power between 0 and 1, the power prior of Ibrahim and Chen, *Statistical
Science* 15 (2000) 46-60: counts and exposure are multiplied by it.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["JEFFREYS", "STATED", "UNIFORM", "Estimate", "posterior"]

JEFFREYS = "jeffreys"
UNIFORM = "uniform"
STATED = "stated"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a number was estimated from.

    Attributes
    ----------
    kind
        ``rate`` or ``proportion``.
    count, size
        Events and exposure, or successes and trials, as counted.
    weighted
        The same two after the discount.
    prior, numbers
        ``jeffreys``, ``uniform`` or ``stated``; and its (a, b): shape and exposure of a gamma, or those of
        a beta.
    discount
        What the data are worth, 1 in full; None when that differs from row to row.
    per
        Unit of the exposure in the author's words, such as ``month``.
    file
        The file that was counted; None for stated counts. The rest is zero then.
    rows, outside, missing, running
        Rows that were counted; left out by the filter; left out because a value is missing; counted as spells
        that had not ended.
    """

    kind: str
    count: float
    size: float
    weighted: tuple[float, float]
    prior: str
    numbers: tuple[float, float]
    discount: float | None = 1.0
    per: str | None = None
    file: str | None = None
    rows: int = 0
    outside: int = 0
    missing: int = 0
    running: int = 0


def posterior(
    kind: str, count: float, size: float, prior: tuple[float, float]
) -> tuple[str, tuple[float, float]]:
    """Return the shape and the numbers of the judgement that counts leave.

    Parameters
    ----------
    kind
        ``rate`` or ``proportion``.
    count, size
        Events and exposure, or successes and trials.
    prior
        (shape, exposure) of a gamma, or (a, b) of a beta.

    Returns
    -------
    ``gamma`` with (shape, scale), or ``beta`` with (a, b).

    Examples
    --------
    Two of twelve, from Jeffreys' prior; 12 events in 8 months, from the uniform one.

    >>> posterior("proportion", 2, 12, (0.5, 0.5))
    ('beta', (2.5, 10.5))
    >>> posterior("rate", 12, 8, (1, 0))
    ('gamma', (13, 0.125))
    """
    a, b = prior
    if kind == "rate":
        return "gamma", (a + count, 1 / (b + size))
    return "beta", (a + count, b + (size - count))
