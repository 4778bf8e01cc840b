"""The search for other equilibria: known counts, independent certificates, the same bits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from parley.errors import SolveError
from parley.solve import Concept, Equilibria, Solution, Status, solve_arrays
from parley.solve.equilibria import APART, equilibria
from parley.solve.kernels.newton import search
from parley.solve.responses import responses
from parley.solve.solution import ANSWERED, Certificate
from parley.solve.verify import verify
from tests.solve.games import Spot, Table, build, random_table, redraw

Numbers = NDArray[np.float64]
Payoffs = Sequence[Any] | Numbers  # [player, action of the first, action of the second, ..]

BATTLE = (((2, 0), (0, 1)), ((1, 0), (0, 2)))
STAG = (((4, 1), (3, 3)), ((4, 3), (1, 3)))
CHICKEN = (((0, -1), (1, -6)), ((0, 1), (-1, -6)))
PENNIES = (((1, -1), (-1, 1)), ((-1, 1), (1, -1)))


def table_of(payoffs: Payoffs) -> Table:
    """The game in which all choose at once; ``payoffs [player, action of 0, action of 1, ..]``."""
    pays = np.asarray(payoffs, dtype=float)

    def story(player: int, played: tuple[int, ...]) -> Spot:
        if player == len(pays):
            return Spot(payoff=tuple(float(each[played]) for each in pays))
        spot = Spot(player, f"set {player}")
        for k in range(pays.shape[1 + player]):
            spot.edges.append((str(k), None, None, story(player + 1, (*played, k))))
        return spot

    return build(story(0, ()), len(pays))


def found_in(table: Table, precision: float, **settings: Any) -> Equilibria:
    draws = table.chance.shape[1]
    stake = np.ones((len(table.game.players), draws))
    return equilibria(
        table.game, table.chance, table.payoff, table.lam(precision, draws), stake=stake, **settings
    )


def problems(table: Table, precision: float, found: Equilibria) -> tuple[tuple[int, str], ...]:
    """What the checker without kernels says of each equilibrium found."""
    at = found.draw
    stake = np.ones((len(found.players), len(at)))
    lam = table.lam(precision, len(at))
    zero = np.zeros(len(at), dtype=np.int32)
    certificate = Certificate(zero.astype(np.int8), found.residual, found.regret, zero)
    solution = Solution(found.players, found.strategy, found.value, lam, stake, certificate, Concept())
    return verify(table.game, table.chance[:, at], table.payoff[..., at], lam, stake, solution).problems


def crossings(payoffs: Payoffs, precision: float) -> Numbers:
    """Fixed points of the first player's chance of its first action in a 2 x 2 game, by scanning one line."""
    one, two = np.asarray(payoffs, dtype=float)
    # along z, the first player's log-odds: the second's answer, then the first's answer to that
    reach = 1.0 + precision * float(np.abs(one).max()) * 2.0
    z = np.linspace(-reach, reach, 600_001)

    def gap(z: Numbers) -> Numbers:
        p = 1.0 / (1.0 + np.exp(-z))
        edge = (two[0, 0] - two[0, 1]) * p + (two[1, 0] - two[1, 1]) * (1 - p)
        q = 1.0 / (1.0 + np.exp(-precision * edge))
        return np.asarray(precision * ((one[0, 0] - one[1, 0]) * q + (one[0, 1] - one[1, 1]) * (1 - q)) - z)

    at = gap(z)
    left = np.flatnonzero((at[:-1] > 0) != (at[1:] > 0))
    low, high = z[left], z[left + 1]
    for _ in range(60):
        middle = (low + high) / 2
        below = (gap(middle) > 0) == (gap(low) > 0)
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray(1.0 / (1.0 + np.exp(-low)))


@pytest.mark.parametrize(
    ("payoffs", "precision", "count"),
    [
        (BATTLE, 10.0, 3),
        (BATTLE, 50.0, 3),
        (BATTLE, 1.0, 1),
        (STAG, 10.0, 3),
        (STAG, 0.3, 1),
        (CHICKEN, 5.0, 3),
        (CHICKEN, 0.3, 1),
        (PENNIES, 1.0, 1),
        (PENNIES, 50.0, 1),
    ],
)
def test_textbook_games_have_as_many_equilibria_as_a_scan_of_one_line_shows(
    payoffs: Payoffs, precision: float, count: int
) -> None:
    table = table_of(payoffs)
    found = found_in(table, precision)
    wanted = crossings(payoffs, precision)
    assert len(wanted) == count
    assert found.count.tolist() == [count]
    assert np.allclose(np.sort(found.strategy[0]), np.sort(wanted), rtol=0, atol=1e-7)
    assert found.index.tolist() == [1]
    assert problems(table, precision, found) == ()


