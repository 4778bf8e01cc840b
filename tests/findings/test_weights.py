"""Weighted statistics against closed forms, and their errors against the spread that they state."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from parley.findings.statistics import sampling_error, share
from parley.findings.weights import change, effective, mean, quantiles, weighted_error, weighted_share

NUMBERS = st.lists(st.floats(0, 100), min_size=32, max_size=96)


@given(NUMBERS)
def test_equal_weights_change_nothing(values: list[float]) -> None:
    array, draw = np.array(values), np.arange(len(values))
    weight = np.full(len(values), 3.0)
    assert mean(array, weight) == pytest.approx(array.mean())
    assert weighted_error(array, weight, draw) == pytest.approx(sampling_error(array, draw), abs=1e-9)
    assert change(array, weight, draw) == pytest.approx((0.0, 0.0), abs=1e-9)
    assert effective(weight) == pytest.approx(len(values))


@given(NUMBERS, st.integers(0, 2**32 - 1))
def test_a_whole_number_of_copies_is_a_weight(values: list[float], seed: int) -> None:
    array = np.array(values)
    copies = np.random.default_rng(seed).integers(0, 4, len(values))
    if copies.any():
        repeated = np.repeat(array, copies)
        assert mean(array, copies.astype(float)) == pytest.approx(repeated.mean())
        # Fewer readings are worth as much than there are copies, unless all weigh the same.
        assert effective(copies.astype(float)) <= np.count_nonzero(copies) + 1e-9


def test_undefined_values_take_their_weight_with_them() -> None:
    values, weight = np.array([1.0, np.nan, 3.0]), np.array([1.0, 8.0, 1.0])
    assert mean(values, weight) == 2.0
    assert quantiles(values, weight, (0.5,)) == (2.0,)
    assert mean(values, np.array([0.0, 1.0, 0.0])) is None
    assert quantiles(values, np.array([0.0, 1.0, 0.0]), (0.5,)) is None
    assert weighted_error(values, weight, np.zeros(3, dtype=np.int64)) is None


def test_undefined_weight_counts_for_neither_side() -> None:
    won = np.array([1.0, 0.0, np.nan] * 32)
    weight = np.array([2.0, 1.0, 1.0] * 32)
    found = weighted_share(won, weight, np.arange(96))
    assert found.share == pytest.approx(2 / 3)
    assert found.error is not None
    assert found.lower == pytest.approx(0.5 - found.error)
    assert found.upper == pytest.approx(0.75 + found.error)
    assert (found.defined, found.undefined) == (64, 32)


def test_equal_weights_give_the_share_of_the_statistics() -> None:
    won = (np.arange(512) * 7 % 512 < 300).astype(float)
    assert weighted_share(won, np.ones(512), np.arange(512)) == share(won, np.arange(512))


def test_what_few_effective_readings_never_showed_may_still_happen() -> None:
    weight = np.concatenate([np.ones(32), np.full(992, 1e-6)])
    found = weighted_share(np.ones(1024), weight, np.arange(1024))
    assert found.error == pytest.approx(3 / effective(weight))
    assert effective(weight) < 33


def test_quantiles_are_those_of_the_weighted_distribution() -> None:
    # Weights x on even values between 0 and 1 give the density 2 x, with quantiles the roots.
    values = (np.arange(4096) + 0.5) / 4096
    found = quantiles(values, values, (0.05, 0.5, 0.95))
    assert found == pytest.approx(tuple(np.sqrt([0.05, 0.5, 0.95])), abs=2e-4)


def test_errors_are_as_wide_as_they_say() -> None:
    """For independent readings the half-width over Student's t is, on average, the true standard error."""
    rng = np.random.default_rng(11)
    student, draw = stats.t(15).ppf(0.975), np.arange(512)
    rows = []
    for _ in range(600):
        values = rng.normal(size=512)
        weight = np.exp(0.7 * values + 0.5 * rng.normal(size=512))
        rows.append(
            [mean(values, weight), weighted_error(values, weight, draw), *change(values, weight, draw)]
        )
    means, wide, changes, narrow = np.array(rows, dtype=np.float64).T
    assert np.sqrt(np.mean(wide**2)) / student == pytest.approx(np.std(means), rel=0.1)
    assert np.sqrt(np.mean(narrow**2)) / student == pytest.approx(np.std(changes), rel=0.1)
    assert np.std(changes) < 0.9 * np.std(means)  # both means are of the same readings
    inside = np.abs(changes - np.mean(changes)) <= narrow
    assert stats.binomtest(int(inside.sum()), 600, 0.95).pvalue > 0.001
