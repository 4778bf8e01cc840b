"""SALib, on the same points, gives the same indices."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from numpy.typing import NDArray

from parley.findings.sensitivity.estimators import first_and_total, shapley
from parley.findings.sensitivity.pawn import SLICES, pawn
from tests.findings.closed_forms import Ishigami, Values, ask

pytest.importorskip("SALib")

PROBLEM = {"num_vars": 3, "names": ["1", "2", "3"], "bounds": [[0.0, 1.0]] * 3}


@pytest.fixture
def function() -> Ishigami:
    return Ishigami(np.random.default_rng(4))


def test_first_order_and_total_indices(function: Ishigami) -> None:
    from SALib.analyze import sobol

    asked = ask(function, 4096, 1)
    # SALib's order: for each point f(A), f(A with column 1 of B), ..., f(B).
    values = np.stack([asked.base, *asked.redrawn, asked.fresh], axis=1).reshape(-1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = sobol.analyze(PROBLEM, values, calc_second_order=False, num_resamples=100, seed=1)
    first, total = first_and_total(asked.base, asked.fresh, asked.redrawn, asked.held)
    # The numerators are the same; SALib takes the variance from A and B alone.
    np.testing.assert_allclose(first.value, peer["S1"], atol=0.01)
    np.testing.assert_allclose(total.value, peer["ST"], atol=0.01)


def test_shapley_effects(function: Ishigami) -> None:
    from SALib.analyze import shapley as peers

    asked = ask(function, 4096, 1)
    points = _points(function, 4096, asked.order)
    peer = peers.analyze(PROBLEM, points, asked.chain.T.reshape(-1))
    found = shapley(asked.chain, asked.order, dependent=False)
    # Another estimator of the same numbers, from the same chains.
    half = (found.high - found.low) / 2
    apart = np.abs(found.value - peer["shapley_normalized"])
    assert (apart < half + peer["shapley_normalized_conf"]).all()
    assert (half < peer["shapley_normalized_conf"]).all()


def _points(function: Ishigami, draws: int, order: NDArray[np.int64]) -> Values:
    """Return the points of the chains, ``[draw and step, input]``."""
    from parley.draws.points import points

    u = points(6, draws, seed=1, first=0, design="sobol")
    table = np.repeat(u[:3].T[:, np.newaxis, :], 4, axis=1)
    for step in range(1, 4):
        for draw in range(draws):
            exchanged = order[:step, draw]
            table[draw, step, exchanged] = u[3 + exchanged, draw]
    return table.reshape(-1, 3)


@pytest.mark.parametrize("shape", ["smooth", "two values"])
def test_pawn(shape: str) -> None:
    from SALib.analyze import pawn as peers

    rng = np.random.default_rng(6)
    x = rng.random((5001, 3))
    outcome = np.sin(3 * x[:, 0]) + x[:, 1] ** 2
    if shape == "two values":
        outcome = np.round(outcome)
    peer = peers.analyze(PROBLEM, x, outcome, S=SLICES)
    found = [pawn(x[:, i], outcome) for i in range(3)]
    # SALib cuts between quantiles and drops the largest value of all: one reading in a slice of 500.
    np.testing.assert_allclose(found, peer["median"], atol=0.004)
