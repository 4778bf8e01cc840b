"""Time regret minimisation on poker beside OpenSpiel's and LiteEFG's, NashConv first.

Every solver goes on until its average strategies' NashConv is below the target (200 iterations of CFR+ in the
peers), and what it found is carried over to our arrays and measured by the checker in plain NumPy; a time is
printed for nothing that misses the target. Times are processor time of one thread, the least of several runs;
peers are left out where they are not installed (``pip install open_spiel LiteEFG``). Figures go to
``build/bench/zero_sum.json``.

    python -m benchmarks.bench_zero_sum [target]
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.poker import kuhn, leduc
from parley.solve import nash_conv, solve_zero_sum
from tests.solve.games import Table
from tests.solve.textbook import checked_gains

Numbers = NDArray[np.float64]

OUTPUT = Path("build/bench/zero_sum.json")
ITERATIONS = 200  # of the peers
GAMES = {"kuhn_poker": kuhn, "leduc_poker": leduc}  # by the name that OpenSpiel gives them


@dataclass(frozen=True)
class Run:
    """One solver on one game."""

    solver: str
    prepare: float  # seconds, once a game
    solve: float  # seconds, again for other numbers
    appraise: float  # seconds for NashConv of one profile
    iterations: int
    nash_conv: float


def timed(call: Callable[[], Any], repeat: int) -> tuple[float, Any]:
    """Return the least processor time of several calls, and what the last one returned."""
    least, result = np.inf, None
    for _ in range(repeat):
        begin = time.process_time()
        result = call()
        least = min(least, time.process_time() - begin)
    return float(least), result


def parley(table: Table, target: float, scheme: str, limit: int = 100_000) -> Run:
    """Solve by our own kernels; the first call on a game lays it out."""

    def solved(game: Any) -> Any:
        return solve_zero_sum(
            game, table.chance, table.payoff, target=target, scheme=scheme, limit=limit, threads=1
        )

    solved(table.game)  # compiles, or loads what was compiled
    first, _ = timed(lambda: solved(replace(table.game)), 3)  # a copy is a game not seen before
    again, found = timed(lambda: solved(table.game), 10)
    appraise, gap = timed(lambda: nash_conv(table.game, table.chance, table.payoff, found.strategy), 50)
    proved = proof(table, found.strategy, target)
    assert abs(proved - float(gap[0])) <= 1e-9
    return Run(f"Parley {scheme}", first - again, again, appraise, int(found.iterations[0]), proved)


def openspiel(name: str, table: Table, target: float) -> Run:
    """Solve by OpenSpiel's CFR+ in C++."""
    import pyspiel

    game = pyspiel.load_game(name)
    prepare, solver = timed(lambda: pyspiel.CFRPlusSolver(game), 1)

    def iterate() -> None:
        for _ in range(ITERATIONS):
            solver.evaluate_and_update_policy()

    solve, _ = timed(iterate, 1)
    policy = solver.average_policy()
    appraise, _ = timed(lambda: pyspiel.nash_conv(game, policy), 3)
    proved = proof(table, carried_over(game, policy, table), target)
    return Run("OpenSpiel CFR+", prepare, solve, appraise, ITERATIONS, proved)


def liteefg(name: str, table: Table, target: float) -> Run:
    """Solve by LiteEFG's CFR+ with linear averaging."""
    import LiteEFG
    import pyspiel
    from LiteEFG.baselines import CFRplus

    game = pyspiel.load_game(name)

    def begin() -> tuple[Any, Any]:
        environment = LiteEFG.OpenSpielEnv(game, traverse_type="Enumerate", regenerate=True)
        graph = CFRplus.graph()
        environment.set_graph(graph)
        return environment, graph

    with contextlib.redirect_stdout(io.StringIO()):
        prepare, (environment, graph) = timed(begin, 1)

    def iterate() -> None:
        for _ in range(ITERATIONS):
            graph.update_graph(environment)
            environment.update_strategy(graph.current_strategy(), update_best=False)

    average = "linear-avg-iterate"
    solve, _ = timed(iterate, 1)
    appraise, _ = timed(lambda: environment.exploitability(graph.current_strategy(), average), 10)
    policy, _ = environment.get_strategy(graph.current_strategy(), average)
    proved = proof(table, carried_over(game, policy, table), target)
    return Run("LiteEFG CFR+", prepare, solve, appraise, ITERATIONS, proved)


def carried_over(game: Any, policy: Any, table: Table) -> Numbers:
    """Put an OpenSpiel policy into our order of actions, by walking both trees side by side."""
    ours = table.game
    strategy = np.zeros((ours.actions, 1))
    stack = [(0, game.new_initial_state())]
    while stack:
        node, state = stack.pop()
        first, last = ours.node_first_edge[node : node + 2].tolist()
        actions = state.legal_actions()
        assert len(actions) == last - first, "the trees differ"
        if ours.node_infoset[node] >= 0:
            likely = policy.action_probabilities(state)
            for edge, action in zip(range(first, last), actions, strict=True):
                strategy[ours.edge_action[edge], 0] = likely[action]
        stack += [
            (int(ours.edge_child[edge]), state.child(action))
            for edge, action in zip(range(first, last), actions, strict=True)
        ]
    total = np.add.reduceat(strategy, ours.infoset_first_action[:-1], axis=0)
    return np.asarray(strategy / np.repeat(total, np.diff(ours.infoset_first_action), axis=0))


def proof(table: Table, strategy: Numbers, target: float) -> float:
    """NashConv by plain NumPy; refuses what misses the target."""
    gap = float(checked_gains(table, strategy)[0].sum())
    assert gap <= target, f"NashConv is {gap:.6g}, above the target {target:g}: nothing is timed"
    return gap


def runs(name: str, target: float) -> list[Run]:
    """Run all solvers on a game."""
    table = GAMES[name]()
    found = [parley(table, target, "pdcfr+"), parley(table, target, "cfr+")]
    if find_spec("pyspiel"):
        found.append(openspiel(name, table, target))
        if find_spec("LiteEFG"):
            found.append(liteefg(name, table, target))
    return found


def main() -> None:
    """Print the tables and write the figures."""
    target = float(sys.argv[1]) if len(sys.argv) > 1 else 1e-2
    figures = {}
    for name in GAMES:
        found = runs(name, target)
        print(f"\n{name}, NashConv below {target:g}; x: times as long as Parley's first call, call, NashConv")
        print(f"{'':<16}{'lay out':>10}{'solve':>10}{'NashConv':>10}{'iterations':>12}{'reached':>10}   x")
        ours = found[0]
        for run in found:
            ratios = (
                (run.prepare + run.solve) / (ours.prepare + ours.solve),
                run.solve / ours.solve,
                run.appraise / ours.appraise,
            )
            times = "".join(f"{1e3 * each:>7.2f} ms" for each in (run.prepare, run.solve, run.appraise))
            print(
                f"{run.solver:<16}{times}{run.iterations:>12}{run.nash_conv:>10.5f}   "
                + ", ".join(f"{each:.1f}" for each in ratios)
            )
        figures[name] = [vars(run) for run in found]
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps({"target": target, "games": figures}, indent=1) + "\n", encoding="utf-8")
    print(f"\nWrote {OUTPUT}.")


if __name__ == "__main__":
    main()
