"""Planted truths: scenarios written as text, whose driver, flip, box and shares are known in closed form.

``python -m benchmarks.study_planted 200`` is the same on two hundred.
"""

from __future__ import annotations

import pytest

from benchmarks.planted import FAMILIES, Planted, check, planted
from benchmarks.study_planted import DRAWS, Table, study
from parley.scenario import loads

SCENARIOS = 16  # four of each family
SURE = ("driver first", "driver by Shapley effect", "box: its sides named", "box: side within 0.02")
FLIPS = ("driver's threshold within 2 %", "driver's break-even within 2 %")
COVERED = (
    "share covered",
    "mean covered",
    "first-order covered",
    "total covered",
    "Shapley covered",
    "reversed covered",
    "threshold covered",
    "break-even covered",
)


@pytest.fixture(scope="module")
def table() -> Table:
    assert DRAWS >= 1024
    return study(SCENARIOS, 1024)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_planted_truths_are_true(family: str) -> None:
    """By brute force, without Parley: no closed form is off by more than five standard errors."""
    for seed in range(3):
        for what, apart in check(planted(family, seed), 1 << 16).items():
            assert apart < 5.0, f"{family} {seed}: {what}"


def test_the_texts_say_what_was_planted() -> None:
    for family in FAMILIES:
        of: Planted = planted(family, 1)
        scenario = loads(of.text)
        judged = {*scenario.parameters, *scenario.switches}
        assert judged == {each.name for each in of.factors}


@pytest.mark.parametrize("what", [*SURE, "box of more than 3 sides: 3 named"])
def test_drivers_and_boxes_are_found(table: Table, what: str) -> None:
    right, count = table.rate(what)
    assert count >= 1
    assert right == count, table.wrong(what)


@pytest.mark.parametrize("what", FLIPS)
def test_flips_are_found_within_two_percent(table: Table, what: str) -> None:
    right, count = table.rate(what)
    assert count >= 3
    assert right == count, table.wrong(what)


def test_what_does_nothing_is_not_told_from_nothing_too_often(table: Table) -> None:
    """An interval of 95 % leaves zero out by chance, one time in forty on its side."""
    right, count = table.rate("told from nothing")
    assert count >= 12
    assert right >= 0.9 * count


def test_intervals_cover(table: Table) -> None:
    """All of them together: each alone has too few here; two hundred scenarios tell them apart."""
    rates = [table.rate(what) for what in COVERED]
    covered, count = (sum(each) for each in zip(*rates, strict=True))
    assert count >= 100
    assert covered / count >= 0.92
    for what, (right, number) in zip(COVERED, rates, strict=True):
        assert number >= 3
        assert right / number >= 0.8, what
