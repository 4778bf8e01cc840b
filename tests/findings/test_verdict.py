"""The verdict: who competes, what each criterion says, when the answers differ, when nothing is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from parley.errors import FindingsError
from parley.findings import assess
from parley.findings.comparison import candidates
from parley.scenario.model import Criterion, Rule
from parley.scenario.syntax import Call, Kind, Reference
from parley.study.results import Results
from tests.findings.synthetic import POLICIES, SPAN, comparison, expression, proof, results

N = 1024


def with_criteria(**values: tuple[float, ...]) -> Results:
    """Results with one criterion per name, its values constant by policy in the order of POLICIES."""
    base = results()
    by = tuple(Criterion(expression(name), True, None, SPAN) for name in values)
    assert base.scenario.comparison is not None
    scenario = replace(base.scenario, comparison=replace(base.scenario.comparison, by=by))
    criteria = {
        (i, policy): np.full(N, constant)
        for i, constants in enumerate(values.values())
        for policy, constant in zip(POLICIES, constants, strict=True)
    }
    return replace(base, scenario=scenario, criteria=criteria)


def words(of: Results) -> tuple[str, str]:
    verdict = assess(of).verdict
    assert verdict is not None
    return verdict.word, verdict.best_word


def test_free_policies_do_not_compete() -> None:
    assert candidates(comparison(), POLICIES) == POLICIES[:3]


def test_a_free_policy_competes_when_the_author_makes_it_the_baseline() -> None:
    compared = comparison()
    policies = {"uncommitted": compared.policies["uncommitted"], **compared.policies}
    assert candidates(replace(compared, policies=policies), POLICIES)[0] == "uncommitted"


def test_answers_that_differ_are_divided() -> None:
    verdict = assess(results()).verdict
    assert verdict is not None
    assert [item.against_baseline.word for item in verdict.answers if item.against_baseline] == [
        "robust",
        "fails",
    ]
    assert verdict.word == "divided"


def test_share_and_margin_are_counted() -> None:
    base = results()
    verdict = assess(base).verdict
    assert verdict is not None
    mine, other = base.criteria[1, "short list"], base.criteria[1, "status quo"]
    found = verdict.answers[1]
    assert found.against_baseline is not None
    assert found.margin is not None
    assert found.against_baseline.share == pytest.approx(np.mean(mine > other))
    assert found.margin.mean == pytest.approx(np.mean(mine - other))
    best = np.maximum(other, base.criteria[1, "pause"])
    assert found.margin_over_rivals.middle == pytest.approx(np.median(mine - best))
    assert found.rival == "status quo"
    assert sum(share or 0.0 for share in found.best_share.values()) == pytest.approx(1.0)


def test_agreeing_criteria_take_the_weaker_word() -> None:
    base = with_criteria(first=(0, 1, 0, 0), second=(0, 1, 0, 0))
    mostly = np.where(np.arange(N) // 16 % 4 == 0, -1.0, 1.0)
    base = replace(base, criteria={**base.criteria, (1, "short list"): mostly})
    assert words(base) == ("leans", "leans")


def test_beating_the_baseline_and_being_best_are_two_questions() -> None:
    assert words(with_criteria(worth=(0, 1, 2, 0))) == ("robust", "fails")


def test_a_tie_counts_as_half() -> None:
    verdict = assess(with_criteria(worth=(1, 1, 0, 0))).verdict
    assert verdict is not None
    against = verdict.answers[0].against_baseline
    assert against is not None
    assert (against.share, against.ties, against.word) == (0.5, 1.0, "open")


def test_less_is_better_turns_the_margin() -> None:
    base = with_criteria(war=(3, 1, 2, 0))
    compared = base.scenario.comparison
    assert compared is not None
    by = (replace(compared.by[0], higher=False),)
    base = replace(base, scenario=replace(base.scenario, comparison=replace(compared, by=by)))
    verdict = assess(base).verdict
    assert verdict is not None
    assert verdict.answers[0].margin is not None
    assert (verdict.word, verdict.answers[0].margin.mean) == ("robust", 2.0)


def test_the_recommendation_is_set_beside_every_other_candidate() -> None:
    base = results()
    (first, _) = assess(base).verdict.answers  # type: ignore[union-attr]
    assert first.pairs is not None
    assert list(first.pairs) == ["status quo", "pause"]
    assert first.pairs["status quo"].better == first.against_baseline
    assert first.pairs["status quo"].margin == first.margin
    margin = base.criteria[0, "short list"] - base.criteria[0, "pause"]
    pair = first.pairs["pause"]
    assert pair.better.share == np.mean(margin > 0)
    assert pair.margin.mean == pytest.approx(margin.mean())
    assert pair.margin.dots == pytest.approx(np.quantile(margin, (np.arange(50) + 0.5) / 50))


def test_what_is_equal_lies_at_zero_whatever_rounding_left() -> None:
    base = results()
    same = base.criteria[0, "status quo"] * (1 + 1e-15)
    base = replace(base, criteria={**base.criteria, (0, "short list"): same, (0, "pause"): same - 0.1})
    (first, _) = assess(base).verdict.answers  # type: ignore[union-attr]
    assert first.margin is not None
    assert first.margin.dots == (0.0,) * 50
    assert first.margin_over_rivals.dots == (0.0,) * 50


def test_the_baseline_itself_is_judged_by_being_best() -> None:
    base = with_criteria(worth=(5, 1, 2, 9))
    compared = base.scenario.comparison
    assert compared is not None
    base = replace(
        base, scenario=replace(base.scenario, comparison=replace(compared, recommend="status quo"))
    )
    verdict = assess(base).verdict
    assert verdict is not None
    assert verdict.answers[0].against_baseline is None
    assert verdict.word == "robust"


def failing(count: int) -> Results:
    base = results()
    status = np.zeros(N, np.int8)
    status[5 : 5 + count] = 1
    return replace(base, proofs={**base.proofs, "pause": replace(proof(N), status=status)})


def test_one_in_a_hundred_may_fail() -> None:
    found = assess(failing(10))
    assert found.certification.uncertified == 10
    assert found.certification.sufficient
    assert found.verdict is not None
    assert found.verdict.word != "withheld"


def test_more_than_one_in_a_hundred_withholds_the_verdict() -> None:
    found = assess(failing(11))
    assert not found.certification.sufficient
    assert found.verdict is not None
    assert (found.verdict.word, found.verdict.best_word) == ("withheld", "withheld")


def test_unsolved_draws_are_counted_not_used() -> None:
    base = failing(10)
    values = base.criteria[0, "pause"].copy()
    values[5:15] = 1e9  # whatever a solver left there
    found = assess(replace(base, criteria={**base.criteria, (0, "pause"): values}))
    spread = found.measures[0].spread["pause"]
    assert (spread.undefined, found.measures[0].spread["short list"].undefined) == (10, 0)
    assert spread.high is not None
    assert spread.high < 1
    assert found.verdict is not None
    assert found.verdict.answers[0].best.undefined == 10
    assert found.certification.policies[2].failed == {"stalled": tuple(range(5, 15))}


def test_no_verdict_without_the_recommended_policy() -> None:
    base = results()
    found = assess(replace(base, policies=("status quo", "pause")))
    assert found.verdict is None
    assert found.left_out == ("short list", "uncommitted")
    assert any("No verdict" in note for note in found.notes)


def test_no_baseline_when_the_run_leaves_it_out() -> None:
    verdict = assess(replace(results(), policies=("short list", "pause"))).verdict
    assert verdict is not None
    assert verdict.baseline is None
    assert verdict.answers[0].against_baseline is None


def test_a_scenario_that_compares_nothing_has_no_verdict() -> None:
    base = results()
    base = replace(
        base,
        scenario=replace(base.scenario, comparison=None),
        policies=("free play",),
        criteria={},
        quantities={("p war", "free play"): base.quantities["p war", "pause"]},
        proofs={"free play": proof(N)},
    )
    found = assess(base)
    assert found.verdict is None
    assert [item.name for item in found.measures] == ["chance of war"]
    assert found.notes == ()


def test_results_without_draws_are_refused() -> None:
    with pytest.raises(FindingsError, match="no draws"):
        assess(replace(results(), draw=np.arange(0)))


def test_results_without_a_criterion_are_refused() -> None:
    with pytest.raises(FindingsError, match="criterion 1 under policy 'status quo'"):
        assess(replace(results(), criteria={}))


def test_mixed_policies_are_fixed() -> None:
    compared = comparison()
    mixed = replace(compared.policies["pause"], rules=(Rule("posture", {"pause": 0.5}, None, SPAN),))
    policies = {**compared.policies, "pause": mixed}
    assert "pause" in candidates(replace(compared, policies=policies), POLICIES)


def test_a_payoff_is_named_by_who_is_paid() -> None:
    base = with_criteria(worth=(0, 1, 2, 0))
    compared = base.scenario.comparison
    assert compared is not None
    root = Call("payoff", (Reference(Kind.PLAYER, "us", 0, 1),), None, 0, 1)
    by = (replace(compared.by[0], expression=expression("payoff(us)", root)),)
    base = replace(base, scenario=replace(base.scenario, comparison=replace(compared, by=by)))
    found = assess(base)
    assert found.verdict is not None
    assert found.verdict.answers[0].criterion == found.measures[0].name == "payoff of United States"


def test_a_verdict_can_be_looked_at() -> None:
    first, second, third = str(assess(results()).verdict).splitlines()
    assert first == "'short list' against 'status quo': divided"
    assert second.startswith("  a clean failure: 0.96")
    assert second.endswith(": robust")
    assert third.endswith(": fails")


def test_precision_is_not_spoken_of_when_nobody_chooses() -> None:
    base = results()
    proofs = {name: replace(each, actions=0) for name, each in base.proofs.items()}
    assert assess(replace(base, proofs=proofs)).precision == ()
