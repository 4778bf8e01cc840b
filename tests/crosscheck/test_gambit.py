"""Random games solved by Gambit beside us; where the two differ, small steps along the branch decide."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray

from parley.game.model import CHANCE, DECISION, Game
from parley.solve import Concept, Status, solve_arrays, stakes
from parley.solve.arclength import trace
from parley.solve.followed import Chunk
from parley.solve.schedule import schedule
from parley.solve.verify import verify
from tests.solve.games import Table, random_table

gambit = pytest.importorskip("pygambit")

Numbers = NDArray[np.float64]

DIFFERENT: list[int] = []  # games in which Gambit gave another answer


def to_text(table: Table, stake: Numbers) -> tuple[str, list[int]]:
    """Write one draw as an .efg tree, payoffs in stakes; also the order in which sets appear."""
    game = table.game
    names = " ".join(f'"{name}"' for name in game.players)
    lines = [f'EFG 2 R "" {{ {names} }}', '""']
    appeared: list[int] = []
    ends, chances = 0, 0

    def grow(node: int, so_far: Numbers) -> None:
        nonlocal ends, chances
        edges = range(game.node_first_edge[node], game.node_first_edge[node + 1])
        labels = [f'"{k}"' for k in range(len(edges))]
        if game.node_kind[node] == DECISION:
            infoset = int(game.node_infoset[node])
            if infoset not in appeared:
                appeared.append(infoset)
            owner = game.infoset_player[infoset] + 1
            lines.append(f'p "" {owner} {infoset + 1} "" {{ {" ".join(labels)} }} 0')
        elif game.node_kind[node] == CHANCE:
            chances += 1
            exact = [f"{round(float(table.chance[edge, 0]) * 2**40)}/{2**40}" for edge in edges]
            branches = " ".join(f"{label} {share}" for label, share in zip(labels, exact, strict=True))
            lines.append(f'c "" {chances} "" {{ {branches} }} 0')
        else:
            ends += 1
            payoffs = (so_far + table.payoff[game.node_payoff[node], :, 0]) / stake
            lines.append(f't "" {ends} "" {{ {", ".join(f"{x:.17f}" for x in payoffs)} }}')
        for edge in edges:
            grow(int(game.edge_child[edge]), so_far + table.payoff[game.edge_payoff[edge], :, 0])

    grow(0, np.zeros(len(game.players)))
    return "\n".join(lines) + "\n", appeared


def by_gambit(table: Table, stake: Numbers, precision: float) -> Numbers:
    """Gambit's probabilities in the order of our actions."""
    game = table.game
    text, appeared = to_text(table, stake)
    profile = gambit.qre.logit_solve_lambda(gambit.read_efg(io.StringIO(text)), lam=[precision])[0].profile
    mixes = {name: [mix for _, mix in profile[name]] for name in game.players}
    found = np.full(game.actions, np.nan)
    for infoset in appeared:
        mix = mixes[game.players[game.infoset_player[infoset]]].pop(0)
        first, last = game.infoset_first_action[infoset : infoset + 2]
        found[first:last] = [mix[str(k)] for k in range(last - first)]
    return found


def dyadic(table: Table) -> Table:
    """Chances as Gambit gets them, so that both solve the same game."""
    game, chance = table.game, table.chance.copy()
    for node in np.flatnonzero(game.node_kind == CHANCE):
        edges = np.arange(game.node_first_edge[node], game.node_first_edge[node + 1])
        chance[edges[:-1]] = np.round(chance[edges[:-1]] * 2**40) / 2**40
        chance[edges[-1]] = 1.0 - chance[edges[:-1]].sum(axis=0)
    return Table(game, chance, table.payoff, table.parameters)


def unfolded(game: Game) -> int:
    """Nodes of the tree that a game with merged futures stands for."""
    count = np.zeros(game.nodes, dtype=int)
    count[0] = 1
    for node in range(game.nodes):
        for edge in range(game.node_first_edge[node], game.node_first_edge[node + 1]):
            count[game.edge_child[edge]] += count[node]
    return int(count.sum())


def some_table(seed: int) -> Table:
    """A game with beliefs whose tree has at most 150 nodes."""
    rng = np.random.default_rng([19, seed])
    while True:
        table = random_table(
            rng,
            players=int(rng.integers(2, 5)),
            most=int(rng.integers(8, 140)),
            seen=float(rng.uniform(0.1, 0.7)),
            merge=bool(rng.random() < 0.3),
        )
        if schedule(table.game).state and unfolded(table.game) <= 150:
            return dyadic(table)


@pytest.mark.parametrize("seed", range(60))
def test_random_games_agree_with_gambit(seed: int) -> None:
    table = some_table(seed)
    game, precision = table.game, (1.0, 4.0, 12.0)[seed % 3]
    stake = stakes(game, table.payoff)
    lam = precision / stake
    ours = solve_arrays(game, table.chance, table.payoff, lam, stake=stake)
    assert ours.certificate.status[0] == Status.CONVERGED
    theirs = by_gambit(table, stake[:, 0], precision)
    if np.max(np.abs(theirs - ours.strategy[:, 0])) <= 1e-6:
        return
    # Gambit has left the branch or stopped early: ours must be the point that small steps lead to
    chunk = Chunk(schedule(game), table.chance, table.payoff, lam, Concept(), None)
    chunk.run()

    def response(state: Numbers, time: Numbers) -> Numbers:
        return chunk.answer(np.zeros(len(time), dtype=np.int64), time, state)

    reference = trace(response, chunk.plan.state, closeness=0.02, first=0.01, largest=0.3, limit=1_000_000)
    np.testing.assert_allclose(chunk.state[0], reference.state, rtol=1e-6, atol=1e-6)
    assert verify(game, table.chance, table.payoff, lam, stake, ours).sound
    DIFFERENT.append(seed)


def test_gambit_differs_from_us_in_few_games() -> None:
    assert len(DIFFERENT) <= 2, f"Gambit differs in games {DIFFERENT}"
