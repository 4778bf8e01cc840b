"""The cases at the edge of what a game is: each by name, each with what must come out.

Whatever the numbers, a draw carries a status, and what it carries is true: the check finds nothing wrong.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from parley.solve import Concept, Solution, Status, solve_arrays, stakes
from parley.solve.verify import verify
from tests.solve.games import Spot, Table, build, random_root, random_table, redraw

Numbers = NDArray[np.float64]


def solved(table: Table, lam: Any, stake: Numbers | None = None, limit: int = 20_000) -> Solution:
    """Solve, and insist that the proof is what it claims to be. ``lam`` is per payoff unit."""
    draws = table.chance.shape[1]
    precision = table.lam(lam, draws) if np.ndim(lam) < 2 else lam
    stake = np.ones_like(precision) if stake is None else stake
    solution = solve_arrays(
        table.game,
        table.chance,
        table.payoff,
        precision,
        stake=stake,
        concept=Concept(limit=limit),
        threads=1,
    )
    check = verify(table.game, table.chance, table.payoff, precision, stake, solution)
    assert check.sound, check.problems[:3]
    return solution


def converged(solution: Solution) -> bool:
    return bool(
        (solution.certificate.status == Status.CONVERGED).all()
        and (solution.certificate.residual <= 1e-9).all()
    )


def has_status(solution: Solution) -> bool:
    """Whether every draw has a status that a game can have."""
    known = [each for each in Status if each != Status.ILL_POSED]
    return bool(np.isin(solution.certificate.status, known).all())


def logit(gain: float) -> float:
    return 1 / (1 + float(np.exp(-gain)))


def ends(*payoffs: tuple[float, ...]) -> list[tuple[str, None, None, Spot]]:
    return [(str(k), None, None, Spot(payoff=each)) for k, each in enumerate(payoffs)]


def guess(*worth: float) -> Spot:
    """Both nodes of one information set of player 1, who is paid for the right one of two actions."""
    spot = Spot(1, "guess")
    spot.edges = list(ends(*((0.0, each) for each in worth)))
    return spot


# --- unreached information sets ---------------------------------------------------------------------------


def test_an_information_set_that_chance_never_reaches_is_answered_with_uniform_beliefs() -> None:
    inner = Spot(edges=[("x", 0.9, None, guess(4.0, 0.0)), ("y", 0.1, None, guess(0.0, 1.0))])
    root = Spot(edges=[("there", 0.0, None, inner), ("elsewhere", 1.0, None, Spot(payoff=(1.0, 2.0)))])
    solution = solved(build(root, 2), 1.5)
    assert converged(solution)
    assert solution.strategy[0, 0] == pytest.approx(logit(1.5 * (2.0 - 0.5)), rel=1e-12)
    assert solution.value[:, 0].tolist() == [1.0, 2.0]


def test_moves_behind_an_unreached_set_are_answered_too() -> None:
    """The guesser's own next move, and that of somebody who sees it."""
    later = [Spot(0, k) for k in range(4)]
    for k, spot in enumerate(later):
        spot.edges = list(ends((0.0, 0.0), (float(k), 0.0)))
    nodes = [Spot(1, "guess"), Spot(1, "guess")]
    for k, spot in enumerate(nodes):
        spot.edges = [(str(j), None, None, later[2 * k + j]) for j in range(2)]
    inner = Spot(edges=[("x", 0.5, None, nodes[0]), ("y", 0.5, None, nodes[1])])
    root = Spot(edges=[("there", 0.0, None, inner), ("elsewhere", 1.0, None, Spot(payoff=(0.0, 0.0)))])
    table = build(root, 2)
    solution = solved(table, 2.0)
    assert converged(solution)
    for h in range(table.game.infosets):
        if table.game.infoset_player[h] == 0:
            k = int(table.game.infoset_label[h])
            assert solution.strategy[2 * h + 1, 0] == pytest.approx(logit(2.0 * k), rel=1e-12)
        else:
            assert solution.strategy[2 * h : 2 * h + 2, 0].tolist() == [0.5, 0.5]


# --- zero-probability chance ------------------------------------------------------------------------------


