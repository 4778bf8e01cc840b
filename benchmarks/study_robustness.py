"""Solve many random games and ask whether every answer says truly what it is worth.

Structures from :mod:`benchmarks.random_games`, several draws of each (a structure is laid out once), lambda
uniform up to the wanted one on unit stakes, a new one in every draw. Every draw is checked with
``parley.solve.verify``. On a sample, one draw of a structure is followed again in tiny steps
(:mod:`benchmarks.reference`), and games of fewer than 40 nodes are given to Gambit where it is installed;
where Gambit differs, the tiny steps decide.

    python -m benchmarks.study_robustness [games] [seed] [--lambda 50] [--draws 4] [--jobs 2]
    python -m benchmarks.study_robustness 8000 1 --replay 123      all about one structure

Each structure's outcome is a line in ``build/robustness/``: a study that was stopped goes on where it was,
and what is there is summed up in any case. The exit code is 1 when an answer was not true, was off the
branch, or when more than one draw in a thousand was not solved.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from benchmarks.family import order_of_appearance
from benchmarks.random_games import random_game
from benchmarks.reference import Response, Walk, follow
from parley.game.efg import to_efg
from parley.solve import Solution, Status, solve_arrays
from parley.solve.verify import verify
from tests.solve.games import Table

__all__ = ["Question", "Summary", "examine", "summary"]

ROOT = Path(__file__).resolve().parent.parent
SAME = 1e-6  # by which probabilities may differ
GAMBIT_MOST = 40  # nodes
WAITING = 64  # structures handed out at a time


@dataclass(frozen=True, slots=True)
class Question:
    """What is studied; a structure's outcome depends on this and its number alone."""

    seed: int
    draws: int
    strength: float  # largest lambda on unit stakes
    branch: int = 20  # every so many structures are followed in tiny steps
    gambit: int = 10  # every so many of the small ones are given to Gambit
    cost: int = 12_000  # nodes times log-odds beyond which tiny steps are not taken: some seconds


# --- one structure -----------------------------------------------------------------------------------------


def examine(question: Question, number: int) -> dict[str, Any]:
    """Solve, check and compare the draws of one structure.

    Returns
    -------
    A record for JSON. ``offenders`` are draws with their lambda on unit stakes, status and residual;
    ``contradicted`` what the check found; ``branch`` and ``gambit`` are verdicts with the largest difference.
    """
    begin = time.process_time()
    shape, table, lam, stake = random_game(question.seed, number, question.draws, question.strength)
    found = solve_arrays(table.game, table.chance, table.payoff, lam, stake=stake, threads=1)
    status = found.certificate.status
    check = verify(table.game, table.chance, table.payoff, lam, stake, found)
    record: dict[str, Any] = {
        "number": number,
        "nodes": table.game.nodes,
        "sets": table.game.infosets,
        "kind": _kind(asdict(shape), table.game.ordered),
        "draws": question.draws,
        "statuses": [int((status == each).sum()) for each in Status],
        "untrue": int((~np.isin(status, list(Status))).sum()),
        "contradicted": [[int(draw), message] for draw, message in check.problems],
        "offenders": [
            [int(j), float(lam[0, j] * stake[0, j]), int(status[j]), float(found.certificate.residual[j])]
            for j in np.flatnonzero(status != Status.CONVERGED)
        ],
    }
    cost = table.game.nodes * (table.game.actions - table.game.infosets)
    if question.branch and number % question.branch == 0 and cost <= question.cost:
        record["branch"] = compare(found, 0, walk(table, lam, 0), table)
    # at sets that are not reached beliefs are uniform over nodes, of which a tree has more than a graph
    small = table.game.nodes < GAMBIT_MOST and not (shape.merge and shape.impossible)
    if question.gambit and number % question.gambit == 0 and small and find_spec("pygambit"):
        record["gambit"] = beside_gambit(table, lam, found)
    return {**record, "seconds": time.process_time() - begin}


def _kind(shape: dict[str, Any], ordered: bool) -> list[str]:
    kinds = ["merged" if shape["merge"] else "tree"]
    kinds += ["forgetful"] if shape["forget"] else []
    kinds += [] if ordered else ["sets cross"]
    kinds += ["zero chances"] if shape["impossible"] else []
    return kinds


def walk(table: Table, lam: NDArray[np.float64], draw: int) -> tuple[Response, Walk]:
    """Follow one draw in tiny steps."""
    response = Response(table.game, table.chance[:, draw], table.payoff[:, :, draw], lam[:, draw])
    return response, follow(response)


