"""Searches in step find what closed forms and SciPy find, also at bounds and where there is no value."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import optimize, stats

from parley.study.climb import Box, climb, differences
from parley.study.profiles import crossings

Values = NDArray[np.float64]
number = st.floats(-3, 3)


def box(size: int, low: float = -50.0, high: float = 50.0) -> Box:
    return Box(np.full(size, low), np.full(size, high), np.ones(size))


@settings(max_examples=40)
@given(st.lists(number, min_size=6, max_size=6), st.lists(number, min_size=3, max_size=3))
def test_a_quadratic_is_climbed_to_its_top(entries: list[float], top: list[float]) -> None:
    root = np.zeros((3, 3))
    root[np.tril_indices(3)] = entries
    matrix, peak = root @ root.T + 0.3 * np.eye(3), np.array(top)[:, None]

    def height(_: NDArray[np.int64], x: Values) -> Values:
        return np.asarray(-np.einsum("ip,ij,jp->p", x - peak, matrix, x - peak))

    found = climb(height, np.array([[0.0, 9.0], [0.0, -9.0], [0.0, 4.0]]), box(3))
    assert found.converged.all()
    np.testing.assert_allclose(found.point, np.repeat(peak, 2, axis=1), atol=1e-4)
    local = differences(height, found.point, np.full((3, 2), 0.1), np.ones((3, 2), dtype=bool), box(3))[0]
    np.testing.assert_allclose(local.curvature, -2 * matrix, rtol=1e-6, atol=1e-8)


@settings(max_examples=30)
@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(-0.9, 0.9))
def test_bounds_bind_as_they_do_for_scipy(x: float, y: float, twist: float) -> None:
    matrix = np.array([[1.0, twist], [twist, 1.0]])
    peak = np.array([x, y])

    def height(_: NDArray[np.int64], at: Values) -> Values:
        apart = at - peak[:, None]
        return np.asarray(-np.einsum("ip,ij,jp->p", apart, matrix, apart) - 0.1 * np.sum(at**4, axis=0))

    found = climb(height, np.zeros((2, 1)), box(2, -1.0, 1.0))
    best = optimize.minimize(
        lambda at: -height(np.zeros(1, dtype=np.int64), at[:, None])[0],
        np.zeros(2),
        bounds=[(-1, 1), (-1, 1)],
        method="L-BFGS-B",
        options={"ftol": 1e-15, "gtol": 1e-10},
    )
    assert found.value[0] == pytest.approx(-best.fun, abs=1e-7)
    assert np.all(np.abs(found.point) <= 1.0)


def test_a_region_without_values_is_kept_out_of() -> None:
    def height(_: NDArray[np.int64], x: Values) -> Values:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.where(x[0] > 0, np.log(x[0]) - x[0], -np.inf))

    found = climb(height, np.array([[0.02, 5.0, 40.0]]), box(1))
    np.testing.assert_allclose(found.point, 1.0, atol=1e-4)
    nowhere = climb(height, np.array([[-1.0]]), box(1))
    assert not nowhere.converged[0]


def test_searches_do_not_disturb_each_other() -> None:
    shift = np.linspace(-2, 2, 7)

    def height(search: NDArray[np.int64], x: Values) -> Values:
        return np.asarray(-np.cosh(x[0] - shift[search]) - (x[1] - x[0]) ** 2)

    start = np.stack([np.zeros(7), np.linspace(-5, 5, 7)])
    together = climb(height, start, box(2))
    np.testing.assert_allclose(together.point[0], shift, atol=1e-5)
    for each in range(7):

        def alone(search: NDArray[np.int64], x: Values, each: int = each) -> Values:
            return height(np.full(x.shape[1], each), x)

        np.testing.assert_array_equal(
            climb(alone, start[:, [each]], box(2)).point[:, 0], together.point[:, each]
        )


def test_a_search_that_creeps_far_below_is_given_up() -> None:
    def height(_: NDArray[np.int64], x: Values) -> Values:
        # a peak of height 5 at 0, and beyond 10 a slope that rises for ever, ever more slowly, to 1
        return np.asarray(np.where(x[0] < 10, 5 - x[0] ** 2, 1 - 1 / np.log(np.maximum(x[0], 10))))

    wide = Box(np.full(1, -1e12), np.full(1, 1e12), np.ones(1))
    free, raced = (climb(height, np.array([[1.0, 20.0]]), wide, rivals=rivals) for rivals in (False, True))
    assert raced.rounds < free.rounds
    assert raced.converged[0]
    assert not raced.converged[1]


@settings(max_examples=20)
@given(st.floats(0.05, 20), st.floats(-0.95, 0.95), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_profile_ends_of_a_normal_are_its_symmetric_interval(
    deviation: float, correlation: float, confidence: float
) -> None:
    covariance = np.array([[deviation**2, correlation * deviation], [correlation * deviation, 1.0]])
    matrix = np.linalg.inv(covariance)

    def height(_: NDArray[np.int64], x: Values) -> Values:
        return np.asarray(-0.5 * np.einsum("ip,ij,jp->p", x, matrix, x))

    far = Box(np.full(2, -1e6), np.full(2, 1e6), np.ones(2))
    level = float(stats.chi2.ppf(confidence, 1))
    # first trials that are far off, as where the standard error is not known
    found = crossings(height, far, np.zeros(2), 0.0, np.diag([0.7, 3.0]), level)
    assert found.better is None
    for row, error in enumerate((deviation, 1.0)):
        ends = found.ends[row]
        assert ends.low == pytest.approx(-np.sqrt(level) * error, rel=1e-3)
        assert ends.high == pytest.approx(np.sqrt(level) * error, rel=1e-3)


def test_a_profile_that_never_falls_has_no_end_and_a_better_point_is_told() -> None:
    def rising(_: NDArray[np.int64], x: Values) -> Values:
        return np.asarray(-np.logaddexp(0.0, -x[0]) * 10)

    found = crossings(rising, box(1), np.array([30.0]), 0.0, np.ones((1, 1)), 3.84)
    assert found.ends[0].high is None
    assert found.ends[0].low == pytest.approx(-np.log(np.expm1(0.192)), abs=1e-3)

    def two(_: NDArray[np.int64], x: Values) -> Values:
        return np.asarray(-((x[0] ** 2 - 4) ** 2) / 40 + 0.1 * x[0])

    peak = climb(two, np.array([[-2.5]]), box(1))
    met = crossings(two, box(1), peak.point[:, 0], float(peak.value[0]), np.full((1, 1), 2.0), 3.84)
    assert met.better is not None
    assert met.better[0] > 0
