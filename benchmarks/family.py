"""One member of the benchmark family, measured in a process of its own.

What lives here: the members, and what is measured of each. What may not: tables, targets, other programs.

    python -m benchmarks.family NAME [--draws N] [--repeat N] [--efg FOLDER --efg-draws N]

prints one line of JSON. Nothing is timed whose certificate does not hold: a solution counts as certified
when the solver calls it converged and an independent check finds nothing wrong with it
(``parley.solve.verify``; for games too large for that, :func:`benchmarks.games.residual`).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import games
from benchmarks.games import Numbers
from parley.game.efg import to_efg
from parley.game.model import TERMINAL, Game
from parley.solve import Solution, Status, solve_arrays
from parley.solve.solution import ANSWERED
from parley.solve.verify import verify

__all__ = ["MEMBERS", "Case", "Member", "certified", "measure", "order_of_appearance"]

VERIFIABLE = 12_000  # nodes beyond which the check of the benchmark's own is used
PATIENCE = 20.0  # seconds of processor time after which nothing is repeated
SEED = 7


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A game with its numbers. ``rounds`` of a long negotiation game, checked without Parley.

    Of a ``huge`` game an equilibrium will do, even where it may not lie on the principal branch.
    """

    name: str
    game: Game
    numbers: Numbers
    rounds: int = 0
    huge: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """``cases(draws)`` builds it; ``quick`` and ``full`` are how many draws are solved."""

    cases: Callable[[int], Iterator[Case]]
    quick: int
    full: int
    gambit: int = 0  # draws that Gambit is given
    huge: bool = False  # measured only when asked for by name or by --huge


HUGE = 6  # rounds from which a negotiation game is huge


def _negotiation(rounds: int) -> Callable[[int], Iterator[Case]]:
    def cases(draws: int) -> Iterator[Case]:
        game = games.negotiation(rounds)
        drawn = games.numbers(game, draws, SEED)
        yield Case(f"negotiation-{rounds}", game, drawn, rounds, huge=rounds >= HUGE)

    return cases


def _limited(draws: int) -> Iterator[Case]:
    game = games.limited()
    yield Case("limited-24", game, games.numbers(game, draws, SEED))


def _scenario(name: str) -> Callable[[int], Iterator[Case]]:
    def cases(draws: int) -> Iterator[Case]:
        import parley
        from parley.game import restrict
        from parley.solve import tabulate

        scenario = parley.load(name)
        free = parley.compile(scenario)
        sampled = parley.sample(scenario, draws, seed=SEED)
        stake = tabulate(free, sampled).stake
        assert scenario.comparison is not None
        for policy, rule in scenario.comparison.policies.items():
            game = restrict(free, policy).game if rule.rules and not rule.intended else free
            tables = tabulate(game, sampled, stake)
            lam = tables.precision / tables.stake
            yield Case(f"{name}: {policy}", game, Numbers(tables.chance, tables.payoff, lam, tables.stake))

    return cases


MEMBERS: dict[str, Member] = {
    "negotiation-1": Member(_negotiation(1), 256, 16_384, gambit=20),
    "negotiation-2": Member(_negotiation(2), 64, 4_096, gambit=5),
    "negotiation-3": Member(_negotiation(3), 8, 1_024, gambit=1),
    "negotiation-4": Member(_negotiation(4), 1, 8),
    "negotiation-5": Member(_negotiation(5), 1, 2),
    "negotiation-6": Member(_negotiation(6), 1, 1, huge=True),
    "negotiation-7": Member(_negotiation(7), 1, 1, huge=True),
    "negotiation-8": Member(_negotiation(8), 1, 1, huge=True),
    "negotiation-9": Member(_negotiation(9), 1, 1, huge=True),
    "negotiation-10": Member(_negotiation(10), 1, 1, huge=True),
    "limited-24": Member(_limited, 8, 64),
    "flagship": Member(_scenario("taliban-talks"), 64, 10_000, gambit=3),
    "m0": Member(_scenario("which-event-first"), 256, 16_384, gambit=3),
}


# --- proof -------------------------------------------------------------------------------------------------


def solve(case: Case, draws: slice | None = None, threads: int = 1, game: Game | None = None) -> Solution:
    """Solve a case, or some of its draws, by the public call."""
    n = case.numbers
    if draws is not None:
        parts = (n.chance, n.payoff, n.precision, n.stake)
        n = Numbers(*(np.ascontiguousarray(each[..., draws]) for each in parts))
    return solve_arrays(game or case.game, n.chance, n.payoff, n.precision, stake=n.stake, threads=threads)


def certified(
    case: Case, found: Solution, wanted: tuple[Status, ...] = (Status.CONVERGED,)
) -> tuple[NDArray[np.bool_], list[str]]:
    """Say of each draw whether its certificate holds, and what is wrong with the first few that fail.

    Returns
    -------
    ``[draw]`` and messages.
    """
    status, n = found.certificate.status, case.numbers
    good = np.isin(status, wanted)
    messages = [
        f"draw {draw}: {Status(status[draw]).name.lower()}, residual {found.certificate.residual[draw]:.1e}"
        for draw in np.flatnonzero(~good)[:5]
    ]
    if case.game.nodes > VERIFIABLE:
        assert case.rounds, f"{case.name} is too large to be checked"
        found_by_us = games.residual(case.rounds, found.strategy, n)
        wrong = good & ~(found_by_us <= found.concept.tolerance)
        messages += [f"draw {draw}: residual {found_by_us[draw]:.1e}" for draw in np.flatnonzero(wrong)[:5]]
        return good & ~wrong, messages
    check = verify(case.game, n.chance, n.payoff, n.precision, n.stake, found)
    for draw, message in check.problems:
        good[draw] = False
        if len(messages) < 10:
            messages.append(f"draw {draw}: {message}")
    return good, messages