def sender_and_receiver(kinds: tuple[float, ...]) -> Table:
    rng = np.random.default_rng(3)
    root = Spot()
    for kind, likely in enumerate(kinds):
        sender = Spot(0, kind)
        root.edges.append((str(kind), likely, None, sender))
        for message in range(2):
            receiver = Spot(1, message)
            sender.edges.append((str(message), None, None, receiver))
            receiver.edges = list(ends(*(tuple(rng.random(2).tolist()) for _ in range(2))))
    return build(root, 2)


def test_a_chance_of_zero_is_as_if_the_branch_were_not_there() -> None:
    three, two = sender_and_receiver((0.25, 0.75, 0.0)), sender_and_receiver((0.25, 0.75))
    with_it, without = solved(three, 8.0), solved(two, 8.0)
    assert converged(with_it)
    for player, label in ((0, "0"), (0, "1"), (1, "0"), (1, "1")):
        ours, theirs = (
            2
            * next(
                h for h in range(g.infosets) if (g.infoset_player[h], g.infoset_label[h]) == (player, label)
            )
            for g in (three.game, two.game)
        )
        wanted = without.strategy[theirs : theirs + 2]
        np.testing.assert_allclose(with_it.strategy[ours : ours + 2], wanted, rtol=1e-8)
    np.testing.assert_allclose(with_it.value, without.value, rtol=1e-8)


def test_the_smallest_chance_is_not_zero() -> None:
    """The least that a number can hold reaches its set, and its type answers as any other."""
    tiny = solved(sender_and_receiver((0.25, 0.75, 5e-324)), 8.0)
    zero = solved(sender_and_receiver((0.25, 0.75, 0.0)), 8.0)
    assert converged(tiny)
    np.testing.assert_allclose(tiny.strategy, zero.strategy, rtol=1e-8)


# --- equal payoffs ----------------------------------------------------------------------------------------


def test_equal_payoffs_make_everybody_uniform() -> None:
    table = build(random_root(np.random.default_rng(8), players=3, most=120, rewards=0.0), 3)
    alike = Table(table.game, table.chance, np.where(table.payoff == 0, 0, 2.5), table.parameters)
    stake = stakes(alike.game, alike.payoff)
    assert (stake == 1).all()  # nobody has anything at stake
    solution = solved(alike, 50.0, stake)
    assert converged(solution)
    sizes = np.diff(table.game.infoset_first_action)
    np.testing.assert_allclose(solution.strategy[:, 0], np.repeat(1 / sizes, sizes), rtol=1e-12)
    np.testing.assert_allclose(solution.value, 2.5, rtol=1e-12)
    assert np.abs(solution.certificate.regret).max() <= 1e-12


def test_two_actions_worth_the_same_are_equally_likely() -> None:
    root = Spot(0, "row")
    for a in range(3):
        reply = Spot(1, "column")
        root.edges.append((str(a), None, None, reply))
        reply.edges = list(ends(*((float((a > 0) == b), float((a > 0) != b)) for b in range(2))))
    solution = solved(build(root, 2), 6.0)
    assert converged(solution)
    assert solution.strategy[1, 0] == pytest.approx(solution.strategy[2, 0], rel=1e-12)
    assert solution.strategy[0, 0] != pytest.approx(solution.strategy[1, 0], rel=1e-3)


# --- payoffs of 1e12 and 1e-12 ----------------------------------------------------------------------------


def some_game(seed: int = 11, draws: int = 6) -> Table:
    table = random_table(np.random.default_rng(seed), draws=draws, most=100, seen=0.4)
    assert len(set(table.game.infoset_player.tolist())) == 3
    return table


def times(table: Table, factor: Any) -> Table:
    return Table(table.game, table.chance, table.payoff * factor, table.parameters)


@pytest.mark.parametrize("size", [1e12, 1e-12])
def test_large_and_small_payoffs_with_lambda_on_the_stake(size: float) -> None:
    plain = some_game()
    stake = stakes(plain.game, plain.payoff)
    wanted, found = (
        solved(plain, 8 / stake, stake),
        solved(times(plain, size), 8 / stake / size, stake * size),
    )
    assert converged(found)
    np.testing.assert_allclose(found.strategy, wanted.strategy, rtol=1e-8)
    np.testing.assert_allclose(found.certificate.regret, wanted.certificate.regret, atol=1e-9)


