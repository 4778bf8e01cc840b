"""Published numbers are solved for where they were published, and compared."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import parley
from parley.errors import StudyError
from parley.findings import assess
from parley.findings.published import published
from parley.study import Answers, Evaluator, Problem, Reasoning, answered, reproduce, run_limit
from parley.study.reproduction import published_for
from tests.study.published import pennies

# Fixed points of p = L(l [(X + 1) q - 1]), q = L(-l (2 p - 1)), L logistic, to 1e-10.
QUANTAL = (
    (9, 0.5, 0.8306705913, 0.4180774669),
    (9, 1, 0.8935763306, 0.3127803750),
    (4, 1, 0.7219371539, 0.3908181875),
    (9, 5, 0.7019842368, 0.1171352913),
)


def at(prize: float, precise: float, top: float, left: float) -> list[str]:
    given = f"tolerance: 1e-9, set: {{prize: {prize}, precise: {precise}}}"
    return [
        f"quantity: P(up is top), value: {top}, {given}",
        f"quantity: P(side is left), value: {left}, {given}",
    ]


def test_quantal_responses_at_several_numbers_are_met() -> None:
    found = reproduce(pennies(*(entry for row in QUANTAL for entry in at(*row))))
    assert found.met
    assert found.problems == ()
    assert found.games == len(QUANTAL)  # two numbers share a game
    for each in found.numbers:
        assert each.values.shape == (1,)  # nothing is left uncertain
        assert each.residual["free play"] <= 1e-9


def test_a_number_that_is_off_is_not_met() -> None:
    entry = "quantity: P(up is top), value: 0.8307, tolerance: 1e-5, set: {prize: 9, precise: 0.5}"
    found = reproduce(pennies(entry))
    assert not found.met
    assert found.numbers[0].found == pytest.approx(0.8306705913, abs=1e-9)


def test_what_is_not_set_is_averaged_as_in_a_run() -> None:
    plain = "quantity: P(up is top), value: 0.8, tolerance: 1"
    scenario = pennies(plain, "quantity: P(up is top), value: 0.8, tolerance: 1, set: {prize: 4}")
    found = reproduce(scenario, draws=64, seed=3)
    run = parley.run(scenario, draws=64, seed=3)
    assert len(run.expected) == 1
    np.testing.assert_array_equal(found.numbers[0].values, run.expected[0])
    other = parley.run(parley.scenario.loads(scenario.text, overrides={"prize": "4"}), draws=64, seed=3)
    np.testing.assert_allclose(found.numbers[1].values, other.expected[0], rtol=1e-12)


def test_a_number_of_parameters_alone_needs_no_game() -> None:
    found = reproduce(pennies("quantity: 1 / (prize + 1), value: 0.2, tolerance: 1e-15, set: {prize: 4}"))
    assert found.met
    assert found.games == 0
    assert dict(found.numbers[0].residual) == {}


def test_a_quantity_without_a_value_is_not_met() -> None:
    found = reproduce(pennies("quantity: log(prize), value: 0, tolerance: 1e9, set: {prize: -1}"))
    assert found.numbers[0].found is None
    assert not found.met


def test_a_game_that_is_none_is_not_met() -> None:
    scenario = pennies("quantity: P(up is top), value: 0.5, tolerance: 1, set: {precise: -1}")
    found = reproduce(scenario)
    assert found.numbers[0].unsolved == 1
    assert not found.met


def test_a_run_measures_the_plain_ones_and_says_that_there_are_more() -> None:
    plain = "quantity: P(up is top), value: 0.8, tolerance: 1"
    findings = assess(parley.run(pennies(plain, *at(*QUANTAL[0])), draws=64))
    assert [each.expression for each in findings.expected] == ["P(up is top)"]
    assert "2 more published numbers: parley reproduce '<text>'" in findings.notes
    alone = assess(parley.run(pennies(plain), draws=64))
    assert not any("more published" in note for note in alone.notes)


def test_a_policy_and_a_switch_are_those_of_the_entry() -> None:
    text = """\
parley: 1
title: A threat
players: {us: We, them: They}
precision: 2
switches: {bluff: {options: [loud, soft], default: soft}}
story:
  - {player: us, move: act, options: [threaten, wait]}
  - {player: them, move: answer, options: [yield, hold]}
  - outcomes: {peace: answer is yield, war: otherwise}
payoffs:
  us: {peace: 1, war: 0}
  them: {peace: (1 if bluff is loud else 0) if act is threaten else 0.5, war: 0}
compare: {player: us, policies: {talk: {act: wait}, threat: {act: threaten}}, recommend: threat}
expected:
  - {quantity: P(peace), value: 0.8807970779778823, tolerance: 1e-12, set: {bluff: loud}}
  - {quantity: P(peace | talk), value: 0.7310585786300049, tolerance: 1e-12, set: {bluff: loud}}
  - {quantity: P(peace), value: 0.5, tolerance: 1e-12, set: {bluff: soft}}
