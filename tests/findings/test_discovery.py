"""Where the recommendation fails: planted truths, honest shares, and what is said when there is nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from parley.draws.rankings import names
from parley.findings import Findings, assess
from parley.findings.discovery import discover
from parley.findings.discovery.failures import FEWEST
from parley.findings.discovery.tree import pruned
from parley.findings.discovery_model import Failure
from parley.scenario.model import Ranking, Switch
from parley.study.results import Results
from tests.findings.synthetic import POLICIES, SPAN, results

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]


def planted(
    failed: Callable[[Values, np.random.Generator], Any],
    *,
    draws: int = 2048,
    inputs: int = 8,
    seed: int = 0,
    margin: Values | None = None,
) -> Results:
    """Return results with inputs x0, x1, ... in (0, 1), in which the short list fails where it is said to."""
    generator = np.random.default_rng(seed)
    values = generator.random((inputs, draws))
    loss = np.where(failed(values, generator), -1.0, 1.0) if margin is None else margin
    base = results(draws)
    criteria = {
        (i, name): loss if name == "short list" else np.zeros(draws) for i in (0, 1) for name in POLICIES
    }
    return replace(base, parameters={f"x{row}": each for row, each in enumerate(values)}, criteria=criteria)


def by_first_criterion(found: Results, *, tree: bool = False) -> Failure:
    return discover(found, tree=tree)[0]


def box(values: Values, generator: np.random.Generator) -> Mask:
    """Return failures: nine in ten inside x2 > 0.4 and x5 < 0.5, one in ten outside."""
    inside = (values[2] > 0.4) & (values[5] < 0.5)
    flipped: Mask = inside ^ (generator.random(values.shape[1]) < 0.1)
    return flipped


def test_a_planted_box_is_named_with_its_shares() -> None:
    failure = by_first_criterion(planted(box))
    assert (failure.word, failure.against, failure.level, failure.undefined) == (
        "found",
        ("status quo",),
        0,
        0,
    )
    assert (failure.fitted, failure.held, failure.inputs) == (1024, 1024, 8)
    (region,) = failure.regions
    low, high = region.restrictions
    assert (low.name, low.low, low.high) == ("x2", 0.4, None)
    assert (high.name, high.low, high.high) == ("x5", None, 0.5)
    assert all(side.chance < 1e-6 and side.worth > 0.1 for side in region.restrictions)
    assert region.mass.share == pytest.approx(0.3, abs=0.03)
    assert region.density.share == pytest.approx(0.9, abs=0.03)
    assert region.coverage.share == pytest.approx(0.27 / 0.34, abs=0.04)
    assert region.density.count == round((region.mass.share or 0.0) * 1024)


def test_shares_on_readings_held_back_are_true_at_their_stated_rate() -> None:
    """The planted shares of the box that was found lie within the errors, about 95 times in 100."""
    inside = []
    for seed in range(40):
        failure = by_first_criterion(planted(box, draws=1024, seed=seed))
        assert failure.word == "found"
        bounds = {
            side.name: side.low if side.low is not None else side.high
            for side in failure.regions[0].restrictions
        }
        a, b = 1 - (bounds["x2"] or 0.0), bounds["x5"] or 0.0
        both = min(a, 0.6) * min(b, 0.5)
        density = (0.9 * both + 0.1 * (a * b - both)) / (a * b)
        truths = (a * b, density, density * a * b / 0.34)
        region = failure.regions[0]
        for truth, portion in zip(truths, (region.mass, region.density, region.coverage), strict=True):
            assert portion.share is not None
            assert portion.error is not None
            inside.append(abs(portion.share - truth) <= portion.error)
    # 120 intervals, 95 % each: fewer than 88 % or all of them would be a fault beyond doubt.
    assert 0.88 <= np.mean(inside) < 1.0


def test_readings_held_back_have_no_part_in_the_search() -> None:
    found = planted(box)
    failure = by_first_criterion(found)
    margin = found.criteria[0, "short list"].copy()
    margin[1::2] = np.random.default_rng(9).permutation(margin[1::2])
    blurred = by_first_criterion(planted(box, margin=margin))
    assert blurred.word == "none"
    assert blurred.best is not None
    assert blurred.best.restrictions == failure.regions[0].restrictions
    assert blurred.best.fitted_score == failure.regions[0].fitted_score
    assert blurred.best.density.share == pytest.approx(blurred.share.share, abs=0.06)


@pytest.mark.parametrize("seed", range(12))
def test_chance_alone_is_never_a_region(seed: int) -> None:
    failure = by_first_criterion(planted(lambda x, g: g.random(x.shape[1]) < 0.4, draws=512, seed=seed))
    assert (failure.word, failure.regions) == ("none", ())
    assert failure.trajectory[0].mass == 1.0


def test_what_a_region_cannot_say_is_said_by_a_second() -> None:
    failure = by_first_criterion(
        planted(lambda x, g: (x[0] < 0.4) | ((x[1] > 0.6) & (x[3] > 0.3)), draws=4096)
    )
    first, second = failure.regions
    assert [(side.name, side.high) for side in first.restrictions] == [("x0", 0.4)]
    assert [(side.name, side.low) for side in second.restrictions] == [("x1", 0.6), ("x3", 0.3)]
    # Of what is outside the first: 0.6 x 0.4 x 0.7 of the readings, all of them failures.
    assert second.mass.share == pytest.approx(0.168, abs=0.02)
    assert second.density.share == 1.0
    assert first.coverage.share + second.coverage.share == pytest.approx(1.0, abs=0.01)  # type: ignore[operator]


def test_a_weak_pattern_is_not_named_and_the_best_is_told() -> None:
    failure = by_first_criterion(
        planted(lambda x, g: g.random(x.shape[1]) < 0.35 + 0.12 * (x[1] > 0.5), draws=8192)
    )
    assert (failure.word, failure.regions) == ("none", ())
    assert failure.best is not None
    assert [side.name for side in failure.best.restrictions] == ["x1"]
    assert 0 < failure.best.score < 0.2


@pytest.mark.parametrize(
    ("share", "word"), [(0.0, "never"), (0.005, "never"), (0.995, "always"), (1.0, "always")]
)
def test_what_hardly_varies_is_said_instead(share: float, word: str) -> None:
    failure = by_first_criterion(planted(lambda x, g: x[0] < share))
    assert (failure.word, failure.regions, failure.trajectory, failure.tree) == (word, (), (), None)
    assert failure.share.share == pytest.approx(share, abs=0.004)


@pytest.mark.parametrize("draws", [16, 32, 64])
def test_of_few_readings_nothing_is_made(draws: int) -> None:
    failure = by_first_criterion(planted(lambda x, g: x[0] < 0.5, draws=draws))
    assert failure.word == "few"
    assert failure.fitted < 2 * FEWEST or failure.share.share is not None


def test_ties_are_no_failures_and_the_undefined_are_counted() -> None:
    found = planted(box)
    margin = found.criteria[0, "short list"].copy()
    margin[:40], margin[40:100] = 0.0, np.nan
    found = planted(box, margin=margin)
    proofs = {name: replace(proof, status=proof.status.copy()) for name, proof in found.proofs.items()}
    proofs["status quo"].status[100:110] = 2
    failure = by_first_criterion(replace(found, proofs=proofs))
    assert (failure.level, failure.undefined, failure.share.count) == (40, 70, 1978)
    assert failure.fitted + failure.held == 1978
    assert failure.word == "found"


def test_a_reading_without_an_input_is_not_compared() -> None:
    found = planted(box)
    found.parameters["x1"][7] = np.nan
    failure = by_first_criterion(found)
    assert (failure.undefined, failure.word) == (1, "found")


def test_less_may_be_better() -> None:
    found = planted(box)
    comparison = found.scenario.comparison
    assert comparison is not None
    by = (replace(comparison.by[0], higher=False), comparison.by[1])
    turned = replace(found, scenario=replace(found.scenario, comparison=replace(comparison, by=by)))
    first, second = discover(turned)
    assert first.share.share == pytest.approx(1 - (second.share.share or 0.0))


def test_a_recommended_baseline_fails_against_its_best_rival() -> None:
    found = planted(box)
    comparison = found.scenario.comparison
    assert comparison is not None
    recommended = replace(comparison, recommend="status quo")
    failure = discover(replace(found, scenario=replace(found.scenario, comparison=recommended)))[0]
    assert failure.against == ("short list", "pause")
    # The rivals give 1 where the short list does not fail, else 0, which is a tie.
    assert failure.share.share == pytest.approx(0.66, abs=0.03)
    assert failure.level + round((failure.share.share or 0.0) * 2048) == 2048


def test_switches_and_rankings_go_by_their_labels() -> None:
    generator = np.random.default_rng(4)
    options = np.array(["works", "leaks", "breaks"])[generator.integers(0, 3, 2048)]
    liking = generator.random(2048)
    margin = np.where((options != "works") & (liking > 0.4), -1.0, 1.0)
    found = planted(box, margin=margin)
    scenario = found.scenario
    switch = Switch(
        "valve",
        ("works", "leaks", "breaks"),
        "works",
        (0.4, 0.3, 0.3),
        "the valve",
        *(None, (), (), None, None),
        SPAN,
    )
    scenario = replace(scenario, switches={"valve": switch})
    parameters = {**found.parameters, "gov: stalemate": liking}
    found = replace(found, scenario=scenario, parameters=parameters, switches={"valve": options})
    (region,) = by_first_criterion(found, tree=True).regions
    likes, valve = region.restrictions
    assert (valve.name, valve.kind, valve.text, valve.options) == (
        "valve",
        "switch",
        "the valve",
        ("breaks", "leaks"),
    )
    assert (likes.kind, likes.text, likes.low) == ("ranking", "Government's liking of stalemate", 0.4)
    # The names of utilities are those that the draws give them.
    assert names("gov", Ranking((("peace",), ("stalemate",)), (False,), SPAN))[1] == likes.name


def test_a_number_keeps_its_words_and_unit() -> None:
    found = results(2048)
    margin = np.where(found.parameters["sigma"] > 2.0, -1.0, 1.0)
    criteria = {
        (i, name): margin if name == "short list" else 0 * margin for i in (0, 1) for name in POLICIES
    }
    (region,) = by_first_criterion(replace(found, criteria=criteria)).regions
    (side,) = region.restrictions
    assert (side.name, side.kind, side.text, side.unit, side.low) == (
        "sigma",
        "parameter",
        None,
        "per month",
        2.0,
    )


def test_nothing_varies_or_nothing_is_compared() -> None:
    found = planted(lambda x, g: g.random(x.shape[1]) < 0.4)
    fixed = replace(found, parameters={"x0": np.ones(2048)}, switches={})
    assert (by_first_criterion(fixed).word, by_first_criterion(fixed).inputs) == ("none", 0)
    assert discover(replace(found, scenario=replace(found.scenario, comparison=None))) == ()


def test_a_criterion_without_values_is_left_out() -> None:
    assert [failure.criterion for failure in discover(results(64))] == [
        "a clean failure",
        "net worth to Washington",
    ]


def test_a_tree_agrees_and_is_the_same_again() -> None:
    pytest.importorskip("sklearn")
    found = planted(box, draws=1024)
    one, two = (by_first_criterion(found, tree=True).tree for _ in range(2))
    assert one is not None
    assert one == two
    assert [question.name for question in one.questions[:2]] in (["x2", "x5"], ["x5", "x2"])
    assert {round(question.high or 0.0, 1) for question in one.questions} == {0.4, 0.5}
    assert (one.missing, one.leaves) == (None, 3)
    assert one.right is not None
    assert one.guess_right is not None
    assert one.right.share == pytest.approx(0.9, abs=0.04)
    assert one.guess_right.share == pytest.approx(0.66, abs=0.04)


def test_a_tree_of_chance_alone_asks_nothing() -> None:
    pytest.importorskip("sklearn")
    failure = by_first_criterion(planted(lambda x, g: g.random(x.shape[1]) < 0.4, draws=1024), tree=True)
    assert failure.tree is not None
    assert (failure.tree.questions, failure.tree.leaves) == ((), 1)
    assert failure.tree.right == failure.tree.guess_right


def test_a_tree_asks_a_switch_by_its_option() -> None:
    pytest.importorskip("sklearn")
    options = np.array(["a", "b", "c"])[np.random.default_rng(4).integers(0, 3, 1024)]
    found = planted(box, draws=1024, margin=np.where(options == "b", -1.0, 1.0))
    switch = Switch("kind", ("a", "b", "c"), "a", (0.4, 0.3, 0.3), None, *(None, (), (), None, None), SPAN)
    found = replace(
        found, scenario=replace(found.scenario, switches={"kind": switch}), switches={"kind": options}
    )
    tree = by_first_criterion(found, tree=True).tree
    assert tree is not None
    assert [(question.name, question.high, question.option) for question in tree.questions] == [
        ("kind", None, "b")
    ]


def test_without_the_library_the_findings_say_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.tree", None)
    failure = by_first_criterion(planted(box), tree=True)
    assert failure.word == "found"
    assert failure.tree is not None
    assert failure.tree.missing == "pip install 'parley-workbench[analysis]'"


def test_findings_carry_it_there_and_back() -> None:
    findings = assess(planted(box))
    assert findings.discovery is not None
    assert findings.discovery[0].regions
    assert findings.discovery[0].tree is None
    assert Findings.from_json(findings.to_json()) == findings
    before = json.loads(findings.to_json())
    del before["discovery"]
    assert Findings.from_json(json.dumps(before)).discovery is None


def test_the_same_bits_again() -> None:
    assert discover(planted(box, seed=5)) == discover(planted(box, seed=5))


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.floats(0.0, 0.1))
def test_a_pruned_tree_is_the_one_that_scikit_learn_grows(seed: int, alpha: float) -> None:
    tree = pytest.importorskip("sklearn.tree")
    generator = np.random.default_rng(seed)
    table = generator.random((300, 3))
    failed = (table[:, 0] + 0.5 * table[:, 1] > 0.7) ^ (generator.random(300) < generator.uniform(0, 0.4))
    shape = {"max_depth": 3, "min_samples_leaf": 5, "random_state": 0}
    whole = tree.DecisionTreeClassifier(**shape).fit(table, failed)
    expected = tree.DecisionTreeClassifier(**shape, ccp_alpha=alpha).fit(table, failed).predict(table)
    np.testing.assert_array_equal(pruned(whole, alpha)[whole.apply(table)], expected)


def test_of_very_many_readings_some_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.findings.discovery.failures.LARGEST", 400)
    failure = by_first_criterion(planted(box))
    assert (failure.word, failure.fitted, failure.held) == ("found", 400, 1024)