def test_players_paid_in_different_money() -> None:
    plain = some_game()
    stake = stakes(plain.game, plain.payoff)
    money = np.array([1e12, 1e-12, 1.0])
    mixed = times(plain, money[:, None])
    found = solved(mixed, 8 / (stake * money[:, None]), stake * money[:, None])
    assert converged(found)
    np.testing.assert_allclose(found.strategy, solved(plain, 8 / stake, stake).strategy, rtol=1e-8)


def test_small_payoffs_at_a_lambda_that_is_not_scaled_leave_players_indifferent() -> None:
    table = times(some_game(), 1e-12)
    solution = solved(table, 5.0)
    assert converged(solution)
    sizes = np.diff(table.game.infoset_first_action)
    np.testing.assert_allclose(
        solution.strategy, np.repeat(1 / sizes, sizes)[:, None] * np.ones(6), rtol=1e-10
    )


def test_large_payoffs_at_a_lambda_that_is_not_scaled_are_never_passed_off() -> None:
    """Log-odds of 5e12: solved or not, every draw has a status, and it is true (:func:`solved` insists)."""
    solution = solved(times(some_game(), 1e12), 5.0, limit=1000)
    assert has_status(solution)
    assert np.isfinite(solution.strategy).all()


def test_large_payoffs_where_everybody_sees_everything() -> None:
    """No beliefs: solved exactly at any lambda. The first gets 1e12 more by his second action."""
    root = Spot(0, "first")
    for k in range(2):
        reply = Spot(1, k)
        root.edges.append((str(k), None, None, reply))
        reply.edges = list(ends((1e12 * k, 0.0), (1e12 * k, 1e12)))
    solution = solved(build(root, 2), 5.0)
    assert converged(solution)
    assert solution.strategy[:, 0].tolist() == [0.0, 1.0] * 3
    assert solution.value[:, 0] == pytest.approx([1e12, 1e12])


def test_a_large_sum_paid_everywhere_hides_nothing() -> None:
    """A million million in every ending takes twelve digits away: what is called solved still is."""
    plain = some_game()
    shifted = Table(plain.game, plain.chance, plain.payoff.copy(), plain.parameters)
    terminal = np.unique(plain.game.node_payoff)
    shifted.payoff[terminal[terminal > 0]] += 1e12
    solution = solved(shifted, 5.0)
    assert has_status(solution)


# --- single-action sets, players who never move, games without decisions -----------------------------------


def test_single_action_sets_change_nothing() -> None:
    """A forced move between two free ones, at an information set with two nodes."""

    def game(forced: bool) -> Table:
        root = Spot(0, "row")
        for a in range(2):
            reply = Spot(1, "column")
            paid = [(float(a == b) + 0.3 * a, float(a != b)) for b in range(2)]
            reply.edges = list(ends(*((*each, 0.0)[: 2 + forced] for each in paid)))
            between = Spot(2, "forced", [("only", None, None, reply)]) if forced else reply
            root.edges.append((str(a), None, None, between))
        return build(root, 3 if forced else 2)

    with_it, without = solved(game(True), 4.0), solved(game(False), 4.0)
    assert converged(with_it)
    assert with_it.strategy[2, 0] == 1.0
    np.testing.assert_allclose(with_it.strategy[[0, 1, 3, 4]], without.strategy, rtol=1e-9)
    np.testing.assert_allclose(with_it.value[:2], without.value, rtol=1e-9)


def test_a_game_of_forced_moves_alone() -> None:
    spot = Spot(payoff=(3.0, -1.0))
    for k in range(5):
        spot = Spot(k % 2, k, [("only", None, (1.0, 0.5), spot)])
    solution = solved(build(spot, 2), 7.0)
    assert converged(solution)
    assert solution.strategy[:, 0].tolist() == [1.0] * 5
    assert solution.value[:, 0].tolist() == [8.0, 1.5]
    assert solution.certificate.regret[:, 0].tolist() == [0.0, 0.0]


