"""Flips are found where they were planted: one by one, in strategic games, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import parley
from parley.errors import FindingsError
from parley.findings import Findings
from parley.findings.flips import flips
from parley.findings.flips.asking import questions
from parley.findings.flips.axes import axes, bounds, grid
from parley.findings.flips.roots import TOLERANCE
from parley.findings.flips.study import size
from parley.findings.flips.thresholds import changes, nearest, scan
from parley.scenario.model import Judgement, Span
from parley.study.evaluator import Evaluator
from tests.findings.planted import Plant, drawn, first, flip_of, found, planted

__all__ = ["planted"]  # the fixture ``plant``

# --- thresholds in every reading ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policies", "quantity", "better"),
    [
        (["status quo", "short list"], "break-even", True),
        (["short list", "pause"], "break-even of the pause", False),
    ],
)
def test_the_closed_forms_of_the_race_are_recovered(policies: list[str], quantity: str, better: bool) -> None:
    scenario = parley.load("which-event-first")
    results = parley.run(scenario, policies=policies, draws=256, seed=7)
    probe = Evaluator(scenario, policies, seed=7)
    asked = questions(results, probe, 256)
    assert asked is not None
    base = asked.margins(asked.ranks)
    scans = scan(asked)
    at = [axis.name for axis in asked.axes].index("B")
    known = next(v for (name, _), v in results.quantities.items() if name == quantity)
    inside, upward, many, outside = nearest(changes(asked, scans, base)[at][0], scans[at].grid, asked.own[at])
    low, high = scans[at].grid.stated
    least, most = scans[at].grid.searched
    np.testing.assert_array_equal(np.isfinite(inside), (known >= low) & (known <= high))
    value = np.where(np.isfinite(inside), inside, outside)
    np.testing.assert_array_equal(np.isfinite(value), (known >= least) & (known <= most))
    solved = np.isfinite(value)
    assert solved.sum() > 200
    np.testing.assert_allclose(value[solved], known[solved], rtol=1e-3)
    assert (upward[np.isfinite(inside)] == better).all()
    assert many.max() == 1


def test_every_reading_turns_at_a_planted_value(plant: Plant) -> None:
    criterion = first(plant("a: {range: [0, 1, 4]}", gone="a - 2"))
    flip = flip_of(criterion, "a")
    assert (flip.share, flip.fails, flip.several, flip.beyond) == (1.0, "below", 0.0, 0.0)
    assert flip.values is not None
    assert (flip.values.low, flip.values.high) == pytest.approx((2.0, 2.0), rel=TOLERANCE)
    assert flip.threshold is not None
    assert flip.break_even is not None
    assert flip.threshold.value == pytest.approx(2.0, rel=TOLERANCE)
    assert flip.break_even.value == pytest.approx(2.0, rel=1e-3)
    # Triangular on 0, 1, 4: (4 - 2)^2 / (4 * 3) above 2.
    assert flip.threshold.rank == pytest.approx(1 - 4 / 12, abs=1e-4)
    assert not flip.threshold.outside
    # Where every reading turns together, so does every replicate.
    assert [point.share for point in flip.curve if point.value < 1.99] == [0.0] * sum(
        point.value < 1.99 for point in flip.curve
    )


def test_thresholds_are_spread_as_the_other_assumption_is(plant: Plant) -> None:
    scenario = plant("a: {normal: {mean: 0, sd: 1}}", "b: {normal: {mean: 0.5, sd: 0.3}}", gone="b - a")
    criterion = first(scenario)
    flip, b = flip_of(criterion, "a"), drawn(scenario, "b")
    assert flip.share == 1.0
    assert flip.fails == "above"
    assert flip.values is not None
    quantiles = np.quantile(b, (0.05, 0.5, 0.95))
    assert (flip.values.low, flip.values.middle, flip.values.high) == pytest.approx(quantiles, abs=2e-4)
    assert flip.threshold is not None
    assert flip.break_even is not None
    assert flip.threshold.value == pytest.approx(np.median(b), abs=0.01)
    assert flip.break_even.value == pytest.approx(b.mean(), rel=2e-3)
    for crossing, truth in ((flip.threshold, 0.5), (flip.break_even, 0.5)):
        assert crossing.fails == "above"
        assert crossing.low is not None
        assert crossing.high is not None
        assert crossing.low <= truth <= crossing.high
        assert crossing.high - crossing.low < 0.2
    share = {round(point.rank, 3): point.share for point in flip.curve}
    a_half = 0.0
    assert share[0.5] == pytest.approx((b > a_half).mean())


def test_less_is_better_turns_the_side(plant: Plant) -> None:
    scenario = plant("a: {range: [0, 1, 4]}", gone="a - 2", by="{quantity: payoff(us), better: lower}")
    flip = flip_of(first(scenario), "a")
    assert flip.fails == "above"
    assert flip.threshold is not None
    assert flip.threshold.fails == "above"
    assert flip.threshold.value == pytest.approx(2.0, rel=TOLERANCE)


def test_a_mover_of_finite_precision_is_solved_again(plant: Plant) -> None:
    # They say yes with odds exp(4 a); going pays 1 then, and costs c else: even at log(c) / 4.
    scenario = plant(
        "a: {uniform: [0.05, 1]}",
        "c: {uniform: [1.5, 3]}",
        gone="1",
        lost="-c",
        theirs="a",
        more="precision: 4\n",
    )
    text = scenario.text.replace("them: They", "them: {text: They, stake: 1}")
    Path(scenario.path).write_text(text, encoding="utf-8")
    scenario = parley.load(scenario.path)
    c = drawn(scenario, "c")
    flip = flip_of(first(scenario), "a")
    assert flip.share == 1.0
    assert flip.values is not None
    quantiles = np.quantile(np.log(c) / 4, (0.05, 0.5, 0.95))
    assert (flip.values.low, flip.values.middle, flip.values.high) == pytest.approx(quantiles, rel=1e-3)


def test_several_changes_of_sign_are_counted_and_the_nearest_is_told(plant: Plant) -> None:
    scenario = plant("a: {uniform: [0, 4]}", gone="(a - 1) * (a - 2) * (a - 3.5)")
    flip = flip_of(first(scenario), "a")
    assert flip.share == 1.0
    assert flip.several == 1.0
    assert flip.fails == "either"
    assert flip.threshold is not None
    assert flip.threshold.several
    assert flip.threshold.value == pytest.approx(2.0, rel=TOLERANCE)  # the middle is 2
    assert flip.threshold.fails == "above"
    own = drawn(scenario, "a")
    near = np.array([1, 2, 3.5])[np.abs(own[:, np.newaxis] - np.array([1, 2, 3.5])).argmin(axis=1)]
    assert flip.values is not None
    assert flip.values.mean == pytest.approx(near.mean(), rel=TOLERANCE)


def test_nothing_is_found_where_nothing_turns(plant: Plant) -> None:
    criterion = first(plant("a: {normal: {mean: 0, sd: 1}}", gone="1 + 0 * a"))
    flip = flip_of(criterion, "a")
    assert (flip.share, flip.beyond, flip.fails, flip.values) == (0.0, 0.0, None, None)
    assert flip.threshold is None
    assert flip.break_even is None
    assert criterion.joint is not None
    assert criterion.joint.supports
    assert criterion.joint.moves == ()
    assert criterion.joint.least is None


def test_a_flip_beyond_the_stated_range_is_told_apart(plant: Plant) -> None:
    scenario = plant("a: {uniform: [1, 3]}", "b: {beta: [2, 2]}", gone="5 - a", lost="5 - a + 0 * b")
    flip = flip_of(first(scenario), "a")
    assert flip.share == 0.0
    assert flip.beyond == 1.0
    assert flip.outside == pytest.approx((1 / 3, 9.0))
    assert flip.threshold is not None
    assert flip.threshold.outside
    assert flip.threshold.value == pytest.approx(5.0, rel=TOLERANCE)
    assert flip.threshold.rank == 1.0
    assert flip_of(first(scenario), "b").outside == (0.0, 1.0)  # a chance stays one
    both = flip_of(first(plant("a: {uniform: [1, 3]}", gone="(a - 2) * (a - 5)")), "a")
    assert (both.share, both.several, both.beyond) == (1.0, 0.0, 0.0)


def test_undefined_readings_and_gaps_are_counted(plant: Plant) -> None:
    scenario = plant(
        "a: {uniform: [1, 3]}",
        "b: {normal: {mean: 1, sd: 1}}",
        "d: {uniform: [0, 1]}",
        gone="a - 2 + 0 * log(b)",
    )
    criterion = first(scenario)
    unknown = int((drawn(scenario, "b") <= 0).sum())
    assert unknown > 20
    flip = flip_of(criterion, "a")
    assert (flip.undefined, flip.compared) == (unknown, 256 - unknown)
    assert flip.share == 1.0
    assert flip.broken == 0
    assert criterion.stated.undefined == unknown
    assert all(point.undefined == unknown for point in flip.curve)
    # Pushing b itself meets what is undefined, at the low end: that is no gap between defined values.
    assert flip_of(criterion, "b").broken == 0
    hole = plant("a: {uniform: [0, 4]}", gone="3 - a + 0 * log((a - 2)^2 - 0.5)")
    flip = flip_of(first(hole), "a")
    own = drawn(hole, "a")
    defined = (own - 2) ** 2 > 0.5
    assert flip.compared == defined.sum()
    # The change lies above the hole: it is found also from below.
    assert flip.share == 1.0
    assert flip.broken == 0
    assert flip.threshold is None
    swallowed = flip_of(first(plant("a: {uniform: [0, 4]}", gone="2 - a + 0 * log((a - 2)^2 - 0.5)")), "a")
    assert swallowed.share == 0.0
    assert swallowed.broken == swallowed.compared == defined.sum()


def test_ties_have_no_side(plant: Plant) -> None:
    scenario = plant("a: {uniform: [-1, 3]}", gone="max(a - 1, 0) - max(0 - a, 0)")
    flip = flip_of(first(scenario), "a")
    own = drawn(scenario, "a")
    assert flip.undefined == np.count_nonzero((own >= 0) & (own <= 1))
    assert flip.share == 1.0
    assert flip.values is not None
    assert flip.values.low is not None
    assert flip.values.high is not None
    assert -1e-3 <= flip.values.low <= flip.values.high <= 1 + 1e-3


def test_values_to_choose_between_are_the_grid(plant: Plant) -> None:
    scenario = plant("a: {one of: [1, 2, 5]}", gone="a - 3")
    flip = flip_of(first(scenario), "a")
    assert [point.value for point in flip.curve if not point.outside] == [1.0, 2.0, 5.0]
    assert (flip.share, flip.fails) == (1.0, "below")
    assert flip.threshold is not None
    assert flip.threshold.value == pytest.approx(3.0, rel=TOLERANCE)


def test_a_pushed_number_leaves_its_partners(plant: Plant) -> None:
    together = "together: [{vary: [a, b], rank: 0.8}]\n"
    parameters = ("a: {normal: {mean: 0, sd: 1}}", "b: {normal: {mean: 0, sd: 1}}")
    scenario = plant(*parameters, gone="a + b - 0.5", more=together)
    flip, b = flip_of(first(scenario), "a"), drawn(scenario, "b")
    # Where b stays as it is, a must be 0.5 - b.
    assert flip.values is not None
    inside = (0.5 - b)[np.abs(0.5 - b) <= 3.0902]
    assert flip.values.mean == pytest.approx(inside.mean(), abs=1e-3)


RANKED = """---
parley: 1
title: A sure thing or a lottery
question: Which?
---
One of them.

