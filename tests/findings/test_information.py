"""The value of information against closed forms, quadrature and nothing at all."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import integrate
from scipy.stats import norm, qmc

from parley.findings import Information, assess
from parley.findings.conditional import (
    ENTER,
    FEW,
    cells,
    degrees,
    fit,
    group_basis,
    joint_basis,
    rank_basis,
)
from parley.findings.information import information
from parley.report.information import perfect, rest, rows
from parley.scenario.model import Draw, Payoff, Ranking
from parley.study.results import Results
from tests.findings.synthetic import SPAN, expression, judgement, parameter, results

Values = NDArray[np.float64]
READINGS = 10_000


def uniforms(rows: int, draws: int = READINGS, seed: int = 0, design: str = "sobol") -> Values:
    """Draws of a design of 16 scramblings side by side, as Parley's own, or independent ones."""
    if design == "independent":
        return np.random.default_rng(seed).uniform(size=(rows, draws))
    each = 1 << max(0, int(draws - 1).bit_length() - 4)
    copies = [qmc.Sobol(rows, rng=np.random.default_rng([seed, r])).random(each) for r in range(16)]
    points: Values = np.clip(np.stack(copies, axis=1).reshape(-1, rows).T[:, :draws], 1e-12, 1 - 1e-12)
    return points


def asked(
    parameters: dict[str, Values], policies: dict[str, Values], *, higher: bool = True, **other: object
) -> Information:
    """What information is worth by one criterion for the choice between these policies."""
    draws = next(iter(policies.values())).size
    base = results(draws)
    comparison = base.scenario.comparison
    assert comparison is not None
    scenario = replace(
        base.scenario,
        comparison=replace(comparison, by=(replace(comparison.by[0], higher=higher),)),
        parameters={name: parameter(name, judgement("uniform", 0.0, 1.0)) for name in parameters},
        **other.pop("scenario", {}),  # type: ignore[arg-type]
    )
    tables = replace(
        base,
        scenario=scenario,
        parameters=parameters,
        policies=tuple(policies),
        criteria={(0, name): values for name, values in policies.items()},
        **other,  # type: ignore[arg-type]
    )
    found = information(tables)
    assert found is not None
    return found[0]


def two(difference: Values, **parameters: Values) -> Information:
    return asked(parameters, {"status quo": np.zeros(difference.size), "short list": difference})


@dataclass(frozen=True)
class Worth:
    """The numbers of one input, all of which must exist."""

    value: float
    error: float
    chance: float
    chance_error: float
    floor: float
    kind: str
    distinguishable: bool


def exists(number: float | None) -> float:
    assert number is not None
    return number


def of(found: Information, name: str) -> Worth:
    item = next(item for item in found.inputs if item.name == name)
    return Worth(
        value=exists(item.value),
        error=exists(item.error),
        chance=exists(item.chance),
        chance_error=exists(item.chance_error),
        floor=exists(item.floor),
        kind=item.kind,
        distinguishable=item.distinguishable,
    )


def unit_loss(mean: float, deviation: float) -> float:
    """E[max(0, N(mean, deviation))] - max(0, mean)."""
    z = -abs(mean) / deviation
    return float(deviation * (norm.pdf(z) + z * norm.cdf(z)))