@settings(max_examples=60, deadline=None)
@given(
    payoffs=st.lists(st.integers(-8, 8), min_size=8, max_size=8),
    precision=st.sampled_from([0.5, 1.0, 3.0]),
)
def test_random_games_of_two_by_two_match_the_scan(payoffs: list[int], precision: float) -> None:
    pays = np.asarray(payoffs, dtype=float).reshape(2, 2, 2) + 0.0137 * np.arange(8).reshape(2, 2, 2)
    found = found_in(table_of(pays), precision)
    assert np.allclose(np.sort(found.strategy[0]), np.sort(crossings(pays, precision)), rtol=0, atol=1e-6)


def test_where_a_game_changes_from_one_equilibrium_to_three() -> None:
    """Coordination for 1: p = logistic(lambda (2p - 1)) has three solutions where lambda exceeds 2."""
    table = table_of((((1, 0), (0, 1)), ((1, 0), (0, 1))))
    counts = [int(found_in(table, precision).count[0]) for precision in (1.0, 1.9, 2.1, 3.0, 8.0)]
    assert counts == [1, 1, 3, 3, 3]


def test_three_players_who_meet_where_most_go() -> None:
    """Symmetric and asymmetric equilibria of three players, against a root finder from a grid of starts."""
    from scipy.optimize import root

    pays = np.zeros((3, 2, 2, 2))
    for played in np.ndindex(2, 2, 2):
        for player in range(3):
            others = [played[k] for k in range(3) if k != player]
            pays[(player, *played)] = sum(each == played[player] for each in others) + 0.3 * played[player]
    precision = 4.0

    def miss(z: Numbers) -> Numbers:
        p = 1.0 / (1.0 + np.exp(-z))  # of action 1
        out = []
        for player in range(3):
            worth = np.zeros(2)
            for played in np.ndindex(2, 2, 2):
                likely = np.prod([p[k] if played[k] else 1 - p[k] for k in range(3) if k != player])
                worth[played[player]] += likely * pays[(player, *played)]
            out.append(z[player] - precision * (worth[1] - worth[0]))
        return np.array(out)

    ends: list[Numbers] = []
    axis = np.linspace(-6, 6, 7)
    for start in np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(-1, 3):
        answer = root(miss, start, tol=1e-12)
        mixed = 1.0 / (1.0 + np.exp(-answer.x))
        if np.abs(miss(answer.x)).max() < 1e-9 and all(np.abs(mixed - end).max() > APART for end in ends):
            ends.append(mixed)
    table = table_of(pays)
    found = found_in(table, precision)
    assert found.count.tolist() == [len(ends)]
    assert len(ends) >= 3
    for end in ends:
        assert np.abs(found.strategy[1::2].T - end).max(axis=1).min() < 1e-6
    assert found.index.tolist() == [1]


def test_signs_tell_the_equilibria_between_from_those_on_either_side() -> None:
    found = found_in(table_of(BATTLE), 10.0)
    order = np.argsort(found.strategy[0])
    assert found.sign[order].tolist() == [1, -1, 1]
    assert found.twin[order].tolist() == [True, False, True]


def test_mirror_images_are_named_and_others_are_not() -> None:
    assert found_in(table_of(CHICKEN), 5.0).twin.sum() == 2
    assert not found_in(table_of(STAG), 10.0).twin.any()


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    precision=st.sampled_from([1.0, 10.0, 40.0]),
    merge=st.booleans(),
    forget=st.sampled_from([0.0, 0.3]),
)
def test_random_games_carry_certificates_and_begin_with_the_principal_branch(
    seed: int, precision: float, merge: bool, forget: float
) -> None:
    rng = np.random.default_rng(seed)
    table = random_table(rng, draws=3, most=120, merge=merge, forget=forget)
    found = found_in(table, precision, starts=12)
    assert problems(table, precision, found) == ()
    stake = np.ones((len(found.players), 3))
    known = solve_arrays(table.game, table.chance, table.payoff, table.lam(precision, 3), stake=stake)
    for draw in np.flatnonzero(np.isin(known.certificate.status, ANSWERED)).tolist():
        first = found.first[draw]
        assert found.principal[found.of(draw)].tolist() == [True] + [False] * int(found.count[draw] - 1)
        assert np.array_equal(found.strategy[:, first], known.strategy[:, draw])
    for draw in range(3):
        mine = found.strategy[:, found.of(draw)]
        apart = np.abs(mine[:, :, None] - mine[:, None, :]).max(axis=0, initial=0.0)  # no actions: one
        assert np.all(apart[~np.eye(mine.shape[1], dtype=bool)] > APART)


