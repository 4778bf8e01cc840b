"""How many equilibria the classic games have, and which, as Gambit enumerates them."""

from __future__ import annotations

import numpy as np
import pytest

from parley.game.model import Game
from parley.solve import NashEquilibria, nash_equilibria
from tests.catalog.classic import plain

pytest.importorskip("pygambit")


def equilibria(
    name: str, method: str = "auto", *changes: tuple[str, str], **given: str
) -> tuple[Game, NashEquilibria]:
    game, numbers = plain(name, *changes, **given)
    found = nash_equilibria(game, numbers.chance, numbers.payoff, method=method)  # type: ignore[arg-type]
    assert found.certified.all()
    return game, found


def of(game: Game, found: NashEquilibria, move: str, option: str) -> list[float]:
    """Return the probability of an option in every equilibrium, sorted."""
    (infoset,) = (h for h, name in enumerate(game.infoset_move) if name == move)
    first, last = game.infoset_first_action[infoset : infoset + 2]
    row = first + game.action_label[first:last].index(option)
    return sorted(found.strategy[row].tolist())


@pytest.mark.parametrize(
    ("w", "cooperation"),
    [("0", [0.0]), ("0.2", [0.0]), ("0.5", [0.0, 2 / 3, 1.0]), ("0.8", [1.0])],
)
def test_a_dilemma_has_one_equilibrium_a_chicken_three(w: str, cooperation: list[float]) -> None:
    """At w = 1/2: one defects and the other not, or both cooperate with (1/2 * 2) / (3/2) = 2/3."""
    game, found = equilibria("tucker-1950/prisoners-dilemma", w=w)
    assert of(game, found, "ours", "cooperate") == pytest.approx(cooperation, abs=1e-9)


@pytest.mark.parametrize("crash", [10, 4])
def test_chicken_has_three_of_which_one_crashes(crash: int) -> None:
    game, found = equilibria("russell-1959/chicken", C=str(crash))
    assert of(game, found, "ours", "straight") == pytest.approx([0.0, 1 / crash, 1.0], abs=1e-9)
    assert of(game, found, "theirs", "straight") == pytest.approx([0.0, 1 / crash, 1.0], abs=1e-9)


@pytest.mark.parametrize("hare", [1, 3])
def test_the_stag_hunt_has_three(hare: int) -> None:
    game, found = equilibria("skyrms-2004/stag-hunt", h=str(hare))
    assert of(game, found, "his", "stag") == pytest.approx([0.0, hare / 4, 1.0], abs=1e-9)


def test_the_battle_of_the_sexes_has_three_and_the_mixed_one_misses() -> None:
    game, found = equilibria("luce-raiffa-1957/battle-of-the-sexes")
    assert of(game, found, "his", "fight") == pytest.approx([0.0, 3 / 5, 1.0], abs=1e-9)
    assert of(game, found, "hers", "fight") == pytest.approx([0.0, 2 / 5, 1.0], abs=1e-9)
    assert found.value[0].min() == pytest.approx(1 / 5, abs=1e-9)


def test_the_horse_has_two_without_chance() -> None:
    game, found = equilibria("selten-1975/horse", "enumpure")
    peace = np.all(
        [found.strategy[row] == 1 for row, label in enumerate(game.action_label) if label == "across"], 0
    )
    assert sorted(peace.tolist()) == [False, True]


@pytest.mark.parametrize(("worth", "pure"), [("0", 2), ("1.5", 2), ("2.5", 1)])
def test_the_empty_threat_is_an_equilibrium_as_well_until_it_is_none(worth: str, pure: int) -> None:
    game, found = equilibria("selten-1978/entry-deterrence", "enumpure", f=worth)
    assert len(of(game, found, "market", "enter")) == pure


def test_every_exact_division_is_an_equilibrium_of_the_demand_game() -> None:
    """And one more: both ask for everything, from which neither alone gains by moving."""
    _, found = equilibria("nash-1953/demand", "enumpure")
    assert found.strategy.shape[1] == 12
    agreed = found.value.sum(axis=0)
    assert sorted(agreed.round(9).tolist()) == [0.0] + [10.0] * 11


def test_crime_has_one_and_it_mixes() -> None:
    game, found = equilibria("tsebelis-1989/crime-and-punishment", F="8")
    assert of(game, found, "drive", "speed") == pytest.approx([0.5], abs=1e-9)
    assert of(game, found, "watch", "patrol") == pytest.approx([1 / 8], abs=1e-9)


@pytest.mark.parametrize("reward", ["5", "10", "80"])
def test_in_the_travellers_dilemma_both_claim_the_least(reward: str) -> None:
    game, found = equilibria("capra-1999/travelers-dilemma", "enumpure", R=reward)
    assert of(game, found, "mine", "80") == [1.0]
    assert of(game, found, "his", "80") == [1.0]
