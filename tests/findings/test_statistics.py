"""Shares and spreads: their error comes from replicates, their words from the bounds."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import t

from parley.draws.points import points
from parley.findings import Share, statistics
from parley.findings.statistics import sampling_error, share, spread, wins, word

Values = NDArray[np.float64]


def test_student_quantiles_are_right() -> None:
    expected = [float(t.ppf(0.975, degrees)) for degrees in range(1, 16)]
    assert pytest.approx(expected, rel=1e-12) == statistics.STUDENT


def test_error_is_that_of_replicate_means() -> None:
    values = np.random.default_rng(1).normal(size=512)
    means = values.reshape(-1, 16).mean(axis=0)
    expected = float(t.ppf(0.975, 15)) * means.std(ddof=1) / 4
    assert sampling_error(values, np.arange(512)) == pytest.approx(expected, rel=1e-12)


def test_error_is_not_that_of_independent_draws() -> None:
    """Sixteen equal replicates have no sampling error, however much the draws within them differ."""
    values = (np.arange(1600) // 16).astype(float)
    assert sampling_error(values, np.arange(1600)) == pytest.approx(0.0, abs=1e-12)


def test_error_needs_two_replicates() -> None:
    assert sampling_error(np.array([1.0, 2.0]), np.array([3, 19])) is None
    assert sampling_error(np.array([1.0, 2.0]), np.array([3, 20])) is not None


def test_error_of_replicates_that_are_partly_undefined() -> None:
    """The ratio estimator equals the plain one for equal sizes and stays finite for unequal ones."""
    values = np.random.default_rng(2).normal(size=160)
    values[:5] = np.nan
    found = sampling_error(values, np.arange(160))
    assert found is not None
    assert 0 < found < 1


def test_coverage_of_the_interval() -> None:
    generator = np.random.default_rng(3)
    covered = 0
    for _ in range(400):
        values = generator.uniform(size=256)
        error = sampling_error(values, np.arange(256))
        assert error is not None
        covered += abs(values.mean() - 0.5) <= error
    assert 0.92 <= covered / 400 <= 0.98


def _normal(u: Values) -> Values:
    return np.asarray(ndtri(np.clip(u, 1e-12, 1 - 1e-12)))


DESIGNS: dict[str, tuple[int, int, Callable[[Values], Values], float]] = {
    "a share of a half": (256, 5, lambda u: _normal(u).sum(axis=0) < 0.0, 0.5),
    "a share of 3 in 10": (256, 5, lambda u: _normal(u).sum(axis=0) < math.sqrt(5) * ndtri(0.3), 0.3),
    "a share of 1 in 10": (256, 5, lambda u: _normal(u).sum(axis=0) < math.sqrt(5) * ndtri(0.1), 0.1),
    "a rare one": (256, 5, lambda u: _normal(u).sum(axis=0) < math.sqrt(5) * ndtri(0.03), 0.03),
    "a box": (256, 4, lambda u: (u[0] < 0.7) & (u[1] < 0.6), 0.42),
    "a box, more draws": (1024, 4, lambda u: (u[0] < 0.7) & (u[1] < 0.6), 0.42),
    "a mean": (256, 6, lambda u: u[0] + 2 * u[1] + u[0] * u[2] - u[3] ** 2, 0.5 + 1 + 0.25 - 1 / 3),
    "a mean, more draws": (1024, 4, lambda u: np.exp(u.sum(axis=0)), (math.e - 1) ** 4),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_coverage_of_the_interval_in_the_design_that_is_used(name: str) -> None:
    """Of 300 seeds, 92 to 98 in 100 have an interval that holds the truth: shares and means, small draws."""
    draws, rows, of, truth = DESIGNS[name]
    number, covered = np.arange(draws), 0
    for seed in range(300):
        values = of(points(rows, draws, seed=seed, first=0, design="sobol")).astype(np.float64)
        found = share(values, number) if truth < 1.0 and "mean" not in name else spread(values, number)
        middle = found.share if isinstance(found, Share) else found.mean
        assert middle is not None
        assert found.error is not None
        covered += abs(middle - truth) <= found.error
    assert 0.92 <= covered / 300 <= 0.98


def test_coverage_of_a_share_that_readings_hardly_ever_miss() -> None:
    """Below the rule of three the interval is wider than it must be, never narrower."""
    covered = 0
    for seed in range(300):
        u = points(5, 256, seed=seed, first=0, design="sobol")
        found = share((_normal(u).sum(axis=0) < math.sqrt(5) * ndtri(0.995)).astype(float), np.arange(256))
        assert found.share is not None
        assert found.error is not None
        covered += abs(found.share - 0.995) <= found.error
    assert covered / 300 >= 0.95


def test_spread_counts_what_is_undefined() -> None:
    found = spread(np.array([1.0, np.nan, 3.0]), np.arange(3))
    assert (found.mean, found.middle, found.defined, found.undefined) == (2.0, 2.0, 2, 1)


def test_spread_of_nothing_has_no_numbers() -> None:
    found = spread(np.array([np.nan, np.nan]), np.arange(2))
    assert (found.mean, found.low, found.error, found.defined, found.undefined) == (None, None, None, 0, 2)


@given(st.integers(1, 200), st.integers(0, 2**32 - 1))
def test_dots_are_fifty_equally_likely_values(size: int, seed: int) -> None:
    values = np.random.default_rng(seed).standard_normal(size)
    holes = np.concatenate([values, [np.nan, np.inf]])
    found = spread(holes, np.arange(size + 2), dots=True)
    assert found.dots is not None
    levels = [(k - 0.5) / 50 for k in range(1, 51)]
    np.testing.assert_allclose(found.dots, np.quantile(values, levels), rtol=0, atol=1e-12)
    assert list(found.dots) == sorted(found.dots)
    assert replace(found, dots=None) == spread(holes, np.arange(size + 2))


def test_no_dots_without_a_reading() -> None:
    assert spread(np.array([np.nan]), np.arange(1), dots=True).dots is None


def test_a_share_of_all_has_the_error_of_the_rule_of_three() -> None:
    found = share(np.ones(1024), np.arange(1024))
    assert found.share == 1.0
    assert found.error == pytest.approx(3 / 1024)
    assert found.word == "robust"


def test_few_draws_cannot_be_robust() -> None:
    assert share(np.ones(16), np.arange(16)).word == "leans"


def test_one_replicate_says_nothing() -> None:
    found = share(np.ones(4), np.arange(4) * 16)
    assert (found.error, found.word) == (None, "open")


def test_undefined_readings_count_both_ways() -> None:
    won = np.ones(1000)
    won[:150] = np.nan
    found = share(won, np.arange(1000))
    assert (found.share, found.undefined) == (1.0, 150)
    assert found.lower < 0.85 < found.upper
    assert found.word == "leans"


def test_undefined_everywhere_is_open() -> None:
    found = share(np.full(32, np.nan), np.arange(32))
    assert (found.share, found.word, found.undefined) == (None, "open", 32)


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        (0.90, 0.95, "robust"),
        (0.8999, 0.95, "leans"),
        (0.6001, 0.7, "leans"),
        (0.60, 0.7, "open"),
        (0.3, 0.40, "open"),
        (0.3, 0.3999, "fails"),
        (0.0, 1.0, "open"),
    ],
)
def test_words_follow_from_bounds(lower: float, upper: float, expected: str) -> None:
    assert word(lower, upper) == expected


numbers = st.one_of(st.floats(-1e6, 1e6), st.just(float("nan")))


@given(arrays(np.float64, (3, 20), elements=numbers))
def test_wins_sum_to_one_or_are_undefined(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
    won, tied = wins(values)
    defined = np.all(np.isfinite(values), axis=0)
    assert np.allclose(won.sum(axis=0)[defined], 1.0)
    assert np.all(np.isnan(won[:, ~defined]))
    assert not tied[~defined].any()


@given(st.floats(0, 1), st.integers(1, 400))
def test_bounds_hold_the_share(level: float, size: int) -> None:
    won = (np.arange(size) / size < level).astype(float)
    found = share(won, np.arange(size))
    assert found.share is not None
    assert 0.0 <= found.lower <= found.share <= found.upper <= 1.0


def test_values_closer_than_the_solution_are_equal() -> None:
    won, tied = wins(np.array([[1.0, 1.0, 0.0], [1.0 + 1e-12, 1.0 + 1e-6, 1e-13]]))
    assert won.tolist() == [[0.5, 0.0, 0.5], [0.5, 1.0, 0.5]]
    assert tied.tolist() == [True, False, True]


def test_numbers_that_do_not_exist() -> None:
    assert statistics.number_or_none(math.inf) is None
    assert statistics.number_or_none(2) == 2.0
