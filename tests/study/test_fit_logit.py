"""The strategic logit: known weights are found again, and intervals cover as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, stats

import parley
from parley.catalog import locate
from parley.study import Fit, fit
from parley.study.climb import Box, Objective, climb
from parley.study.coordinates import Coordinate, box_of
from parley.study.information import information
from parley.study.profiles import crossings
from tests.study.crises import NAMES, OUTCOMES, TRUTH, causes, chances, drawn, table

SETS = 200
BOX = Box(np.full(6, -20.0), np.full(6, 20.0), np.ones(6))
FILE = locate("signorino-1999/strategic-logit-data").with_name("crises.csv")


@pytest.fixture(scope="module")
def found() -> Fit:
    return fit(parley.load("signorino-1999/strategic-logit-data"), FILE, NAMES)


def rows() -> tuple[np.ndarray, np.ndarray]:
    lines = [line.split(",") for line in FILE.read_text(encoding="utf-8").splitlines()[1:]]
    cause = np.array([[float(each) for each in line[1:]] for line in lines]).T
    return cause, np.array([OUTCOMES.index(line[0]) for line in lines])


def test_the_crises_are_those_that_were_drawn() -> None:
    assert FILE.read_text(encoding="utf-8") == table()


def test_the_engine_finds_the_maximum_of_the_closed_form(found: Fit) -> None:
    cause, what = rows()
    crisis = np.arange(len(what))

    def lost(weights: np.ndarray) -> float:
        return -float(np.sum(np.log(chances(weights, cause)[what, crisis])))

    best = optimize.minimize(lost, np.zeros(6), method="BFGS", options={"gtol": 1e-6})
    assert found.log_likelihood == pytest.approx(-best.fun, abs=1e-8)
    assert [each.value for each in found.estimates] == pytest.approx(list(best.x), abs=1e-4)
    # Expected information, from first derivatives alone: for this many crises close to the observed one.
    step = 1e-6 * np.eye(6)
    slopes = [(chances(best.x + each, cause) - chances(best.x - each, cause)) / 2e-6 for each in step]
    expected = np.einsum("iax,jax,ax->ij", slopes, slopes, 1 / chances(best.x, cause))
    errors = np.sqrt(np.diag(np.linalg.inv(expected)))
    assert [each.error for each in found.estimates] == pytest.approx(list(errors), rel=0.2)


def test_the_true_weights_lie_in_their_intervals(found: Fit) -> None:
    for each, true in zip(found.estimates, TRUTH, strict=True):
        for interval in (each.profile, each.wald):
            assert interval is not None
            assert (interval.low or -np.inf) < true < (interval.high or np.inf), each.name


def test_a_profile_end_is_where_the_likelihood_ratio_says(found: Fit) -> None:
    cause, what = rows()
    crisis = np.arange(len(what))
    calm = found.estimates[3]
    assert calm.name == "calm"
    for end in (calm.profile.low, calm.profile.high):
        assert end is not None

        def lost(others: np.ndarray, held: float = end) -> float:
            weights = np.insert(others, 3, held)
            return -float(np.sum(np.log(chances(weights, cause)[what, crisis])))

        start = np.delete(np.array([each.value for each in found.estimates]), 3)
        best = optimize.minimize(lost, start, method="BFGS", options={"gtol": 1e-6})
        deviance = 2 * (found.log_likelihood + best.fun)
        assert deviance == pytest.approx(stats.chi2.ppf(0.95, 1), abs=1e-3)


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """200 data sets of 600 crises, all climbed in step; three standard deviations of a share are allowed."""
    rng = np.random.default_rng(7)
    cause = causes(rng)
    chance = chances(TRUTH, cause)
    what = np.stack([drawn(rng, chance) for _ in range(SETS)])
    crisis = np.arange(cause.shape[1])

    def likelihood(search: np.ndarray, weights: np.ndarray) -> np.ndarray:
        logarithms = np.log(chances(weights, cause))
        return np.asarray([logarithms[what[each], crisis, point].sum() for point, each in enumerate(search)])

    peaks = climb(likelihood, np.zeros((6, SETS)), BOX)
    assert peaks.converged.mean() > 0.98
    coordinates = [Coordinate(name, "linear", -20.0, 20.0, 0.0, 1.0, (True, True)) for name in NAMES]
    covered, calm = [], []
    for each in range(SETS):
        best = peaks.point[:, each]

        def one(_: np.ndarray, weights: np.ndarray, each: int = each) -> np.ndarray:
            return likelihood(np.full(weights.shape[1], each), weights)

        local = information(one, coordinates, box_of(coordinates), best)
        errors = np.sqrt(np.diag(local.covariance))
        covered.append(np.abs(best - TRUTH) <= 1.96 * errors)
        if each < 50:
            held = np.delete(np.arange(6), 3)
            calm.append(_covers(one, best, errors[3], held))
    share = np.mean(covered, axis=0)
    slack = 3 * np.sqrt(0.05 * 0.95 / SETS)
    # Skewed weights (prize, war) make the symmetric interval somewhat short in 600 crises; see the profile.
    assert np.all(share > 0.95 - slack), share
    assert np.all(share < 0.95 + slack + 1e-9), share
    assert np.mean(calm) > 0.95 - 3 * np.sqrt(0.05 * 0.95 / 50)


def _covers(one: Objective, best: np.ndarray, error: float, held: np.ndarray) -> bool:
    """Whether the profile interval of `calm` covers the truth, the other weights at their best."""
    box = Box(np.full(1, -20.0), np.full(1, 20.0), np.ones(1))
    value = float(one(np.zeros(1, dtype=np.int64), best[:, None])[0])

    def alone(_: np.ndarray, places: np.ndarray) -> np.ndarray:
        start = np.repeat(best[:, None], places.shape[1], axis=1)
        start[3] = places[0]
        free = np.zeros(start.shape, dtype=np.bool_)
        free[held] = True
        return climb(one, start, BOX, free).value

    ends = crossings(
        alone, box, best[3:4], value, np.full((1, 1), error), float(stats.chi2.ppf(0.95, 1))
    ).ends[0]
    assert ends.low is not None
    assert ends.high is not None
    return bool(ends.low <= TRUTH[3] <= ends.high)
