"""Medians and tails in plain Python, against scipy.stats."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from parley.scenario.middle import central, cumulative, mass, quantile, support
from parley.scenario.model import Judgement, Span

HERE = Span("a.md", 1, 1)
Truncation = tuple[float | None, float | None] | None


def judged(shape: str, *numbers: float, truncate: Truncation = None) -> Judgement:
    """Return a judgement."""
    return Judgement(shape, numbers, truncate, None, None, HERE)


POSITIVE = st.floats(0.01, 1_000)
SHARES = st.floats(0.001, 0.999)


def check(judgement: Judgement, reference: Any, share: float, accuracy: float = 1e-9) -> None:
    """Compare a quantile with the reference's: near, or of the same probability where it is steep or flat."""
    found, expected = quantile(judgement, share), float(reference.ppf(share))
    assert found == pytest.approx(expected, rel=accuracy) or float(reference.cdf(found)) == pytest.approx(
        share, abs=accuracy
    )


@given(POSITIVE, POSITIVE, SHARES)
def test_beta(a: float, b: float, share: float) -> None:
    check(judged("beta", a, b), scipy.stats.beta(a, b), share)


@given(POSITIVE, POSITIVE, SHARES)
def test_gamma(shape: float, scale: float, share: float) -> None:
    check(judged("gamma", shape, scale), scipy.stats.gamma(shape, scale=scale), share)


@given(st.floats(-1e3, 1e3), POSITIVE, SHARES)
def test_normal(mean: float, sd: float, share: float) -> None:
    check(judged("normal", mean, sd), scipy.stats.norm(mean, sd), share)


@given(POSITIVE, st.floats(0.01, 5), SHARES)
def test_lognormal(median: float, sigma: float, share: float) -> None:
    check(judged("lognormal", median, sigma), scipy.stats.lognorm(sigma, scale=median), share)


@given(POSITIVE, SHARES)
def test_exponential(mean: float, share: float) -> None:
    check(judged("exponential", mean), scipy.stats.expon(scale=mean), share)


@given(st.floats(-5, 5), st.floats(0, 1), st.floats(0.01, 10), SHARES)
def test_triangular_and_pert(low: float, place: float, width: float, share: float) -> None:
    best, high = low + place * width, low + width
    mode = min(max((best - low) / (high - low), 0), 1)
    check(judged("triangular", low, best, high), scipy.stats.triang(mode, low, high - low), share)
    pert = scipy.stats.beta(1 + 4 * mode, 5 - 4 * mode, low, high - low)
    check(judged("pert", low, best, high), pert, share)


@given(POSITIVE, st.floats(1.01, 100), SHARES)
def test_scales(low: float, factor: float, share: float) -> None:
    high = low * factor
    check(judged("uniform", low, high), scipy.stats.uniform(low, high - low), share)
    check(judged("loguniform", low, high), scipy.stats.loguniform(low, high), share)
    best = math.sqrt(low * high)
    found = quantile(judged("logtriangular", low, best, high), 0.5)
    assert found == pytest.approx(best)


@given(st.floats(-12, 12), st.floats(0.01, 3), SHARES)
def test_truncation_far_out_in_a_tail(low: float, width: float, share: float) -> None:
    truncated = judged("normal", 0.0, 1.0, truncate=(low, low + width))
    reference = scipy.stats.truncnorm(low, low + width)
    assert quantile(truncated, share) == pytest.approx(float(reference.ppf(share)), rel=1e-7, abs=1e-7)
    assert mass(truncated) == pytest.approx(
        scipy.stats.norm.sf(low) - scipy.stats.norm.sf(low + width)
        if low > 0
        else scipy.stats.norm.cdf(low + width) - scipy.stats.norm.cdf(low),
        rel=1e-8,
    )


@pytest.mark.parametrize(
    ("judgement", "low", "middle", "high"),
    [
        (judged("fixed", 3.0), 3, 3, 3),
        (judged("uniform", 1.0, 3.0), 1, 2, 3),
        (judged("likelihood", 0.05, 0.2), 0.05, 0.125, 0.2),
        (judged("loguniform", 1.0, 100.0), 1, 10, 100),
        (judged("normal", 2.0, 5.0), -math.inf, 2, math.inf),
        (judged("lognormal", 0.3, 0.45), 0, 0.3, math.inf),
        (judged("exponential", 2.0), 0, 2 * math.log(2), math.inf),
        (judged("beta", 3.0, 3.0), 0, 0.5, 1),
        (judged("choice", 5.0, 1.0, 2.0, 0.2, 0.5, 0.3), 1, 1, 5),
        (judged("choice", 5.0, 1.0, 2.0, 0.4, 0.3, 0.3), 1, 2, 5),
        (judged("choice", 1.0, 2.0, 3.0, 1 / 3, 1 / 3, 1 / 3), 1, 2, 3),
        (judged("uniform", 0.0, 10.0, truncate=(None, 4.0)), 0, 2, 4),
        (judged("normal", 0.0, 1.0, truncate=(0.0, None)), 0, 0.6744897501960817, math.inf),
        (judged("beta", 2.0, 2.0, truncate=(-3.0, 7.0)), 0, 0.5, 1),
    ],
)
def test_ends_and_middle(judgement: Judgement, low: float, middle: float, high: float) -> None:
    assert support(judgement) == (low, high)
    assert central(judgement) == pytest.approx(middle, rel=1e-12)


@pytest.mark.parametrize(
    ("shape", "numbers", "reference"),
    [
        ("beta", (1e6, 1e6), scipy.stats.beta(1e6, 1e6)),
        ("beta", (1e6, 2.0), scipy.stats.beta(1e6, 2)),
        ("beta", (1e-3, 1e6), scipy.stats.beta(1e-3, 1e6)),
        ("gamma", (1e6, 2.0), scipy.stats.gamma(1e6, scale=2)),
        ("gamma", (1e-2, 3.0), scipy.stats.gamma(1e-2, scale=3)),
    ],
)
def test_the_largest_and_smallest_shapes(shape: str, numbers: tuple[float, ...], reference: Any) -> None:
    middle = central(judged(shape, *numbers))
    assert reference.cdf(middle) == pytest.approx(0.5, abs=1e-6)


def test_tails_agree_with_the_quantiles() -> None:
    for share in np.linspace(0.01, 0.99, 9).tolist():
        judgement = judged("pert", 0.0, 1.0, 3.0)
        assert cumulative(judgement, quantile(judgement, share)) == pytest.approx(share, abs=1e-12)


def test_an_unknown_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="has no distribution function"):
        cumulative(judged("cauchy", 0.0, 1.0), 0.0)
