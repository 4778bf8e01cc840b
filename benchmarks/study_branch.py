"""Count the answers that are off the principal branch.

Random games (2 to 4 players, hidden information, chance, merged futures) are solved as usual and again by
pseudo-arclength with small steps from lambda = 0. Prints how many answers differ, and how each was found.

    python -m benchmarks.study_branch [games] [lambda] [seed]
"""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray

from parley.solve.arclength import Trace, trace
from parley.solve.certify import stakes
from parley.solve.followed import Chunk
from parley.solve.schedule import schedule
from parley.solve.solution import Concept, Status
from tests.solve.games import Table, random_table

Numbers = NDArray[np.float64]


def random_game(rng: np.random.Generator, most: int) -> Table:
    """Draw a game and one set of numbers."""
    return random_table(
        rng,
        players=int(rng.integers(2, 5)),
        most=int(np.exp(rng.uniform(np.log(8), np.log(most)))),
        seen=float(rng.uniform(0.1, 0.8)),
        luck=float(rng.uniform(0.0, 0.4)),
        merge=bool(rng.random() < 0.5),
    )


def reference(chunk: Chunk, size: int) -> Trace:
    """Follow the branch in small steps."""

    def response(state: Numbers, time: Numbers) -> Numbers:
        return chunk.answer(np.zeros(len(time), dtype=np.int64), time, state)

    return trace(response, size, closeness=0.02, first=0.01, largest=0.3, limit=1_000_000)


def main() -> None:
    """Run the study."""
    games = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    strength = float(sys.argv[2]) if len(sys.argv) > 2 else 20.0
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    hidden = off = slow = unsolved = folded = crossing = 0
    for number in range(games):
        rng = np.random.default_rng([seed, number])
        table = random_game(rng, 500)
        plan = schedule(table.game)
        if not plan.state:
            continue
        hidden += 1
        lam = strength / stakes(table.game, table.payoff)
        chunk = Chunk(plan, table.chance, table.payoff, lam, Concept(), None)
        found = chunk.run()
        state = chunk.state[0].copy()
        slow += chunk.retraced
        true = reference(chunk, plan.state)
        folded += true.turns > 0
        crossing += true.crossings > 0
        if found.status[0] != Status.CONVERGED or true.time != 1.0:
            unsolved += 1
            print(f"game {number}: status {found.status[0]}, reference reached {true.time}")
        elif np.max(np.abs(state - true.state) / np.maximum(1.0, np.abs(state))) > 1e-6:
            off += 1
            distance = float(np.max(np.abs(state - true.state)))
            print(f"game {number}: off by {distance:.3g}, folds {true.turns}, retraced {chunk.retraced}")
    print(
        f"{games} games, lambda {strength}, seed {seed}: {hidden} with beliefs; off the branch {off}; "
        f"unsolved {unsolved}; by arclength {slow}; branch folds {folded}, crosses another {crossing}"
    )


if __name__ == "__main__":
    main()