"""
    assert 1 / (1 + math.exp(-2)) == pytest.approx(0.8807970779778823)
    found = reproduce(parley.scenario.loads(text))
    assert [each.found for each in found.numbers] == pytest.approx(
        [0.8807970779778823, 0.7310585786300049, 0.5]
    )
    assert found.met
    assert [list(each.residual) for each in found.numbers] == [["threat"], ["talk"], ["threat"]]


def test_what_was_overridden_is_not_what_was_published() -> None:
    scenario = parley.scenario.loads(pennies(*at(*QUANTAL[0])).text, overrides={"prize": "4"})
    with pytest.raises(StudyError, match="prize"):
        reproduce(scenario)
    with pytest.raises(StudyError, match="16"):
        reproduce(pennies(*at(*QUANTAL[0])), draws=8)


def test_the_checker_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from parley.study import reproduction
    from parley.study.verification import Problem

    def wrong(*_: object) -> list[Problem]:
        return [Problem("free play", 0, "its residual is 1")]

    monkeypatch.setattr(reproduction, "check_piece", wrong)
    found = reproduce(pennies(*at(*QUANTAL[0])))
    assert all(each.met for each in found.numbers)
    assert not found.met
    assert found.problems[0].message == "quantal, prize = 9, precise = 0.5: its residual is 1"


def test_values_are_named_as_they_were_written() -> None:
    entry = pennies(*at(4, 1, 0.5, 0.5)).expected[0]
    assert published_for(entry) == "prize = 4, precise = 1"


def limit_of(prize: float, top: float, left: float) -> list[str]:
    given = f"tolerance: 1e-12, concept: limit, set: {{prize: {prize}}}"
    return [
        f"quantity: P(up is top), value: {top}, {given}",
        f"quantity: P(side is left), value: {left}, {given}",
    ]


def test_the_limit_is_the_nash_equilibrium_to_the_last_digits() -> None:
    found = reproduce(pennies(*limit_of(9, 0.5, 0.1), *limit_of(4, 0.5, 0.2)))
    assert found.met
    assert found.problems == ()
    assert found.games == 2
    for each in found.numbers:
        assert each.values.shape == (1,)  # how precisely people choose does not matter in the limit
        assert each.residual["free play"] <= 1e-12


def test_both_concepts_stand_beside_each_other() -> None:
    found = reproduce(pennies(*limit_of(9, 0.5, 0.1), *at(*QUANTAL[0])))
    assert found.met
    assert [each.how for each in published(found).numbers] == ["exact", "exact", "quantal", "quantal"]


def test_a_limit_that_is_uncertain_is_averaged() -> None:
    text = pennies("quantity: P(side is left), value: 0.2, tolerance: 1, concept: limit").text
    scenario = parley.scenario.loads(text.replace("prize: 9", "prize: {range: [3, 5]}"))
    found = reproduce(scenario, draws=64)
    prizes = parley.sample(scenario, 64, seed=0)
    prize = prizes.values[prizes.parameters.index("prize")]
    np.testing.assert_allclose(found.numbers[0].values, 1 / (prize + 1), rtol=1e-12)


def test_where_the_branch_meets_others_no_limit_is_reported() -> None:
    text = """\
parley: 1
title: Meeting
players: {a: A, b: B}
story:
  - simultaneous:
      - {player: a, move: here, options: [left, right]}
      - {player: b, move: there, options: [left, right]}
  - outcomes: {met: (here is left and there is left) or (here is right and there is right), missed: otherwise}
payoffs: {a: {met: 1, missed: 0}, b: {met: 1, missed: 0}}
expected:
  - {quantity: P(met), value: 0.5, tolerance: 1, concept: limit}
"""
    found = reproduce(parley.scenario.loads(text))
    assert (found.numbers[0].unsolved, found.met) == (1, False)
    assert published(found).numbers[0].how == "unsolved"


def test_an_evaluator_solves_the_limit_and_keeps_what_it_is() -> None:
    scenario = pennies("quantity: P(side is left), value: 0.1, tolerance: 1")
    probe = Evaluator(scenario, seed=1)
    found = probe.results(probe.ranks(16), only="expected", reasoning=Reasoning(limit=True))
    assert found.expected[0] == pytest.approx(0.1, abs=1e-12)
    assert found.provenance.concept == "limit of quantal response as precision grows without bound"
    assert np.isinf(found.precision["row"]).all()
    assert (found.proofs["free play"].residual <= 1e-12).all()


def test_a_kept_answer_about_the_limit_is_checked_when_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "pennies.yaml"
    file.write_text(pennies("quantity: P(side is left), value: 0.1, tolerance: 1").text, encoding="utf-8")
    scenario = parley.load(file)
    run = parley.run(scenario, draws=16, seed=1, store=tmp_path / "run")
    folder = tmp_path / "run"
    limit = Reasoning(limit=True)
    with Answers(folder, run.provenance, keep=True) as answers:
        probe = Evaluator(scenario, run.policies, seed=1, answers=answers)
        first = probe.results(probe.ranks(16), only="expected", reasoning=limit)
    problems: list[Problem] = []
    again = answered(folder, problems)
    assert again is not None
    second = again.results(again.ranks(16), only="expected", reasoning=limit)
    np.testing.assert_array_equal(first.expected[0], second.expected[0])
    assert problems == []
    other = answered(folder, problems)
    assert other is not None
    other.results(other.ranks(16), only="expected")  # players who err do something else
    assert len(problems) >= 16


def test_a_run_in_which_nobody_errs_has_the_readings_of_a_run() -> None:
    text = pennies("quantity: P(side is left), value: 0.2, tolerance: 1").text
    scenario = parley.scenario.loads(text.replace("prize: 9", "prize: {range: [3, 5]}"))
    found, usual = run_limit(scenario, 64, seed=3), parley.run(scenario, 64, seed=3)
    np.testing.assert_allclose(found.parameters["prize"], usual.parameters["prize"], rtol=1e-12)
    np.testing.assert_allclose(found.expected[0], 1 / (found.parameters["prize"] + 1), rtol=1e-12)
    assert found.provenance.design == usual.provenance.design
    with pytest.raises(StudyError, match="too few"):
        run_limit(scenario, 8)


def test_the_limit_knows_no_levels() -> None:
    for wrong in ({"level": 2}, {"precision": {"row": 2.0}}):
        with pytest.raises(StudyError, match="nobody errs"):
            Reasoning(limit=True, **wrong)
