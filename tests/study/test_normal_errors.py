"""Runs of scenarios in which somebody's errors are normal: policies, switches, stored runs, words."""

from __future__ import annotations

import json
import math
from pathlib import Path

import duckdb
import numpy as np
import pytest
from scipy.stats import norm

import parley
from parley.findings.precision import precision
from parley.report import render
from parley.scenario import loads
from parley.scenario.model import Scenario
from parley.study import Evaluator, Reasoning

TEXT = """
parley: 1
title: Guard or trust
players:
  us: {text: We, errors: {normal: way is slips, normal on endings: {of: [raid], when: way is private}}}
  them: {text: They, errors: normal on endings}
precision: 3
switches: {way: {options: {slips: 50%, private: 30%, logit: rest}}}
parameters: {loot: {range: [0.5, 1.5]}, cost: {range: [0.2, 0.6]}, p: {range: [20%, 60%]}}
story:
  - {nature: mood, options: {bold: p, shy: rest}, seen by: [them]}
  - {player: us, move: posture, options: [guard, trust]}
  - {player: them, move: answer, options: [raid, leave]}
  - outcomes: {raid: answer is raid, quiet: otherwise}
payoffs:
  us: {raid: -1 - loot, quiet: 0, add: "-cost if posture is guard else 0"}
  them: {raid: "(loot - 1.2 if posture is guard else loot) + (0.5 if mood is bold else -0.5)", quiet: 0}
compare:
  player: us
  policies: {guard: {posture: guard}, trust: {posture: trust}, free: free}
  recommend: guard
  by: [payoff(us), "P(raid)"]
quantities: {raids: P(raid)}
"""


def written(folder: Path) -> Scenario:
    """The scenario from a file, as a stored run reads it again."""
    path = folder / "guard.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return parley.load(path)


def test_a_run_is_solved_stored_searched_and_verified(tmp_path: Path) -> None:
    scenario = written(tmp_path)
    results = parley.run(scenario, draws=64, seed=3, store=tmp_path / "run", starts=8, searched=8)
    findings = parley.assess(results)
    assert findings.certification.solved == findings.certification.games
    assert parley.verify(tmp_path / "run").sound
    text = " ".join(render(findings).split())
    assert "a switch says how it errs" in text
    assert "whose errors are normal on endings" in text


def test_a_policy_is_answered_by_normal_errors() -> None:
    """They see the posture: what they do under a policy is the closed form, draw by draw."""
    results = parley.run(loads(TEXT), draws=64, seed=3)
    loot, p = results.parameters["loot"], results.parameters["p"]
    stake = np.maximum(loot + 0.5, 0) - np.minimum(loot - 1.7, 0)
    for policy, gain in (("guard", loot - 1.2), ("trust", loot)):
        raids = [norm.cdf(3 / stake * (gain + shift) / math.sqrt(2)) for shift in (0.5, -0.5)]
        wanted = p * raids[0] + (1 - p) * raids[1]
        assert np.allclose(results.quantities["raids", policy], wanted, rtol=0, atol=1e-12)


def test_noisy_steps_ahead_are_refused_and_left_out_of_the_findings() -> None:
    scenario = loads(TEXT)
    probe = Evaluator(scenario, seed=3)
    found = parley.assess(parley.run(scenario, draws=64, seed=3), probe=probe)
    assert found.reasoning is not None
    levels = [way for way in found.reasoning.ways if way.level is not None]
    assert levels
    assert not any(way.noisy for way in levels)
    with pytest.raises(parley.SolveError, match="logistic"):
        probe.results(probe.ranks(16), only=None, policies=("free",), reasoning=Reasoning(1, True))


def test_what_precision_means_depends_on_the_errors() -> None:
    plain = TEXT.replace(
        ", errors: {normal: way is slips, normal on endings: {of: [raid], when: way is private}}", ""
    )
    us, them = precision(parley.run(loads(plain), draws=32, seed=3))
    assert us.errors == "logistic"
    assert us.odds == pytest.approx(math.exp(0.3))
    assert them.errors == "normal on endings"
    assert them.chance == pytest.approx(norm.cdf(0.3 / math.sqrt(2)))
    assert them.chance is not None
    assert them.odds == pytest.approx(them.chance / (1 - them.chance))
    us, _ = precision(parley.run(loads(TEXT), draws=32, seed=3))
    assert (us.errors, us.odds, us.chance) == ("by switch", None, None)


def test_a_stored_strategy_that_is_moved_is_found_out(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    parley.run(written(tmp_path), draws=16, seed=3, store=folder)
    file = next((folder / "chunks").glob("*.parquet"))
    moved = "list_transform(strategy, lambda x, i: x + case i when 1 then 1e-7 when 2 then -1e-7 else 0 end)"
    with duckdb.connect() as connection:
        new = tmp_path / "new.parquet"
        connection.execute(
            f"copy (select * replace ({moved} as strategy) from '{file}') to '{new}' (format parquet)"
        )
    new.replace(file)
    problems = parley.verify(folder).problems
    assert any("residual" in problem.message for problem in problems)


def test_other_scenarios_say_nothing_of_errors() -> None:
    scenario = parley.load("which-event-first")
    assert json.loads(json.dumps([each.errors for each in scenario.players.values()])) == [None]
    assert parley.compile(scenario).errors == ()