@pytest.mark.parametrize("design", ["sobol", "independent"])
@pytest.mark.parametrize("mean", [-1.0, -0.1, 0.3])
def test_linear_and_gaussian_is_the_unit_normal_loss(mean: float, design: str) -> None:
    """Two policies that differ by a mean and a sum of weighted standard normals: closed forms."""
    z = norm.ppf(uniforms(4, design=design))
    coefficient = {"a": 1.0, "b": 0.5, "c": 0.25}
    difference = mean + sum(weight * z[i] for i, weight in enumerate(coefficient.values()))
    found = two(difference, **{name: z[i] for i, name in enumerate(coefficient)}, nothing=z[3])
    whole = float(np.sqrt(sum(weight**2 for weight in coefficient.values())))
    assert found.choice == ("short list" if mean > 0 else "status quo")
    assert found.perfect == pytest.approx(unit_loss(mean, whole), abs=2 * exists(found.perfect_error))
    assert found.perfect_chance == pytest.approx(
        norm.cdf(-abs(mean) / whole), abs=2 * exists(found.perfect_chance_error)
    )
    for name, weight in coefficient.items():
        item = of(found, name)
        true = unit_loss(mean, weight)
        # What is below the floor may be read as nothing.
        assert item.value == pytest.approx(
            true, abs=2 * item.error + (item.floor if true < item.floor else 0.0)
        )
        if item.distinguishable:
            assert item.chance == pytest.approx(norm.cdf(-abs(mean) / weight), abs=item.chance_error + 0.01)
    assert found.inputs[0].name == "a"
    assert of(found, "nothing").value == 0.0


def test_the_design_makes_it_exact() -> None:
    z = norm.ppf(uniforms(3))
    found = two(-0.1 + z[0] + 0.5 * z[1] + 0.25 * z[2], a=z[0], b=z[1], c=z[2])
    for name, weight in (("a", 1.0), ("b", 0.5), ("c", 0.25)):
        assert of(found, name).value == pytest.approx(unit_loss(-0.1, weight), rel=0.02)


def test_nonlinear_is_what_quadrature_says() -> None:
    """V = sin(6 x) exp(y) - 0.2 with x, y uniform: E[V | x] = (e - 1) sin(6 x) - 0.2, many switches."""
    x, y, other = uniforms(3)
    found = two(np.sin(6 * x) * np.exp(y) - 0.2, x=x, y=y, other=other)
    kinks = [(np.arcsin(0.2 / (math.e - 1))) / 6, (np.pi - np.arcsin(0.2 / (math.e - 1))) / 6]

    def by_x(x: float) -> float:
        return max(0.0, float((math.e - 1) * np.sin(6 * x) - 0.2))

    mean = (math.e - 1) * (1 - np.cos(6)) / 6 - 0.2
    true = integrate.quad(by_x, 0, 1, points=kinks)[0] - max(0.0, mean)
    item = of(found, "x")
    assert item.value == pytest.approx(true, rel=0.02, abs=item.error)
    # E[V | y] = exp(y) (1 - cos 6) / 6 - 0.2 is negative for all y: knowing y alone changes nothing.
    assert of(found, "y").value == 0.0
    assert of(found, "other").value == 0.0


def test_a_jump_is_found() -> None:
    """What polynomials blur, a threshold inside an input, its parts put right."""
    x, noise = uniforms(2)
    found = two(np.where(x > 0.83, 2.0, -1.0) + noise - 0.5, x=x, noise=noise)
    assert of(found, "x").value == pytest.approx(0.34, rel=0.015)
    assert of(found, "x").chance == pytest.approx(0.17, abs=of(found, "x").chance_error)


def test_three_policies_and_the_good_side() -> None:
    """E[max(0, x - 1/2, 1/2 - x)] = 1/4 for x uniform, and the same where less is better."""
    x, y = uniforms(2)
    policies = {"status quo": 0.05 * (y - 0.5), "short list": x - 0.5, "pause": 0.5 - x}
    more = asked({"x": x, "y": y}, policies)
    assert of(more, "x").value == pytest.approx(0.25, rel=0.01)
    less = asked({"x": x, "y": y}, {name: -values for name, values in policies.items()}, higher=False)
    assert less.inputs == more.inputs
    assert (less.perfect, less.perfect_chance, less.choice) == (
        more.perfect,
        more.perfect_chance,
        more.choice,
    )