```parley
players: {us: We}
story:
  - {player: us, move: act, options: [stay, go]}
  - {nature: luck, when: act is go, options: {good: 60%, bad: rest}}
  - outcomes: {sure: act is stay, best: luck is good, worst: otherwise}
payoffs:
  us: {rank: RANK}
compare: {player: us, policies: {stay: {act: stay}, go: {act: go}}, recommend: go, by: [payoff(us)]}
```
"""


@pytest.mark.parametrize(
    ("rank", "low"), [("[best, sure, worst]", 0.0), ("[best, sure, much worse, worst]", 0.5)]
)
def test_ranked_utilities_are_pushed_by_their_value(tmp_path: Path, rank: str, low: float) -> None:
    path = tmp_path / "ranked.md"
    path.write_text(RANKED.replace("RANK", rank), encoding="utf-8")
    scenario = parley.load(path)
    criterion = first(scenario)
    flip = flip_of(criterion, "us: sure")
    assert (flip.kind, flip.share, flip.fails) == ("ranking", 1.0, "above")
    assert flip.low == pytest.approx(low + (1 - low) * 0.001)
    assert flip.threshold is not None
    assert flip.threshold.value == pytest.approx(0.6, rel=TOLERANCE)
    assert flip.threshold.rank == pytest.approx((0.6 - low) / (1 - low), abs=1e-3)
    assert criterion.joint is not None
    assert criterion.joint.moves[0].value == pytest.approx(0.6, rel=1e-3)


def test_other_tiers_keep_their_order(tmp_path: Path) -> None:
    text = RANKED.replace("RANK", "[best, sure, other, worst]").replace(
        "worst: otherwise}", "other: last(act) is nothing, worst: otherwise}"
    )
    text = text.replace("other: last(act) is nothing", "other: luck is bad and act is stay")
    path = tmp_path / "ranked.md"
    path.write_text(text, encoding="utf-8")
    scenario = parley.load(path)
    probe = Evaluator(scenario, seed=7)
    ranks = probe.ranks(64)
    every = axes(scenario, probe.inputs)
    assert [axis.name for axis in every] == ["us: sure", "us: other"]
    for axis in every:
        moved = ranks.copy()
        axis.put(moved, np.linspace(0.01, 0.99, 64))
        table = probe.results(moved)
        sure, other = table.parameters["us: sure"], table.parameters["us: other"]
        np.testing.assert_allclose(table.parameters[axis.name], np.linspace(0.01, 0.99, 64))
        assert (sure >= other).all()
        np.testing.assert_allclose(axis.values(probe, moved), np.linspace(0.01, 0.99, 64))
    spread_ = every[1].at(probe, np.array([0.5]))
    assert spread_[0] == pytest.approx(stats.beta(1, 2).median())


def test_what_lies_beyond_respects_natural_bounds(plant: Plant) -> None:
    scenario = plant(
        "rate: {lognormal: {median: 2, sigma: 0.5}}",
        "part: {uniform: [0.3, 0.5], unit: share of the public}",
        "money: {normal: {mean: 0, sd: 1}}",
        "cut: {normal: {mean: 0, sd: 1}, truncate: [-1, null]}",
        "cost: {range: [0, 1, 4]}",
        gone="rate * part * money * cut * cost",
    )
    probe = Evaluator(scenario)
    grids = {axis.name: grid(scenario, axis, probe) for axis in axes(scenario, probe.inputs)}
    low, high = grids["rate"].stated
    assert grids["rate"].searched == pytest.approx((low / 3, 3 * high))
    assert grids["part"].searched == pytest.approx((0.1, 0.7))
    assert grids["money"].searched == pytest.approx((-3 * 3.0902, 3 * 3.0902), rel=1e-4)
    assert grids["cut"].searched[0] == -1
    assert grids["cost"].searched == (0.0, 12.0)
    assert bounds(Judgement("beta", (1.0, 2.0), None, None, None, Span("a", 1, 1))) == (0.0, 1.0)


# --- switches, claims -----------------------------------------------------------------------------------


def test_switches_are_turned_also_those_at_their_default(plant: Plant) -> None:
    switches = """switches:
  mood: {options: {good: 50%, bad: rest}}
  frame: {options: [one, other], default: one}
