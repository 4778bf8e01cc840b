"""Signorino (1999): the page against the closed forms, under each kind of error and for other payoffs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

import parley
from parley import catalog
from parley.solve import solve

NAME = "signorino-1999/strategic-probit"


def chances(shocks: str, prize: float, cost: float, honour: float) -> tuple[float, float]:
    """Chance of resistance and of a challenge, from the page."""
    scenario = catalog.load(NAME)
    draws = parley.sample(scenario, 1)
    row = [draws.parameters.index(name) for name in ("prize", "cost", "honour")]
    values = draws.values.copy()
    values[row, 0] = prize, cost, honour
    game = parley.compile(scenario, {"shocks": shocks})
    found = solve(game, parley.Draws(draws.parameters, values, draws.switches, draws.choice, 0, 0))
    strategy = found.strategy[:, 0]
    label = game.action_label.index
    return float(strategy[label("resist")]), float(strategy[label("challenge")])


@pytest.mark.parametrize("shocks", ["logit", "mistakes", "private"])
@settings(max_examples=15, deadline=None)
@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3))
def test_closed_forms(shocks: str, prize: float, cost: float, honour: float) -> None:
    def chance(gain: float, variance: float) -> float:
        return 1 / (1 + math.exp(-gain)) if shocks == "logit" else float(norm.cdf(gain / math.sqrt(variance)))

    resist = chance(honour, 2.0)
    gamble = resist**2 + (1 - resist) ** 2 if shocks == "private" else 1.0
    challenge = chance((1 - resist) * prize - resist * cost, gamble + 1)
    assert chances(shocks, prize, cost, honour) == pytest.approx((resist, challenge), abs=1e-13)


def test_a_gamble_is_judged_more_surely_by_those_who_know() -> None:
    """The same mean worth of challenging is acted on more often under private information than mistakes."""
    mistakes, private = (chances(shocks, 1.0, -1.0, 0.0)[1] for shocks in ("mistakes", "private"))
    assert private > mistakes > 0.5
