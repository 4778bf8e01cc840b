"""The invented crises of `signorino-1999/strategic-logit-data`, and their likelihood in closed form."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["NAMES", "TRUTH", "causes", "chances", "drawn", "table"]

Values = NDArray[np.float64]

NAMES = ("prize", "war", "forces", "calm", "resolve", "ally")
TRUTH = np.array([1.5, -1.5, 1.0, 0.8, -0.3, 1.2])
SEED, CRISES = 1999, 600
OUTCOMES = ("peace", "concession", "war fought")


def causes(rng: np.random.Generator, count: int = CRISES) -> Values:
    """Trade, balance, alliance ``[cause, crisis]``."""
    trade, balance = rng.uniform(0, 3, count).round(1), rng.uniform(-1.5, 1.5, count).round(1)
    return np.stack([trade, balance + 0.0, (rng.random(count) < 0.4).astype(float)])


def chances(weights: Values, cause: Values) -> Values:
    """Chances of the outcomes ``[outcome, crisis, ...]`` for weights ``[weight, ...]``, by hand."""
    shape = (slice(None), *[None] * (weights.ndim - 1))
    trade, balance, alliance = (each[shape] for each in cause)
    prize, war, forces, calm, resolve, ally = weights
    resist = 1 / (1 + np.exp(-(resolve + ally * alliance)))
    worth = (1 - resist) * prize + resist * (war + forces * balance) - calm * trade
    challenge = 1 / (1 + np.exp(-worth))
    return np.stack([1 - challenge, challenge * (1 - resist), challenge * resist])


def drawn(rng: np.random.Generator, chance: Values) -> NDArray[np.int64]:
    """The number of the outcome of each crisis, ``[crisis]``, from ``chance [outcome, crisis]``."""
    return np.asarray((rng.random(chance.shape[1]) > np.cumsum(chance, axis=0)[:2]).sum(axis=0))


def table() -> str:
    """The file `crises.csv`, line by line."""
    rng = np.random.default_rng(SEED)
    cause = causes(rng)
    what = drawn(rng, chances(TRUTH, cause))
    lines = ["outcome,trade,balance,alliance"]
    lines += [
        f"{OUTCOMES[which]},{trade:.1f},{balance + 0.0:.1f},{alliance:.0f}"
        for which, (trade, balance, alliance) in zip(what, cause.T, strict=True)
    ]
    return "\n".join(lines).replace("-0.0,", "0.0,") + "\n"
