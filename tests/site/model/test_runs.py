"""A hundred runs: the same readings for every policy, split as all readings are."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import parley
from parley.findings.comparison import solved
from parley.site.model import Effect
from parley.site.model.effect import RUNS
from parley.site.model.runs import aligned, chosen
from parley.site.model.setting import AUTHOR
from parley.site.model.solver import Solver
from tests.site.model.test_records import effect


@given(st.integers(RUNS + 1, 700), st.floats(-1.5, 1.5), st.floats(0, 0.3), st.integers(0, 99))
def test_a_hundred_runs_are_split_as_all_readings_are(
    size: int, shift: float, ties: float, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    theirs = chance.normal(size=size)
    ours = np.where(chance.random(size) < ties, theirs, theirs + chance.normal(shift, 1.0, size))
    found = chosen(ours, theirs, np.ones(size, bool))
    assert len(set(found.tolist())) == RUNS
    assert found.tolist() == sorted(found.tolist())
    margin = (ours - theirs)[found]
    for sign in (1, -1):
        share = np.mean(sign * (ours - theirs) > 0)
        assert abs(np.count_nonzero(sign * margin > 0) - 100 * share) <= 0.5 + 1e-9
    mean, error = float(np.mean(ours - theirs)), float(np.std(ours - theirs))
    assert abs(float(margin.mean()) - mean) < 0.1 * max(error, 1e-9)


def test_fewer_than_a_hundred_are_all_there_are() -> None:
    whole = np.arange(150) % 3 > 0
    assert chosen(np.zeros(150), np.zeros(150), whole).tolist() == np.flatnonzero(whole).tolist()
    assert chosen(np.zeros(3), np.zeros(3), np.zeros(3, bool)).size == 0
    assert aligned(np.zeros((2, 0))) == ((), ())


@given(st.lists(st.lists(st.floats(-1e9, 1e9), min_size=3, max_size=3), min_size=1, max_size=20))
def test_short_values_keep_what_is_greater(runs: list[list[float]]) -> None:
    values = np.array(runs).T
    kept = np.array(aligned(values))
    assert np.allclose(kept, values, rtol=6e-4, atol=1e-8 * np.abs(values).max())
    for one in range(3):
        for other in range(3):
            apart = values[one] - values[other] > 4e-9 * np.abs(values).max()
            assert np.all(kept[one][apart] > kept[other][apart])


@given(st.floats(-1e6, 1e6), st.floats(1e-7, 1e-3), st.permutations([0, 0, 1, 2]))
def test_values_that_lie_close_stay_apart_and_equals_stay_equal(
    base: float, apart: float, steps: list[int]
) -> None:
    size = max(abs(base), 1.0)
    (found,) = zip(*aligned(np.array([[base + step * apart * size] for step in steps])), strict=True)
    for one, first in zip(found, steps, strict=True):
        for other, second in zip(found, steps, strict=True):
            assert (one > other) == (first > second)
            assert (one == other) == (first == second)


@pytest.fixture(scope="module")
def solver() -> Solver:
    return Solver(parley.load("which-event-first"))


def test_the_runs_of_all_policies_are_of_the_same_readings(solver: Solver) -> None:
    found = solver.solve(AUTHOR, 256, 7)
    results = solver.author(256, 7)
    first = found.criteria[0]
    values = {
        each.policy: solved(results, each.policy, results.criteria[0, each.policy]) for each in first.policies
    }
    rows = {tuple(float(f"{value:.4g}") for value in row) for row in zip(*values.values(), strict=True)}
    runs = list(zip(*(each.runs for each in first.policies), strict=True))
    assert len(runs) == RUNS
    assert sum(tuple(float(f"{value:.4g}") for value in run) in rows for run in runs) == RUNS
    tally = first.tally(first.against[0])
    ours, theirs = (
        [each.policy for each in first.policies].index(name) for name in (found.recommended, tally.rival)
    )
    assert tally.better is not None
    better = sum((run[ours] > run[theirs]) == first.higher and run[ours] != run[theirs] for run in runs)
    assert better == round(100 * tally.better), "the same number as in the sentence"


def test_a_short_solve_has_as_many_runs_as_readings(solver: Solver) -> None:
    found = solver.solve(AUTHOR, 32, 7)
    assert {len(each.runs) for each in found.criteria[0].policies} == {32}


def test_a_record_from_before_there_were_runs_is_read() -> None:
    content = json.loads(effect().to_json())
    for criterion in content["criteria"]:
        for policy in criterion["policies"]:
            del policy["runs"]
    assert Effect.from_json(json.dumps(content)).criteria[0].policies[0].runs == ()
