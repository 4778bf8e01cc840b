"""Axes: round ticks, inside, at equal distances, each with a label of its own."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from parley.report.pictures.scales import LOG, around, scale

ENDS = st.floats(-1e8, 1e8).map(lambda value: round(value, 6))
POSITIVE = st.floats(1e-6, 1e8)


@given(ENDS, ENDS, st.integers(2, 8))
def test_ticks_are_round_even_and_inside(one: float, other: float, most: int) -> None:
    low, high = min(one, other), max(one, other)
    assume(high - low > 1e-7 * max(abs(low), abs(high), 1.0))
    axis = scale(low, high, 0.0, 100.0, most=most)
    assert 2 <= len(axis.ticks) <= most
    assert all(low <= tick <= high for tick in axis.ticks)
    gaps = [b - a for a, b in pairwise(axis.ticks)]
    assert max(gaps) - min(gaps) <= 1e-6 * (high - low)
    assert len(set(axis.labels)) == len(axis.labels)
    for tick, label in zip(axis.ticks, axis.labels, strict=True):
        if "\N{MULTIPLICATION SIGN}" not in label:
            assert math.isclose(float(label.replace(",", "")), tick, rel_tol=1e-6, abs_tol=1e-9)


@given(POSITIVE, POSITIVE, st.integers(2, 8))
def test_ticks_of_a_logarithmic_axis(one: float, other: float, most: int) -> None:
    low, high = min(one, other), max(one, other)
    assume(high > low * 1.001)
    axis = scale(low, high, 0.0, 100.0, kind=LOG, most=most)
    assert 2 <= len(axis.ticks) <= most
    assert all(low * (1 - 1e-9) <= tick <= high * (1 + 1e-9) for tick in axis.ticks)
    assert list(axis.ticks) == sorted(set(axis.ticks))
    assert len(set(axis.labels)) == len(axis.labels)


@given(ENDS, ENDS)
def test_an_axis_around_numbers_holds_them(one: float, other: float) -> None:
    low, high = around(min(one, other), max(one, other))
    assert low < high
    slack = 1e-9 * max(abs(low), abs(high))
    assert low - slack <= min(one, other)
    assert max(one, other) <= high + slack


@given(st.floats(0, 1), st.floats(0, 1))
def test_an_axis_of_chances_stays_within_them(one: float, other: float) -> None:
    low, high = around(min(one, other), max(one, other), floor=0.0, ceiling=1.0)
    assert 0 <= low < high <= 1


def test_places_follow_the_scale() -> None:
    assert scale(1, 100, 0, 10, kind=LOG).place(10) == pytest.approx(5)
    assert scale(0, 100, 10, 0).place(25) == pytest.approx(7.5)


@pytest.mark.parametrize(
    ("low", "high", "kind"), [(1, 1, "linear"), (2, 1, "linear"), (0, 1, LOG), (-1, 1, LOG)]
)
def test_what_is_no_axis_is_refused(low: float, high: float, kind: str) -> None:
    with pytest.raises(ValueError, match=r"no axis|no -?\d"):
        scale(low, high, 0, 1, kind=kind)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0, 1, ("0", "0.2", "0.4", "0.6", "0.8", "1.0")),
        (0, 1500, ("0", "500", "1,000", "1,500")),
        (-30, 0, ("-30", "-20", "-10", "0")),
        (0.95, 1.0, ("0.95", "0.96", "0.97", "0.98", "0.99", "1.00")),
    ],
)
def test_labels_are_what_one_would_write(low: float, high: float, labels: tuple[str, ...]) -> None:
    assert scale(low, high, 0, 1).labels == labels
