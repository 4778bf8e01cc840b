"""The centipede and matching pennies: published numbers, precisions estimated from recalled frequencies."""

from __future__ import annotations

import math

import pytest

import parley
from parley.catalog import locate
from parley.study import Fit, fit
from parley.study.reproduction import reproduce

FOUR, SIX = "mckelvey-palfrey-1992/centipede-four", "mckelvey-palfrey-1992/centipede-six"
PENNIES = "mckelvey-palfrey-1995/asymmetric-matching-pennies"
TAKEN = ((0.40, 0.10), (0.20, 0.80), (1.60, 0.40), (0.80, 3.20), (6.40, 1.60), (3.20, 12.80))
PASSED = {4: (6.40, 1.60), 6: (25.60, 6.40)}
SHARES = {
    FOUR: (0.071, 0.356, 0.370, 0.153, 0.049),
    SIX: (0.007, 0.064, 0.199, 0.384, 0.253, 0.078, 0.014),
}


def fitted(name: str) -> Fit:
    return fit(parley.load(name), locate(name).with_name("plays.csv"), ["lambda"])


def endings(moves: int, precision: float) -> list[float]:
    """Chances of taking at each move, and of passing to the end, by backward recursion."""
    worth, chances = PASSED[moves], [1.0]
    for move in reversed(range(moves)):
        mover = move % 2
        take = 1 / (1 + math.exp(-precision * (TAKEN[move][mover] - worth[mover])))
        chances = [take, *((1 - take) * each for each in chances)]
        worth = (
            take * TAKEN[move][0] + (1 - take) * worth[0],
            take * TAKEN[move][1] + (1 - take) * worth[1],
        )
    return chances


@pytest.mark.parametrize(("name", "moves", "precision"), [(FOUR, 4, 1.7179013311), (SIX, 6, 0.5952066837)])
def test_the_precision_per_dollar_is_that_of_the_brief(name: str, moves: int, precision: float) -> None:
    found = fitted(name)
    (one,) = found.estimates
    assert one.value == pytest.approx(precision, abs=1e-4)
    assert len(found.optima) == 1
    assert found.plays == pytest.approx(281 * sum(SHARES[name]))
    expected = [found.plays * each for each in endings(moves, one.value)]
    assert [cell.fitted for cell in found.goodness.cells] == pytest.approx(expected, rel=1e-7)
    told = sum(281 * n * math.log(p) for n, p in zip(SHARES[name], endings(moves, one.value), strict=True))
    assert found.log_likelihood == pytest.approx(told, abs=1e-6)
    # The model misses the first move by far, as the brief says.
    assert found.goodness.chance is not None
    assert found.goodness.chance < 1e-10
    first = found.goodness.cells[0]
    assert first.fitted > 3 * first.observed


def test_no_one_precision_fits_both_lengths() -> None:
    four, six = (fitted(name).estimates[0].profile for name in (FOUR, SIX))
    assert six.high is not None
    assert four.low is not None
    assert six.high < four.low


@pytest.mark.parametrize(("name", "numbers"), [(FOUR, 12), (PENNIES, 10)])
def test_published_numbers_are_met(name: str, numbers: int) -> None:
    found = reproduce(parley.load(name), draws=16)
    assert len(found.numbers) == numbers
    assert [each.met for each in found.numbers] == [True] * numbers
    assert found.problems == ()