def compare(found: Solution, draw: int, walked: tuple[Response, Walk], table: Table) -> dict[str, Any]:
    """Say whether the answer of a draw is where tiny steps lead."""
    response, end = walked
    status = found.certificate.status[draw]
    if end.time != 1.0:
        return {"verdict": "tiny steps did not arrive", "time": end.time, "folds": end.folds}
    distance = float(np.abs(response.strategy(end.odds) - found.strategy[:, draw]).max(initial=0.0))
    said = {Status.FORKED: "elsewhere, and says so", Status.UNTRACED: "elsewhere, and says so"}
    said[Status.CONVERGED] = "off the branch"
    verdict = "same" if distance <= SAME else said.get(Status(status), "not solved")
    return {"verdict": verdict, "distance": distance, "folds": end.folds}


def beside_gambit(table: Table, lam: NDArray[np.float64], found: Solution, draw: int = 0) -> dict[str, Any]:
    """Compare with Gambit's tracer; tiny steps decide where the two differ."""
    import io

    import pygambit

    game = table.game
    text = to_efg(game, table.chance[:, draw], table.payoff[:, :, draw] * lam[:, draw])
    order = order_of_appearance(game)
    try:
        tree = pygambit.read_efg(io.StringIO(text))
        theirs = pygambit.qre.logit_solve_lambda(tree, lam=[1.0])[0]
        distance = max(abs(float(theirs[k]) - float(found.strategy[a, draw])) for k, a in enumerate(order))
    except Exception as error:  # whatever a peer does, the study goes on and counts it
        return {"verdict": "Gambit failed", "message": f"{type(error).__name__}: {error}"[:200]}
    if distance <= SAME:
        return {"verdict": "same", "distance": distance}
    mine = compare(found, draw, walk(table, lam, draw), table)
    settled = {"same": "Gambit elsewhere", "off the branch": "off the branch"}
    return {"verdict": settled.get(mine["verdict"], "undecided"), "distance": distance, "ours": mine}


# --- all of them -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Summary:
    """What all records say together."""

    structures: int
    games: int
    statuses: dict[str, int]
    untrue: int
    contradicted: int
    kinds: dict[str, int]
    branch: dict[str, int]
    folds: int
    gambit: dict[str, int]
    seconds: float
    offenders: list[str]

    @property
    def good(self) -> bool:
        """Whether the study found what it should."""
        converged = self.statuses.get(Status.CONVERGED.name, 0) >= 0.999 * self.games
        astray = self.branch.get("off the branch", 0) + self.gambit.get("off the branch", 0)
        return converged and not (self.untrue or self.contradicted or astray)


def summary(records: Iterable[dict[str, Any]]) -> Summary:
    """Add up."""
    statuses: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    branch: Counter[str] = Counter()
    gambit: Counter[str] = Counter()
    structures = games = untrue = contradicted = folds = 0
    seconds, offenders = 0.0, []
    for record in sorted(records, key=lambda each: int(each["number"])):
        structures += 1
        games += record["draws"]
        untrue += record["untrue"]
        contradicted += len({draw for draw, _ in record["contradicted"]})
        statuses.update({s.name: n for s, n in zip(Status, record["statuses"], strict=True) if n})
        kinds.update(record["kind"])
        seconds += record["seconds"]
        for name, counter in (("branch", branch), ("gambit", gambit)):
            if name in record:
                counter[record[name]["verdict"]] += 1
        folds += record.get("branch", {}).get("folds", 0) > 0
        offenders += list(describe(record))
    return Summary(
        structures,
        games,
        dict(statuses),
        untrue,
        contradicted,
        dict(kinds),
        dict(branch),
        folds,
        dict(gambit),
        seconds,
        offenders,
    )


def describe(record: dict[str, Any]) -> Iterator[str]:
    """Name what is wrong with a structure, draw by draw."""
    head = f"structure {record['number']} ({record['nodes']} nodes, {', '.join(record['kind'])})"
    for draw, strength, status, residual in record["offenders"]:
        name = Status(status).name.lower() if status in list(Status) else f"status {status}"
        yield f"{head}, draw {draw}: {name} at lambda {strength:.3g}, residual {residual:.2g}"
    for draw, message in record["contradicted"]:
        yield f"{head}, draw {draw}: CONTRADICTED: {message}"
    for name in ("branch", "gambit"):
        verdict = record.get(name, {}).get("verdict", "same")
        if verdict not in ("same", "not solved"):
            yield f"{head}, draw 0: {name}: {verdict} {json.dumps(record[name])}"


