"""The smallest model reproduces its published reference numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

import parley
from parley.study.results import Results

# The check values of the model: one certain world (per month; in ordinary strikes).
WORLD = {
    "sigma_senior": "0.15",
    "q_senior": "0.15",
    "sigma_other": "2.1",
    "q_other": "0.25",
    "kappa": "0.3",
    "v_senior": "8",
    "pi_peace": "0",
}


def solved(overrides: Mapping[str, str], draws: int = 16) -> Results:
    return parley.run(parley.load("which-event-first", overrides), draws=draws, seed=7)


def certain(quantity: str, policy: str, **overrides: str) -> float:
    values = solved({**WORLD, **overrides}).quantities[quantity, policy]
    assert np.ptp(values) == 0.0
    return float(values[0])


def net(policy: str, **overrides: str) -> float:
    return float(solved({**WORLD, **overrides}).criteria[0, policy][0])


@pytest.fixture(scope="module")
def ensemble() -> Results:
    return parley.run(parley.load("which-event-first"), draws=4096, seed=7)


def best_of(results: Results) -> Mapping[str, float]:
    worth = np.stack([results.criteria[0, policy] for policy in results.policies])
    first = np.argmax(worth, axis=0)
    return {policy: float(np.mean(first == number)) for number, policy in enumerate(results.policies)}


def mean(results: Results, quantity: str, policy: str) -> float:
    return float(np.mean(results.quantities[quantity, policy]))


def quantiles(values: NDArray[np.float64]) -> list[float]:
    return [float(each) for each in np.quantile(values, [0.05, 0.95])]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("status quo", 0.6460176991), ("short list", 0.0697674419), ("pause", 0.0)],
)
def test_chance_of_a_tainted_failure(policy: str, expected: float) -> None:
    assert certain("tainted", policy) == pytest.approx(expected, abs=1e-9)


def test_chance_of_a_tainted_failure_within_six_months() -> None:
    assert certain("tainted", "status quo", horizon="6") == pytest.approx(0.6420195685, abs=1e-9)


def test_break_even_costs_in_closed_form() -> None:
    assert certain("break-even", "status quo") == pytest.approx(11.3, abs=1e-9)
    assert certain("break-even of the pause", "status quo") == pytest.approx(64.3333333333, abs=1e-9)


def break_even(better: str, worse: str, **overrides: str) -> float:
    """Solve for the cost B at which two policies are worth the same; worth is linear in B."""
    at_none = net(better, B="0", **overrides) - net(worse, B="0", **overrides)
    at_ten = net(better, B="10", **overrides) - net(worse, B="10", **overrides)
    return 10 * at_none / (at_none - at_ten)


def test_break_even_costs_from_the_solved_game() -> None:
    assert break_even("short list", "status quo") == pytest.approx(11.3, abs=1e-9)
    assert break_even("pause", "short list") == pytest.approx(64.3333333333, abs=1e-9)


def test_empty_window_where_listed_strikes_are_worth_less_per_risk() -> None:
    world = {"q_senior": "0.5", "v_senior": "1.5"}
    window = break_even("pause", "short list", **world) - break_even("short list", "status quo", **world)
    assert window == pytest.approx(-1.25, abs=1e-9)


@pytest.mark.parametrize(
    ("quantity", "row"),
    [
        ("tainted", (0.51, 0.04, 0.0)),
        ("clean", (0.45, 0.89, 0.93)),
        ("peace", (0.03, 0.06, 0.07)),
        ("support", (0.50, 0.62, 0.63)),
    ],
)
def test_reference_ensemble_means(ensemble: Results, quantity: str, row: tuple[float, ...]) -> None:
    found = [mean(ensemble, quantity, policy) for policy in ("status quo", "short list", "pause")]
    assert found == pytest.approx(row, abs=0.01)


def test_reference_ensemble_ranges(ensemble: Results) -> None:
    assert quantiles(ensemble.quantities["tainted", "status quo"]) == pytest.approx([0.20, 0.79], abs=0.01)
    assert quantiles(ensemble.quantities["tainted", "short list"]) == pytest.approx([0.00, 0.15], abs=0.01)
    gap = ensemble.quantities["tainted", "status quo"] - ensemble.quantities["tainted", "short list"]
    assert float(np.mean(gap)) == pytest.approx(0.47, abs=0.01)
    assert quantiles(gap) == pytest.approx([0.17, 0.75], abs=0.01)


def test_reference_length_of_talks(ensemble: Results) -> None:
    middle = [float(np.median(ensemble.quantities["length", policy])) for policy in ensemble.policies]
    assert middle == pytest.approx([1.4, 3.0, 3.1], abs=0.05)  # published to one decimal


def test_reference_share_of_readings_with_a_majority_for_force(ensemble: Results) -> None:
    # Support is at least .50 after every clean failure and below it after every tainted one, so the share
    # of failures with a majority is the share of clean ones.
    assert np.all(ensemble.parameters["S_clean"] >= 0.5)
    assert np.all(ensemble.parameters["S_tainted"] < 0.5)
    shares = [float(np.mean(ensemble.criteria[1, policy])) for policy in ensemble.policies]
    assert shares == pytest.approx([0.47, 0.95, 1.00], abs=0.01)


def test_reference_share_of_readings_in_which_each_is_best(ensemble: Results) -> None:
    shares = best_of(ensemble)
    assert list(shares.values()) == pytest.approx([0.56, 0.42, 0.02], abs=0.01)


@pytest.mark.parametrize(
    ("B", "policy", "share"),
    [
        ("6", "status quo", 0.97),
        ("12", "status quo", 0.59),
        ("24", "short list", 0.86),
        ("48", "short list", 0.83),
    ],
)
def test_the_verdict_turns_on_the_cost_of_a_tainted_failure(B: str, policy: str, share: float) -> None:
    assert best_of(solved({"B": B}, 4096))[policy] == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize(
    ("overrides", "tainted", "best"),
    [
        ({"q_senior": "q_other"}, 0.08, 0.38),
        ({"commit": "{beta: [4, 2]}"}, 0.20, None),
        ({"v_senior": "{lognormal: {median: 4, sigma: 0.6}}"}, 0.04, 0.38),  # the published reading of a leak
    ],
)
def test_challenges_move_what_they_are_said_to_move(
    overrides: dict[str, str], tainted: float, best: float | None
) -> None:
    results = solved(overrides, 4096)
    assert mean(results, "tainted", "short list") == pytest.approx(tainted, abs=0.01)
    if best is not None:
        assert best_of(results)["short list"] == pytest.approx(best, abs=0.01)


def test_a_leak_charged_to_the_list_alone_bites_harder_than_the_published_reading() -> None:
    assert best_of(solved({"leak": "50%"}, 4096))["short list"] < 0.38 - 0.05


def test_every_reading_is_certified(ensemble: Results) -> None:
    assert all(not proof.status.any() for proof in ensemble.proofs.values())


def test_nobody_but_washington_moves() -> None:
    game = parley.compile(parley.load("which-event-first"))
    assert {game.players[player] for player in game.infoset_player} == {"us"}
