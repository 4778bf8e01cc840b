"""Three equilibria of one crisis: Lewis & Schultz, Political Analysis 11(4), 2003.

Private payoffs are unit normal in the paper; here they lie on grids, and everybody chooses by a steep logit.
The published instance is close to a turning point, where grids that are too coarse, or answers that are too
steep for the grid, have other equilibria.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

import parley
from parley.game.passes import edge_shares, reach
from parley.scenario import loads
from parley.solve import Equilibria, search, tabulate
from tests.solve.crisis import PUBLISHED, WARS, Crisis, scan, text


def solved(crisis: Crisis) -> tuple[Equilibria, dict[str, NDArray[np.float64]]]:
    """The equilibria, and the probabilities of what may happen in each: [equilibrium]."""
    scenario = loads(text(crisis))
    game, draws = parley.compile(scenario), parley.sample(scenario, 1)
    found = search(game, draws)
    numbers = tabulate(game, draws)
    shares = edge_shares(game, np.repeat(numbers.chance, len(found.draw), axis=1), found.strategy)
    reached = reach(game, shares)
    ends = {}
    for what in ("challenge", "resist", "fight"):
        edges = [k for k, label in enumerate(game.edge_label) if label == what]
        parent = np.repeat(np.arange(game.nodes), np.diff(game.node_first_edge))[edges]
        ends[what] = (reached[parent] * shares[edges]).sum(axis=0)
    return found, ends


def test_the_three_published_equilibria_are_found() -> None:
    crisis = replace(PUBLISHED, step=0.3)
    found, ends = solved(crisis)
    assert found.count.tolist() == [3]
    assert found.index.tolist() == [1]
    assert found.residual.max() <= 1e-9
    war = np.sort(ends["fight"])
    assert np.allclose(war, WARS, rtol=0, atol=0.005)
    assert np.allclose(war, scan(crisis), rtol=0, atol=1e-8)
    # the middle one is the one that no adjustment stays at
    assert found.sign[np.argsort(ends["fight"])].tolist() == [1, -1, 1]


def test_finer_grids_come_closer_to_what_was_published() -> None:
    """The grid of the test above is one of a family; by scanning alone, finer ones can be had."""
    errors = []
    for step in (0.4, 0.3, 0.1, 0.05):
        wars = scan(replace(PUBLISHED, step=step))
        assert len(wars) == 3
        errors.append(float(np.abs(np.array(wars) - WARS).max()))
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 0.0006


def test_the_symmetric_instance_has_one() -> None:
    """W_A = W_B = a = -1, V = 1: p_C = 3/4, p_R = 1/2, p_F = 1/2, by symmetry."""
    challenges = []
    for step in (0.5, 0.4):
        found, ends = solved(Crisis(1.0, 1.0, -1.0, -1.0, -1.0, step))
        assert found.count.tolist() == [1]
        assert ends["resist"][0] / ends["challenge"][0] == pytest.approx(0.5, abs=1e-9)
        assert ends["fight"][0] / ends["resist"][0] == pytest.approx(0.5, abs=1e-9)
        challenges.append(float(ends["challenge"][0]))
    # the grid's error is of second order in its step
    coarse, fine = challenges
    assert fine + (fine - coarse) * 0.4**2 / (0.5**2 - 0.4**2) == pytest.approx(0.75, abs=0.005)