def test_a_player_who_never_moves() -> None:
    table = random_table(np.random.default_rng(4), draws=3, players=2, most=60)
    root = random_root(np.random.default_rng(4), players=2, most=60)
    for spot in reachable(root):
        spot.payoff = None if spot.payoff is None else (*spot.payoff, 7.0)
        spot.edges = [(a, b, None if c is None else (*c, 0.0), to) for a, b, c, to in spot.edges]
    watched = build(root, 3, draws=3)
    watched = Table(watched.game, table.chance, watched.payoff, watched.parameters)
    assert table.payoff.shape[::2] == watched.payoff.shape[::2]
    watched.payoff[:, :2] = table.payoff
    found, wanted = solved(watched, 6.0), solved(table, 6.0)
    assert converged(found)
    np.testing.assert_array_equal(found.strategy, wanted.strategy)
    np.testing.assert_allclose(found.value[2], 7.0, rtol=1e-12)
    assert found.certificate.regret[2].tolist() == [0.0] * 3
    assert stakes(watched.game, watched.payoff)[2].tolist() == [1.0] * 3


def reachable(root: Spot) -> list[Spot]:
    found, stack = {id(root): root}, [root]
    while stack:
        for *_, to in stack.pop().edges:
            if id(to) not in found:
                found[id(to)] = to
                stack.append(to)
    return list(found.values())


def test_a_game_of_one_node() -> None:
    table = build(Spot(payoff=(1.25, -3.0)), 2, draws=2)
    assert (table.game.nodes, table.game.edges, table.game.actions) == (1, 0, 0)
    solution = solved(table, 5.0)
    assert converged(solution)
    assert solution.strategy.shape == (0, 2)
    assert solution.value.tolist() == [[1.25, 1.25], [-3.0, -3.0]]
    assert solution.certificate.regret.tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert solution.certificate.residual.tolist() == [0.0, 0.0]


def test_a_game_in_which_nobody_decides() -> None:
    inner = Spot(
        edges=[("x", 0.5, (1.0, 0.0), Spot(payoff=(2.0, 1.0))), ("y", 0.5, None, Spot(payoff=(0.0, 0.0)))]
    )
    root = Spot(edges=[("a", 0.25, None, inner), ("b", 0.75, None, Spot(payoff=(4.0, -2.0)))])
    solution = solved(build(root, 2), 5.0)
    assert converged(solution)
    assert solution.strategy.shape == (0, 1)
    assert solution.value[:, 0] == pytest.approx([0.25 * 1.5 + 3.0, 0.25 * 0.5 - 1.5], rel=1e-15)


# --- lambda at its ends -----------------------------------------------------------------------------------


def test_at_lambda_zero_everybody_is_uniform() -> None:
    table = some_game()
    solution = solved(table, 0.0)
    assert converged(solution)
    sizes = np.diff(table.game.infoset_first_action)
    np.testing.assert_array_equal(solution.strategy, np.repeat(1 / sizes, sizes)[:, None] * np.ones(6))


def test_one_player_at_lambda_zero_is_a_chance_move_to_the_others() -> None:
    table = some_game()
    solution = solved(table, np.array([0.0, 9.0, 9.0]))
    assert converged(solution)
    owner = np.repeat(table.game.infoset_player, np.diff(table.game.infoset_first_action))
    sizes = np.diff(table.game.infoset_first_action)
    uniform = np.repeat(1 / sizes, sizes)[:, None] * np.ones(6)
    np.testing.assert_array_equal(solution.strategy[owner == 0], uniform[owner == 0])
    assert np.abs(solution.strategy - uniform)[owner > 0].max() > 0.1


@pytest.mark.parametrize("lam", [1e3, 1e6, 1e12])
def test_very_large_lambda_is_a_best_reply_where_everybody_sees_everything(lam: float) -> None:
    table = random_table(np.random.default_rng(6), draws=4, players=3, most=120, seen=1.0, rewards=0.0)
    solution = solved(table, lam, stakes(table.game, table.payoff))
    assert converged(solution)
    assert np.abs(solution.certificate.regret).max() <= 1 / lam * 10
    if lam >= 1e6:
        assert np.isin(np.round(solution.strategy, 6), [0.0, 1.0]).mean() > 0.95


