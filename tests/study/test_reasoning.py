"""Solving for players who reason otherwise: what is put in place, what is recorded, what verify checks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import parley
from parley.errors import StudyError
from parley.scenario import loads
from parley.study import Answers, Evaluator, Reasoning, answered
from parley.study.verification import Problem

GUESSES = """
parley: 1
title: Two who guess each other
players: {us: We, one: One, other: {text: The other, precision: 3}}
parameters:
  care: {range: [1, 4]}
  worth: {range: [1, 3]}
precision: care
story:
  - {player: us, move: act, options: [stay, go]}
  - outcomes: {stayed: act is stay}
  - simultaneous:
      - {player: one, move: left, options: [a, b]}
      - {player: other, move: right, options: [a, b]}
  - outcomes: {met: left is a and right is a or left is b and right is b, missed: otherwise}
payoffs:
  us: {stayed: 0, met: 1, missed: -1}
  one: {stayed: 0, met: (worth if left is a else 1), missed: 0}
  other: {stayed: 0, met: worth, missed: 0.5 if right is b else 0}
compare:
  player: us
  policies: {stay: {act: stay}, go: {act: go}}
  recommend: go
  by: [payoff(us)]
claims:
  meet: {text: They meet, derives: "P(met | go) > 0.5"}
"""


@pytest.fixture(scope="module")
def probe() -> Evaluator:
    return Evaluator(loads(GUESSES), seed=5)


def test_a_precision_is_that_which_the_scenario_would_state(probe: Evaluator) -> None:
    ranks = probe.ranks(32)
    found = probe.results(ranks, only=None, reasoning=Reasoning(precision={"us": 2.0, "one": 2.0}))
    stated = probe.results(ranks, only=None, values={"care": 2.0})
    np.testing.assert_array_equal(found.criteria[0, "go"], stated.criteria[0, "go"])
    np.testing.assert_array_equal(found.claims["meet"], stated.claims["meet"])
    assert set(found.precision["one"]) == {2.0}
    assert set(found.precision["other"]) == {3.0}
    judged = probe.results(ranks)
    assert not np.allclose(found.criteria[0, "go"], judged.criteria[0, "go"])
    np.testing.assert_array_equal(judged.precision["one"], judged.parameters["care"])


def test_one_step_ahead_has_a_closed_form(probe: Evaluator) -> None:
    ranks = probe.ranks(32)
    found = probe.results(ranks, reasoning=Reasoning(level=1))
    care, worth = found.parameters["care"], found.parameters["worth"]
    one = 1 / (1 + np.exp(-care / worth * 0.5 * (worth - 1)))  # the whole stake of each is worth
    other = 1 / (1 + np.exp(-3.0 / worth * (0.5 * worth - 0.5 * worth - 0.25)))
    met = one * other + (1 - one) * (1 - other)
    np.testing.assert_allclose(found.criteria[0, "go"], 2 * met - 1, atol=1e-12)
    assert found.provenance.concept == "level-1 thinking from random play, noisy replies"
    assert (found.proofs["go"].status == 0).all()
    assert found.proofs["go"].residual.max() < 1e-9
    sure = probe.results(ranks, reasoning=Reasoning(level=1, noisy=False))
    np.testing.assert_array_equal(sure.criteria[0, "go"], -1.0)  # one takes a, the other takes b


def test_bits_do_not_depend_on_what_stands_beside(probe: Evaluator) -> None:
    ranks = probe.ranks(48)
    for reasoning in (Reasoning(level=2), Reasoning(level=3, noisy=False), Reasoning(precision={"one": 7.0})):
        whole = probe.results(ranks, reasoning=reasoning)
        part = probe.results(ranks[:, 11:30], first=11, reasoning=reasoning)
        for key, values in part.criteria.items():
            np.testing.assert_array_equal(whole.criteria[key][11:30], values)


def test_what_makes_no_sense_is_refused(probe: Evaluator) -> None:
    ranks = probe.ranks(16)
    with pytest.raises(StudyError, match="no player 'them'; there are: us, one, other"):
        probe.results(ranks, reasoning=Reasoning(precision={"them": 1.0}))
    for options, message in (
        ({"level": 0}, "at least 1 step ahead, not 0"),
        ({"noisy": False}, "ask for the limit"),
        ({"precision": {"us": -1.0}}, "precision of 'us' must be a finite number, 0 or more, not -1.0"),
        ({"precision": {"us": float("inf")}}, "must be a finite"),
    ):
        with pytest.raises(StudyError, match=message):
            Reasoning(**options)


def test_kept_answers_tell_ways_of_reasoning_apart(tmp_path: Path) -> None:
    scenario = loads(GUESSES)
    record = parley.run(scenario, draws=16, seed=5).provenance
    for keep, level, message in ((True, 1, None), (False, 1, None), (False, 2, "belongs to another")):
        with Answers(tmp_path, record, keep=keep) as answers:
            probe = Evaluator(scenario, seed=5, answers=answers)
            if message is None:
                probe.results(probe.ranks(16), reasoning=Reasoning(level=level))
                assert answers.read == (0 if keep else 1)
            else:
                with pytest.raises(StudyError, match=message):
                    probe.results(probe.ranks(16), reasoning=Reasoning(level=level))


@pytest.mark.parametrize(
    "reasoning", [Reasoning(level=2), Reasoning(level=1, noisy=False), Reasoning(precision={"one": 9.0})]
)
def test_verify_solves_again_in_the_same_way(tmp_path: Path, reasoning: Reasoning) -> None:
    (tmp_path / "guesses.yaml").write_text(GUESSES, encoding="utf-8")
    scenario = parley.load(tmp_path / "guesses.yaml")
    folder = tmp_path / "run"
    run = parley.run(scenario, draws=32, seed=5, store=folder)
    with Answers(folder, run.provenance, keep=True) as answers:
        probe = Evaluator(scenario, run.policies, seed=5, answers=answers)
        probe.results(probe.ranks(32), reasoning=reasoning)
    problems: list[Problem] = []
    again = answered(folder, problems)
    assert again is not None
    again.results(again.ranks(32), reasoning=reasoning)
    assert problems == []
