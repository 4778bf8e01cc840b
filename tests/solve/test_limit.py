"""The limit of the branch: textbook equilibria, and sequential rationality checked from scratch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.errors import SolveError
from parley.solve import Limit, limit, nash_conv
from tests.solve.games import Spot, Table, build, random_table
from tests.solve.textbook import action, beer_quiche, entry, horse, leaf, move, nature, reputation


def limit_of(table: Table, **options: object) -> Limit:
    return limit(table.game, table.chance, table.payoff, **options)  # type: ignore[arg-type]


def belief(table: Table, found: Limit, infoset: str) -> list[float]:
    h = table.game.infoset_label.index(infoset)
    first, last = table.game.infoset_first_node[h : h + 2]
    return [float(each) for each in found.belief[first:last, 0]]


def plays(table: Table, found: Limit, infoset: str, option: str) -> float:
    return float(found.strategy[action(table, infoset, option), 0])


def test_an_empty_threat_is_not_made() -> None:
    table = entry()
    found = limit_of(table)
    assert found.converged.all()
    assert plays(table, found, "rival", "enter") == pytest.approx(1.0, abs=1e-3)
    assert plays(table, found, "firm", "share") == pytest.approx(1.0, abs=1e-3)
    assert nash_conv(table.game, table.chance, table.payoff, found.strategy) <= 2e-3


def test_a_threat_that_is_never_tested_is_not_made_either() -> None:
    """The rival's outside option is so good that the firm is never asked; yet it would share."""
    firm = move(1, "firm", fight=leaf(-1, -1), share=leaf(1, 1))
    table = build(move(0, "rival", enter=firm, stay=leaf(5, 2)), 2)
    found = limit_of(table)
    assert found.reached[:, 0].tolist() == [True, False]
    assert plays(table, found, "firm", "share") == pytest.approx(1.0, abs=1e-3)


def test_selten_s_horse_ends_in_the_perfect_equilibrium() -> None:
    """Of the two equilibria, (D, c, L) and (C, c, R), the second alone is sequential; three believes 1/3."""
    table = horse()
    found = limit_of(table)
    for infoset, option in (("one", "C"), ("two", "c"), ("three", "R")):
        assert plays(table, found, infoset, option) == pytest.approx(1.0, abs=1e-3)
    assert not found.reached[table.game.infoset_label.index("three")].any()
    assert sorted(belief(table, found, "three")) == pytest.approx([1 / 3, 2 / 3], abs=5e-3)
    assert (found.gap <= 1e-3).all()


def test_of_the_pooling_equilibria_the_branch_selects_beer() -> None:
    """Cho & Kreps: at pi = .9 both breakfasts can be pooled on; the intuitive criterion keeps beer."""
    table = beer_quiche(0.9)
    found = limit_of(table)
    assert found.converged.all()
    for kind in ("strong", "weak"):
        assert plays(table, found, kind, "beer") == pytest.approx(1.0, abs=1e-3)
    assert plays(table, found, "beer", "peace") == pytest.approx(1.0, abs=1e-3)
    assert plays(table, found, "quiche", "duel") == pytest.approx(1.0, abs=1e-3)
    # beer can be pooled on only if quiche makes weakness at least an even bet
    game = table.game
    h = game.infoset_label.index("quiche")
    assert not found.reached[h].any()
    assert max(belief(table, found, "quiche")) >= 0.5


@pytest.mark.parametrize(("strong", "weak_beer"), [(0.3, 3 / 7), (0.4, 2 / 3)])
def test_below_one_half_the_weak_mix(strong: float, weak_beer: float) -> None:
    """Cho & Kreps: the weak drink beer with pi / (1 - pi); after beer half the receivers duel."""
    table = beer_quiche(strong)
    found = limit_of(table)
    assert found.converged.all()
    assert plays(table, found, "weak", "beer") == pytest.approx(weak_beer, abs=1e-3)
    assert plays(table, found, "strong", "beer") == pytest.approx(1.0, abs=1e-3)
    assert plays(table, found, "beer", "duel") == pytest.approx(0.5, abs=1e-3)
    assert plays(table, found, "quiche", "duel") == pytest.approx(1.0, abs=1e-3)
    assert belief(table, found, "beer") == pytest.approx([0.5, 0.5], abs=1e-3)


