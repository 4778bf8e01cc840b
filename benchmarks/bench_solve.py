"""Time the solver on a full argument, certificates first.

Prints for each policy of the flagship: processor time per draw on one thread, draws per second on two, sweeps
per draw, processor time per edge, draw and sweep; for its smallest game also how many times as long Gambit's
tracer takes for a draw in the same process.

    python -m benchmarks.bench_solve [draws]
"""

from __future__ import annotations

import sys
import time

import numpy as np

import parley
from parley.game.efg import to_efg
from parley.game.model import Game
from parley.game.policy import restrict
from parley.solve import Solution, Status, Tables, solve_arrays, tabulate
from parley.solve.verify import verify


def solved(game: Game, numbers: Tables, threads: int) -> tuple[Solution, float, float]:
    """Solve; returns the solution, seconds of processor time and seconds."""
    lam = numbers.precision / numbers.stake
    processor, wall = time.process_time(), time.perf_counter()
    found = solve_arrays(game, numbers.chance, numbers.payoff, lam, stake=numbers.stake, threads=threads)
    return found, time.process_time() - processor, time.perf_counter() - wall


def assert_proved(game: Game, numbers: Tables, found: Solution) -> None:
    """Refuse to time what is not solved."""
    assert (found.certificate.status == Status.CONVERGED).all(), "some draws are not solved"
    assert found.certificate.residual.max() <= 1e-9
    lam = numbers.precision / numbers.stake
    check = verify(game, numbers.chance, numbers.payoff, lam, numbers.stake, found)
    assert check.sound, check.problems[:3]


def report(name: str, game: Game, numbers: Tables) -> float:
    """Time one game; returns processor seconds per draw."""
    found, _, _ = solved(game, numbers, 1)
    assert_proved(game, numbers, found)
    draws = numbers.chance.shape[1]
    processor = float(min(solved(game, numbers, 1)[1] for _ in range(3)))
    wall = min(solved(game, numbers, 2)[2] for _ in range(3))
    sweeps = float(found.certificate.sweeps.mean())
    per_edge = processor / draws / sweeps / game.edges
    print(
        f"{name:12} {game.nodes:5} nodes {game.edges:5} edges  {processor / draws * 1e6:7.1f} us/draw  "
        f"{draws / wall:9,.0f} draws/s  {sweeps:5.1f} sweeps  {per_edge * 1e9:5.2f} ns/edge/draw/sweep"
    )
    return float(processor / draws)


def gambit_seconds(game: Game, numbers: Tables, draws: int) -> float:
    """Processor seconds per draw of Gambit's tracer on the same game, its first draws."""
    import io

    import pygambit

    total = 0.0
    for draw in range(draws):
        scale = (numbers.precision / numbers.stake)[:, draw]
        text = to_efg(game, numbers.chance[:, draw], numbers.payoff[:, :, draw] * scale)
        tree = pygambit.read_efg(io.StringIO(text))
        begin = time.process_time()
        pygambit.qre.logit_solve_lambda(tree, lam=[1.0])
        total += time.process_time() - begin
    return total / draws


def main() -> None:
    """Run the benchmark."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 4096
    scenario = parley.load("taliban-talks")
    free = parley.compile(scenario)
    sampled = parley.sample(scenario, draws, seed=7)
    stake = tabulate(free, sampled).stake
    assert scenario.comparison is not None
    for name, policy in scenario.comparison.policies.items():
        game = restrict(free, name).game if policy.rules and not policy.intended else free
        numbers = tabulate(game, sampled, stake)
        ours = report(name, game, numbers)
        if game.nodes < 300:
            theirs = gambit_seconds(game, numbers, 3)
            print(f"{'':12} Gambit takes {theirs * 1e3:.1f} ms a draw: {theirs / ours:,.0f} times as long")


if __name__ == "__main__":
    np.seterr(all="raise", under="ignore")
    main()