@pytest.mark.parametrize("lam", [1e3, 1e6, 1e12])
def test_very_large_lambda_with_beliefs_has_a_true_status(lam: float) -> None:
    """And what is solved in the limit of pennies is the mix of its one equilibrium."""
    root = Spot(0, "row")
    for a in range(2):
        reply = Spot(1, "column")
        root.edges.append((str(a), None, None, reply))
        reply.edges = list(ends(*((3.0 if a == b == 0 else float(a == b), float(a != b)) for b in range(2))))
    solution = solved(build(root, 2), lam)
    assert has_status(solution)
    if converged(solution):
        np.testing.assert_allclose(solution.strategy[:, 0], [0.5, 0.5, 0.25, 0.75], atol=2 / lam + 1e-9)
    assert has_status(solved(some_game(draws=2), lam, limit=1000))


# --- numbers that are none --------------------------------------------------------------------------------

BROKEN = [
    ("payoff", np.nan),
    ("payoff", np.inf),
    ("payoff", -np.inf),
    ("payoff", 1e308),
    ("chance", np.nan),
    ("chance", np.inf),
    ("chance", -0.25),
    ("chance", 1.5),
    ("precision", np.nan),
    ("precision", np.inf),
    ("precision", -1.0),
    ("stake", np.nan),
    ("stake", np.inf),
    ("stake", 0.0),
    ("stake", -1.0),
]


@pytest.mark.parametrize(("what", "value"), BROKEN)
def test_what_is_no_number_makes_its_draw_ill_posed_and_no_other(what: str, value: float) -> None:
    table = random_table(np.random.default_rng(0), draws=12, most=60, luck=0.5, ending=0.0)
    chance, payoff = table.chance.copy(), table.payoff.copy()
    precision, stake = table.lam(5.0, 12), table.lam(1.0, 12)
    clean = solve_arrays(table.game, chance, payoff, precision, stake=stake)
    if what == "payoff":
        payoff[-1, 1, 7] = value
    elif what == "chance":
        chance[int(np.flatnonzero(table.game.edge_chance >= 0)[0]), 7] = value
    else:
        (precision if what == "precision" else stake)[1, 7] = value
    solution = solve_arrays(table.game, chance, payoff, precision, stake=stake)
    assert np.flatnonzero(solution.certificate.status == Status.ILL_POSED).tolist() == [7]
    assert np.isnan(solution.strategy[:, 7]).all()
    assert np.isnan(solution.certificate.residual[7])
    others = np.arange(12) != 7
    assert np.array_equal(solution.strategy[:, others], clean.strategy[:, others])
    assert np.array_equal(solution.certificate.status[others], clean.certificate.status[others])
    assert verify(table.game, chance, payoff, precision, stake, solution).sound


def test_what_is_no_number_on_a_decision_edge_is_ignored() -> None:
    """Chances are read on chance edges alone."""
    table = some_game()
    chance = table.chance.copy()
    chance[table.game.edge_chance < 0] = np.nan
    odd = Table(table.game, chance, table.payoff, table.parameters)
    assert np.array_equal(solved(odd, 5.0).strategy, solved(table, 5.0).strategy)


# --- few draws --------------------------------------------------------------------------------------------


def test_no_draws() -> None:
    table = redraw(some_game(), np.random.default_rng(1), 0)
    solution = solved(table, table.lam(5.0, 0))
    assert solution.strategy.shape == (table.game.actions, 0)
    assert solution.value.shape == solution.certificate.regret.shape == (3, 0)
    assert solution.certificate.status.shape == solution.certificate.residual.shape == (0,)


def test_one_draw_has_the_bits_it_has_among_others() -> None:
    table = some_game()
    one = Table(
        table.game,
        np.ascontiguousarray(table.chance[:, 3:4]),
        np.ascontiguousarray(table.payoff[:, :, 3:4]),
        table.parameters[:, 3:4],
    )
    alone, among = solved(one, 9.0), solved(table, 9.0)
    assert np.array_equal(alone.strategy[:, 0], among.strategy[:, 3])
    assert np.array_equal(alone.value[:, 0], among.value[:, 3])
    assert alone.certificate.residual[0] == among.certificate.residual[3]
