"""Sweeps: closed forms along the way, jumps and crossings where they are, gaps that are said."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pytest

import parley
from parley.errors import ScenarioError, StudyError
from parley.scenario import read_request
from parley.scenario.model import Scenario
from parley.study import Evaluator, Sweep, sweep
from parley.study.turns import FINEST, crossings, jumps, leaders, to_cross, to_turn

# The numbers of the check of model M0 (docs: which-event-first): B1 = 11.3, Pr(tainted) .646018, .069767, 0.
POINT = {
    "sigma_senior": 0.15,
    "q_senior": 0.15,
    "sigma_other": 2.1,
    "q_other": 0.25,
    "v_senior": 8.0,
    "pi_peace": 0.0,
    "S_clean": 0.6,
    "S_tainted": 0.4,
    "horizon": 1e6,
}


def asked(scenario: Scenario, text: str, **options: int) -> Sweep:
    return sweep(scenario, read_request(scenario, text), **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def first() -> Scenario:
    return parley.load("which-event-first")


def held(*names: str, **values: float) -> str:
    kept = {name: value for name, value in POINT.items() if name not in names} | values
    return "{" + ", ".join(f"{name}: {value!r}" for name, value in kept.items()) + "}"


def test_the_chance_of_a_tainted_failure_follows_its_formula(first: Scenario) -> None:
    found = asked(first, f"{{vary: kappa, from: 0.05, to: 2, show: [tainted, clean], set: {held(B=12.0)}}}")
    assert found.readings == 1
    assert not found.unsolved
    kappa = found.x
    rate = {"status quo": 0.15 * 0.15 + 2.1 * 0.25, "short list": 0.15 * 0.15, "pause": 0.0}
    for curve in found.curves:
        assert curve.policy is not None
        strikes = rate[curve.policy]
        share = strikes if curve.shown.name == "tainted" else kappa
        np.testing.assert_allclose(curve.mean, share / (strikes + kappa), rtol=0, atol=1e-9)
        assert curve.spread is None
    at = np.interp(0.3, kappa, found.curves[0].mean)
    assert at == pytest.approx(0.646018, abs=1e-3)


def test_policies_cross_at_the_published_cost(first: Scenario) -> None:
    found = asked(first, f"{{vary: B, from: 0, to: 40, show: payoff(us), set: {held(kappa=0.3)}}}")
    curves = [curve.policy for curve in found.curves]
    told = {(curves[each.upper], curves[each.lower]): each.at for each in found.crossings}
    assert told["short list", "status quo"] == pytest.approx(11.3, abs=1e-9)  # B1 of the check
    assert set(told) == {("short list", "status quo"), ("pause", "status quo")}  # B2 = 64.33 lies beyond
    further = asked(first, f"{{vary: B, from: 20, to: 100, show: payoff(us), set: {held(kappa=0.3)}}}")
    assert [each.at for each in further.crossings] == pytest.approx([64.3333333333], abs=1e-8)


def test_the_best_policy_changes_at_the_published_costs(first: Scenario) -> None:
    found = asked(first, f"{{vary: B, from: 0, to: 100, show: payoff(us), set: {held(kappa=0.3)}}}")
    names = [found.curves[each.curve].policy for each in found.best]
    assert names == ["status quo", "short list", "pause"]
    assert [each.high for each in found.best] == pytest.approx([11.3, 64.3333333333, 100], abs=1e-8)
    assert [each.low for each in found.best] == pytest.approx([0, 11.3, 64.3333333333], abs=1e-8)
    less = asked(decision(sections=LESS), "{vary: t, from: 0, to: 1, show: P(act is go)}")
    assert [less.curves[each.curve].policy for each in less.best] == ["free", "stay"]  # equal, then fewer
    assert less.best[0].high == pytest.approx(0.7124, abs=1e-3)
    assert not asked(first, "{vary: B, from: 0, to: 40, steps: 3, show: length}", draws=16).best


LESS = """
compare:
  player: us
  policies: {free: free, stay: {act: wait}}
  recommend: stay
  by: [{quantity: P(act is go), better: lower}]
