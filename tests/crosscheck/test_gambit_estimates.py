"""Gambit estimates the same precision from the same counts of play.

Its estimator is that of Bland and Turocy, Quantal response equilibrium as a structural model for estimation
(SSRN 4425515, 2023): the maximum of the likelihood along the principal branch.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

import parley
from parley.game import compile as compiled
from parley.game.efg import to_efg
from parley.solve import tabulate
from parley.study import fit

gambit = pytest.importorskip("pygambit")

CENTIPEDE = "mckelvey-palfrey-1992/centipede-four"
PENNIES = "mckelvey-palfrey-1995/asymmetric-matching-pennies"
Counts = list[list[list[int]]]


def by_gambit(name: str, counts: Counts) -> Any:
    """Estimate from counts of each player's actions at each of its information sets."""
    scenario = parley.load(name, {"lambda": "1"})
    game = compiled(scenario, {})
    tables = tabulate(game, parley.sample(scenario, 1))
    text = to_efg(game, tables.chance[:, 0], tables.payoff[:, :, 0])
    profile = gambit.read_efg(io.StringIO(text)).mixed_behavior_profile(data=counts)
    return gambit.qre.logit_estimate(profile)


@pytest.mark.parametrize(
    ("name", "counts", "plays"),
    [
        (
            CENTIPEDE,
            [[[20, 261], [104, 57]], [[100, 161], [43, 14]]],
            {
                "outcome": ["taken at 1", "taken at 2", "taken at 3", "taken at 4", "passed to the end"],
                "count": [20, 100, 104, 43, 14],
            },
        ),
        (
            CENTIPEDE,
            [[[70, 30], [10, 5]], [[15, 15], [3, 2]]],
            {
                "outcome": ["taken at 1", "taken at 2", "taken at 3", "taken at 4", "passed to the end"],
                "count": [70, 15, 10, 3, 2],
            },
        ),
        (
            PENNIES,
            [[[80, 20]], [[30, 70]]],
            {
                "row shows": ["heads", "tails", "", ""],
                "column shows": ["", "", "heads", "tails"],
                "count": [80, 20, 30, 70],
            },
        ),
    ],
)
def test_precision_and_likelihood_are_gambits(
    name: str, counts: Counts, plays: Mapping[str, Sequence[object]]
) -> None:
    theirs = by_gambit(name, counts)
    ours = fit(parley.load(name), plays, ["lambda"])
    assert ours.log_likelihood == pytest.approx(theirs.log_like, abs=1e-8)
    assert ours.estimates[0].value == pytest.approx(theirs.lam, rel=1e-5, abs=1e-9)