def response(table: Table, precision: float, strategy: Numbers) -> Numbers:
    """Log-odds that answer ``strategy [action]``, node by node in plain Python: [action]."""
    game = table.game
    value = np.zeros((game.nodes, len(game.players)))
    reach = np.zeros(game.nodes)
    reach[0] = 1.0
    share = [
        float(strategy[a]) if a >= 0 else float(table.chance[e, 0]) for e, a in enumerate(game.edge_action)
    ]
    edges = [range(game.node_first_edge[n], game.node_first_edge[n + 1]) for n in range(game.nodes)]
    ahead = np.zeros((game.edges, len(game.players)))
    for node in range(game.nodes):
        for edge in edges[node]:
            reach[game.edge_child[edge]] += reach[node] * share[edge]
    for node in reversed(range(game.nodes)):
        value[node] = table.payoff[game.node_payoff[node], :, 0]
        for edge in edges[node]:
            ahead[edge] = value[game.edge_child[edge]] + table.payoff[game.edge_payoff[edge], :, 0]
            value[node] += share[edge] * ahead[edge]
    odds = np.zeros(game.actions)
    for h, player in enumerate(game.infoset_player):
        nodes = game.infoset_node[game.infoset_first_node[h] : game.infoset_first_node[h + 1]]
        belief = reach[nodes] / reach[nodes].sum()
        worth = sum(
            b * ahead[edges[n].start : edges[n].stop, player] for b, n in zip(belief, nodes, strict=True)
        )
        first, last = game.infoset_first_action[h : h + 2]
        odds[first:last] = precision * (worth - worth[0])
    return odds


@pytest.mark.parametrize("forget", [0.0, 0.4])
@pytest.mark.parametrize("seed", range(8))
def test_signs_and_derivatives_are_those_of_the_equations(seed: int, forget: float) -> None:
    """By differences of a response in plain Python, over all sets: eliminating some changes nothing."""
    table = random_table(np.random.default_rng(seed), most=80, seen=0.3, forget=forget)
    game, precision = table.game, 25.0
    found = found_in(table, precision, starts=24)
    first = game.infoset_first_action
    unknown = np.setdiff1d(np.arange(game.actions), first[:-1])

    def mixes(odds: Numbers) -> Numbers:
        parts = [np.exp(odds[a:b] - odds[a:b].max()) for a, b in pairwise(first)]
        return np.concatenate([each / each.sum() for each in parts])

    for k in range(len(found.draw)):
        odds = response(table, precision, found.strategy[:, k])
        assert np.allclose(mixes(odds), found.strategy[:, k], atol=1e-8)
        matrix = np.eye(len(unknown))
        for column, action in enumerate(unknown):
            up, down = odds.copy(), odds.copy()
            up[action] += 1e-6
            down[action] -= 1e-6
            moved = response(table, precision, mixes(up)) - response(table, precision, mixes(down))
            matrix[:, column] -= moved[unknown] / 2e-6
        wanted = np.linalg.det(matrix)
        assert found.sign[k] == np.sign(wanted)
        assert determinant(table, precision, odds) == pytest.approx(abs(wanted), rel=1e-5)


def determinant(table: Table, precision: float, odds: Numbers) -> float:
    """Size of the determinant that the kernel works with at these log-odds: [action]."""
    plan = responses(table.game)
    players = len(table.game.players)
    desk = plan.desk(players, len(table.payoff))
    plan.fill(desk, table.chance[:, 0], table.payoff[..., 0], np.full(players, precision))
    points = np.zeros((1, plan.unknowns))
    for first, actions, at in plan.layout.free.tolist():
        points[0, at : at + actions - 1] = odds[first + 1 : first + actions] - odds[first]
    ends = np.zeros((1, table.game.actions))
    search(plan.layout, desk, points, np.zeros(1, dtype=np.int64), 1, ends, np.zeros(1), np.zeros(1))
    return float(np.abs(np.prod(np.diag(desk.matrix))))