def report(question: Question, found: Summary, shown: int) -> None:
    """Print the table."""
    print(
        f"{found.games:,} games of {found.structures:,} structures, {question.draws} draws each, lambda up "
        f"to {question.strength:g} on unit stakes, seed {question.seed}; {found.seconds:,.0f} s of one core"
    )
    for kind, count in sorted(found.kinds.items()):
        print(f"  {kind:<28} {count:>9,} structures")
    for name, count in found.statuses.items():
        print(f"  {name.lower():<28} {count:>9,} draws {count / max(1, found.games):10.4%}")
    print(f"  {'without a true status':<28} {found.untrue:>9,} draws")
    print(f"  {'contradicted by verify':<28} {found.contradicted:>9,} draws")
    for title, counts in (("in tiny steps", found.branch), ("beside Gambit", found.gambit)):
        together = ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())) or "none"
        print(f"  {title:<28} {sum(counts.values()):>9,} draws: {together}")
    print(f"  {'of them on folding branches':<28} {found.folds:>9,} draws")
    for each in found.offenders[:shown]:
        print(f"  {each}")
    if len(found.offenders) > shown:
        print(f"  and {len(found.offenders) - shown:,} more; --show says how many are listed")


def read(file: Path, question: Question) -> dict[int, dict[str, Any]]:
    """Read what an earlier study of the same question kept; a half-written last line does not count."""
    if not file.exists():
        return {}
    records: dict[int, dict[str, Any]] = {}
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    if not lines or json.loads(lines[0]) != asdict(question):
        sys.exit(f"{file} is of another study: move it away")
    for line in lines[1:]:
        if line.endswith("\n"):
            record = json.loads(line)
            records[record["number"]] = record
    return records


def study(question: Question, numbers: list[int], jobs: int, keep: TextIO) -> Iterator[dict[str, Any]]:
    """Examine structures in processes of their own; yields records as they come, each written first."""
    waiting: set[Future[dict[str, Any]]] = set()
    todo = iter(numbers)
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            while True:
                for number in todo:
                    waiting.add(pool.submit(examine, question, number))
                    if len(waiting) >= WAITING:
                        break
                if not waiting:
                    return
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    record = future.result()
                    keep.write(json.dumps(record) + "\n")
                    keep.flush()
                    yield record
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def replay(question: Question, number: int) -> None:
    """Print all about one structure, every draw in tiny steps."""
    shape, table, lam, stake = random_game(question.seed, number, question.draws, question.strength)
    print(shape)
    print(json.dumps(examine(question, number), indent=1))
    found = solve_arrays(table.game, table.chance, table.payoff, lam, stake=stake, threads=1)
    for draw in range(question.draws):
        strength = float(lam[0, draw] * stake[0, draw])
        status = Status(int(found.certificate.status[draw])).name.lower()
        verdict = compare(found, draw, walk(table, lam, draw), table)
        sweeps = int(found.certificate.sweeps[draw])
        print(f"draw {draw}: lambda {strength:.4g}, {status}, {sweeps} sweeps, {verdict}")


def main() -> int:
    """Run the study."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("games", type=int, nargs="?", default=100_000)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--lambda", dest="strength", type=float, default=50.0)
    parser.add_argument("--draws", type=int, default=4, help="of each structure")
    parser.add_argument("--branch", type=int, default=20, help="every so many in tiny steps; 0: none")
    parser.add_argument("--gambit", type=int, default=10, help="every so many small ones to Gambit; 0: none")
    parser.add_argument("--cost", type=int, default=12_000, help="nodes x log-odds: no tiny steps beyond")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", type=int, default=40, help="offenders to list")
    parser.add_argument("--keep", type=Path, help="default: a file in build/robustness")
    parser.add_argument("--replay", type=int, metavar="STRUCTURE")
    options = parser.parse_args()
    question = Question(
        options.seed, options.draws, options.strength, options.branch, options.gambit, options.cost
    )
    if options.replay is not None:
        replay(question, options.replay)
        return 0
    name = "-".join(f"{each:g}" for each in asdict(question).values())
    file = options.keep or ROOT / "build" / "robustness" / f"{name}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for the children: they share the cores already
    records = read(file, question)
    count = -(-options.games // options.draws)
    numbers = [number for number in range(count) if number not in records]
    with file.open("w", encoding="utf-8") as keep:  # anew, without a half-written line
        for each in (asdict(question), *records.values()):
            keep.write(json.dumps(each) + "\n")
        begin = last = time.monotonic()
        try:
            for record in study(question, numbers, options.jobs, keep):
                records[record["number"]] = record
                if time.monotonic() - last > 30:
                    last = time.monotonic()
                    print(f"{len(records):,} of {count:,} structures, {last - begin:.0f} s", file=sys.stderr)
        except KeyboardInterrupt:
            print("stopped; the same command goes on", file=sys.stderr)
    found = summary(record for number, record in records.items() if number < count)
    report(question, found, options.show)
    return 0 if found.good else 1


if __name__ == "__main__":
    sys.exit(main())