@pytest.mark.parametrize("design", ["sobol", "independent"])
@pytest.mark.parametrize("mean", [0.0, -0.3])
def test_irrelevant_inputs_read_less_than_half_a_percent(mean: float, design: str) -> None:
    """Thirty inputs that nothing depends on; binning reads about 5 % of the value of perfect information."""
    u = uniforms(34, seed=5, design=design)
    z = norm.ppf(u)
    difference = mean + z[0] + 0.5 * z[1] * z[2] + 0.3 * z[3]
    found = two(difference, **{f"x{i}": u[i] for i in range(34)})
    assert found.perfect is not None
    for i in range(4, 34):
        item = of(found, f"x{i}")
        assert abs(item.value) < 0.005 * found.perfect
        assert not item.distinguishable
        assert item.floor < 0.08 * found.perfect
    assert of(found, "x0").distinguishable
    assert all(exists(item.value) <= found.perfect for item in found.inputs)


def test_dependent_inputs_tell_of_each_other() -> None:
    """An input that nothing depends on, correlated 0.8 with one that all depends on."""
    z = norm.ppf(uniforms(2))
    echo = 0.8 * z[0] + 0.6 * z[1]
    found = two(z[0], cause=z[0], echo=echo)
    assert of(found, "cause").value == pytest.approx(unit_loss(0.0, 1.0), rel=0.01)
    assert of(found, "echo").value == pytest.approx(unit_loss(0.0, 0.8), rel=0.02)


def test_a_weighted_switch_is_a_choice() -> None:
    u, v = uniforms(2)
    law = np.where(u < 0.5, "none", np.where(u < 0.8, "some", "full"))
    effect = np.select([law == "none", law == "some"], [-1.0, 0.5], 1.0)
    base = {"status quo": np.zeros(u.size), "short list": effect + v - 0.5}
    found = asked({"v": v}, base, switches={"law": law})
    item = of(found, "law")
    assert item.kind == "switch"
    mean = 0.5 * -1.0 + 0.3 * 0.5 + 0.2 * 1.0
    assert item.value == pytest.approx(0.3 * 0.5 + 0.2 * 1.0 - max(mean, 0.0), rel=0.01)
    assert item.chance == pytest.approx(0.5, abs=0.01)


def test_a_number_with_few_values_is_a_choice() -> None:
    u, v = uniforms(2)
    dice = np.ceil(6 * u)
    found = two(np.where(dice == 3, 3.0, -1.0) + v - 0.5, dice=dice, v=v)
    assert of(found, "dice").value == pytest.approx(0.5, rel=0.01)


def test_a_ranking_is_one_input() -> None:
    """Two utilities between best and worst; what matters is one of them."""
    p = np.sort(uniforms(2), axis=0)[::-1]
    ranking = Ranking((("a",), ("b",), ("c",), ("d",)), (False,) * 3, SPAN)
    payoffs = {"gov": Payoff("gov", {}, None, ranking, (), SPAN)}
    columns = {"gov: a": np.ones(p.shape[1]), "gov: b": p[0], "gov: c": p[1], "gov: d": np.zeros(p.shape[1])}
    policies = {"status quo": np.zeros(p.shape[1]), "short list": p[0] + p[1] - 1.0}
    base = results(p.shape[1])
    comparison = base.scenario.comparison
    assert comparison is not None
    scenario = replace(
        base.scenario, payoffs=payoffs, parameters={}, comparison=replace(comparison, by=comparison.by[:1])
    )
    criteria = {(0, name): values for name, values in policies.items()}
    found = information(
        replace(base, scenario=scenario, parameters=columns, policies=tuple(policies), criteria=criteria)
    )
    assert found is not None
    (item,) = found[0].inputs
    assert (item.name, item.kind) == ("ranking of gov", "ranking")
    assert item.value == pytest.approx(found[0].perfect, rel=0.01)
    assert item.value == pytest.approx(1 / 6, rel=0.02)  # E|p + q - 1| / 2 for uniforms


def test_a_number_that_an_expression_replaces_is_no_input() -> None:
    x, y = uniforms(2, 1024)
    overrides = {"y": Draw(None, expression("2"), None, SPAN)}
    policies = {"status quo": np.zeros(1024), "short list": x - 0.5}
    found = asked({"x": x, "y": y, "fixed": np.ones(1024)}, policies, scenario={"overrides": overrides})
    assert [item.name for item in found.inputs] == ["x"]