def test_eliminating_finds_the_same_equilibria(monkeypatch: pytest.MonkeyPatch) -> None:
    table = random_table(np.random.default_rng(3), draws=4, most=100, seen=0.3)
    whole = found_in(table, 25.0)
    assert responses(table.game).unknowns > 2
    monkeypatch.setattr("parley.solve.responses.MOST", 0)
    assert responses(table.game).unknowns > 0
    cut = found_in(table, 25.0)
    assert whole.count.tolist() == cut.count.tolist()
    for draw in range(4):
        ours, theirs = whole.strategy[:, whole.of(draw)], cut.strategy[:, cut.of(draw)]
        assert np.abs(ours[:, :, None] - theirs[:, None, :]).max(axis=0).min(axis=1).max() < 1e-6


def test_the_same_bits_whatever_draws_stand_beside_and_however_many_threads() -> None:
    table = redraw(table_of(STAG), np.random.default_rng(8), 40, 3.0)
    whole = found_in(table, 12.0, threads=1)
    assert whole.count.max() == 3
    again = found_in(table, 12.0, threads=3)
    for name in ("first", "strategy", "value", "residual", "regret", "sign", "hits", "lost"):
        assert np.array_equal(getattr(whole, name), getattr(again, name)), name
    for draw in (0, 17, 39):
        alone = Table(
            table.game,
            table.chance[:, [draw]],
            np.ascontiguousarray(table.payoff[..., [draw]]),
            table.parameters,
        )
        one = found_in(alone, 12.0)
        assert np.array_equal(one.strategy, whole.strategy[:, whole.of(draw)])
        assert np.array_equal(one.residual, whole.residual[whole.of(draw)])


def test_other_seeds_start_elsewhere_and_find_the_same() -> None:
    table = table_of(BATTLE)
    one, other = found_in(table, 10.0, seed=1), found_in(table, 10.0, seed=2)
    assert one.hits.tolist() != other.hits.tolist()
    assert one.count.tolist() == other.count.tolist() == [3]


def test_more_rounds_follow_where_the_signs_do_not_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the three fixed starts alone one equilibrium is found; its sign, -1, calls for more."""
    pays = np.zeros((3, 2, 2, 2))
    pays[:, 0, 0, 0] = pays[:, 1, 1, 1] = 1.0
    monkeypatch.setattr("parley.solve.equilibria.ROUNDS", 0)
    once = found_in(table_of(pays), 20.0, starts=3)
    assert once.index.tolist() == [-1]
    monkeypatch.setattr("parley.solve.equilibria.ROUNDS", 12)
    found = found_in(table_of(pays), 20.0, starts=3)
    assert found.count.tolist() == [3]
    assert found.index.tolist() == [1]
    assert found.hits.sum() + found.lost.sum() > 3


def test_perfect_information_has_no_unknowns_and_one_equilibrium() -> None:
    table = random_table(np.random.default_rng(2), draws=2, most=60, seen=1.0)
    assert responses(table.game).unknowns == 0
    found = found_in(table, 20.0, starts=4)
    assert found.count.tolist() == [1, 1]
    assert found.hits.tolist() == [4, 4]


def test_a_draw_that_makes_no_game_has_no_equilibrium() -> None:
    table = redraw(table_of(STAG), np.random.default_rng(1), 3)
    table.payoff[1, 0, 1] = np.nan
    found = found_in(table, 5.0)
    assert found.count[1] == 0
    assert found.status[1] == Status.ILL_POSED
    assert found.count[[0, 2]].tolist() == [1, 1]


def test_a_set_that_nobody_reaches_and_a_move_that_is_none() -> None:
    """Chance never goes right; there somebody has one action, and the other weighs two nodes of no reach."""
    left, right = Spot(payoff=(1.0, 1.0)), Spot(0, "only")
    middle = Spot(0, "hidden")
    right.edges.append(("go", None, None, middle))
    for k in range(2):
        last = Spot(1, "after")
        middle.edges.append((str(k), None, None, last))
        for j in range(2):
            last.edges.append((str(j), None, None, Spot(payoff=(float(k == j), float(k == j)))))
    root = Spot(edges=[("left", 1.0, None, left), ("right", 0.0, None, right)])
    table = build(root, 2)
    found = found_in(table, 8.0)
    assert problems(table, 8.0, found) == ()
    assert np.allclose(found.value, 1.0)


def test_no_start_is_no_search() -> None:
    with pytest.raises(SolveError, match="0 starts"):
        found_in(table_of(STAG), 1.0, starts=0)


def test_a_search_can_be_stopped() -> None:
    with pytest.raises(SolveError, match="cancelled"):
        found_in(table_of(STAG), 1.0, cancel=lambda: True)