"""
    scenario = plant(
        "a: {uniform: [0, 1]}", gone="a - 0.2 - 0.3 * (mood is bad) - 0.4 * (frame is other)", more=switches
    )
    criterion = first(scenario)
    a = drawn(scenario, "a")
    told = {(each.switch, each.option): each for each in criterion.options}
    assert told["mood", "good"].share.share == pytest.approx((a > 0.2).mean())
    assert told["mood", "bad"].share.share == pytest.approx((a > 0.5).mean())
    assert told["frame", "one"].default
    assert not told["frame", "one"].moves
    assert told["frame", "other"].moves
    change = told["frame", "other"].change
    assert change is not None
    assert change < -0.3
    assert criterion.joint is not None
    assert criterion.joint.margin == pytest.approx(0.3)  # good, one, a at 0.5


CLAIMED = """claims:
  cheap: {text: It costs little, assumes: [a, b]}
  likely: {text: It is likely, assumes: [p]}
  told: {text: The story tells it, assumes: [act]}
  shut: {text: The door is shut, assumes: [door]}
switches: {door: {options: [shut, open], default: shut}}
"""


def test_claims_are_pushed_to_their_ends_and_dropped(plant: Plant) -> None:
    scenario = plant(
        "a: {normal: {mean: 0, sd: 1}}",
        "b: {range: [1, 2, 3]}",
        "p: {beta: [8, 2]}",
        "z: {normal: {mean: 0, sd: 1}}",
        gone="z - a + b - 2 + p - 0.8 - (door is open)",
        more=CLAIMED,
    )
    said = {each.claim: each for each in found(scenario).claims}
    assert list(said) == ["cheap", "likely", "told", "shut"]
    assert said["told"].criteria == ()
    cheap, likely = said["cheap"].criteria[0], said["likely"].criteria[0]
    z, b, p = (drawn(scenario, name) for name in "zbp")
    assert cheap.hurts is not None
    assert cheap.helps is not None
    far = stats.norm.ppf(0.95)
    assert cheap.hurts.values["a"] == pytest.approx(far)
    assert cheap.helps.values["a"] == pytest.approx(-far)
    assert cheap.hurts.values["b"] < 2 < cheap.helps.values["b"]
    worst = (z - far + cheap.hurts.values["b"] - 2 + p - 0.8 > 0).mean()
    assert cheap.hurts.share.share == pytest.approx(worst)
    assert cheap.hurts.change == pytest.approx(worst - (cheap.stated.share or 0.0))
    alone = {each.name: each for each in cheap.alone}
    assert alone["a"].high.share.share == pytest.approx((z - far + b - 2 + p - 0.8 > 0).mean())
    assert said["cheap"].beliefs["b"] == "anything from 0.38 to 8.58, in proportion"
    assert said["likely"].beliefs["p"] == "anything from 0 to 1"
    assert likely.dropped is not None
    a = drawn(scenario, "a")
    uniform = np.mean([(z - a + b - 2 + u - 0.8 > 0).mean() for u in np.linspace(0, 1, 201)])
    assert likely.dropped.share.share == pytest.approx(uniform, abs=0.03)
    (opened,) = said["shut"].criteria[0].options
    assert (opened.switch, opened.option) == ("door", "open")
    assert said["shut"].criteria[0].hurts is None


# --- all together ---------------------------------------------------------------------------------------


def test_nothing_is_said_where_nothing_is_compared(plant: Plant) -> None:
    scenario = plant("a: {normal: {mean: 0, sd: 1}}", gone="a")
    alone = parley.run(scenario, draws=32, seed=7, policies=["stay"])
    assert flips(alone, Evaluator(scenario, ["stay"], seed=7)) is None
    text = scenario.text.split("compare:")[0] + "quantities: {worth: {quantity: payoff(us)}}\n```\n"
    Path(scenario.path).write_text(text, encoding="utf-8")
    free = parley.load(scenario.path)
    assert flips(parley.run(free, draws=32, seed=7), Evaluator(free, seed=7)) is None


def test_a_scenario_in_which_all_is_certain_has_no_flips(plant: Plant) -> None:
    said = found(plant("a: {value: 1}", gone="a"), draws=32)
    assert said.criteria[0].flips == ()
    assert said.criteria[0].joint is None


def test_a_probe_without_the_policies_is_refused(plant: Plant) -> None:
    scenario = plant("a: {normal: {mean: 0, sd: 1}}", gone="a")
    results = parley.run(scenario, draws=32, seed=7)
    with pytest.raises(FindingsError, match="does not solve the policy 'stay'"):
        flips(results, Evaluator(scenario, ["go"], seed=7))


def test_answers_do_not_depend_on_threads(plant: Plant) -> None:
    scenario = plant("a: {normal: {mean: 0, sd: 1}}", "b: {uniform: [0, 1]}", gone="a + b - 0.3")
    results = parley.run(scenario, draws=64, seed=7)
    one, two = (flips(results, Evaluator(scenario, seed=7, threads=threads)) for threads in (1, 2))
    assert one == two


def test_the_findings_hold_them_and_read_back_equal() -> None:
    scenario = parley.load(parley.catalog.template())
    results = parley.run(scenario, draws=64, seed=7)
    findings = parley.assess(results, Evaluator(scenario, seed=7))
    assert findings.flips is not None
    assert findings.flips.readings == 64
    assert [each.criterion for each in findings.flips.criteria][1] == "chance that the rise is paid"
    assert {each.claim for each in findings.flips.claims} == {"afford", "weak word"}
    assert Findings.from_json(findings.to_json()) == findings
    assert Findings.from_json(replace(findings, flips=None).to_json()).flips is None


def test_the_number_of_readings_follows_from_that_of_assumptions() -> None:
    assert size(39, 16_384) == 192
    assert size(1, 16_384) == 2048
    assert size(400, 16_384) == 128
    assert size(5, 100) == 96
    assert size(5, 8) == 16


@pytest.mark.parametrize("cost", [2, 3, 4, 5, 6, 7, 8])
def test_a_break_even_at_a_point_of_the_grid_is_found(plant: Plant, cost: int) -> None:
    """The mean margin is exactly 0 there; no sign changes between two neighbours."""
    scenario = plant("worth: {range: [0, 10]}", gone=f"worth - {cost}")
    (flip,) = found(scenario).criteria[0].flips
    assert flip.break_even is not None
    assert flip.break_even.value == pytest.approx(cost, rel=1e-3)
    assert flip.break_even.fails == "below"
    assert not flip.break_even.several
    assert flip.threshold is not None
    assert flip.threshold.value == pytest.approx(cost, rel=1e-3)


def test_a_mean_margin_that_touches_nothing_does_not_break_even(plant: Plant) -> None:
    scenario = plant("worth: {range: [0, 10]}", gone="(worth - 5) ^ 2")
    (flip,) = found(scenario).criteria[0].flips
    assert flip.break_even is None
