"""Level-k: by hand, and reply by reply in plain Python."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.errors import SolveError
from parley.game.model import Game
from parley.solve import Levels, best_reply, level_k
from tests.solve.games import Table, build, random_table
from tests.solve.textbook import (
    action,
    beer_quiche,
    entry,
    leaf,
    mixed,
    move,
    nature,
    reputation,
    unfolded,
    uniform,
)

SEEDS = st.integers(0, 100_000)


def levels(table: Table, level: int, **options: object) -> Levels:
    return level_k(table.game, table.chance, table.payoff, level, **options)  # type: ignore[arg-type]


def contest(options: int, share: float) -> Table:
    """Nagel's guessing game for two: who is nearer to ``share`` times the mean wins; equal guesses share."""

    def paid(one: int, other: int) -> tuple[float, float]:
        aim = share * (one + other) / 2
        mine, yours = abs(one - aim), abs(other - aim)
        return (0.5, 0.5) if mine == yours else (1.0, 0.0) if mine < yours else (0.0, 1.0)

    def second(one: int) -> dict[str, object]:
        return {f"g{other}": leaf(*paid(one, other)) for other in range(options)}

    first = {f"g{one}": move(1, "two", **second(one)) for one in range(options)}  # type: ignore[arg-type]
    return build(move(0, "one", **first), 2)