"""


def test_curved_payoffs_cross_where_the_root_is(first: Scenario) -> None:
    """Solved for kappa, B1 = v_o (S + kappa) / (kappa q_o) = 11.3 gives kappa = 0.3 again."""
    found = asked(
        first,
        f"{{vary: kappa, from: 0.05, to: 1, steps: 12, show: payoff(us), policies: [status quo, short list], "
        f"set: {held(B=11.3)}}}",
    )
    assert [each.at for each in found.crossings] == pytest.approx([0.3], abs=1e-6)


def test_over_readings_it_is_what_an_evaluator_measures(first: Scenario) -> None:
    found = asked(first, "{vary: B, from: 0, to: 30, steps: 4, show: [payoff(us), length]}", draws=64, seed=7)
    probe = Evaluator(first, seed=7)
    ranks = probe.ranks(64)
    assert found.readings == 64
    for point, value in enumerate(found.x):
        there = probe.results(ranks, values={"B": value}, only=None)
        for curve in found.curves:
            assert curve.policy is not None
            table = there.quantities.get((curve.shown.name, curve.policy), there.criteria[0, curve.policy])
            assert curve.mean[point] == pytest.approx(table.mean(), rel=1e-9)
            assert curve.spread is not None
            np.testing.assert_allclose(
                curve.spread[:, point], np.quantile(table, [0.05, 0.25, 0.5, 0.75, 0.95]), rtol=1e-9
            )


def test_the_same_bits_whatever_the_threads_and_portions(
    first: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "{vary: kappa, from: 0.1, to: 1, steps: 9, show: [length]}"
    one = asked(first, text, draws=32, threads=1)
    monkeypatch.setattr("parley.study.sweeping.MOST_AT_ONCE", 64)
    other = asked(first, text, draws=32, threads=2)
    np.testing.assert_array_equal(one.x, other.x)
    for mine, theirs in zip(one.curves, other.curves, strict=True):
        np.testing.assert_array_equal(mine.mean, theirs.mean)


def decision(**more: object) -> Scenario:
    """Somebody who takes 1 rather than t, and hardly errs: a step at 0.7124."""
    text = f"""
parley: 1
title: A step
players: {{us: {{text: We, stake: 1}}}}
precision: {{precision}}
parameters: {{t: 0.5, p: 0.5}}
switches: {{upside: {{default: off}}}}
story:
  - nature: weather
    options: {{rain: p, sun: rest}}
  - player: us
    move: act
    options: [wait, go]
  - outcomes: [end]
