"""Joint flips are as near as closed forms and an optimiser say; brackets close on roots."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from parley.findings import JointFlip
from parley.findings.flips.roots import TOLERANCE, roots
from parley.scenario.model import Scenario
from tests.findings.planted import Plant, first, planted

__all__ = ["planted"]  # the fixture ``plant``

# --- joint flips ----------------------------------------------------------------------------------------


def joint_of(scenario: Scenario) -> JointFlip:
    joint = first(scenario).joint
    assert joint is not None
    return joint


@pytest.mark.parametrize("rank", [0.0, 0.6, -0.5])
def test_the_nearest_point_of_a_plane_is_found(plant: Plant, rank: float) -> None:
    together = f"together: [{{vary: [a, b], rank: {rank}}}]\n" if rank else ""
    parameters = ("a: {normal: {mean: 1, sd: 2}}", "b: {normal: {mean: -1, sd: 0.5}}")
    # In normal scores the margin is 1 + 2 x + 1.5 y.
    weights = np.array([2.0, 1.5])
    correlation = 2 * np.sin(np.pi * rank / 6)
    covariance = np.array([[1.0, correlation], [correlation, 1.0]])
    scenario = plant(*parameters, gone="3 + a + 3 * b", more=together)
    joint = joint_of(scenario)
    assert joint.supports
    assert joint.margin == pytest.approx(1.0)
    exact = 1.0 / np.sqrt(weights @ covariance @ weights)
    assert joint.least == pytest.approx(exact, rel=5e-3)
    point = -covariance @ weights / (weights @ covariance @ weights)
    moved = {move.name: move for move in joint.all_moves}
    assert moved["a"].value == pytest.approx(1 + 2 * point[0], abs=0.05)
    assert moved["a"].rank == pytest.approx(stats.norm.cdf(point[0]), abs=0.02)
    assert moved["b"].start == pytest.approx(-1)


def test_few_assumptions_are_named_and_both_sides_are_solved_again(plant: Plant) -> None:
    many = [f"x{n}: {{normal: {{mean: 0, sd: 1}}}}" for n in range(8)]
    small = " + ".join(f"0.05 * x{n}" for n in range(2, 8))
    scenario = plant(*many, gone=f"1.5 + x0 + 0.9 * x1 + {small}")
    joint = joint_of(scenario)
    assert joint.distance is not None
    assert joint.least is not None
    # x0 alone is at 1.5; with x1 at 1.5 / 1.345 = 1.115; all at 1.5 / 1.351 = 1.110.
    assert joint.least == pytest.approx(1.5 / np.sqrt(1 + 0.81 + 6 * 0.0025), rel=5e-3)
    assert [move.name for move in joint.moves] == ["x0"]
    assert joint.distance == pytest.approx(1.5, rel=5e-3)
    assert joint.before is not None
    assert joint.after is not None
    assert joint.before > 0 > joint.after
    far = plant(*many[:3], gone="3.3 + x0 + x1 + x2")
    joint = joint_of(
        far
    )  # one alone cannot (3.3 > 3.09); two at 2.33, all three at 1.905: two are near enough
    assert len(joint.moves) == 2
    assert joint.distance == pytest.approx(3.3 / np.sqrt(2), rel=5e-3)
    harder = plant(*many[:3], gone="7 + x0 + x1 + x2")
    assert len(joint_of(harder).moves) == 3


def test_a_centre_that_contradicts_is_said_and_the_nearest_support_found(plant: Plant) -> None:
    joint = joint_of(plant("a: {normal: {mean: 0, sd: 1}}", gone="a - 0.5"))
    assert not joint.supports
    assert joint.margin == pytest.approx(-0.5)
    (move,) = joint.moves
    assert move.value == pytest.approx(0.5, rel=1e-3)
    assert move.rank == pytest.approx(stats.norm.cdf(0.5), abs=1e-3)


def test_a_tie_at_the_centre_has_no_joint_flip(plant: Plant) -> None:
    assert first(plant("a: {normal: {mean: 0, sd: 1}}", gone="a")).joint is None


@pytest.mark.parametrize(
    "margin",
    [
        "2 - a * b - 0.3 * a^2 - b",
        "3 + a + 0.8 * b + 0.5 * a * b - 0.6 * c^2 + 0.3 * b * c",
        "exp(0.5 * a - 0.7 * b) + 0.2 * c - 0.4",
    ],
)
def test_a_curved_surface_is_as_near_as_an_optimiser_says(plant: Plant, margin: str) -> None:
    names = ["a", "b", "c"]
    scenario = plant(*(f"{n}: {{normal: {{mean: 0, sd: 1}}}}" for n in names), gone=f"{margin} + 0 * c")
    joint = joint_of(scenario)
    formula = margin.replace("^", "**")

    def value(z: np.ndarray) -> float:
        return float(eval(formula, {"exp": np.exp}, dict(zip(names, z, strict=True))))

    nearest_ = np.inf
    for start in np.random.default_rng(1).normal(size=(40, 3)):
        solved = optimize.minimize(
            lambda z: float(z @ z), 2 * start, constraints={"type": "eq", "fun": value}, method="SLSQP"
        )
        if solved.success and abs(value(solved.x)) < 1e-6:
            nearest_ = min(nearest_, float(np.sqrt(solved.fun)))
    assert joint.least == pytest.approx(nearest_, rel=3e-3)


# --- roots ----------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.floats(-50, 50).filter(lambda x: abs(x) > 1e-3),
            st.floats(0.01, 60),
            st.floats(0.01, 60),
            st.sampled_from([0.3, 1.0, 3.0, 7.0]),
            st.booleans(),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_brackets_close_on_the_root(cases: list[tuple[float, float, float, float, bool]]) -> None:
    root, below, above, power, falls = (np.array(each) for each in zip(*cases, strict=True))
    sign = np.where(falls, -1.0, 1.0)

    def function(which: np.ndarray, x: np.ndarray) -> np.ndarray:
        apart = x - root[which]
        return np.asarray(sign[which] * np.sign(apart) * np.abs(apart) ** power[which])

    every = np.arange(root.size)
    low, high = root - below, root + above
    solved = roots(function, low, high, function(every, low), function(every, high), floor=1e-3)
    width = TOLERANCE * np.maximum(np.maximum(np.abs(solved.low), np.abs(solved.high)), 1e-3)
    assert (solved.high - solved.low <= 1.01 * width).all()
    assert ((solved.low <= root) & (root <= solved.high)).all()
    assert ((solved.low <= solved.value) & (solved.value <= solved.high)).all()


def test_a_root_behind_what_is_undefined_is_none() -> None:
    ends = np.array([0.0]), np.array([1.0])
    solved = roots(
        lambda which, x: np.where(x > 0.4, np.nan, x - 0.45), *ends, np.array([-0.45]), np.array([0.55])
    )
    assert np.isnan([solved.value, solved.low, solved.high]).all()