# --- clocks ------------------------------------------------------------------------------------------------


def timed(action: Callable[[], Any], repeat: int) -> tuple[float, float]:
    """Seconds of processor time and of wall time, each the least of some repetitions."""
    processor, wall, spent = [], [], 0.0
    for _ in range(repeat):
        p, w = time.process_time(), time.perf_counter()
        action()
        processor.append(time.process_time() - p)
        wall.append(time.perf_counter() - w)
        spent += processor[-1]
        if spent > PATIENCE:
            break
    return min(processor), min(wall)


def memory() -> dict[str, float]:
    """Resident memory of this process in MiB: now, and its peak, of this program and not of its parent."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return {
            name: int(lines[key].split()[0]) / 1024 for name, key in (("now", "VmRSS"), ("peak", "VmHWM"))
        }
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return {"now": peak, "peak": peak}


def measure(case: Case, repeat: int) -> dict[str, Any]:
    """Solve, check, and only then time; memory is that of building and solving.

    Nothing is timed unless every draw is certified; of a huge game, unless every draw is an equilibrium.

    Returns
    -------
    Sizes and, when every draw is certified, times in seconds. ``processor`` and ``wall`` are of all draws on
    one thread, ``two`` on two; ``one`` is of a single draw, ``layout`` what a structure costs that was not
    solved before.
    """
    game, draws = case.game, case.numbers.payoff.shape[-1]
    before = memory()
    head = slice(0, 1)
    solve(case, head)  # compiles the kernels
    found = solve(case)
    after = memory()
    good, messages = certified(case, found)
    sweeps = found.certificate.sweeps.astype(float)
    result: dict[str, Any] = {
        "name": case.name,
        "nodes": game.nodes,
        "edges": game.edges,
        "actions": game.actions,
        "draws": draws,
        "certified": int(good.sum()),
        "messages": messages,
        "residual": _largest(found.certificate.residual),
        "sweeps": float(sweeps.mean()),
        "memory": {"before": before["now"], "peak": after["peak"]},
    }
    if case.huge and not good.all():
        equilibria, messages = certified(case, found, ANSWERED)
        result |= {"equilibria": int(equilibria.sum()), "messages": messages}
        good = equilibria
    if not good.all():
        return result
    processor, wall = timed(lambda: solve(case), repeat)
    result |= {"processor": processor, "wall": wall}
    result["per_edge"] = processor / (game.edges * float(sweeps.sum())) if sweeps.sum() else None
    result["two"] = timed(lambda: solve(case, threads=2), repeat)[1] if draws > 1 else None
    singles = [timed(partial(solve, case, slice(k, k + 1)), repeat)[0] for k in range(min(draws, 5))]
    result["one"] = float(np.median(singles))
    anew = timed(lambda: solve(case, head, game=replace(game)), 1)[0]
    result["layout"] = max(0.0, anew - singles[0])
    return result


def _largest(residual: Any) -> float | None:
    return float(np.nanmax(residual)) if np.isfinite(residual).any() else None


# --- for Gambit --------------------------------------------------------------------------------------------


def order_of_appearance(game: Game) -> list[int]:
    """Actions in the order in which Gambit lists them: by player, then as their sets appear in the tree."""
    seen: dict[int, None] = {}
    met: set[int] = set()
    stack = [0]
    while stack:
        node = stack.pop()
        if node in met or game.node_kind[node] == TERMINAL:
            continue
        met.add(node)
        if game.node_infoset[node] >= 0:
            seen.setdefault(int(game.node_infoset[node]))
        first, last = game.node_first_edge[node : node + 2]
        stack += game.edge_child[first:last][::-1].tolist()
    ordered = sorted(seen, key=lambda h: int(game.infoset_player[h]))
    first_action = game.infoset_first_action
    return [action for h in ordered for action in range(first_action[h], first_action[h + 1])]


def write_efg(case: Case, folder: Path, draws: int) -> list[dict[str, Any]]:
    """Write some draws for Gambit, with lambda and our answer in Gambit's order.

    Where players have one lambda the payoffs are as written; elsewhere they are multiplied by it.
    """
    n, written = case.numbers, []
    for draw in range(min(draws, n.payoff.shape[-1])):
        lam = n.precision[:, draw]
        same = bool((lam == lam[0]).all())
        payoff = n.payoff[:, :, draw] if same else n.payoff[:, :, draw] * lam
        path = folder / f"{case.name.replace(': ', '-').replace(' ', '-')}-{draw}.efg"
        path.write_text(to_efg(case.game, n.chance[:, draw], payoff, title=case.name), encoding="utf-8")
        ours = solve(case, slice(draw, draw + 1)).strategy[order_of_appearance(case.game), 0]
        job = {"path": str(path), "lambda": float(lam[0]) if same else 1.0, "actions": len(ours)}
        written.append({**job, "ours": ours.tolist()})
    return written


def main() -> None:
    """Measure one member."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=list(MEMBERS))
    parser.add_argument("--draws", type=int)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--efg", type=Path, metavar="FOLDER")
    parser.add_argument("--efg-draws", type=int)
    options = parser.parse_args()
    member = MEMBERS[options.name]
    for case in member.cases(options.draws or member.full):
        result = measure(case, options.repeat)
        wanted = member.gambit if options.efg_draws is None else options.efg_draws
        if options.efg and case.game.nodes < 1000 and case.name != "limited-24":
            result["efg"] = write_efg(case, options.efg, wanted)
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