def test_nothing_to_learn_where_one_is_always_best() -> None:
    x = uniforms(1, 1024)[0]
    for difference in (np.ones(1024), 1.0 + x, np.zeros(1024)):
        found = two(difference, x=x)
        assert (found.perfect, found.perfect_chance, of(found, "x").value) == (0.0, 0.0, 0.0)
        assert not of(found, "x").distinguishable
        assert "would change the choice" in perfect(found)[0]
        assert rest(found) is None


def test_undefined_readings_are_left_out_for_all_and_counted() -> None:
    u = uniforms(2)
    z = norm.ppf(u)
    difference = z[0] + 0.1
    difference[::7] = np.nan
    found = two(difference, x=z[0], y=z[1])
    assert found.undefined == len(range(0, READINGS, 7))
    assert found.defined + found.undefined == READINGS
    assert of(found, "x").value == pytest.approx(unit_loss(0.1, 1.0), rel=0.03)
    nothing = two(np.full(64, np.nan), x=z[0][:64])
    assert (nothing.choice, nothing.perfect, nothing.perfect_chance, nothing.inputs) == (None, None, None, ())
    assert "no value" in perfect(nothing)[0]


def test_few_readings_are_not_asked_about_single_numbers() -> None:
    x = uniforms(1, 16)[0]
    found = two(x - 0.5, x=x)
    assert found.inputs == ()
    assert found.perfect_error is not None
    assert f"at least {found.needed} readings" in (rest(found) or "")


def test_without_a_second_replicate_nothing_is_distinguished() -> None:
    x = uniforms(1, 16 * 200)[0]
    base = results(3200)
    columns = np.flatnonzero(base.draw % 16 == 0)
    found = asked(
        {"x": x[columns]},
        {"status quo": np.zeros(columns.size), "short list": x[columns] - 0.5},
        draw=base.draw[columns],
        proofs={},
    )
    assert found.perfect_error is None
    assert not found.inputs[0].distinguishable


@pytest.mark.parametrize("factor", [1e200, 1e-200])
def test_units_do_not_matter(factor: float) -> None:
    z = norm.ppf(uniforms(2))
    plain, scaled = two(z[0] - 0.2 + 0.1 * z[1], x=z[0]), two(factor * (z[0] - 0.2 + 0.1 * z[1]), x=z[0])
    assert scaled.perfect == pytest.approx(factor * exists(plain.perfect), rel=1e-9)
    assert of(scaled, "x").value == pytest.approx(factor * of(plain, "x").value, rel=1e-6)
    assert of(scaled, "x").chance == pytest.approx(of(plain, "x").chance, abs=1e-3)


def test_intervals_cover() -> None:
    """Of 60 designs at least 52 intervals hold the truth (95 % stated: fewer by chance in 1 of 1000)."""
    weight, mean = (1.0, 0.4), -0.2
    held = [0, 0]
    for seed in range(60):
        z = norm.ppf(uniforms(3, 2048, seed, "independent"))
        found = two(mean + weight[0] * z[0] + weight[1] * z[1] + z[2], a=z[0], b=z[1])
        for i, name in enumerate("ab"):
            item = of(found, name)
            held[i] += abs(item.value - unit_loss(mean, weight[i])) <= item.error
    assert min(held) >= 52


def test_bases_are_orthonormal() -> None:
    x = np.exp(norm.ppf(uniforms(2, 5000, 1, "independent")))
    rounded = np.round(x[0], 1)
    assert np.unique(rounded).size > FEW
    for basis in (
        rank_basis(x[0], 8),
        rank_basis(rounded, 8),
        joint_basis(x, 8),
        group_basis(np.floor(4 * x[0] % 4)),
    ):
        gram = basis @ basis.T / basis.shape[1]
        assert gram == pytest.approx(np.eye(len(basis)), abs=1e-4)
        assert basis.mean(axis=1) == pytest.approx(np.zeros(len(basis)), abs=1e-5)
    assert rank_basis(np.ones(100), 4).shape == (0, 100)
    assert degrees(0) == 0
    assert ENTER > 4


