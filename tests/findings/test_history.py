"""History is scored and weighed as the closed forms say; planted history teaches what was planted."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

import parley
from parley.errors import FindingsError, GameError, ScenarioError, StudyError
from parley.findings import Findings, History
from parley.findings.history import ENOUGH, history, set_by
from parley.findings.reweighting import SCARCE, THIN, likelihood, weigh
from parley.findings.scoring import base_rate, brier, calibration, log_score
from parley.report import history as report
from parley.report.terminal import draw
from parley.scenario.model import Scenario
from parley.study import Answers, Problem, answered, read_run
from parley.study.cases import CaseTable, ask_cases
from parley.study.evaluator import Evaluator
from parley.study.work import Piece, Workshop

TEXT = """
parley: 1
title: A coin and a clock
players: {{us: We, them: They}}
parameters:
  p: {{range: [0, 1]}}
  rate: {{range: [0.1, 1]}}
  cost: {{range: [0, 1]}}
  q: 30%
  told: {{range: [1, 2], evidence: record}}
switches:
  kind: {{options: {{mild: 50%, hard: rest}}}}
story:
  - player: us
    move: act
    options: [wait, go]
  - nature: weather
    options: {{fair: q, foul: rest}}
  - nature: luck
    when: act is go
    options: {{good: "p if kind is mild else p / 2", bad: rest}}
    seen by: [them]
  - player: them
    move: answer
    when: act is go
    options: [yield, fight]
  - outcomes: {{won: luck is good, lost: luck is bad, nothing: otherwise}}
payoffs:
  us: {{won: 1, lost: 0, nothing: cost + told * 0}}
  them: 0
compare:
  player: us
  policies: {{wait: {{act: wait}}, go: {{act: go}}}}
  recommend: go
claims:
  likely: {{text: Going wins, derives: P(won | go) > 50%}}
