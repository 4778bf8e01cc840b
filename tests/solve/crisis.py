"""The crisis of Lewis & Schultz (2003) as a scenario, with private payoffs on a grid."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Crisis:
    """Means of the private payoffs, prizes, the grids and the precisions."""

    prize_a: float  # V_A: B concedes
    prize_b: float  # V_B: A backs down
    war_a: float  # mean of w_A
    war_b: float  # mean of w_B
    back_down: float  # mean of a
    step: float = 0.4  # of the grids, which reach to 4 standard deviations on either side

    @property
    def points(self) -> int:
        return 2 * round(4 / self.step) + 1

    @property
    def precision(self) -> tuple[float, float]:
        """Of A and B: the finer the grid, the steeper. B's payoffs differ less, times the chance of war."""
        return 4.0 / self.step, 12.0 / self.step


PUBLISHED = Crisis(5.94, 1.8, -2.67, -3.81, -2.00)
WARS = (0.0037, 0.1472, 0.1657)  # Pr(war), confirmed by solving the published equations to six digits


def text(crisis: Crisis) -> str:
    """Write the scenario: nature draws A's two payoffs, then, if A challenges, B's."""
    a, b = (
        f"{{text: {name}, precision: {precision!r}, stake: 1}}"
        for name, precision in zip(("challenger", "target"), crisis.precision, strict=True)
    )
    types, step = _options(crisis), crisis.step
    war_a, war_b = f"{crisis.war_a} + {step} * resolve", f"{crisis.war_b} + {step} * grit"
    back_down = f"{crisis.back_down} + {step} * shame"
    return f"""parley: 1
title: A crisis between two states
players: {{a: {a}, b: {b}}}
story:
  - {{nature: resolve, options: {types}, seen by: [a]}}
  - {{nature: shame, options: {types}, seen by: [a]}}
  - {{player: a, move: opening, options: [challenge, wait]}}
  - outcomes: {{status quo: opening is wait}}
  - {{nature: grit, options: {types}, seen by: [b]}}
  - {{player: b, move: reply, options: [resist, concede]}}
  - outcomes: {{concession: reply is concede}}
  - {{player: a, move: end, options: [fight, back down]}}
  - outcomes: {{war: end is fight, retreat: otherwise}}
payoffs:
  a: {{status quo: 0, concession: {crisis.prize_a}, war: {war_a}, retreat: {back_down}}}
  b: {{status quo: 0, concession: 0, war: {war_b}, retreat: {crisis.prize_b}}}
quantities: {{war: P(war)}}
"""


def weights(crisis: Crisis) -> dict[int, float]:
    """Points -n, .., n of the grid, as likely as a unit normal density makes them."""
    half = crisis.points // 2
    density = {k: math.exp(-0.5 * (k * crisis.step) ** 2) for k in range(-half, half + 1)}
    total = sum(density.values())
    return {k: each / total for k, each in density.items()}


def _options(crisis: Crisis) -> str:
    return "{" + ", ".join(f"{k}: {weight!r}" for k, weight in weights(crisis).items()) + "}"


def scan(crisis: Crisis) -> list[float]:
    """Pr(war) in every equilibrium of the same grid, by scanning the one number on which all else depends.

    That number is B's belief that A will fight; no code of the product is used.
    """
    lam_a, lam_b = crisis.precision
    place = np.array(list(weights(crisis))) * crisis.step
    weight = np.array(list(weights(crisis).values()))
    war, back = crisis.war_a + place[:, None], crisis.back_down + place[None, :]
    fight = _logistic(lam_a * (war - back))
    end = fight * war + (1 - fight) * back

    def play(belief: float) -> tuple[float, float, float]:
        worth = belief * (crisis.war_b + place) + (1 - belief) * crisis.prize_b
        resist = float(weight @ _logistic(lam_b * worth))
        open_ = _logistic(lam_a * ((1 - resist) * crisis.prize_a + resist * end))
        challenge = float(weight @ open_ @ weight)
        return float(weight @ (open_ * fight) @ weight) / challenge, challenge, resist

    grid = np.linspace(0.05, 0.95, 1801)
    gap = [play(belief)[0] - belief for belief in grid.tolist()]
    wars = []
    for k in range(len(grid) - 1):
        if (gap[k] > 0) != (gap[k + 1] > 0):
            low, high = float(grid[k]), float(grid[k + 1])
            for _ in range(60):
                middle = (low + high) / 2
                same = (play(middle)[0] > middle) == (gap[k] > 0)
                low, high = (middle, high) if same else (low, middle)
            _, challenge, resist = play(low)
            wars.append(challenge * resist * low)
    return sorted(wars)


def _logistic(z: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * z)))