payoffs: {{us: t if act is go else 0.7124}}
quantities: {{go: P(act is go), wet: P(act is go | weather is rain)}}
{more.get("sections", "")}
""".replace("{precision}", str(more.get("precision", 1e6)))
    return parley.loads(text)


def test_a_jump_is_drawn_where_it_is() -> None:
    found = asked(decision(), "{vary: t, from: 0, to: 1, show: go}")
    (jump,) = found.jumps
    assert jump.low < 0.7124 < jump.high
    assert jump.high - jump.low <= FINEST * (1 + 1e-9)
    assert [jump.before, jump.after] == pytest.approx([0, 1], abs=1e-6)
    assert len(found.x) < 61 + 20
    assert found.complete


def test_a_smooth_curve_gets_no_more_points_than_were_asked_for() -> None:
    found = asked(decision(precision=1), "{vary: t, from: 0, to: 1, steps: 41, show: go}")
    assert len(found.x) == 41
    assert not found.jumps
    share = 1 / (1 + np.exp(0.7124 - found.x))
    np.testing.assert_allclose(found.curves[0].mean, share, rtol=0, atol=1e-9)


def test_where_there_is_no_game_there_is_a_gap_that_is_counted() -> None:
    found = asked(decision(), "{vary: p, from: 0.5, to: 1.5, steps: 11, show: [go, wet]}")
    beyond = found.x > 1
    assert beyond.any()
    for curve in found.curves:
        np.testing.assert_array_equal(np.isnan(curve.mean), beyond)
        np.testing.assert_array_equal(curve.unsolved > 0, beyond)
    assert found.unsolved == int(beyond.sum())
    assert np.diff(found.x)[~beyond[:-1] & beyond[1:]].max() <= FINEST * (1 + 1e-9)  # the end of the curve


def test_a_point_has_a_value_while_one_in_a_hundred_readings_fails_and_no_more() -> None:
    text = (
        decision()
        .text.replace("p: 0.5}", "p: 0.5, q: {uniform: [0, 1]}}")
        .replace("rain: p", "rain: p + 0.2 * q")
    )
    found = asked(parley.loads(text), "{vary: p, from: 0.795, to: 0.805, steps: 41, show: go}", draws=256)
    (curve,) = found.curves
    np.testing.assert_array_equal(np.isfinite(curve.mean), curve.unsolved <= 2)  # 2 of 256 are below 1 of 100
    assert 0 < curve.unsolved[np.isfinite(curve.mean)].max() <= 2
    assert curve.unsolved.max() > 2
    assert found.unsolved == curve.unsolved.sum()
    np.testing.assert_allclose(curve.mean[np.isfinite(curve.mean)], 0, atol=1e-9)


def test_a_condition_that_cannot_happen_is_no_missing_certificate() -> None:
    found = asked(decision(), "{vary: p, from: 0, to: 1, steps: 5, show: [go, wet]}")
    go, wet = found.curves
    assert np.isfinite(go.mean).all()
    assert np.isnan(wet.mean[0])
    assert wet.undefined[0] == 1
    assert not wet.unsolved.any()
    assert not found.unsolved


def test_a_logarithmic_sweep_is_even_in_proportion(first: Scenario) -> None:
    found = asked(
        first, f"{{vary: B, from: 1, to: 100, scale: log, steps: 5, show: tainted, set: {held(kappa=0.3)}}}"
    )
    np.testing.assert_allclose(found.x, [1, 10**0.5, 10, 10**1.5, 100], rtol=1e-12)
    assert found.x[0] == 1
    assert found.x[-1] == 100


PUBLISHED = """
expected:
  - {quantity: P(act is go), value: 1, tolerance: 1e-6, set: {t: 0.9}}
  - {quantity: P(act is go), value: 0, tolerance: 1e-6, set: {t: 0.1, p: 0.5}}
  - {quantity: P(act is go), value: 0, tolerance: 1e-6, set: {t: 0.1, p: 0.6}}
  - {quantity: P(act is go), value: 1, tolerance: 1e-6, set: {t: 2}}
  - {quantity: P(act is go), value: 1, tolerance: 1e-6, set: {t: 0.8, upside: on}}
  - {quantity: P(act is go), value: 1, tolerance: 1e-6, set: {t: 0.8}, concept: limit}
  - {quantity: P(act is wait), value: 1, tolerance: 1e-6, set: {t: 0.8}}
  - {quantity: P(act is go), value: 0, tolerance: 1e-6}
