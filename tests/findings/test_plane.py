"""Failures in the plane of two numbers: which two, and how many where."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from parley.findings import Findings, assess
from parley.findings.discovery import discover
from parley.findings.discovery.box import Inputs
from parley.findings.discovery.labels import Label, Offered
from parley.findings.discovery.plane import CELLS, apart, chosen_rows, plane
from parley.findings.discovery_model import Plane, Restriction
from tests.findings.test_discovery import box, planted


def of(values: list[list[float]], failed: list[bool]) -> Plane | None:
    rows = tuple(np.asarray(row) for row in values)
    labels = tuple(Label(f"x{row}", "parameter", None, None) for row in range(len(rows)))
    offer = Offered(labels, rows, (None,) * len(rows), np.ones(rows[0].size, dtype=np.bool_))
    return plane(offer, (0, 1), np.arange(rows[0].size), np.asarray(failed, dtype=np.bool_))


def test_the_plane_of_a_planted_box_is_that_of_its_two_numbers() -> None:
    found = planted(box)
    failure = discover(found)[0]
    assert failure.plane is not None
    assert {failure.plane.across.name, failure.plane.up.name} == {"x2", "x5"}
    assert sum(map(sum, failure.plane.counts)) == failure.share.count == 2048
    assert sum(map(sum, failure.plane.failures)) == round((failure.share.share or 0) * 2048)
    for axis in (failure.plane.across, failure.plane.up):
        assert len(axis.edges) == CELLS + 1
        assert axis.middle == np.median(found.parameters[axis.name])
    columns = np.sum(failure.plane.counts, axis=0)
    assert set(columns.tolist()) <= {170, 171}  # 2048 / 12
    # Nine in ten fail inside, one in ten outside; cells across a bound lie between.
    share = np.asarray(failure.plane.failures) / np.asarray(failure.plane.counts)
    if failure.plane.across.name == "x2":
        share = share.T
    inside = share[6:, :5]
    outside = share[:4]
    assert inside.mean() == pytest.approx(0.9, abs=0.06)
    assert outside.mean() == pytest.approx(0.1, abs=0.06)


def test_what_bounds_nothing_is_chosen_by_how_far_failures_lie_apart() -> None:
    failure = discover(planted(lambda x, g: (x[1] > 0.5) ^ (g.random(x.shape[1]) < 0.3 * x[4])))[0]
    assert [each.name for region in failure.regions for each in region.restrictions] == ["x1"]
    assert failure.plane is not None
    assert failure.plane.across.name == "x1"
    vague = discover(planted(lambda x, g: g.random(x.shape[1]) < 0.35 + 0.12 * (x[1] > 0.5), draws=8192))[0]
    assert vague.word == "none"
    assert vague.plane is not None
    assert "x1" in (vague.plane.across.name, vague.plane.up.name)


def test_of_several_bounds_the_two_that_are_worth_most_are_shown() -> None:
    generator = np.random.default_rng(3)
    inputs = Inputs(np.vstack([generator.random((4, 100)), np.zeros((1, 100))]), (None,) * 4 + (("on",),))
    labels = [Label(name, "parameter", None, None) for name in "abcds"]
    failed = inputs.values[3] > 0.5

    def bounds(**worth: float) -> list[Restriction]:
        return [
            Restriction(name, "parameter", None, None, 0.5, None, ("on",) if name == "s" else (), 0.0, each)
            for name, each in worth.items()
        ]

    assert chosen_rows(labels, inputs, failed, bounds(a=0.1, b=0.3, c=0.2, s=0.9)) == (1, 2)
    assert chosen_rows(labels, inputs, failed, bounds(c=0.1, s=0.9)) == (2, 3)
    assert chosen_rows(labels, inputs, failed, bounds())[0] == 3  # type: ignore[index]


def test_without_two_numbers_there_is_no_plane() -> None:
    assert discover(planted(lambda x, g: x[0] < 0.5, inputs=1))[0].plane is None
    assert discover(planted(lambda x, g: x[0] < 0.001))[0].plane is None


def test_readings_that_cannot_be_compared_are_not_counted() -> None:
    found = planted(box)
    values = found.parameters["x0"].copy()
    values[:300] = np.nan
    failure = discover(replace(found, parameters={**found.parameters, "x0": values}))[0]
    assert failure.plane is not None
    assert sum(map(sum, failure.plane.counts)) == 1748


VALUES = st.lists(st.floats(-1e6, 1e6) | st.sampled_from([0.0, 1.0, 2.0]), min_size=2, max_size=80)


@given(VALUES, st.data())
@settings(max_examples=100, deadline=None)
def test_every_reading_is_counted_where_its_cell_is(across: list[float], data: st.DataObject) -> None:
    size = len(across)
    up = data.draw(st.lists(st.floats(-5, 5), min_size=size, max_size=size))
    failed = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    found = of([across, up], failed)
    if min(across) == max(across) or min(up) == max(up):
        assert found is None
        return
    assert found is not None
    for row, line in enumerate(found.counts):
        for column, count in enumerate(line):
            inside = [
                _within(x, found.across.edges, column) and _within(y, found.up.edges, row)
                for x, y in zip(across, up, strict=True)
            ]
            assert count == sum(inside)
            assert found.failures[row][column] == sum(
                here and fails for here, fails in zip(inside, failed, strict=True)
            )


def _within(value: float, edges: tuple[float, ...], cell: int) -> bool:
    return (edges[cell] < value or (cell == 0 and edges[0] <= value)) and value <= edges[cell + 1]


@given(VALUES, st.data())
@settings(max_examples=100, deadline=None)
def test_the_distance_is_that_of_kolmogorov_and_smirnov(values: list[float], data: st.DataObject) -> None:
    drawn = data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values)))
    failed, numbers = np.asarray(drawn), np.asarray(values)
    if failed.all() or not failed.any():
        assert apart(numbers, failed) == 0.0
        return
    with (
        warnings.catch_warnings()
    ):  # of the p-value, which nobody asks for: its exact form overflows for some counts
        warnings.simplefilter("ignore", RuntimeWarning)
        expected = ks_2samp(numbers[failed], numbers[~failed]).statistic
    assert apart(numbers, failed) == pytest.approx(expected, abs=1e-12)


def test_findings_with_a_plane_read_back_equal() -> None:
    findings = assess(planted(box))
    assert findings.discovery is not None
    assert findings.discovery[0].plane is not None
    assert Findings.from_json(findings.to_json()) == findings


def test_files_of_before_have_no_plane() -> None:
    content = json.loads(assess(planted(box)).to_json())
    del content["discovery"][0]["plane"]
    read = Findings.from_json(json.dumps(content))
    assert read.discovery is not None
    assert read.discovery[0].plane is None
