"""Random scenarios: text to game to file, solved by Gambit beside us."""

from __future__ import annotations

import io
import random
import re

import numpy as np
import pytest

import parley
from parley.game.efg import to_efg
from parley.game.model import Game
from parley.scenario import loads
from parley.scenario.model import Scenario
from parley.solve import solve_arrays, tabulate

gambit = pytest.importorskip("pygambit")

LAMBDAS = (1.0, 5.0, 20.0)
PLAYERS = ("ann", "bob", "cay")


def _story(rng: random.Random) -> tuple[list[str], list[str]]:
    """Return random steps and the names of what they decide."""
    lines: list[str] = []
    names: list[str] = []
    for number in range(rng.randint(2, 4)):
        kind = rng.choice(["nature", "move", "move", "move", "signal", "pair"])
        seen = rng.choice(["everybody", "nobody", "[ann]", "[bob, cay]"])
        name = f"step {number}"
        when = f", when: {rng.choice(names)} is x" if names and rng.random() < 0.3 else ""
        if kind == "nature":
            lines.append(f"  - {{nature: {name}, options: {{x: p, y: rest}}, seen by: {seen}{when}}}")
        elif kind == "signal" and names:
            lines.append(f"  - {{signal: {name}, of: {rng.choice(names)}, error: e, seen by: {seen}}}")
        elif kind == "pair":
            a, b = rng.sample(PLAYERS, 2)
            lines.append(
                "  - simultaneous:\n"
                f"      - {{player: {a}, move: {name}, options: [x, y]}}\n"
                f"      - {{player: {b}, move: {name} too, options: [x, y], seen by: {seen}}}"
            )
            names.append(f"{name} too")
        else:
            player = rng.choice(PLAYERS)
            options = rng.choice(["[x, y]", "[x, y]", "[x, y, z]"])
            lines.append(f"  - {{player: {player}, move: {name}, options: {options}, seen by: {seen}{when}}}")
        names.append(name)
    return lines, names


def _scenario(seed: int) -> Scenario:
    rng = random.Random(seed)
    steps, names = _story(rng)
    decided = "  - {player: ann, move: last word, options: [x, y]}"
    terms = {
        player: " + ".join(
            f"{rng.uniform(-2, 2):.3f} * ({rng.choice(names)} is x"
            f" and {rng.choice([*names, 'last word'])} is y)"
            for _ in range(4)
        )
        for player in PLAYERS
    }
    payoffs = "\n".join(f'  {player}: "w * ({terms[player]})"' for player in PLAYERS)
    players = ", ".join(f"{player}: {{text: {player}, stake: 1}}" for player in PLAYERS)
    return loads(
        f"parley: 1\ntitle: Random {seed}\nplayers: {{{players}}}\nprecision: {LAMBDAS[seed % 3]}\n"
        "parameters: {p: {range: [0.2, 0.8]}, e: {range: [0.05, 0.4]}, w: {range: [0.5, 1.5]}}\n"
        "story:\n"
        + "\n".join([*steps, decided])
        + f"\n  - outcomes: {{end: otherwise}}\npayoffs:\n{payoffs}\n",
        path=f"random-{seed}.yaml",
    )


def _peer(game: Game, text: str) -> np.ndarray:
    """Return Gambit's probabilities in the order of our actions; it lists sets in the order of the file."""
    peer = gambit.read_efg(io.StringIO(text))
    profile = gambit.qre.logit_solve_lambda(peer, lam=[1.0])[0].profile
    met = dict.fromkeys(re.findall(r'^p "" (\d+) (\d+) ', text, flags=re.MULTILINE))
    found = np.empty(game.actions)
    count = dict.fromkeys(range(len(game.players)), 0)
    first = {}
    for infoset, player in enumerate(game.infoset_player.tolist()):
        count[player] += 1
        first[str(player + 1), str(count[player])] = infoset
    mixes = {name: [mix for _, mix in profile[name]] for name in game.players}
    for key in met:
        mix = mixes[game.players[int(key[0]) - 1]].pop(0)
        start, end = game.infoset_first_action[first[key] : first[key] + 2]
        found[start:end] = [mix[label] for label in game.action_label[start:end]]
    return found


@pytest.mark.parametrize("seed", range(120))
def test_random_scenarios_agree_with_gambit(seed: int) -> None:
    scenario = _scenario(seed)
    game = parley.compile(scenario)
    if game.infosets == 0 or game.nodes > 150:
        pytest.skip("nothing to compare, or more than Gambit does in time")
    draws = parley.sample(scenario, 16, seed=seed)
    tables = tabulate(game, draws)
    solution = solve_arrays(
        game, tables.chance, tables.payoff, tables.precision / tables.stake, stake=tables.stake
    )
    assert (solution.certificate.status == 0).all()
    assert solution.certificate.residual.max() <= 1e-9
    for column in (0, 9):
        scaled = tables.payoff[:, :, column] * (tables.precision / tables.stake)[:, column]
        theirs = _peer(game, to_efg(game, tables.chance[:, column], scaled))
        assert np.abs(solution.strategy[:, column] - theirs).max() <= 1e-6
