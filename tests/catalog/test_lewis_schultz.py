"""Lewis & Schultz (2003): the page's game against the paper's three equations, in all their equilibria.

The challenger opens with small errors, where the paper has none. What they do to any probability is a series
in 1/precision^2, so that runs at several precisions, extrapolated to infinity, come to the equations' own
numbers; the step of the grid is at most 2 / precision.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm

import parley
from parley import catalog
from parley.game.passes import edge_shares, reach
from parley.scenario import loads
from parley.solve import search, tabulate

NAME = "lewis-schultz-2003/audience-costs"
SYMMETRIC: dict[str, float] = {}
BOLD = {"W_A": -0.5, "W_B": -1.2, "retreat": -1.5}
THREEFOLD = {"V_A": 5.94, "V_B": 1.8, "W_A": -2.67, "W_B": -3.81, "retreat": -2.0}

PRECISIONS = (8.0, 8.0 * math.sqrt(2.0), 16.0, 16.0 * math.sqrt(2.0), 32.0)
STEPS = dict(zip(PRECISIONS, ("0.25", "0.16", "0.125", "0.08", "0.0625"), strict=True))
EVENTS = ("challenge", "resist", "fight")  # of which each follows on the one before

# Chance of a challenge, of resistance to it, of a fight after that, of war; a row for each equilibrium.
# From solving the equations, two instances also by simulating 2,000,000 crises.
PUBLISHED = {
    "symmetric": (SYMMETRIC, [[0.75, 0.5, 0.5, 0.1875]]),
    "bold": (BOLD, [[0.999999833, 0.1881745603, 0.7602499718, 0.1430596802]]),
    "threefold": (
        THREEFOLD,
        [
            [0.026456413, 1.0, 0.1415449195, 0.0037447708],
            [0.6947580547, 0.7337419881, 0.2887313041, 0.1471874682],
            [0.9999992658, 0.5212607387, 0.3178348794, 0.1656747224],
        ],
    ),
}


def at(precision: float) -> str:
    """The page with another precision of the challenger, and a grid to go with it."""
    text = catalog.locate(NAME).read_text(encoding="utf-8")
    changed = text.replace("precision: 16,", f"precision: {precision:.12g},")
    changed = changed.replace("to: 6, by: 0.125,", f"to: 6, by: {STEPS[precision]},")
    assert (changed == text) == (STEPS[precision] == "0.125")
    return changed


@cache
def found(name: str, precision: float) -> tuple[NDArray[np.float64], int]:
    """Every equilibrium ``[equilibrium, event]``, by the chance of war, and the index of the search."""
    values = {key: str(value) for key, value in PUBLISHED[name][0].items()}
    scenario = loads(at(precision), overrides=values)
    game, draws = parley.compile(scenario), parley.sample(scenario, 1)
    equilibria = search(game, draws)
    assert equilibria.residual.max() <= 1e-9
    numbers = tabulate(game, draws)
    shares = edge_shares(game, np.repeat(numbers.chance, len(equilibria.draw), axis=1), equilibria.strategy)
    reached = reach(game, shares)
    parent = np.repeat(np.arange(game.nodes), np.diff(game.node_first_edge))
    labels = np.array(game.edge_label)
    happens = [(reached[parent] * shares)[labels == event].sum(axis=0) for event in EVENTS]
    chances = np.array([happens[0], happens[1] / happens[0], happens[2] / happens[1], happens[2]]).T
    return chances[np.argsort(chances[:, -1])], int(equilibria.index[0])


def extrapolated(tables: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Richardson: remove the terms in 1/precision^2, 1/precision^4 ...; precisions grow by the root of 2."""
    order = 1
    while len(tables) > 1:
        weight = 2.0**order
        tables = [(weight * fine - coarse) / (weight - 1) for coarse, fine in pairwise(tables)]
        order += 1
    return tables[0]


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_published_equilibrium_to_a_millionth(name: str) -> None:
    wanted = np.array(PUBLISHED[name][1])
    tables = []
    for precision in PRECISIONS:
        chances, index = found(name, precision)
        assert chances.shape == wanted.shape
        assert index == 1
        tables.append(chances)
    assert np.allclose(extrapolated(tables), wanted, rtol=0, atol=1e-6)
    # and the extrapolation does the work: without it the steepest errors alone are not good enough
    if name != "bold":
        assert np.abs(tables[-1] - wanted).max() > 1e-5


def test_backing_down_is_as_likely_as_war_by_symmetry() -> None:
    challenge, resist, fight, war = (float(each) for each in found("symmetric", PRECISIONS[2])[0][0])
    assert challenge * resist * (1 - fight) == pytest.approx(war, abs=1e-12)


def test_what_the_errors_do_falls_with_the_square_of_precision() -> None:
    wars = [float(found("symmetric", precision)[0][0, -1]) - 0.1875 for precision in PRECISIONS]
    ratios = [wars[k + 1] / wars[k] for k in range(4)]
    away = [abs(ratio - 0.5) for ratio in ratios]  # the next term of the series, itself halved each time
    assert [fine / coarse for coarse, fine in pairwise(away)] == pytest.approx([0.5] * 3, abs=0.05)
    assert away[-1] < 0.005


def test_the_published_numbers_solve_the_published_equations() -> None:
    """The equations themselves, by SciPy's adaptive quadrature."""
    m = {"V_A": 1.0, "V_B": 1.0, "W_A": -1.0, "W_B": -1.0, "retreat": -1.0, "S_A": 0.0, "C_B": 0.0}
    for values, rows in PUBLISHED.values():
        p = {**m, **values}

        def play(fight: float, p: dict[str, float] = p) -> tuple[float, float, float]:
            resist = norm.sf((p["C_B"] - (1 - fight) * p["V_B"]) / fight - p["W_B"])
            bar = (p["S_A"] - (1 - resist) * p["V_A"]) / resist
            challenge = 1 - norm.cdf(bar - p["retreat"]) * norm.cdf(bar - p["W_A"])
            mass, _ = quad(
                lambda w: norm.pdf(w - p["W_A"]) * norm.cdf(w - p["retreat"]), bar, 9, epsabs=1e-13, limit=200
            )
            return mass / challenge, challenge, resist

        for challenge, resist, fight, war in rows:
            root = brentq(lambda x: play(x)[0] - x, fight - 1e-4, fight + 1e-4, xtol=1e-14)
            assert [*play(root)[1:], root, np.prod(play(root)[1:]) * root] == pytest.approx(
                [challenge, resist, fight, war], abs=1e-8
            )
