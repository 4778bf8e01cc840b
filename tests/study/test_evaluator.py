"""Asking again: readings put together by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import parley
from parley.draws import space
from parley.errors import DrawsError, StudyError
from parley.study.answers import Answers
from parley.study.evaluator import Evaluator
from tests.draws.judged import judged, scenario

JOINED = {name: judged("normal", 0.0, 1.0) for name in "abcd"}


@pytest.fixture(scope="module")
def first() -> Evaluator:
    return Evaluator(parley.load("which-event-first"), seed=7)


def test_the_runs_own_readings_give_the_runs_own_answers(first: Evaluator) -> None:
    run = parley.run(first.scenario, draws=64, seed=7)
    again = first.results(first.ranks(64))
    for key, values in run.criteria.items():
        np.testing.assert_allclose(again.criteria[key], values, rtol=1e-9)
    assert not again.quantities
    assert not again.claims
    everything = first.results(first.ranks(64), only=None)
    np.testing.assert_allclose(
        everything.quantities["peace", "pause"], run.quantities["peace", "pause"], rtol=1e-9
    )


def test_answers_do_not_depend_on_what_stands_beside() -> None:
    flagship = Evaluator(parley.load("taliban-talks"), ["status quo", "short list"], seed=3, threads=2)
    ranks = flagship.ranks(48)
    whole = flagship.results(ranks)
    one = Evaluator(flagship.scenario, ["status quo", "short list"], seed=3, threads=1)
    part = one.results(ranks[:, 17:31], first=17)
    for key, values in part.criteria.items():
        np.testing.assert_array_equal(whole.criteria[key][17:31], values)
    np.testing.assert_array_equal(part.draw, np.arange(17, 31))


def test_a_value_may_be_put_in_place_outside_its_range(first: Evaluator) -> None:
    ranks = first.ranks(32)
    dear, cheap = (first.results(ranks, values={"B": value}) for value in (1e4, 1e-4))
    gain = [each.criteria[0, "short list"] - each.criteria[0, "status quo"] for each in (dear, cheap)]
    assert (gain[0] > 0).all()
    assert (gain[1] < 0).all()
    np.testing.assert_array_equal(dear.parameters["B"], 1e4)


def test_a_switch_may_be_set() -> None:
    flagship = Evaluator(parley.load("taliban-talks"), ["status quo"], seed=3)
    ranks = flagship.ranks(16)
    on = flagship.results(ranks, switches={"non cooperation": "on"})
    assert set(on.switches["non cooperation"]) == {"on"}
    assert not np.allclose(on.criteria[0, "status quo"], flagship.results(ranks).criteria[0, "status quo"])


def test_what_is_certain_is_no_input(first: Evaluator) -> None:
    names = {each.name for each in first.inputs}
    assert "B" in names
    assert "v_other" not in names
    assert "horizon" not in names
    challenged = parley.load("which-event-first", {"q_senior": "q_other"})
    assert "q_senior" not in {each.name for each in space(challenged).inputs}


def test_copies_are_independent_and_each_is_uniform(first: Evaluator) -> None:
    one, other = first.ranks(4096), first.ranks(4096, copy=1)
    row = next(each.rows[0] for each in first.inputs if each.name == "B")
    assert abs(stats.spearmanr(one[row], other[row]).statistic) < 0.03
    assert stats.kstest(other[row], "uniform").statistic < 0.01


@settings(deadline=None, max_examples=10)
@given(kept=st.sets(st.sampled_from("abcd")), seed=st.integers(0, 100))
def test_redrawing_given_some_keeps_the_joint_law(kept: set[str], seed: int) -> None:
    story = scenario(JOINED, together=[(("a", "b", "c"), 0.7)])
    readings = space(story)
    random = np.random.default_rng(seed)
    tables = []
    for _ in range(2):
        p = random.random((4, 100_000))
        readings.correlated(p, 1 - p)
        tables.append(p)
    mixed = readings.mixed(tables[0], tables[1], kept)
    for name, row in zip("abcd", range(4), strict=True):
        if name in kept:
            np.testing.assert_array_equal(mixed[row], tables[0][row])
    found = stats.spearmanr(mixed.T).statistic
    np.testing.assert_allclose(found, stats.spearmanr(tables[0].T).statistic, atol=0.03)
    if {"a", "b"} & kept and "c" not in kept:
        with_kept = stats.spearmanr(mixed[2], tables[0]["ab".index(min({"a", "b"} & kept))]).statistic
        assert with_kept == pytest.approx(0.7, abs=0.03)
    if not kept & set("abc"):
        assert abs(stats.spearmanr(mixed[2], tables[0][2]).statistic) < 0.03


def test_partners_are_those_judged_together() -> None:
    story = scenario({**JOINED, "n": judged("fixed", 1.0)}, together=[(("a", "b"), 0.5), (("b", "n"), 0.2)])
    together = {each.name: each.together for each in space(story).inputs}
    assert together == {"a": ("b",), "b": ("a",), "c": (), "d": ()}


def test_faults_are_named(first: Evaluator) -> None:
    ranks = first.ranks(16)
    with pytest.raises(StudyError, match="'nonsense' is not a parameter"):
        first.results(ranks, values={"nonsense": 1.0})
    with pytest.raises(StudyError, match="not a finite number"):
        first.results(ranks, values={"B": float("nan")})
    with pytest.raises(StudyError, match="no switch 'door'"):
        first.results(ranks, switches={"door": "open"})
    with pytest.raises(StudyError, match="are not \\[14 rows"):
        first.results(ranks[:3])
    with pytest.raises(DrawsError, match="'v_other' is not uncertain"):
        first.mixed(ranks, ranks, ["v_other"])
    with pytest.raises(StudyError, match="there is no policy 'war'"):
        Evaluator(first.scenario, ["war"])


def test_a_cancelled_question_says_so() -> None:
    probe = Evaluator(parley.load("which-event-first"), cancel=lambda: True)
    with pytest.raises(StudyError, match="stopped"):
        probe.results(probe.ranks(16))


def asked(folder: Path, seed: int = 7, value: float = 3.0, *, keep: bool = True) -> tuple[float, int]:
    story = parley.load("which-event-first")
    record = parley.run(story, draws=16, seed=seed).provenance
    with Answers(folder, record, keep=keep) as answers:
        probe = Evaluator(story, ["pause", "short list"], seed=seed, answers=answers)
        ranks = probe.ranks(40)
        found = [probe.results(ranks), probe.results(ranks, values={"v_senior": value})]
    return float(sum(each.criteria[0, "pause"].sum() for each in found)), answers.read


def test_kept_answers_are_read_and_give_the_same_bits(tmp_path: Path) -> None:
    first = asked(tmp_path)
    assert first[1] == 0
    assert asked(tmp_path) == (first[0], 2)
    assert asked(tmp_path, keep=False) == (first[0], 2)
    (tmp_path / "answers" / "0001.parquet").unlink()
    assert asked(tmp_path) == (first[0], 1)


def test_an_answer_to_another_question_is_refused(tmp_path: Path) -> None:
    asked(tmp_path)
    with pytest.raises(StudyError, match="answers another question"):
        asked(tmp_path, value=4.0)
    with pytest.raises(StudyError, match="belongs to another run"):
        asked(tmp_path, seed=8)
    (tmp_path / "answers" / "0000.parquet").unlink()
    with pytest.raises(StudyError, match="missing"):
        asked(tmp_path, keep=False)


def test_progress_counts_the_games() -> None:
    seen: list[int] = []
    probe = Evaluator(parley.load("which-event-first"), ["pause", "short list"], progress=seen.append)
    probe.results(probe.ranks(24))
    assert seen == [24, 48]


def test_some_policies_may_be_asked_alone(first: Evaluator) -> None:
    ranks = first.ranks(32)
    some = first.results(ranks, policies=["pause", "short list"])
    whole = first.results(ranks)
    assert some.policies == ("pause", "short list")
    assert set(some.proofs) == {"pause", "short list"}
    for key, values in some.criteria.items():
        np.testing.assert_array_equal(whole.criteria[key], values)
    with pytest.raises(StudyError, match="no policy 'war'"):
        first.results(ranks, policies=["war"])