def test_reputation_is_built_as_kreps_and_wilson_say() -> None:
    """Three markets, b = 1/2, p = 1/10.

    The weak fight with p(1 - b^2) / ((1 - p) b^2) = 1/3; Pr(tough) is then b^2 = 1/4 and the next entrant,
    indifferent, stays out with 1/a = 1/2. After none is fought it comes in.
    """
    table = reputation(3, 0.1)
    found = limit_of(table)
    assert plays(table, found, "entrant.", "enter") == pytest.approx(1.0, abs=2e-3)
    assert plays(table, found, "weak.", "fight") == pytest.approx(1 / 3, abs=2e-3)
    assert sorted(belief(table, found, "entrant.f")) == pytest.approx([0.25, 0.75], abs=2e-3)
    assert plays(table, found, "entrant.f", "out") == pytest.approx(0.5, abs=5e-3)
    assert plays(table, found, "entrant.y", "enter") == pytest.approx(1.0, abs=2e-3)
    assert (found.gap <= 2e-3).all()


def test_two_markets() -> None:
    """Entry, as p = .1 < b^2; the weak fight with p(1 - b) / ((1 - p) b) = 1/9; Pr(tough) is then 1/2."""
    table = reputation(2, 0.1)
    found = limit_of(table)
    assert found.converged.all()
    assert plays(table, found, "weak.", "fight") == pytest.approx(1 / 9, abs=1e-3)
    assert belief(table, found, "entrant.f") == pytest.approx([0.5, 0.5], abs=1e-3)
    assert plays(table, found, "entrant.f", "out") == pytest.approx(0.5, abs=1e-3)


def test_without_the_tough_there_is_no_reputation() -> None:
    """Selten's paradox."""
    table = reputation(3, 0.0)
    found = limit_of(table)
    for infoset in ("entrant.", "entrant.y", "entrant.yy"):
        assert plays(table, found, infoset, "enter") == pytest.approx(1.0, abs=1e-3)
    for infoset in ("weak.", "weak.y", "weak.yy"):
        assert plays(table, found, infoset, "fight") == pytest.approx(0.0, abs=1e-3)


@settings(max_examples=15)
@given(seed=st.integers(0, 100_000))
def test_a_converged_limit_is_an_equilibrium_with_bayesian_beliefs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = random_table(rng, 4, players=int(rng.integers(1, 4)), most=50, merge=bool(seed % 2))
    game = table.game
    found = limit_of(table)
    sums = np.add.reduceat(found.strategy, game.infoset_first_action[:-1], axis=0) if game.infosets else 1.0
    assert sums == pytest.approx(1.0)
    if game.infosets:
        assert np.add.reduceat(found.belief, game.infoset_first_node[:-1], axis=0) == pytest.approx(1.0)
    done = found.converged
    # sequentially rational within a thousandth of the stakes at each set; over a path that can add up
    gap = nash_conv(game, table.chance, table.payoff, found.strategy)
    assert (gap[done] <= 0.02).all()
    assert (found.bayes[done] <= found.tolerance).all()
    assert (found.precision[done] >= 100).all()


def unequal_pennies() -> Spot:
    """Where they meet the second pays the first 3 or 1."""
    left = move(1, "two", left=leaf(3, -3), right=leaf(0, 0))
    right = move(1, "two", left=leaf(0, 0), right=leaf(1, -1))
    return move(0, "one", left=left, right=right)


