"""Each judgement against closed forms and against scipy.stats."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from parley.draws.marginals import quantile
from parley.draws.quantiles import describe
from parley.errors import DrawsError
from parley.scenario.model import Judgement
from tests.draws.judged import judged, parameter

TAILS = np.array([1e-15, 1e-9, 1e-4, 0.02, 0.2, 0.45, 0.5])
LOWER = np.concatenate([TAILS, 1 - TAILS[::-1]])
UPPER = np.concatenate([1 - TAILS, TAILS[::-1]])

ORACLES: list[tuple[Judgement, Any]] = [
    (judged("uniform", -1.0, 3.0), stats.uniform(-1, 4)),
    (judged("likelihood", 0.05, 0.2), stats.uniform(0.05, 0.15)),
    (judged("loguniform", 1.0, 20.0), stats.loguniform(1, 20)),
    (judged("triangular", 1.0, 2.0, 4.0), stats.triang(1 / 3, 1, 3)),
    (judged("triangular", 1.0, 1.0, 4.0), stats.triang(0, 1, 3)),
    (judged("triangular", 1.0, 4.0, 4.0), stats.triang(1, 1, 3)),
    (judged("pert", 1.0, 2.0, 4.0), stats.beta(1 + 4 / 3, 1 + 8 / 3, 1, 3)),
    (judged("normal", -2.0, 3.0), stats.norm(-2, 3)),
    (judged("lognormal", 0.3, 0.45), stats.lognorm(0.45, scale=0.3)),
    (judged("beta", 2.5, 10.5), stats.beta(2.5, 10.5)),
    (judged("beta", 0.3, 0.4), stats.beta(0.3, 0.4)),
    (judged("gamma", 2.0, 3.0), stats.gamma(2, scale=3)),
    (judged("exponential", 2.0), stats.expon(scale=2)),
]
NAMES = [f"{judgement.shape}-{'-'.join(map(str, judgement.numbers))}" for judgement, _ in ORACLES]


def _at(judgement: Judgement, p: Any, q: Any = None) -> Any:
    lower = np.atleast_1d(np.asarray(p, dtype=float))
    return quantile("B", judgement, lower, 1 - lower if q is None else np.atleast_1d(q))


def _expected(oracle: Any) -> Any:
    above = oracle.isf(UPPER)
    if oracle.dist.name == "triang":  # whose isf is ppf(1 - q) and has no accurate upper tail: mirror it
        mode, low, width = oracle.args
        above = 2 * low + width - stats.triang(1 - mode, low, width).ppf(UPPER)
    return np.where(LOWER <= UPPER, oracle.ppf(LOWER), above)


@pytest.mark.parametrize(("judgement", "oracle"), ORACLES, ids=NAMES)
def test_quantiles_are_those_of_scipy_in_both_tails(judgement: Judgement, oracle: Any) -> None:
    np.testing.assert_allclose(_at(judgement, LOWER, UPPER), _expected(oracle), rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize(("judgement", "oracle"), ORACLES, ids=NAMES)
@settings(deadline=None, max_examples=40)
@given(ends=st.tuples(st.floats(0.001, 0.999), st.floats(0.001, 0.999)), p=st.floats(0.001, 0.999))
def test_truncation_is_the_conditional_distribution(
    judgement: Judgement, oracle: Any, ends: tuple[float, float], p: float
) -> None:
    low, high = sorted(float(oracle.ppf(end)) for end in ends)
    if high - low < 1e-3 * (oracle.ppf(0.999) - oracle.ppf(0.001)):
        return
    truncated = judged(judgement.shape, *judgement.numbers, truncate=(low, high))
    value = _at(truncated, p)[0]
    share = (oracle.cdf(value) - oracle.cdf(low)) / (oracle.cdf(high) - oracle.cdf(low))
    assert share == pytest.approx(p, abs=1e-9)
    assert low <= value <= high


def test_logtriangular_is_triangular_in_the_logarithm() -> None:
    oracle = stats.triang(math.log(2) / math.log(8), 0, math.log(8))
    values = _at(judged("logtriangular", 1.0, 2.0, 8.0), LOWER, UPPER)
    np.testing.assert_allclose(values, np.exp(_expected(oracle)), rtol=1e-12)


@pytest.mark.parametrize(
    ("judgement", "mean", "variance"),
    [
        (judged("uniform", 1.0, 3.0), 2, 1 / 3),
        (judged("loguniform", 1.0, math.e), math.e - 1, (math.e**2 - 1) / 2 - (math.e - 1) ** 2),
        (judged("triangular", 1.0, 2.0, 4.0), 7 / 3, 7 / 18),
        (judged("pert", 1.0, 2.0, 4.0), 13 / 6, (13 / 6 - 1) * (4 - 13 / 6) / 7),
        (judged("normal", 1.0, 2.0), 1, 4),
        (judged("lognormal", 1.0, 0.5), math.exp(0.125), math.exp(0.25) * (math.exp(0.25) - 1)),
        (judged("beta", 2.0, 3.0), 0.4, 0.04),
        (judged("gamma", 2.0, 3.0), 6, 18),
        (judged("exponential", 2.0), 2, 4),
        (judged("exponential", 2.0, truncate=(1.0, None)), 3, 4),  # it has no memory
        (judged("normal", 0.0, 1.0, truncate=(0.0, None)), math.sqrt(2 / math.pi), 1 - 2 / math.pi),
        (judged("choice", 5.0, 1.0, 0.25, 0.75), 2, 3),
        (judged("fixed", 12.0), 12, 0),
    ],
)
def test_moments_are_the_textbooks(judgement: Judgement, mean: float, variance: float) -> None:
    values = _at(judgement, (np.arange(400_000) + 0.5) / 400_000)
    assert values.mean() == pytest.approx(mean, rel=2e-5)
    assert values.var() == pytest.approx(variance, rel=2e-4)


@pytest.mark.parametrize("side", [1, -1])
def test_truncation_is_accurate_far_out(side: int) -> None:
    """Beyond 20 standard deviations the conditional distribution is all but exponential."""
    ends = (20.0, None) if side == 1 else (None, -20.0)
    values = side * _at(judged("normal", 0.0, 1.0, truncate=ends), LOWER, UPPER)
    beyond = stats.norm.logsf(values) - stats.norm.logsf(20)
    # A last digit of a value near 20 is worth 20 times itself in the logarithm, which is near -203.
    resolution = 20 * np.spacing(20.0) + 2 * np.spacing(203.0)
    np.testing.assert_allclose(beyond, np.log(UPPER if side == 1 else LOWER), rtol=1e-13, atol=resolution)


def test_half_open_truncation_leaves_the_other_tail_alone() -> None:
    whole = judged("gamma", 2.0, 3.0, truncate=(None, None))
    np.testing.assert_array_equal(_at(whole, LOWER), _at(judged("gamma", 2.0, 3.0), LOWER))
    np.testing.assert_array_equal(
        _at(judged("uniform", 0.0, 1.0, truncate=(-5.0, 5.0)), LOWER), _at(judged("uniform", 0.0, 1.0), LOWER)
    )


def test_a_choice_is_drawn_in_the_order_of_its_values() -> None:
    judgement = judged("choice", 5.0, 1.0, 2.0, 0.2, 0.5, 0.3)
    assert _at(judgement, [0.1, 0.49, 0.51, 0.79, 0.81, 0.99]).tolist() == [1, 1, 2, 2, 5, 5]


def test_a_value_without_weight_is_never_drawn() -> None:
    judgement = judged("choice", 1.0, 2.0, 3.0, 4.0, 0.0, 0.5, 0.0, 0.5)
    assert set(_at(judgement, np.linspace(1e-12, 1 - 1e-12, 1001)).tolist()) == {2.0, 4.0}


def test_a_truncated_choice_keeps_the_odds_of_what_is_left() -> None:
    judgement = judged("choice", 1.0, 2.0, 5.0, 0.25, 0.25, 0.5, truncate=(1.5, None))
    assert _at(judgement, [0.33, 0.34]).tolist() == [2, 5]


@pytest.mark.parametrize(
    ("judgement", "message"),
    [
        (judged("uniform", 3.0, 1.0), "needs low below high"),
        (judged("uniform", 1.0, 1.0), "needs low below high"),
        (judged("uniform", -1.7e308, 1.7e308), "needs low below high"),
        (judged("uniform", 1.0), "needs 2 numbers"),
        (judged("uniform", math.nan, 1.0), "needs finite numbers"),
        (judged("uniform"), "needs finite numbers"),
        (judged("likelihood", 0.5, 1.5), "needs probabilities"),
        (judged("loguniform", 0.0, 1.0), "needs positive numbers"),
        (judged("logtriangular", -1.0, 1.0, 2.0), "needs positive numbers"),
        (judged("triangular", 1.0, 5.0, 4.0), "best between them"),
        (judged("pert", 2.0, 1.0, 4.0), "best between them"),
        (judged("normal", 0.0, 0.0), "standard deviation above 0"),
        (judged("lognormal", -1.0, 1.0), "median and sigma"),
        (judged("lognormal", 1.0, 1e4), "too large, or too odd"),
        (judged("beta", 0.0, 1.0), "two positive numbers"),
        (judged("gamma", 1.0, -1.0), "shape and scale"),
        (judged("exponential", 0.0), "a mean above 0"),
        (judged("choice", 1.0, 2.0, 0.5), "one weight per value"),
        (judged("choice", 1.0, 2.0, 0.5, 0.6), "sum to 1"),
        (judged("choice", 1.0, 2.0, -0.5, 1.5), "at least 0"),
        (judged("choice", 1.0, 2.0, 0.5, 0.5, truncate=(3.0, None)), "nothing left between 3 and inf"),
        (judged("fixed", 1.0, truncate=(3.0, 4.0)), "nothing left between 3 and 4"),
        (judged("uniform", 0.0, 1.0, truncate=(1.0, 2.0)), "nothing left between 1 and 1"),
        (judged("uniform", 0.0, 1.0, truncate=(2.0, None)), "nothing left"),
        (judged("normal", 0.0, 1.0, truncate=(50.0, None)), "nothing left"),
        (judged("normal", 0.0, 1.0, truncate=(2.0, 1.0)), "low exceeds high"),
        (judged("normal", 0.0, 1.0, truncate=(math.nan, 1.0)), "low exceeds high"),
        (judged("cauchy", 0.0, 1.0), "unknown shape 'cauchy'"),
    ],
)
def test_what_is_no_distribution_is_refused_by_name(judgement: Judgement, message: str) -> None:
    with pytest.raises(DrawsError, match=message) as caught:
        _at(judgement, LOWER, UPPER)
    assert "parameter 'B'" in str(caught.value)


@settings(deadline=None, max_examples=300)
@given(
    shape=st.sampled_from(
        [
            "uniform",
            "loguniform",
            "triangular",
            "logtriangular",
            "pert",
            "normal",
            "lognormal",
            "beta",
            "gamma",
            "exponential",
            "likelihood",
            "choice",
            "fixed",
        ]
    ),
    numbers=st.lists(st.floats(), max_size=4),
    truncate=st.one_of(
        st.none(), st.tuples(st.one_of(st.none(), st.floats()), st.one_of(st.none(), st.floats()))
    ),
)
def test_odd_numbers_give_ordered_values_or_a_draws_error(
    shape: str, numbers: list[float], truncate: tuple[float | None, float | None] | None
) -> None:
    judgement = judged(shape, *numbers, truncate=truncate)
    p = np.array([1e-9, 0.1, 0.5, 0.9, 1 - 1e-9])
    try:
        values = _at(judgement, p)
    except DrawsError:
        return  # that its message names the parameter is tested above
    assert np.isfinite(values).all()
    slack = 1e-9 * np.abs(values).max()
    assert (np.diff(values) >= -slack).all()


def test_describe_gives_the_quantiles_that_are_printed() -> None:
    low, middle, high = describe(parameter("k", judged("lognormal", 0.3, 0.45)))
    assert (low, middle, high) == pytest.approx(
        (0.3 * math.exp(-0.45 * 1.6448536), 0.3, 0.3 * math.exp(0.45 * 1.6448536))
    )
