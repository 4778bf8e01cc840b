"""What a user feels beside throughput: the first call, and a slider that is moved.

What lives here: these two measurements, each in a process of its own. What may not: tables and targets.

    python -m benchmarks.felt first              import and solve; prints seconds as JSON
    python -m benchmarks.felt slider [--draws N] [--moves N]
"""

from __future__ import annotations

import time

BEGIN = (time.perf_counter(), time.process_time())  # before anything is imported

import argparse  # noqa: E402
import json  # noqa: E402
from typing import Any  # noqa: E402

__all__ = ["first", "slider"]

POLICY = "uncommitted"  # the largest game of the flagship
PARAMETERS = ("kappa", "B", "q_other")
STEP = 0.01  # by which a move multiplies the parameter
SAME = 1e-6


def first() -> dict[str, Any]:
    """Import Parley and solve one draw of the game with one round, in a fresh process."""
    from benchmarks.games import negotiation, numbers
    from parley.solve import Status, solve_arrays

    game = negotiation(1)
    n = numbers(game, 1)
    found = solve_arrays(game, n.chance, n.payoff, n.precision, stake=n.stake, threads=1)
    wall, processor = time.perf_counter() - BEGIN[0], time.process_time() - BEGIN[1]
    good = bool((found.certificate.status == Status.CONVERGED).all())
    return {"wall": wall if good else None, "processor": processor if good else None, "certified": good}


def slider(draws: int, moves: int) -> dict[str, Any]:
    """Move one assumption of the flagship a little and solve again from the solution before.

    Each move makes one parameter 1 % larger in every draw, then back; tables are worked out again and all
    draws solved warm, on all cores. Every answer is checked, and compared with that of the whole way along
    the branch.

    Returns
    -------
    Seconds by the wall: all of ``move`` (tables and solution) and ``solve`` alone, one entry per move.
    """
    import dataclasses

    import numpy as np

    import parley
    from parley.solve import Status, solve_arrays, tabulate
    from parley.solve.verify import verify

    scenario = parley.load("taliban-talks")
    game = parley.compile(scenario)
    sampled = parley.sample(scenario, draws, seed=7)
    begun = tabulate(game, sampled)
    lam = begun.precision / begun.stake
    start = solve_arrays(game, begun.chance, begun.payoff, lam, stake=begun.stake).strategy
    names = [name for name in PARAMETERS if name in sampled.parameters] or [sampled.parameters[0]]
    seconds: list[tuple[float, float]] = []
    failed = elsewhere = 0
    for move in range(moves + 2):  # the first two warm up
        values = sampled.values.copy()
        if move % 2 == 0:
            values[sampled.parameters.index(names[move // 2 % len(names)])] *= 1 + STEP
        moved = dataclasses.replace(sampled, values=values)
        begin = time.perf_counter()
        tables = tabulate(game, moved)
        lam = tables.precision / tables.stake
        between = time.perf_counter()
        found = solve_arrays(game, tables.chance, tables.payoff, lam, stake=tables.stake, start=start)
        end = time.perf_counter()
        good = found.certificate.status == Status.CONVERGED
        check = verify(game, tables.chance, tables.payoff, lam, tables.stake, found)
        for draw, _ in check.problems:
            good[draw] = False
        failed += int((~good).sum())
        if move in (moves, moves + 1):
            cold = solve_arrays(game, tables.chance, tables.payoff, lam, stake=tables.stake)
            elsewhere += int((np.abs(cold.strategy - found.strategy).max(axis=0) > SAME).sum())
        start = np.where(found.strategy > 0, found.strategy, np.finfo(float).tiny)
        if move >= 2:
            seconds.append((end - begin, end - between))
    return {
        "policy": POLICY,
        "draws": draws,
        "moves": moves,
        "parameters": names,
        "failed": failed,
        "elsewhere": elsewhere,
        "move": [whole for whole, _ in seconds],
        "solve": [solve for _, solve in seconds],
    }


def main() -> None:
    """Measure one of the two."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["first", "slider"])
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--moves", type=int, default=40)
    options = parser.parse_args()
    print(json.dumps(first() if options.what == "first" else slider(options.draws, options.moves)))


if __name__ == "__main__":
    main()