def test_levels_of_a_coordination_game_with_an_advantage() -> None:
    """The battle of the sexes at once: level 1 goes where it would like, level 2 where the other would."""

    def evening(first: str) -> dict[str, object]:
        return {
            "opera": leaf(3, 1) if first == "opera" else leaf(0, 0),
            "fight": leaf(1, 3) if first == "fight" else leaf(0, 0),
        }

    table = build(
        move(0, "she", opera=move(1, "he", **evening("opera")), fight=move(1, "he", **evening("fight"))),  # type: ignore[arg-type]
        2,
    )
    found = levels(table, 3).strategy[:, :, 0]
    opera = [action(table, "she", "opera"), action(table, "he", "opera")]
    assert found[:, opera].tolist() == [[0.5, 0.5], [1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]


def test_guesses_fall_level_by_level() -> None:
    table = contest(9, 0.7)
    found = levels(table, 4).strategy[:, :9, 0]
    guesses = found[1:].argmax(axis=1)
    assert (np.diff(guesses) <= 0).all()
    assert guesses[-1] == 0  # for two, the lower guess always wins


def test_backward_induction_is_thought_through_by_players_not_by_agents() -> None:
    """A player that moves twice: in, then up (3) or down (0); out pays 2. At random in is worth 1.5."""
    table = build(move(0, "door", inside=move(0, "stairs", up=leaf(3), down=leaf(0)), out=leaf(2)), 1)
    inside = action(table, "door", "inside")
    assert levels(table, 1).strategy[1, inside] == 1.0
    by_agents = levels(table, 2, reply="agent")
    assert by_agents.strategy[:, inside, 0].tolist() == [0.5, 0.0, 1.0]
    assert by_agents.value[:, 0, 0].tolist()[1:] == [1.75, 2.0]
    assert levels(table, 1).value[1] == 3.0


def test_who_is_surprised_takes_the_other_for_less_sophisticated() -> None:
    table = beer_quiche(0.9)
    found = levels(table, 2)
    game = table.game
    # level 1 eats what it likes; the receiver at level 2 meets the weak at quiche and the strong at beer
    assert found.strategy[1, action(table, "strong", "beer")] == 1.0
    assert found.strategy[1, action(table, "weak", "quiche")] == 1.0
    assert found.strategy[2, action(table, "quiche", "duel")] == 1.0
    assert (found.belief[2] == 1).all()
    always_beer = uniform(game)
    for kind in ("strong", "weak"):
        always_beer[action(table, kind, "beer")], always_beer[action(table, kind, "quiche")] = 1.0, 0.0
    surprised = levels(table, 1, start=always_beer)
    quiche = game.infoset_label.index("quiche")
    assert surprised.belief[1, quiche] == -1  # nobody ever leads there: both nodes count alike
    assert surprised.belief[1, game.infoset_label.index("beer")] == 0


def test_beliefs_fall_back_to_the_level_that_leads_there() -> None:
    table = reputation(2, 0.1)
    found = levels(table, 3)
    assert (found.belief[1] == 0).all()
    for k in (2, 3):
        assert (found.belief[k] >= 0).all()
        assert (found.belief[k] < k).all()
    assert (found.belief[3] < 2).any()  # somewhere level 2 does not lead


@settings(max_examples=20)
@given(seed=SEEDS)
def test_level_1_replies_best_to_level_0(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = random_table(rng, 3, players=int(rng.integers(1, 4)), most=80, merge=bool(seed % 2))
    game = table.game
    start = mixed(game, rng, 3)
    found = levels(table, 2, start=start)
    own = np.repeat(game.infoset_player, np.diff(game.infoset_first_action))
    for player in range(len(game.players)):
        reply = best_reply(game, table.chance, table.payoff, start, player)
        assert (found.strategy[1][own == player] == reply.strategy[own == player]).all()
        assert found.value[1, player] == pytest.approx(reply.value, abs=1e-12)
        again = best_reply(game, table.chance, table.payoff, found.strategy[1], player)
        assert found.value[2, player] == pytest.approx(again.value, abs=1e-12)


def logit_replies(table: Table, before: np.ndarray, lam: np.ndarray, player: int, ahead: bool) -> np.ndarray:
    """Noisy replies of one draw to full-support behaviour, by recursion over the tree."""
    game, answer = table.game, before[:, 0].copy()
    share = table.chance[:, 0].copy()
    decisions = game.edge_action >= 0

    def worth(node: int, behaviour: np.ndarray) -> float:
        total = table.payoff[game.node_payoff[node], player, 0]
        for e in range(game.node_first_edge[node], game.node_first_edge[node + 1]):
            likely = behaviour[game.edge_action[e]] if decisions[e] else share[e]
            total += likely * (
                worth(game.edge_child[e], behaviour) + table.payoff[game.edge_payoff[e], player, 0]
            )
        return float(total)

    reach = np.zeros(game.nodes)
    reach[0] = 1.0
    for node in range(game.nodes):
        for e in range(game.node_first_edge[node], game.node_first_edge[node + 1]):
            reach[game.edge_child[e]] += reach[node] * (
                before[game.edge_action[e], 0] if decisions[e] else share[e]
            )
    for h in reversed(range(game.infosets)):
        if game.infoset_player[h] != player:
            continue
        first, last = game.infoset_first_action[h : h + 2]
        nodes = game.infoset_node[game.infoset_first_node[h] : game.infoset_first_node[h + 1]]
        belief = reach[nodes] / reach[nodes].sum()
        later = answer if ahead else before[:, 0]
        values = np.zeros(last - first)
        for node, likely in zip(nodes, belief, strict=True):
            for k in range(last - first):
                e = game.node_first_edge[node] + k
                paid = table.payoff[game.edge_payoff[e], player, 0]
                values[k] += likely * (worth(int(game.edge_child[e]), later) + paid)
        mass = np.exp(lam[player, 0] * (values - values.max()))
        answer[first:last] = mass / mass.sum()
    return answer


@settings(max_examples=15)
@given(seed=SEEDS, ahead=st.booleans())
def test_noisy_replies_are_logit_responses(seed: int, ahead: bool) -> None:
    rng = np.random.default_rng(seed)
    table = random_table(rng, players=2, most=40, merge=bool(seed % 2))
    game, lam = table.game, table.lam(float(rng.uniform(0, 20)))
    reply = "player" if ahead else "agent"
    found = levels(table, 2, noisy=True, precision=lam, reply=reply)
    own = np.repeat(game.infoset_player, np.diff(game.infoset_first_action))
    for k in (1, 2):
        for player in range(2):
            wanted = logit_replies(table, found.strategy[k - 1], lam, player, ahead)
            assert found.strategy[k, own == player, 0] == pytest.approx(wanted[own == player], abs=1e-9)


@settings(max_examples=10)
@given(seed=SEEDS)
def test_noise_vanishes_with_precision_and_merging_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = random_table(rng, 2, players=2, most=60, merge=True)
    sure = levels(table, 2, noisy=True, precision=table.lam(1e9, 2))
    assert sure.strategy[1] == pytest.approx(levels(table, 1).strategy[1], abs=1e-6)
    tree = levels(unfolded(table), 3)
    assert levels(table, 3).strategy == pytest.approx(tree.strategy, abs=1e-12)


def test_draws_have_the_same_bits_in_any_company() -> None:
    rng = np.random.default_rng(3)
    table = random_table(rng, 11, players=3, most=120)
    lam = table.lam(8.0, 11)
    whole = levels(table, 3, noisy=True, precision=lam)
    for draw in (0, 9):
        one = replace(table, chance=table.chance[:, [draw]], payoff=table.payoff[:, :, [draw]])
        alone = levels(one, 3, noisy=True, precision=lam[:, [draw]])
        assert alone.strategy.tobytes() == np.ascontiguousarray(whole.strategy[:, :, [draw]]).tobytes()


def test_a_set_behind_chance_zero_has_even_beliefs() -> None:
    ask = move(0, "asked", yes=leaf(1), no=leaf(0))
    never = move(0, "asked", yes=leaf(-3), no=leaf(0))
    table = build(nature(a=(0.0, ask), b=(0.0, never), c=(1.0, leaf(0))), 1)
    found = levels(table, 1)
    assert found.belief[1].tolist() == [[-1]]
    assert found.strategy[1, action(table, "asked", "no")] == 1.0


def test_what_is_wrong_is_named() -> None:
    table = entry()
    for options, message in (
        ({"level": -1}, "must be at least 0, not -1"),
        ({"level": 128}, "may be 127, not 128"),
        ({"reply": "nobody"}, "'player' or 'agent', not 'nobody'"),
        ({"noisy": True}, r"precision of shape \(2, 1\), and there is none"),
        ({"noisy": True, "precision": np.ones((1, 1))}, r"there is one of shape \(1, 1\)"),
        ({"noisy": True, "precision": -np.ones((2, 1))}, "negative or not a finite number"),
        ({"start": np.ones((4, 1))}, "strategy has a negative number, or shares"),
    ):
        with pytest.raises(SolveError, match=message):
            levels(table, **{"level": 1, **options})  # type: ignore[arg-type]
    game: Game = replace(table.game, perfect_recall=(False, True))
    with pytest.raises(SolveError, match="player 0 has imperfect recall"):
        level_k(game, table.chance, table.payoff, 1)
