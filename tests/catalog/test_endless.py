"""Models of the literature with rounds without a last one: published numbers, and where play turns."""

from __future__ import annotations

import numpy as np
import pytest

import parley
from parley.game import restrict
from parley.solve import Status, solve, tabulate
from parley.study.reproduction import reproduce

ENDLESS = {
    "axelrod-1984/repeated-prisoners-dilemma": 7,
    "bapat-2011/incentive-to-misrepresent": 9,
    "maynard-smith-1974/war-of-attrition": 5,
    "powell-2006/commitment-problem": 5,
    "rubinstein-1982/alternating-offers": 3,
}


@pytest.mark.parametrize("name", ENDLESS)
def test_every_published_number_is_met(name: str) -> None:
    found = reproduce(parley.load(name), draws=16)
    assert len(found.numbers) == ENDLESS[name]
    assert [number.expectation.expression.source for number in found.numbers if not number.met] == []


@pytest.mark.parametrize("name", ENDLESS)
def test_it_is_solved_in_every_reading_and_assessed(name: str) -> None:
    findings = parley.assess(parley.run(parley.load(name), draws=32, seed=1))
    assert findings.certification.solved == findings.certification.games
    assert all(claim.holds is not None for claim in findings.claims)


def worth(name: str, policy: str, player: str, **settings: str) -> float:
    scenario = parley.load(name, settings)
    game = parley.compile(scenario)
    draws = parley.sample(scenario, 1)
    stakes = tabulate(game, draws).stake
    found = solve(restrict(game, policy).game, draws, stakes=stakes)
    assert found.certificate.status[0] == Status.CONVERGED
    return float(found.value[game.players.index(player), 0])


def test_aid_above_the_threshold_buys_no_effort() -> None:
    """By play, not by formula: on the two sides of a* = 0.925926 a host who hardly errs does either thing."""
    name = "bapat-2011/incentive-to-misrepresent"
    for aid, kept in (("0.90", 0.0), ("0.95", 1.0)):
        text = parley.load(name).text.replace("precision: 20", "precision: 4000")
        text = text.replace("quantities:\n", "quantities:\n  kept: P(effort is low | weigh it each time)\n")
        scenario = parley.loads(text, "aid.md", {"a": aid, "m": "0.0001"})
        found = parley.run(scenario, draws=16, seed=1).quantities["kept", "weigh it each time"]
        np.testing.assert_allclose(found, kept, atol=1e-6)


def test_the_share_comes_to_the_formula_as_the_grid_gets_finer() -> None:
    """Rubinstein: 1 / (1 + d), to within a step of a grid of ever more pieces."""
    name = "rubinstein-1982/alternating-offers"
    away = []
    for pieces in (5, 10, 40):
        text = parley.load(name).text
        for old, new in (
            ("to: 20}", f"to: {pieces}}}"),
            ("deal / 20", f"deal / {pieces}"),
            ("20 - B asks", f"{pieces} - B asks"),
            ("play: 10}", f"play: {pieces // 2}}}"),
            ("play: 13}", f"play: {pieces // 2 + 1}}}"),
        ):
            assert old in text
            text = text.replace(old, new)
        scenario = parley.loads(text, "offers.md", {"d_A": "0.8", "d_B": "0.8", "care": "1000"})
        found = parley.run(scenario, draws=16, seed=1, policies=["ask for half", "weigh the wait"])
        share = found.quantities["share", "weigh the wait"][0]
        away.append(abs(share - 1 / 1.8))
        assert away[-1] <= 1 / pieces
    assert away[-1] < away[0]


def test_whoever_is_known_not_to_give_up_pays_little_for_the_prize() -> None:
    name = "maynard-smith-1974/war-of-attrition"
    assert worth(name, "hold out for ever", "one", c="0.25") > 0.9
    assert worth(name, "weigh each period", "one", c="0.25") < 0.05


def test_a_free_opponent_answers_a_grim_promise_where_the_future_counts() -> None:
    """With a committed grim player the other cooperates above d = 1/2, and cheats below."""
    name = "axelrod-1984/repeated-prisoners-dilemma"
    high = worth(name, "be grim", "they", d="0.6", other="free", care="1000")
    low = worth(name, "be grim", "they", d="0.4", other="free", care="1000")
    assert high == pytest.approx(3 / 0.4, rel=1e-6)
    assert low == pytest.approx(5 + 0.4 / 0.6, rel=1e-6)