cases:
{cases}
sources: {{press: The papers}}
evidence: {{record: {{text: what was seen, source: press}}}}
"""


def scenario(*cases: str) -> Scenario:
    return parley.loads(TEXT.format(cases="\n".join(f"  {each}" for each in cases)), "a.yaml")


def asked(of: Scenario, draws: int = 2048, seed: int = 7) -> tuple[CaseTable, ...]:
    results = parley.run(of, draws=draws, seed=seed)
    return ask_cases(results, Evaluator(of, seed=seed))


def found(of: Scenario, draws: int = 2048, seed: int = 7) -> History:
    results = parley.run(of, draws=draws, seed=seed)
    said = history(results, Evaluator(of, seed=seed))
    assert said is not None
    return said


# --- cases told by the model ----------------------------------------------------------------------------


def test_a_case_is_told_with_its_moves_numbers_and_switches() -> None:
    of = scenario(
        "won: {given: {act: go, kind: mild}, happened: won}",
        "hard: {given: {act: go, kind: hard}, happened: won}",
        "sure: {given: {act: go, kind: mild, p: 0.25}, happened: lost}",
        "idle: {given: {act: wait}, happened: nothing}",
        "both: {given: {act: go}, happened: luck is bad, instead: luck is good}",
        "answered: {given: {act: go, answer: yield}, happened: answer is yield}",
    )
    results = parley.run(of, draws=256, seed=3)
    tables = {each.case.name: each for each in ask_cases(results, Evaluator(of, seed=3))}
    p = results.parameters["p"]
    assert np.allclose(tables["won"].chance[0], p, atol=1e-12)
    assert np.allclose(tables["hard"].chance[0], p / 2, atol=1e-12)
    assert np.allclose(tables["sure"].chance[0], 0.75, atol=1e-12)
    assert np.allclose(tables["idle"].chance[0], 1.0)
    assert np.allclose(tables["answered"].chance[0], 1.0)
    # A switch that is not given stays as it is in each reading; the two outcomes leave nothing over.
    own = np.where(results.switches["kind"] == "mild", p, p / 2)
    assert tables["both"].outcomes == ("luck is bad", "luck is good")
    assert np.allclose(tables["both"].chance, np.stack([1 - own, own]), atol=1e-12)
    # Had we followed the first policy there would have been no luck of either kind.
    assert tables["won"].baseline is not None
    assert np.all(tables["won"].baseline[0] == 0)
    assert tables["both"].baseline is not None
    assert tables["both"].baseline[:, 0].tolist() == [0, 0, 1]


def test_what_chance_decided_is_a_condition() -> None:
    of = scenario(
        "lucky: {given: {act: go, luck: good}, happened: won}",
        "never: {given: {act: wait, luck: good}, happened: won}",
        "fair: {given: {act: wait, weather: fair}, happened: weather is fair and act is wait}",
    )
    tables = {each.case.name: each for each in asked(of, 64)}
    assert np.all(tables["lucky"].chance[0] == 1)
    assert np.all(np.isnan(tables["never"].chance[0]))
    assert np.all(tables["fair"].chance[0] == 1)


def test_a_move_that_is_given_was_made() -> None:
    of = scenario(
        "a: {given: {answer: yield, kind: mild}, happened: won}", "b: {given: {act: go}, happened: won}"
    )
    results = parley.run(of, draws=64, seed=3)
    table = ask_cases(results, Evaluator(of, seed=3))[0]
    # It is made only when we go, which is then given as well.
    assert np.allclose(table.chance[0], results.parameters["p"], atol=1e-12)
    text = TEXT.format(cases="  a: {given: {answer: yield, act: go}, happened: won}")
    alone = parley.loads(
        text.replace("[yield, fight]", "{yield: luck is good, fight: luck is bad}"), "a.yaml"
    )
    assert np.all(asked(alone, 16)[0].chance[0] == 1)


def test_a_given_number_stands_before_one_that_was_set() -> None:
    of = scenario("sure: {given: {act: go, kind: mild, p: 0.25}, happened: won}")
    changed = parley.scenario.override(of, {"p": "q", "kind": "hard"})
    assert np.allclose(asked(changed, 32)[0].chance[0], 0.25)


def test_forecasts_and_clocks_are_told_without_a_story() -> None:
    of = scenario(
        "yes: {forecast: 1 - exp(-rate * 2), happened: yes}",
        "no: {given: {rate: 0.5}, forecast: 1 - exp(-rate * 2), happened: no}",
        "rang: {clock: rate, after: 3, happened: yes}",
        "still: {clock: rate, after: 3, happened: no}",
    )
    results = parley.run(of, draws=64, seed=1)
    probe = Evaluator(of, seed=1)
    tables = {each.case.name: each for each in ask_cases(results, probe)}
    rate = results.parameters["rate"]
    assert probe.games == 0
    assert np.allclose(tables["yes"].chance[0], 1 - np.exp(-2 * rate))
    assert np.allclose(tables["no"].chance[0], math.exp(-1))
    assert np.allclose(likelihood(tables["rang"]), stats.expon.logpdf(3, scale=1 / rate))
    assert np.allclose(likelihood(tables["still"]), stats.expon.logsf(3, scale=1 / rate))


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("odd: {forecast: 2 * p, happened: yes}", "a chance lies between 0 and 1"),
        ("odd: {clock: p - 1, after: 1, happened: yes}", "a rate is not negative"),
        ("odd: {given: {act: go}, happened: won, instead: [luck is good]}", "must exclude each other"),
    ],
)
def test_what_is_no_chance_is_refused(case: str, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        asked(scenario(case), 64)


def test_another_seed_is_refused() -> None:
    of = scenario("won: {given: {act: go}, happened: won}")
    with pytest.raises(StudyError, match="seed 8"):
        history(parley.run(of, draws=16, seed=7), Evaluator(of, seed=8))


def test_what_the_story_cannot_give_is_found_by_check() -> None:
    text = TEXT.format(cases="  a: {given: {act: go, told: 1}, happened: won}")
    assert not parley.game.inspect(parley.loads(text, "a.yaml"))
    two = text.replace(
        "options: [yield, fight]", "options: {yield: luck is good, fight: always, talk: always}"
    )
    wanted = two.replace("given: {act: go, told: 1}", "given: {act: go, answer: yield}")
    (fault,) = parley.game.inspect(parley.loads(wanted, "a.yaml"))
    assert fault.code == "P807"
    assert "as in a" in fault.message
    with pytest.raises(GameError, match="not on offer"):
        asked(parley.loads(wanted, "a.yaml"), 16)


# --- scores ---------------------------------------------------------------------------------------------


def test_scores_are_the_closed_forms() -> None:
    assert log_score(0.125) == 3
    assert log_score(0.0) is None
    assert brier(np.array([0.7, 0.2, 0.1])) == pytest.approx((0.3**2 + 0.2**2 + 0.1**2) / 2)
    p = np.array([0.9, 0.1])
    assert brier(np.stack([p, 1 - p])) == pytest.approx((1 - p) ** 2)
    rate = base_rate(["a", "b", "anything else"], ["a", "a", "b", "z"])
    assert rate is not None
    assert rate.tolist() == pytest.approx([3 / 7, 2 / 7, 2 / 7])
    # What cannot be any of the outcomes is no evidence about them.
    assert base_rate(["a", "b"], ["a", "z"]).tolist() == pytest.approx([2 / 3, 1 / 3])  # type: ignore[union-attr]


def test_spiegelhalters_z_is_standard_normal_for_a_calibrated_forecaster() -> None:
    rng = np.random.default_rng(5)
    p = rng.uniform(size=(2000, 60))
    came = rng.uniform(size=p.shape) < p
    own = np.where(came, p, 1 - p)
    z = np.array([calibration([np.array([each, 1 - each]) for each in row]).z for row in own])
    assert stats.kstest(z, "norm").pvalue > 0.001
    # Too sure of itself: what it calls nine in ten comes about every second time.
    sure = calibration([np.array([0.9, 0.1])] * 20 + [np.array([0.1, 0.9])] * 20)
    assert sure.z is not None
    assert sure.z > 5
    assert [(each.forecasts, each.came, round(each.expected, 6)) for each in sure.bins] == [
        (40, 20, 4.0),
        (40, 20, 36.0),
    ]


def test_the_model_is_scored_by_its_ensemble_beside_named_forecasters() -> None:
    of = scenario(
        "one: {given: {act: go, kind: mild}, happened: won}",
        "two: {given: {act: go, kind: mild}, happened: won}",
        "three: {given: {act: go, kind: hard}, happened: lost}",
        "four: {forecast: p, happened: no}",
    )
    said = found(of, 4096)
    chance = [0.5, 0.5, 0.75, 0.5]
    assert [case.chance.mean for case in said.cases] == pytest.approx(chance, abs=2e-4)
    assert said.log_score == pytest.approx(np.mean([-math.log2(p) for p in chance]), abs=1e-3)
    assert said.brier == pytest.approx(np.mean([(1 - p) ** 2 for p in chance]), abs=1e-3)
    by = {each.name: each for each in said.forecasters}
    assert list(by) == ["coin", "other cases", "always wait"]
    assert (by["coin"].cases, by["coin"].log_score, by["coin"].brier) == (4, 1.0, 0.25)
    assert by["coin"].skill == pytest.approx(1 - (said.brier or 0) / 0.25)
    # Of two other cases one was won: (1 + 1) / (2 + 2); of those beside the third none was lost: 1 / 4.
    assert by["other cases"].cases == 3
    assert said.cases[0].rivals["other cases"] == pytest.approx(0.5)
    assert said.cases[2].rivals["other cases"] == pytest.approx(0.25)
    # Had we waited, nothing of the kind could have happened.
    assert by["always wait"].log_score is None
    assert by["always wait"].brier == 1
    # A single reading p: -log2 p has the mean 1 / ln 2, and that of (1 - p)^2 is 1 / 3.
    alone = found(scenario("one: {given: {act: go, kind: mild}, happened: won}"), 4096)
    assert alone.single_log_score is not None
    assert alone.single_brier is not None
    assert alone.single_log_score.mean == pytest.approx(1 / math.log(2), abs=2e-3)
    assert alone.single_brier.mean == pytest.approx(1 / 3, abs=1e-3)


def test_few_cases_are_no_test_and_many_are() -> None:
    few = [f"c{number}: {{given: {{act: go, kind: mild}}, happened: won}}" for number in range(ENOUGH - 1)]
    said = found(scenario(*few), 64)
    assert not said.enough
    assert said.calibration is None
    assert report.remark(said) == "19 cases: a sanity check, not a test"
    many = found(scenario(*few, "last: {given: {act: go, kind: mild}, happened: lost}"), 64)
    assert many.enough
    assert many.calibration is not None
    assert report.remark(many) == "20 cases"
    # One that has set a number does not count.
    taught = found(scenario(*few, "last: {given: {act: go}, happened: lost, used for: p}"), 64)
    assert not taught.enough


def test_a_case_that_set_a_number_is_flagged() -> None:
    of = scenario(
        "named: {given: {act: go}, happened: won, used for: p}",
        "shared: {given: {act: go}, happened: won, evidence: record}",
        "free: {given: {act: go}, happened: lost}",
    )
    assert [set_by(of, case) for case in of.cases.values()] == [("p",), ("told",), ()]
    notes = [item for item in parley.check(of.text, "a.yaml") if item.code == "P943"]
    assert [item.span.line for item in notes] == [of.cases["shared"].span.line]
    said = found(of, 256)
    assert said.independent == 1
    assert [each.cases for each in said.reweighting] == [("named", "shared", "free"), ("free",)]
    assert [each.independent for each in said.reweighting] == [False, True]
    assert "2 of 3 cases have set numbers already (p and told)" in _shown(said)


# --- weights --------------------------------------------------------------------------------------------


def test_history_pulls_a_chance_to_the_posterior() -> None:
    won = [f"w{number}: {{given: {{act: go, kind: mild}}, happened: won}}" for number in range(7)]
    lost = [f"l{number}: {{given: {{act: go, kind: mild}}, happened: lost}}" for number in range(3)]
    said = found(scenario(*won, *lost), 8192)
    posterior = stats.beta(8, 4)  # p was even between 0 and 1
    (item,) = said.reweighting
    moved = next(each for each in item.assumptions if each.name == "p")
    assert moved.after is not None
    for value, at in ((moved.after.low, 0.05), (moved.after.middle, 0.5), (moved.after.high, 0.95)):
        assert posterior.cdf(value) == pytest.approx(at, abs=5e-3)
    # E[w]^2 / E[w^2] of w = p^7 (1 - p)^3
    worth = math.exp(
        2 * (math.lgamma(8) + math.lgamma(4) - math.lgamma(12))
        - (math.lgamma(15) + math.lgamma(7) - math.lgamma(22))
    )
    assert item.effective / item.readings == pytest.approx(worth, rel=2e-2)
    assert not item.scarce
    assert item.assumptions[0].name == "p"
    assert moved.shift == pytest.approx(8 / 12 - 0.5, abs=5e-3)
    assert moved.distinct
    still = next(each for each in item.assumptions if each.name == "rate")
    assert abs(still.shift) < 1e-3


@pytest.mark.parametrize("truth", [0.15, 0.4, 0.8])
def test_planted_history_pulls_a_rate_to_its_true_value(truth: float) -> None:
    rng = np.random.default_rng(round(100 * truth))
    waits = rng.exponential(1 / truth, size=60)
    of = scenario(
        *(f"t{n}: {{clock: rate, after: {wait:.6f}, happened: yes}}" for n, wait in enumerate(waits))
    )
    (item,) = found(of, 4096).reweighting
    moved = next(each for each in item.assumptions if each.name == "rate")
    assert moved.after is not None
    exact = stats.gamma(61, scale=1 / waits.sum())  # before the ends of the range cut it off
    ends = exact.cdf([0.1, 1.0])
    middle = exact.ppf(ends.mean())
    assert moved.after.middle == pytest.approx(middle, rel=0.01)
    assert moved.after.middle == pytest.approx(truth, rel=0.35)


def test_history_chooses_between_rival_structures() -> None:
    cases = [f"w{n}: {{given: {{act: go, p: 0.8}}, happened: won}}" for n in range(3)]
    (item,) = found(scenario(*cases), 4096).reweighting
    moved = next(each for each in item.assumptions if each.kind == "switch")
    mild = 0.8**3 / (0.8**3 + 0.4**3)
    assert moved.options["mild"] == pytest.approx((0.5, mild), abs=1e-3)
    assert moved.shift == pytest.approx(mild - 0.5, abs=1e-3) or moved.shift == pytest.approx(
        0.5 - mild, abs=1e-3
    )


def test_the_conclusion_moves_with_history() -> None:
    cases = [f"w{n}: {{given: {{act: go, kind: mild}}, happened: won}}" for n in range(9)]
    (item,) = found(scenario(*cases), 4096).reweighting
    (criterion,) = item.criteria
    assert criterion.distinct
    # To go pays when p (or p / 2) exceeds the cost, which is even between 0 and 1: in 3 of 8 readings, and
    # after nine wins, p being Beta(10, 1), in (10 / 11 + 5 / 11) / 2.
    assert criterion.before.share == pytest.approx(3 / 8, abs=5e-3)
    assert criterion.after.share == pytest.approx(15 / 22, abs=1e-2)
    assert criterion.change == pytest.approx(15 / 22 - 3 / 8, abs=1e-2)
    assert criterion.before.word != criterion.after.word
    assert [claim.name for claim in item.claims] == ["likely"]


def test_the_error_of_a_change_covers_it() -> None:
    of = scenario("w: {given: {act: go, kind: mild}, happened: won}")
    truth = (2 / 3 + 1 / 3) / 2 - 3 / 8
    inside = 0
    for seed in range(60):
        (criterion,) = found(of, 256, seed).reweighting[0].criteria
        assert criterion.change is not None
        assert criterion.error is not None
        inside += abs(criterion.change - truth) <= criterion.error
    assert inside >= 50  # 95 % of 60 are 57; fewer than 50 have a chance of 1 in 10,000


def test_few_effective_readings_are_a_warning() -> None:
    cases = [f"w{n}: {{given: {{act: go, kind: mild}}, happened: won}}" for n in range(60)]
    said = found(scenario(*cases), 1024)
    (item,) = said.reweighting
    assert item.effective < max(SCARCE, THIN * 1024)
    assert item.scarce
    assert item.heaviest is not None
    assert item.heaviest > 0.01
    assert "too few to rely on" in _shown(said)


def test_what_the_model_holds_impossible_is_said_and_not_weighed() -> None:
    said = found(
        scenario(
            "wonder: {given: {act: wait}, happened: won}",
            "plain: {given: {act: go, kind: mild}, happened: won}",
            "absent: {given: {act: wait, luck: good}, happened: won}",
        ),
        256,
    )
    wonder, plain, absent = said.cases
    assert (wonder.log_score, wonder.brier, wonder.impossible) == (None, 1.0, 256)
    assert (absent.chance.mean, absent.brier, absent.undefined) == (None, None, 256)
    assert said.scored == 2
    assert said.log_score is None
    (item,) = said.reweighting
    assert item.cases == ("plain",)
    assert item.left_out == ("wonder", "absent")
    assert plain.log_score == pytest.approx(1.0, abs=0.02)
    text = _shown(said)
    assert "impossible in the model" in text
    assert "The log score is infinite: the model holds impossible what happened in wonder." in text
    assert "wonder is left out of the weights" in text


def test_cases_that_contradict_each_other_leave_nothing_to_weigh() -> None:
    said = found(
        scenario(
            "a: {forecast: 1 if p > 0.5 else 0, happened: yes}",
            "b: {forecast: 1 if p > 0.5 else 0, happened: no}",
        ),
        64,
    )
    (item,) = said.reweighting
    assert (item.effective, item.ruled_out, item.criteria, item.heaviest) == (0.0, 64, (), None)
    assert "No reading allows all cases together" in _shown(said)


def test_a_reading_without_a_chance_for_some_case_is_left_out() -> None:
    of = scenario("a: {forecast: log(p - 0.25) * 0 + p, happened: yes}")
    said = found(of, 1024)
    (item,) = said.reweighting
    assert item.undefined == pytest.approx(256, abs=2)
    assert said.cases[0].undefined == item.undefined
    moved = next(each for each in item.assumptions if each.name == "p")
    assert moved.before is not None
    assert moved.before.low > 0.25  # the readings left out are in neither


def test_weights_are_the_product_of_the_chances() -> None:
    of = scenario(
        "a: {forecast: p, happened: yes}",
        "b: {clock: rate, after: 2, happened: yes}",
        "c: {forecast: p, happened: no}",
    )
    results = parley.run(of, draws=64, seed=2)
    weight, defined, without = weigh(ask_cases(results, Evaluator(of, seed=2)))
    p, rate = results.parameters["p"], results.parameters["rate"]
    exact = p * (1 - p) * rate * np.exp(-2 * rate)
    assert np.allclose(weight, exact / exact.max())
    assert defined.all()
    assert without == ()


# --- the whole ------------------------------------------------------------------------------------------


def test_a_scenario_without_cases_has_no_history() -> None:
    of = replace(scenario("a: {forecast: p, happened: yes}"), cases={})
    assert history(parley.run(of, draws=16), Evaluator(of)) is None


def test_history_is_part_of_the_findings_and_survives_json() -> None:
    of = scenario("w: {given: {act: go, kind: mild}, happened: won, source: press, date: 2020-01-02}")
    results = parley.run(of, draws=64, seed=1)
    assert parley.assess(results).history is None
    findings = parley.assess(results, Evaluator(of, seed=1))
    assert findings.history is not None
    assert findings.history.cases[0].source == "The papers"
    assert Findings.from_json(findings.to_json()) == findings
    older = findings.to_json().replace('"history"', '"histories"')
    with pytest.raises(FindingsError, match="histories"):
        Findings.from_json(older)


def test_ten_days_to_a_strike_and_the_pause_of_2014() -> None:
    """The backtest of the flagship: .12 within ten days, ln 2 / kappa = 2.3 months against 69 days."""
    of = parley.load("which-event-first")
    settings = {"sigma_other": "2", "q_other": "0.1923", "kappa": "0.30", "sigma_senior": "0.12"}
    central = parley.scenario.override(of, settings)
    ten, pause = found(central, 256).cases
    assert ten.chance.mean == pytest.approx(0.12, abs=0.01)
    assert pause.timing is not None
    assert pause.timing.half.middle == pytest.approx(math.log(2) / 0.30, rel=1e-9)
    assert pause.timing.half.middle == pytest.approx(2.3, abs=0.05)
    assert pause.timing.after == pytest.approx(69 / 30.4, abs=1e-3)
    assert pause.timing.by == pytest.approx(1 - math.exp(-0.30 * 2.27))
    said = found(of, 4096)
    assert said.cases[0].chance.mean == pytest.approx(0.12, abs=0.01)
    assert (said.enough, said.independent, said.scored) == (False, 0, 1)
    assert said.cases[0].used_for == ("sigma_other", "q_other")
    assert said.cases[1].used_for == ("kappa",)


def test_faults_of_a_case_name_the_line() -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario("a: {forecast: p, happened: won}")
    line = TEXT[: TEXT.index("{cases}")].count("\n") + 1
    assert f"a.yaml:{line}:30: error P732" in str(caught.value)


def _shown(said: History) -> str:
    return " ".join(draw(list(report.section(said, 100)), 100, False).split())


# --- kept and verified ----------------------------------------------------------------------------------


KEPT = (
    "a: {given: {act: go, kind: mild}, happened: won}",
    "b: {given: {act: go, kind: mild, p: 0.25}, happened: lost}",
    "c: {clock: rate, after: 2, happened: yes}",
)


def kept(folder: Path) -> History:
    of = scenario(*KEPT)
    results = parley.run(of, draws=64, seed=4, store=folder)
    with Answers(folder, results.provenance, keep=True) as answers:
        said = history(results, Evaluator(of, seed=4, answers=answers))
    assert said is not None
    return said


def read_again(folder: Path) -> tuple[History, int, list[Problem]]:
    problems: list[Problem] = []
    probe = answered(folder, problems)
    assert probe is not None
    said = history(read_run(folder), probe)
    assert said is not None
    return said, probe.games, problems


def test_a_kept_history_is_read_again(tmp_path: Path) -> None:
    said = kept(tmp_path / "run")
    assert len(list((tmp_path / "run" / "answers").glob("*.parquet"))) == 2  # one for each set of numbers
    assert read_again(tmp_path / "run") == (said, 0, [])


def test_a_kept_history_that_was_made_up_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Workshop.work

    def forged(self: Workshop, policy: str, *others: Any) -> Piece:
        piece = honest(self, policy, *others)
        return replace(piece, measured=piece.measured * 0.9) if policy == "as in b" else piece

    with monkeypatch.context() as patch:
        patch.setattr(Workshop, "work", forged)
        kept(tmp_path / "run")
    _, _, problems = read_again(tmp_path / "run")
    assert {problem.policy for problem in problems} == {"as in b"}
    assert all("differs when solved again" in problem.message for problem in problems)


def test_the_history_of_many_readings_can_be_written() -> None:
    """With many readings the bound is a share of them, and the flag was NumPy's, which JSON has not."""
    run = parley.run(parley.load("which-event-first"), draws=4096, seed=7)
    found = history(run, Evaluator(run.scenario, seed=7))
    assert found is not None
    assert {type(each.scarce) for each in found.reweighting} == {bool}
    written = replace(parley.assess(run), history=found)
    assert Findings.from_json(written.to_json()) == written