"""


def test_published_numbers_on_the_way_are_marked_and_no_others() -> None:
    scenario = decision(sections=PUBLISHED)
    dots = asked(scenario, "{vary: t, from: 0, to: 1, show: go}").published
    assert [(each.x, each.value) for each in dots] == [(0.9, 1), (0.1, 0), (0.5, 0)]
    other = asked(scenario, "{vary: t, from: 0, to: 1, show: go, set: {p: 0.6}}").published
    assert [(each.x, each.value) for each in other] == [(0.1, 0)]
    switched = asked(scenario, "{vary: t, from: 0, to: 1, show: go, set: {upside: on}}").published
    assert [each.x for each in switched] == [0.8]


def test_published_numbers_find_the_curve_of_their_policy(first: Scenario) -> None:
    text = first.text.replace(
        "expected: ",
        "expected:\n  - {quantity: P(tainted failure | pause), value: 0, tolerance: 1e-9, "
        f"set: {{kappa: 0.3, B: 5, {held()[1:]}}}\nignored: ",
    )
    head, _, _ = text.partition("\nignored: ")
    scenario = parley.loads(head + "\n```\n", "which.md")
    found = asked(scenario, f"{{vary: B, from: 0, to: 10, steps: 3, show: tainted, set: {held(kappa=0.3)}}}")
    assert [(found.curves[each.curve].policy, each.x) for each in found.published] == [("pause", 5.0)]


def test_a_quantity_that_names_its_policy_is_one_curve(first: Scenario) -> None:
    text = (
        "{vary: B, from: 0, to: 40, steps: 3, show: ['P(tainted failure | pause)'], policies: [status quo]}"
    )
    (curve,) = asked(first, text, draws=16).curves
    assert curve.policy is None
    np.testing.assert_allclose(curve.mean, 0, atol=1e-12)


def test_a_switch_may_be_set(first: Scenario) -> None:
    flagship = parley.load("taliban-talks")
    text = "{vary: B, from: 0, to: 40, steps: 2, show: 'P(failure)', policies: [status quo], set: %s}"
    on, off = (
        asked(flagship, text % f"{{non cooperation: {option}}}", draws=16).curves[0].mean
        for option in ("on", "off")
    )
    assert not np.allclose(on, off)


def test_without_a_request_the_scenarios_own_is_solved() -> None:
    scenario = decision(sections="sweep: {vary: t, from: 0.8, to: 0.9, steps: 2}")
    found = sweep(scenario)
    assert found.request == scenario.sweeps[0]
    assert [curve.shown.name for curve in found.curves] == ["go", "wet"]
    with pytest.raises(StudyError, match="no `sweep:`"):
        sweep(decision())


def test_more_than_fits_is_refused_before_it_is_solved(first: Scenario) -> None:
    request = read_request(first, "{vary: B, from: 0, to: 40, steps: 2001, show: length}")
    with pytest.raises(StudyError, match="600,300,000 numbers"):
        sweep(first, request, draws=100_000)
    with pytest.raises(StudyError, match="a reading or more"):
        sweep(first, request, draws=0)


def test_it_can_be_stopped(first: Scenario) -> None:
    with pytest.raises(StudyError, match="stopped"):
        sweep(first, read_request(first, "{vary: B, from: 0, to: 40}"), cancel=lambda: True)


def test_what_an_expression_replaces_cannot_be_varied() -> None:
    scenario = parley.load("which-event-first", {"q_senior": "q_other"})
    with pytest.raises(StudyError, match="q_senior"):
        asked(scenario, "{vary: q_senior, from: 0, to: 1, show: tainted}")


def test_a_request_of_its_own_reports_every_fault(first: Scenario) -> None:
    with pytest.raises(ScenarioError) as told:
        read_request(first, "{vary: kapa, from: 1, to: 0, show: [claen]}")
    assert [each.code for each in told.value.diagnostics] == ["P750", "P751", "P754"]  # type: ignore[attr-defined]


# --- where curves turn ----------------------------------------------------------------------------------


def test_a_kink_is_followed_until_it_hardly_shows() -> None:
    u = np.linspace(0, 1, 11)
    for _ in range(14):
        wanted = np.unique(to_turn(u, np.abs(u - 0.3333), 0.004))
        if not wanted.size:
            break
        u = np.unique(np.concatenate([u, wanted]))
    assert u[np.abs(u - 0.3333).argmin()] == pytest.approx(0.3333, abs=0.01)
    assert len(u) < 40


def test_a_steep_curve_does_not_jump_and_a_staircase_jumps_at_each_step() -> None:
    u = np.linspace(0, 1, 1001)
    assert not list(jumps(u, 1 / (u + 0.005)))
    steps = np.array([0.2, 0.4005, 0.7, 0.9])
    stairs = (u[:, None] > steps).sum(axis=1).astype(float)
    assert [round((u[a] + u[b]) / 2, 2) for a, b in jumps(u, stairs)] == [0.2, 0.4, 0.7, 0.9]
    assert not list(jumps(u, 1 / (1 + np.exp(-(u - 0.5) * 300))))  # steep, and drawn as it is


def test_a_jump_with_a_point_on_its_edge_is_one_jump() -> None:
    u = np.array([0.0, 0.499, 0.5, 0.501, 1.0])
    assert list(jumps(u, np.array([0.0, 0.0, 0.4, 1.0, 1.0]))) == [(1, 3)]
    assert list(jumps(u, np.array([0.0, 0.0, np.nan, 1.0, 1.0]))) == [(1, 3)]
    wide = np.array([0.0, 0.495, 0.5, 0.505, 1.0])  # too far apart, unless nothing is known between them
    assert list(jumps(wide, np.array([0.0, 0.0, np.nan, 1.0, 1.0]))) == [(1, 3)]
    assert list(jumps(wide, np.array([0.0, 0.0, 0.5, 1.0, 1.0]))) == []
    many = np.array([0.0, 0.0, 0.03, 0.06, 1.0])  # each half a jump of a twentieth of the height
    assert list(jumps(u, many + (u > 0.9) * 0.06)) == [(1, 3)]
    assert list(jumps(u, np.zeros(5))) == []
    assert list(jumps(u, np.full(5, np.nan))) == []


def test_curves_that_touch_or_part_in_a_gap_do_not_cross() -> None:
    assert list(crossings(np.array([1.0, 0.0, 1.0]))) == []
    assert list(crossings(np.array([1.0, np.nan, -1.0]))) == []
    assert list(crossings(np.array([1e-12, -1e-12]))) == []
    assert list(crossings(np.array([-1.0, 0.0, 0.0, 2.0]))) == [(0, 3)]
    assert to_cross(np.array([0.0, 0.5, 1.0]), np.array([1.0, 0.0, 1.0])).size == 0


def test_nobody_leads_in_a_gap_and_who_is_equal_leads_on() -> None:
    u = np.linspace(0, 1, 5)
    one = np.array([1.0, 1.0, np.nan, 1.0, 1.0])
    other = np.array([0.0, 1.0, 5.0, 1.0, 2.0])
    assert list(leaders(u, np.stack([one, other]))) == [(0, 0.0, 0.25), (1, 0.75, 1.0)]
    assert list(leaders(u, np.stack([one, one + 1e-13]))) == [(0, 0.0, 0.25), (0, 0.75, 1.0)]


def test_too_many_turns_are_said() -> None:
    scenario = decision()
    request = read_request(scenario, "{vary: t, from: 0, to: 1, show: go}")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("parley.study.sweeping.MOST_ADDED", 3)
        found = sweep(scenario, request)
    assert not found.complete
    assert MappingProxyType({}) == request.set


# --- nobody errs ----------------------------------------------------------------------------------------


def test_in_the_limit_a_threshold_is_where_the_payoffs_are_equal() -> None:
    found = asked(decision(precision=1), "{vary: t, from: 0, to: 1, show: go, concept: limit}")
    (jump,) = found.jumps
    assert jump.low < 0.7124 < jump.high
    assert [jump.before, jump.after] == pytest.approx([0, 1], abs=1e-12)
    assert not found.unsolved
    assert found.provenance.concept.startswith("limit")
    mean = found.curves[0].mean
    np.testing.assert_allclose(mean, found.x > 0.7124, atol=1e-12)


def test_published_limits_lie_on_a_sweep_of_the_limit_alone() -> None:
    scenario = decision(sections=PUBLISHED)
    dots = asked(scenario, "{vary: t, from: 0, to: 1, show: go, concept: limit}").published
    assert [(each.x, each.value) for each in dots] == [(0.8, 1)]