def test_the_gap_is_what_an_action_in_use_lacks() -> None:
    """Worked out by hand from the strategies returned."""
    table = build(unequal_pennies(), 2)
    found = limit_of(table, most=50.0)
    p, q = plays(table, found, "one", "left"), plays(table, found, "two", "left")
    wanted = [abs(3 * q - (1 - q)) / 3, abs(3 * p - (1 - p)) / 3]
    assert min(wanted) > 1e-6
    assert found.gap[:, 0] == pytest.approx(wanted, rel=1e-9)


def mistakes(caring: bool) -> Spot:
    """Of two mistakes the smaller is infinitely likelier; who moves after them may have no reason to care."""
    below = [
        move(1, "after", left=leaf(worth, left * caring), right=leaf(worth, right * caring))
        for worth, left, right in ((1, 1, 0), (0, 0, 3))
    ]
    return move(0, "first", best=leaf(10, 0), good=below[0], bad=below[1])


@pytest.mark.parametrize("caring", [True, False])
def test_no_belief_is_made_up_where_probabilities_are_too_small_for_numbers(caring: bool) -> None:
    table = build(nature(mistakes=(0.5, mistakes(caring)), mixing=(0.5, unequal_pennies())), 2)
    found = limit_of(table, tolerance=1e-15)  # so that it goes on as far as it can
    assert found.precision[0] == 400  # exp(-0.9 * 800) is no number any more
    assert sorted(belief(table, found, "after")) == pytest.approx([0.0, 1.0], abs=1e-4)
    assert plays(table, found, "after", "left") == pytest.approx(1.0 if caring else 0.5, abs=1e-4)


def test_where_the_branch_meets_others_the_limit_says_so() -> None:
    """Pure coordination: the branch stays at even odds, which is an equilibrium, and two others leave it."""
    second = [move(1, "two", left=leaf(k, k), right=leaf(1 - k, 1 - k)) for k in (1, 0)]
    table = build(move(0, "one", left=second[0], right=second[1]), 2)
    found = limit_of(table)
    assert found.forked.all()
    assert not limit_of(entry()).forked.any()


def test_a_limit_that_is_not_seen_is_not_claimed() -> None:
    table = horse()
    found = limit_of(table, most=50.0)
    assert not found.converged.any()
    assert found.precision.tolist() == [50.0]
    strict = limit_of(table, tolerance=1e-9)
    assert not strict.converged.any()
    assert strict.precision[0] >= 100


def test_a_draw_that_is_no_game_to_the_solver_is_said_to_be_unsolved() -> None:
    table = entry()
    found = limit(table.game, table.chance, table.payoff * 1e100, stake=np.ones((2, 1)))
    assert not found.converged.any()
    assert np.isnan(found.precision).all()


def test_draws_have_the_same_bits_in_any_company() -> None:
    rng = np.random.default_rng(12)
    table = random_table(rng, 5, players=2, most=60, seen=0.3)
    whole = limit_of(table)
    for draw in (0, 4):
        one = replace(table, chance=table.chance[:, [draw]], payoff=table.payoff[:, :, [draw]])
        alone = limit_of(one)
        for name in ("strategy", "belief", "gap"):
            part = np.ascontiguousarray(getattr(whole, name)[:, [draw]])
            assert getattr(alone, name).tobytes() == part.tobytes(), name


def test_what_is_wrong_is_named() -> None:
    table = entry()
    for options, message in (
        ({"most": 30.0}, "most must be at least 50"),
        ({"tolerance": 0.0}, "tolerance positive"),
        ({"stake": np.ones((1, 1))}, r"stake has shape \(1, 1\), but there are 2 players"),
        ({"stake": np.zeros((2, 1))}, "a stake is not a positive number"),
    ):
        with pytest.raises(SolveError, match=message):
            limit_of(table, **options)
    game = replace(table.game, perfect_recall=(False, True))
    with pytest.raises(SolveError, match="player 0 has imperfect recall"):
        limit(game, table.chance, table.payoff)
