"""Exact limits: textbook equilibria to the last digits, and the check of every answer from scratch."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.poker import kuhn
from parley.errors import SolveError
from parley.solve import limit, stakes
from parley.solve.exact import ExactLimit, Exactness, exact_limit, solve_limit
from parley.solve.solution import Certificate, Status
from parley.solve.verify_limit import shortfall, verify_limit
from tests.solve.games import Spot, Table, build, random_table
from tests.solve.textbook import action, beer_quiche, entry, horse, leaf, move, nature, reputation


def exact(table: Table, **options: object) -> ExactLimit:
    return exact_limit(table.game, table.chance, table.payoff, **options)  # type: ignore[arg-type]


def plays(table: Table, found: ExactLimit, infoset: str, option: str) -> float:
    return float(found.strategy[action(table, infoset, option), 0])


def pennies(prize: float) -> Table:
    """Row wins the prize where both are first, 1 where both are second; column wins 1 elsewhere."""
    top = move(1, "column", left=leaf(prize, 0), right=leaf(0, 1))
    bottom = move(1, "column", left=leaf(0, 1), right=leaf(1, 0))
    return build(move(0, "row", top=top, bottom=bottom), 2)


@pytest.mark.parametrize("prize", [1.0, 4.0, 9.0, 100.0])
def test_who_mixes_makes_the_other_indifferent(prize: float) -> None:
    table = pennies(prize)
    found = exact(table)
    assert found.exactness.tolist() == [Exactness.EXACT]
    assert plays(table, found, "row", "top") == pytest.approx(0.5, abs=1e-12)
    assert plays(table, found, "column", "left") == pytest.approx(1 / (prize + 1), abs=1e-12)
    assert found.isolated.all()


@pytest.mark.parametrize(("strong", "weak_beer"), [(0.3, 3 / 7), (0.4, 2 / 3)])
def test_the_weak_drink_beer_as_cho_and_kreps_say(strong: float, weak_beer: float) -> None:
    table = beer_quiche(strong)
    found = exact(table)
    assert found.exactness.tolist() == [Exactness.EXACT]
    assert plays(table, found, "weak", "beer") == pytest.approx(weak_beer, abs=1e-12)
    assert plays(table, found, "strong", "beer") == 1.0
    assert plays(table, found, "beer", "duel") == pytest.approx(0.5, abs=1e-12)
    assert plays(table, found, "quiche", "duel") == 1.0


def test_beer_is_pooled_on() -> None:
    table = beer_quiche(0.9)
    found = exact(table)
    assert found.exactness.tolist() == [Exactness.EXACT]
    for infoset, option in (("strong", "beer"), ("weak", "beer"), ("beer", "peace"), ("quiche", "duel")):
        assert plays(table, found, infoset, option) == 1.0


def test_selten_s_horse() -> None:
    table = horse()
    found = exact(table)
    assert found.exactness.tolist() == [Exactness.EXACT]
    for infoset, option in (("one", "C"), ("two", "c"), ("three", "R")):
        assert plays(table, found, infoset, option) == 1.0


def test_reputation_is_built_as_kreps_and_wilson_say() -> None:
    """Three markets, b = 1/2, p = 1/10: the weak fight with 1/3, the next entrant stays out with 1/2."""
    table = reputation(3, 0.1)
    found = exact(table)
    assert found.exactness.tolist() == [Exactness.EXACT]
    assert plays(table, found, "entrant.", "enter") == 1.0
    assert plays(table, found, "weak.", "fight") == pytest.approx(1 / 3, abs=1e-12)
    assert plays(table, found, "entrant.f", "out") == pytest.approx(0.5, abs=1e-12)
    assert plays(table, found, "entrant.y", "enter") == 1.0


def test_reputation_deters_the_first_of_four_and_is_built_before_the_others() -> None:
    """Kreps & Wilson: b^4 < p = .1 < b^3: the first stays out, and what follows is the game of three markets.

    The weak incumbent's loss from a mistake there is so small that no higher precision can be solved for.
    """
    table = reputation(4, 0.1)
    found = exact(table)
    assert found.exactness.tolist() == [Exactness.EXACT]
    assert plays(table, found, "entrant.", "out") == 1.0
    assert plays(table, found, "entrant.o", "enter") == 1.0
    assert plays(table, found, "weak.o", "fight") == pytest.approx(1 / 3, abs=1e-12)
    assert plays(table, found, "entrant.of", "out") == pytest.approx(0.5, abs=1e-12)


def test_a_difference_too_small_for_any_precision_still_decides() -> None:
    """Whoever shirks gains a ten-thousandth of the stake: at a precision of 1600 that does not show."""
    little = 1e-4
    both = move(1, "two", work=leaf(1, 1), shirk=leaf(0, 1 + little))
    none = move(1, "two", work=leaf(1 + little, 0), shirk=leaf(little, little))
    table = build(move(0, "one", work=both, shirk=none), 2)
    rough = limit(table.game, table.chance, table.payoff)
    assert 0.1 < rough.quantal[action(table, "one", "work"), 0] < 0.9
    found = exact(table)
    assert found.exactness.tolist() == [Exactness.EXACT]
    assert (plays(table, found, "one", "shirk"), plays(table, found, "two", "shirk")) == (1.0, 1.0)


def test_where_entrants_are_indifferent_along_a_continuum_nothing_breaks() -> None:
    """Two markets and p = b^2: any chance of entry is part of an equilibrium."""
    table = reputation(2, 0.25)
    found = exact(table)
    assert np.isfinite(found.strategy).all()
    assert found.exactness[0] in (Exactness.EXACT, Exactness.EXTRAPOLATED)
    assert plays(table, found, "weak.", "fight") == pytest.approx(1 / 3, abs=0.05)


def test_kuhn_poker_is_worth_an_eighteenth_to_the_second() -> None:
    """Kuhn (1950): the first bets the king three times as often as the jack, in a family of equilibria."""
    table = kuhn()
    stake = stakes(table.game, table.payoff)
    found = solve_limit(table.game, table.chance, table.payoff, stake=stake)
    assert found.certificate.status.tolist() == [Status.CONVERGED]
    assert found.certificate.residual[0] <= 1e-12
    assert found.value[:, 0] == pytest.approx([-1 / 18, 1 / 18], abs=1e-12)

    def bets(label: str) -> float:
        infoset = table.game.infoset_label.index(label)
        return float(found.strategy[table.game.infoset_first_action[infoset] + 1, 0])

    assert bets("(2, '')") == pytest.approx(3 * bets("(0, '')"), abs=1e-12)
    assert bets("(0, 'p')") == pytest.approx(1 / 3, abs=1e-12)
    assert bets("(1, 'b')") == pytest.approx(1 / 3, abs=1e-12)
    assert not exact(table).isolated.any()


def test_one_who_is_offered_nothing_flips_a_coin() -> None:
    """The responder is indifferent at an offer of 0, and the proposer keeps a step rather than risk it."""
    offers = {f"give {k}": move(1, f"answer {k}", accept=leaf(4 - k, k), reject=leaf(0, 0)) for k in range(5)}
    table = build(move(0, "offer", **offers), 2)
    found = exact(table)
    assert plays(table, found, "answer 0", "accept") == 0.5
    assert plays(table, found, "offer", "give 1") == 1.0
    assert found.exactness.tolist() == [Exactness.EXACT]


def test_ties_share_equally_also_where_beliefs_hang_on_choices() -> None:
    """Beside a game of pennies; 2 - 2 / 2 offers each a third."""
    root = nature(
        tie=(0.5, move(0, "choose", a=leaf(1, 0), b=leaf(1, 0), c=leaf(1, 0), d=leaf(0, 0))),
        play=(
            0.5,
            move(
                0,
                "row",
                top=move(1, "column", left=leaf(9, 0), right=leaf(0, 1)),
                bottom=move(1, "column", left=leaf(0, 1), right=leaf(1, 0)),
            ),
        ),
    )
    table = build(root, 2)
    found = exact(table)
    assert [plays(table, found, "choose", each) for each in "abcd"] == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0])
    assert plays(table, found, "column", "left") == pytest.approx(0.1, abs=1e-12)
    assert found.exactness.tolist() == [Exactness.EXACT]


def test_a_game_that_is_never_played_is_solved_as_well() -> None:
    """Who enters would play pennies; staying out is better."""
    table = build(
        move(
            0,
            "enter",
            no=leaf(20, 0),
            yes=move(
                0,
                "row",
                top=move(1, "column", left=leaf(9, 0), right=leaf(0, 1)),
                bottom=move(1, "column", left=leaf(0, 1), right=leaf(1, 0)),
            ),
        ),
        2,
    )
    found = exact(table)
    assert plays(table, found, "enter", "no") == 1.0
    assert plays(table, found, "row", "top") == pytest.approx(0.5, abs=1e-12)
    assert plays(table, found, "column", "left") == pytest.approx(0.1, abs=1e-12)


def test_where_the_branch_meets_others_no_limit_is_claimed() -> None:
    second = [move(1, "two", left=leaf(k, k), right=leaf(1 - k, 1 - k)) for k in (1, 0)]
    table = build(move(0, "one", left=second[0], right=second[1]), 2)
    assert exact(table).forked.all()
    stake = np.ones((2, 1))
    found = solve_limit(table.game, table.chance, table.payoff, stake=stake)
    assert found.certificate.status.tolist() == [Status.FORKED]


def bargaining(offers: int, kinds: int) -> Table:
    """A proposer does not know how much the responder dreads war; all offers to all kinds."""
    costs = (np.arange(kinds) + 0.5) / kinds * 0.4
    demands = np.arange(offers + 1) / offers

    def kind(cost: float, number: int) -> Spot:
        return Spot(
            0,
            "demand",
            [
                (
                    f"{k}",
                    None,
                    None,
                    move(1, f"{number} {k}", accept=leaf(x, 1 - x), war=leaf(0.4, 0.5 - cost)),
                )
                for k, x in enumerate(demands)
            ],
        )

    chance = 1.0 / kinds
    root = Spot(edges=[(str(n), chance, None, kind(c, n)) for n, c in enumerate(costs)])
    return build(root, 2)


def test_a_grid_of_offers_to_many_kinds_is_quick_and_exact() -> None:
    """Fearon (1995): demand x* = p + (u - c_A) / 2 = .65, and war with probability .375."""
    table = bargaining(100, 80)
    assert table.game.nodes > 19_000
    began = time.process_time()
    found = exact(table)
    assert time.process_time() - began < 20.0
    assert found.exactness.tolist() == [Exactness.EXACT]
    assert plays(table, found, "demand", "65") == pytest.approx(1.0)
    war = [plays(table, found, f"{n} 65", "war") for n in range(80)]
    assert sum(war) / 80 == pytest.approx(0.375)


@settings(max_examples=25)
@given(seed=st.integers(0, 100_000))
def test_what_is_polished_is_no_worse_than_what_was_extrapolated(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = random_table(rng, 2, players=int(rng.integers(1, 4)), most=40, merge=bool(seed % 2))
    numbers = (table.game, table.chance, table.payoff)
    found, rough = exact(table), limit(*numbers)
    stake = np.ones((len(table.game.players), 2))
    whole = np.isfinite(rough.strategy).all(axis=0) & np.isfinite(found.strategy).all(axis=0)
    if not table.game.infosets or not whole.any():
        return
    some = (table.chance[:, whole], table.payoff[:, :, whole], stake[:, whole])
    polished = shortfall(table.game, *some, found.strategy[:, whole], 1e-3)
    extrapolated = shortfall(table.game, *some, rough.strategy[:, whole], 1e-3)
    assert (polished <= extrapolated + 1e-12).all()
    assert (found.exactness[rough.converged & ~rough.forked] != Exactness.FAILED).all()
    near = np.abs(found.strategy - rough.strategy).max(axis=0)
    assert (near[rough.converged] <= 0.05).all()


@settings(max_examples=15)
@given(seed=st.integers(0, 100_000))
def test_the_check_finds_nothing_wrong_and_sees_what_is_changed(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = random_table(rng, 3, players=2, most=40)
    game = table.game
    stake = np.full((2, 3), 2.0)
    found = solve_limit(game, table.chance, table.payoff, stake=stake)
    numbers = (game, table.chance, table.payoff, stake)
    assert list(verify_limit(*numbers, found)) == []
    proof = found.certificate
    wrong = Certificate(proof.status, proof.residual + 1e-6, proof.regret, proof.sweeps)
    said = [message for _, message in verify_limit(*numbers, replace(found, certificate=wrong))]
    assert len(said) == np.count_nonzero(np.isfinite(proof.residual))
    assert all("the gap is stored as" in message for message in said)
    answered = np.count_nonzero(np.isfinite(found.value[0]))
    wrong = Certificate(proof.status, proof.residual, proof.regret + 1e-6, proof.sweeps)
    said = [message for _, message in verify_limit(*numbers, replace(found, certificate=wrong))]
    assert sum("the regret of" in message for message in said) == 2 * answered == len(said)
    said = [message for _, message in verify_limit(*numbers, replace(found, value=found.value + 1e-6))]
    assert sum("the value of" in message for message in said) == 2 * answered == len(said)


def test_the_check_sees_an_answer_that_is_no_equilibrium() -> None:
    table = pennies(9.0)
    stake = np.array([[9.0], [1.0]])
    numbers = (table.game, table.chance, table.payoff, stake)
    found = solve_limit(table.game, table.chance, table.payoff, stake=stake)
    assert list(verify_limit(*numbers, found)) == []
    other = found.strategy + np.array([[1e-6], [-1e-6], [0.0], [0.0]])
    said = "; ".join(message for _, message in verify_limit(*numbers, replace(found, strategy=other)))
    assert "computed as" in said
    half = np.array([[0.5], [0.5], [0.5], [0.5]])
    said = "; ".join(message for _, message in verify_limit(*numbers, replace(found, strategy=half)))
    assert "falls short of the best by" in said
    none = np.array([[0.5], [0.6], [0.5], [0.5]])
    assert "no probabilities" in next(verify_limit(*numbers, replace(found, strategy=none)))[1]


def test_draws_of_the_same_numbers_are_one_game() -> None:
    table = entry()
    wide = replace(
        table, chance=np.repeat(table.chance, 5, axis=1), payoff=np.repeat(table.payoff, 5, axis=2)
    )
    found = exact(wide)
    assert (found.strategy == found.strategy[:, :1]).all()


def test_what_makes_no_game_is_said() -> None:
    table = entry()
    with pytest.raises(SolveError, match="no number that makes a game"):
        exact(replace(table, payoff=table.payoff * np.nan))
    stake = np.array([[1.0, 1.0], [1.0, -1.0]])
    wide = (np.repeat(table.chance, 2, axis=1), np.repeat(table.payoff, 2, axis=2))
    found = solve_limit(table.game, *wide, stake=stake)
    assert found.certificate.status.tolist() == [Status.CONVERGED, Status.ILL_POSED]
    assert list(verify_limit(table.game, *wide, stake, found)) == []
    blind = replace(pennies(1.0).game, perfect_recall=(True, False))
    with pytest.raises(SolveError, match="imperfect recall"):
        exact_limit(blind, pennies(1.0).chance, pennies(1.0).payoff)
