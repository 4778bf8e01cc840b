"""The claims ledger, assumptions, precision, proof and published numbers."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from parley.errors import FindingsError
from parley.findings import Findings, assess
from parley.scenario.model import Draw, Expression
from parley.scenario.syntax import (
    Number,
)
from parley.study.results import Results
from tests.findings.synthetic import SPAN, claim, proof, results, with_override


@pytest.fixture(scope="module")
def findings() -> Findings:
    return assess(results())


def test_claims_are_of_three_kinds(findings: Findings) -> None:
    kinds = {item.name: item.kind for item in findings.claims}
    assert kinds == {
        "C5": "assumed",
        "C13": "assumed",
        "C24": "derived",
        "C26": "derived",
        "C19": "unmodelled",
    }
    assert (findings.coverage.assumed, findings.coverage.derived, findings.coverage.unmodelled) == (2, 2, 1)
    assert findings.coverage.words == {"robust": 1, "leans": 0, "open": 0, "fails": 1, "unmeasured": 0}
    assert findings.coverage.grades == {"A": 1, "B": 0, "C": 1, "none": 0}


def test_a_parameter_that_names_a_claim_carries_it(findings: Findings) -> None:
    (found,) = [item for item in findings.claims if item.name == "C13"]
    assert found.carriers == ("answer", "sigma")
    assert found.confidence == "A"  # of the evidence behind sigma; a step has no grade


def test_the_lowest_grade_counts() -> None:
    base = results()
    claims = {
        "low": claim("low", "", assumes=("sigma", "t_ttp")),
        "none": claim("none", "", assumes=("sigma", "agency")),
        "bare": claim("bare", "", assumes=("posture",)),
        "own": claim("own", "", assumes=("t_ttp",), evidence=("strikes",)),
    }
    found = assess(replace(base, scenario=replace(base.scenario, claims=claims)))
    assert [item.confidence for item in found.claims] == ["C", None, None, "C"]


def test_derived_claims_hold_in_a_share_of_readings(findings: Findings) -> None:
    by_name = {item.name: item for item in findings.claims}
    base = results()
    holds, margin = by_name["C24"].holds, by_name["C24"].margin
    assert holds is not None
    assert margin is not None
    assert holds.share == pytest.approx(base.claims["C24"].mean())
    assert margin.mean == pytest.approx(base.margins["C24"].mean())
    undefined = by_name["C26"].holds
    assert undefined is not None
    assert undefined.undefined == int(np.isnan(base.claims["C26"]).sum()) > 0


def test_a_claim_that_was_not_measured_is_said_to_be() -> None:
    found = assess(replace(results(), claims={}, margins={}))
    assert found.coverage.words["unmeasured"] == 2
    assert all(item.holds is None for item in found.claims)


def test_assumptions_carry_range_and_evidence(findings: Findings) -> None:
    by_name = {item.name: item for item in findings.assumptions}
    assert by_name["t_ttp"].judgement == "very unlikely: 5% to 20% (ICD 203)"
    assert by_name["sigma"].evidence == ("12 strikes in 174 days (Bureau of Investigative Journalism)",)
    assert by_name["agency"].judgement == "on (not off)"
    low, high = by_name["sigma"].low, by_name["sigma"].high
    assert low is not None
    assert high is not None
    assert 1.2 < low < 1.4 < 3.8 < high < 4.0


def test_what_was_set_by_hand_is_said() -> None:
    put = Draw(None, Expression("q_other", Number(0.0, 0, 1), SPAN), None, SPAN)
    found = assess(with_override(results(), "sigma", put, "q_other"))
    (assumption,) = [item for item in found.assumptions if item.name == "sigma"]
    assert assumption.judgement == "set to q_other"
    assert "sigma is set to q_other" in found.notes[0]


def test_precision_in_odds(findings: Findings) -> None:
    assert [item.player for item in findings.precision] == ["us", "gov"]  # the public never moves
    found = findings.precision[0]
    assert found.odds is not None
    assert found.middle == pytest.approx(4.0, rel=0.01)
    assert found.odds == pytest.approx(math.exp(found.middle / 10))
    assert found.chance == pytest.approx(found.odds / (1 + found.odds))


def test_precision_is_four_in_odds() -> None:
    base = results()
    four = {player: np.full(base.draw.size, 4.0) for player in base.players}
    found = assess(replace(base, precision=four)).precision
    assert found[0].chance is not None
    assert found[0].odds is not None
    assert (found[0].low, found[0].high) == (4.0, 4.0)
    assert round(found[0].chance, 2) == 0.60
    assert round(found[0].odds, 1) == 1.5


def test_a_precision_that_is_never_defined_is_left_out() -> None:
    base = results()
    unknown = dict(base.precision) | {"us": np.full(base.draw.size, np.nan)}
    assert [item.player for item in assess(replace(base, precision=unknown)).precision] == ["gov"]


def test_proof_is_summed_up(findings: Findings) -> None:
    proof = findings.certification
    assert (proof.draws, proof.games, proof.solved, proof.uncertified) == (1024, 4096, 4096, 0)
    assert proof.largest_residual == 3e-11
    us = proof.policies[0].regret["us"]
    assert us.largest == pytest.approx(0.02)
    assert us.median == pytest.approx(0.01)


def with_status(status: int, count: int) -> Results:
    base = results()
    codes = np.zeros(1024, np.int8)
    codes[:count] = status
    residual = np.where(codes == 0, 3e-11, 0.5)
    proofs = {**base.proofs, "pause": replace(proof(1024), status=codes, residual=residual)}
    return replace(base, proofs=proofs)


@pytest.mark.parametrize(("status", "name"), [(1, "stalled"), (2, "limit"), (3, "ill-posed")])
def test_failures_are_named(status: int, name: str) -> None:
    found = assess(with_status(status, 12)).certification.policies[2]
    assert found.statuses[name] == 12
    assert found.failed[name] == tuple(range(10))
    assert found.largest_residual == 3e-11  # of the solved games


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(FindingsError, match="unknown status"):
        assess(with_status(9, 1))


def test_certificates_must_fit_the_draws() -> None:
    base = results()
    with pytest.raises(FindingsError, match="512 certificates for 1024 draws"):
        assess(replace(base, proofs={**base.proofs, "pause": proof(512)}))
    with pytest.raises(FindingsError, match="no certificates"):
        assess(replace(base, proofs={}))


def test_published_numbers_are_met_or_not(findings: Findings) -> None:
    (found,) = findings.expected
    assert found.met
    assert found.found == pytest.approx(0.49, abs=1e-3)
    assert found.source == "Bureau of Investigative Journalism"
    missed = assess(replace(results(), expected=(np.full(1024, 0.6),)))
    assert not missed.expected[0].met
    assert "Not reproduced: P(war | status quo) should be 0.5 within 0.05, found 0.6." in missed.notes
    undefined = assess(replace(results(), expected=(np.full(1024, np.nan),)))
    assert (undefined.expected[0].found, undefined.expected[0].met) == (None, False)


def test_an_interrupted_run_says_so() -> None:
    base = results()
    found = assess(replace(base, complete=False, provenance=replace(base.provenance, draws=4096)))
    assert "stopped after 1,024 of 4,096 readings" in found.notes[0]
