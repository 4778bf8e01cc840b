"""Chances of options under each kind of error: closed forms, quadrature by SciPy, what must always hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm

from parley.solve.shocks import logit, on_endings, probit
from parley.solve.structural_proof import probit_of
from parley.solve.verify_shocks import missed_probits, wanted_probits

WORTH = st.lists(st.floats(-12, 12), min_size=2, max_size=6)


def by_quadrature(worth: list[float], option: int) -> float:
    """The multinomial probit by SciPy's adaptive rule, over a range that holds the integrand."""
    lead = np.array([worth[option] - other for k, other in enumerate(worth) if k != option])
    middle = max(0.0, -float(lead.min()) / 2)
    found, _ = quad(
        lambda x: norm.pdf(x) * np.prod(norm.cdf(x + lead)),
        middle - 13,
        middle + 13,
        epsabs=0,
        epsrel=1e-13,
        limit=500,
    )
    return float(found)


@pytest.mark.parametrize("gap", [0.0, 0.3, -2.0, 7.0])
def test_two_options_by_the_normal_distribution(gap: float) -> None:
    found = np.exp(probit(np.array([[gap], [0.0]])))
    assert found[0, 0] == pytest.approx(norm.cdf(gap / math.sqrt(2)), rel=1e-14)
    assert found[1, 0] == pytest.approx(norm.sf(gap / math.sqrt(2)), rel=1e-14)


@pytest.mark.parametrize("options", [3, 4, 7, 20])
@pytest.mark.parametrize("size", [0.2, 2.0, 6.0])
def test_more_options_by_adaptive_quadrature(options: int, size: float) -> None:
    worth = (np.random.default_rng(options).normal(size=options) * size).tolist()
    found = np.exp(probit(np.array(worth)[:, None]))[:, 0]
    wanted = [by_quadrature(worth, option) for option in range(options)]
    assert np.allclose(found, wanted, rtol=1e-12, atol=0)


def test_three_options_by_the_bivariate_normal() -> None:
    """The differences of three unit shocks are normal with variances 2 and covariance 1."""
    worth = np.array([0.4, -0.3, 0.9])
    for option in range(3):
        lead = worth[option] - np.delete(worth, option)
        wanted = multivariate_normal(cov=[[2.0, 1.0], [1.0, 2.0]]).cdf(lead)
        assert np.exp(probit(worth[:, None]))[option, 0] == pytest.approx(wanted, abs=1e-8)


def test_an_option_that_is_very_unlikely_keeps_its_digits() -> None:
    found = probit(np.array([[0.0], [60.0], [61.0]]))
    wanted = by_quadrature([0.0, 60.0, 61.0], 0)
    assert 1e-306 > wanted > 0 or wanted == 0.0
    near = probit(np.array([[0.0], [30.0], [31.0]]))
    assert np.exp(near[0, 0]) == pytest.approx(by_quadrature([0.0, 30.0, 31.0], 0), rel=1e-11)
    assert found[0, 0] < near[0, 0]


@given(WORTH)
def test_chances_sum_to_one_and_agree_with_the_check(worth: list[float]) -> None:
    column = np.array(worth)[:, None]
    found = np.exp(probit(column))
    assert found.sum() == pytest.approx(1.0, abs=1e-13)
    assert missed_probits(found, wanted_probits(column, None))[0] < 1e-12


@given(WORTH, st.integers(0, 5), st.floats(1e-3, 3))
def test_what_is_worth_more_is_likelier_and_the_others_less(
    worth: list[float], which: int, more: float
) -> None:
    option = which % len(worth)
    better = list(worth)
    better[option] += more
    before, after = probit(np.array(worth)[:, None]), probit(np.array(better)[:, None])
    assert after[option, 0] > before[option, 0] or before[option, 0] > -1e-13
    others = [k for k in range(len(worth)) if k != option]
    assert np.all(after[others, 0] <= before[others, 0] + 1e-13)


@given(WORTH, st.floats(-50, 50))
def test_only_differences_count(worth: list[float], shift: float) -> None:
    column = np.array(worth)[:, None]
    assert np.allclose(probit(column), probit(column + shift), rtol=1e-9, atol=1e-11)


@given(st.floats(-30, 30), st.floats(1e-6, 2))
def test_shocks_on_endings_count_by_their_spread(gain: float, spread: float) -> None:
    found = on_endings(np.array([gain]), np.array([spread]))
    assert np.exp(found[1, 0]) == pytest.approx(norm.cdf(gain / spread), rel=1e-12, abs=1e-300)
    assert np.exp(found).sum() == pytest.approx(1.0, abs=1e-14)


@pytest.mark.parametrize(("gain", "chance"), [(0.2, 1.0), (-0.2, 0.0), (0.0, 0.5), (1e-15, 0.5)])
def test_options_that_lead_to_the_same_endings_share_their_shocks(gain: float, chance: float) -> None:
    assert np.exp(on_endings(np.array([gain]), np.zeros(1)))[1, 0] == chance


@settings(max_examples=30)
@given(WORTH)
def test_logit_is_the_softmax(worth: list[float]) -> None:
    column = np.array(worth)[:, None]
    shares = np.exp(column - column.max())
    assert np.allclose(np.exp(logit(column)), shares / shares.sum(), rtol=1e-13)


def test_probits_of_what_is_nearly_certain_come_from_the_rest() -> None:
    logs = np.log(np.array([[1e-200], [1.0]]))
    assert probit_of(logs)[1, 0] == pytest.approx(-norm.ppf(1e-200), rel=1e-12)