def test_equal_values_share_the_middle_of_their_places() -> None:
    """Turned round, a number's odd functions change their sign and the even ones nothing."""
    x = np.floor(30 * uniforms(1, 2048, 2, "independent")[0] ** 2)
    sign = np.array([-1.0, 1.0, -1.0])[:, np.newaxis]
    assert rank_basis(-x, 3) == pytest.approx(sign * rank_basis(x, 3), abs=1e-9)


def test_no_reading_helps_to_predict_itself() -> None:
    """Whatever happens in one replicate, what is expected there stays the same; elsewhere it does not."""
    x, noise = uniforms(2, 4096, 3, "independent")
    order = np.argsort(np.arange(4096) % 16, kind="stable")
    replicate = (np.arange(4096) % 16)[order]
    x, noise = x[order], noise[order]
    difference = np.where(x > 0.83, 2.0, -1.0) + x + noise
    other = np.where(replicate == 5, difference - x, difference)
    one, two_ = (
        fit(rank_basis(x, 8), values[np.newaxis], replicate, cells(x)).expected[0]
        for values in (difference, other)
    )
    assert one[replicate == 5] == pytest.approx(two_[replicate == 5], abs=1e-12)
    assert np.median(np.abs(one - two_)[replicate == 6]) > 1e-3


def test_the_order_of_readings_within_a_replicate_is_all_the_same() -> None:
    z = norm.ppf(uniforms(3, 2048))
    draw = np.arange(2048)
    order = np.random.default_rng(0).permutation(2048)
    policies = {"status quo": np.zeros(2048), "short list": z[0] + z[1] * z[2] - 0.2}
    one = asked({"x": z[0], "y": z[1]}, policies, draw=draw, proofs={})
    other = asked(
        {"x": z[0][order], "y": z[1][order]},
        {name: values[order] for name, values in policies.items()},
        draw=draw[order],
        proofs={},
    )
    for item in one.inputs:
        assert of(other, item.name).value == pytest.approx(item.value, abs=1e-9)


BITS = """
from tests.findings.test_information import uniforms, two
from scipy.stats import norm
z = norm.ppf(uniforms(12, 4096))
print(repr(two(z[0] + 0.5 * z[1] * z[2] - 0.1, **{f"x{i}": z[i] for i in range(12)})))
"""


def test_bits_do_not_depend_on_the_threads_of_linear_algebra() -> None:
    told = set()
    for threads in ("1", "2"):
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
        ran = subprocess.run(
            [sys.executable, "-c", BITS], env=environment, capture_output=True, text=True, check=True
        )
        told.add(ran.stdout)
    assert len(told) == 1
    assert "InputValue" in told.pop()


def test_the_sentences() -> None:
    z = norm.ppf(uniforms(9))
    weights = 0.5 ** np.arange(7)
    found = two(weights @ z[:7] - 0.05, **{f"x{i}": z[i] for i in range(9)})
    said = perfect(found)[0]
    assert said.startswith(
        'Without knowing more: "status quo", the best on average. Knowing everything would gain'
    )
    table = rows(found)
    assert [row[0] for row in table] == ["x0", "x1", "x2", "x3", "x4"]
    assert "another choice in 48 of 100" in table[0][2]
    assert "not distinguishable from zero" in (rest(found) or "")
    level = two(z[0] + 1e-9, x=z[0])
    assert "as good as sampling can tell" in perfect(level)[1]


def test_everything_of_a_run_is_assessed(small: Results) -> None:
    findings = assess(small)
    assert findings.information is not None
    assert [item.criterion for item in findings.information] == ["a clean failure", "net worth to Washington"]
    assert all(item.defined == small.draw.size for item in findings.information)


@pytest.fixture
def small() -> Results:
    return results(256)
