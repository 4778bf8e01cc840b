"""Time whole runs beside EMA Workbench, and a million readings of the flagship; certificates first.

EMA Workbench has no actors that answer one another, so it is given less to do: a model that computes nothing.
What is compared is how many evaluations a second a user gets, from sampling to results that can be assessed:
Parley's are solved equilibria of the negotiation game with 31 nodes and 50 uncertain numbers, lambda 5, every
certificate of a stored run recomputed by ``parley.verify`` before anything is timed. The empty model has four
uncertain numbers; more would slow it down. Both by the wall in the same process, the best of three; the
processor time is printed too, since a wall means little on a busy machine.

    python -m benchmarks.bench_scale [draws] [--flagship DRAWS]

``--flagship`` runs ``taliban-talks`` into a temporary folder and prints time, processor time and the peak of
memory of a process that does nothing else, findings included. A million draws need 6 GB of disk.
"""

from __future__ import annotations

import argparse
import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

import parley
from benchmarks import games

OUTPUT = Path("build/bench/scale.json")
WANTED = 10.0  # times EMA Workbench's sequential evaluator
PEER = {"sequential": 4_000, "processes": 4_000}  # evaluations that the peer is timed over
REPEAT = 3


def timed(call: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return the least wall and processor time of some calls, and what the last one returned."""
    walls, processors, result = [], [], None
    for _ in range(REPEAT):
        wall, processor = time.perf_counter(), time.process_time()
        result = call()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return min(walls), min(processors), result


def ours(draws: int, **options: Any) -> tuple[float, float]:
    """Time runs of the negotiation game; refuses what is not solved."""
    scenario = parley.loads(games.scenario(1), "negotiation.yaml")
    wall, processor, results = timed(lambda: parley.run(scenario, draws=draws, seed=7, **options))
    for proof in results.proofs.values():
        assert proof.nodes == 31
        assert np.all(proof.status == 0), "some draws are not solved: nothing is timed"
        assert proof.residual.max() <= 1e-9
    return wall, processor


def prove(draws: int) -> None:
    """Have every certificate of a stored run recomputed without the kernels."""
    scenario = parley.loads(games.scenario(1), "negotiation.yaml")
    with tempfile.TemporaryDirectory() as folder:
        parley.run(scenario, draws=draws, seed=7, store=folder)
        found = parley.verify(folder)
        assert found.sound, found.problems[:3]
        assert found.complete
    print(f"{draws:,} certificates recomputed without the kernels: all hold")


def stored(draws: int) -> tuple[float, float]:
    """Time runs into new folders."""
    scenario = parley.loads(games.scenario(1), "negotiation.yaml")
    with tempfile.TemporaryDirectory() as root:
        folders = count()
        wall, processor, _ = timed(
            lambda: parley.run(scenario, draws=draws, seed=7, store=Path(root, str(next(folders))))
        )
    return wall, processor


def nothing(a: float, b: float, c: float, d: float) -> dict[str, float]:
    """Compute nothing, as a model that is written with NumPy would hand it back."""
    return {"value": np.float64(0.0)}


def theirs(kind: str, number: int) -> tuple[float, float]:
    """Time EMA Workbench on a model that computes nothing."""
    from ema_workbench import (
        Model,
        MultiprocessingEvaluator,
        RealParameter,
        ScalarOutcome,
        SequentialEvaluator,
        ema_logging,
    )

    ema_logging.log_to_stderr(logging.CRITICAL)
    model = Model("nothing", function=nothing)
    model.uncertainties = [RealParameter(name, 0.0, 1.0) for name in "abcd"]
    model.outcomes = [ScalarOutcome("value")]
    make = SequentialEvaluator if kind == "sequential" else MultiprocessingEvaluator
    with make(model) as evaluator:  # starting the processes is not counted
        perform = partial(evaluator.perform_experiments, log_progress=True)  # without its bar
        perform(scenarios=16)
        wall, processor, found = timed(partial(perform, scenarios=number))
    assert len(found[1]["value"]) == number
    return wall, processor


def flagship(draws: int) -> dict[str, float]:
    """Run the flagship in a process of its own; returns its seconds and MiB."""
    code = f"""
import json, resource, sys, time
import parley
from parley.findings import assess
scenario = parley.load("taliban-talks")
parley.run(scenario, draws=64)
before, begin = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
results = parley.run(scenario, draws={draws}, seed=7, store=sys.argv[1])
ran = time.perf_counter() - begin
findings = assess(results)
after = resource.getrusage(resource.RUSAGE_SELF)
assert findings.certification.sufficient, findings.certification
print(json.dumps({{
    "draws": {draws}, "run": ran, "assess": time.perf_counter() - begin - ran,
    "processor": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    "game": before.ru_maxrss / 1024, "peak": after.ru_maxrss / 1024,
    "uncertified": findings.certification.uncertified,
}}))
"""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", code, folder], stdout=subprocess.PIPE, text=True, check=True
        )
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    found: dict[str, float] = json.loads(done.stdout)
    return found | {"disk": size / 2**20}


def line(name: str, number: int, wall: float, processor: float, against: float | None) -> str:
    """Return a row of the table."""
    ratio = "" if against is None else f"{number / wall / against:8.1f} x"
    return f"{name:44} {number / wall:11,.0f}/s {processor / number * 1e6:9.1f} us{ratio}"


def main() -> None:
    """Print the table and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("draws", type=int, nargs="?", default=262_144)
    parser.add_argument("--flagship", type=int, metavar="DRAWS")
    options = parser.parse_args()
    prove(4096)
    figures: dict[str, Any] = {}
    rate = None
    print(f"{'':44} {'evaluations':>13} {'processor':>12}   EMA, sequential")
    if find_spec("ema_workbench"):
        for kind, number in PEER.items():
            wall, processor = theirs(kind, number)
            rate = number / wall if kind == "sequential" else rate
            figures[f"EMA Workbench {kind}"] = {"count": number, "wall": wall, "processor": processor}
            print(line(f"EMA Workbench, nothing, {kind}", number, wall, processor, rate))
    else:
        print("EMA Workbench is not installed: there is nothing to compare with")
    measures: dict[str, Callable[[], tuple[float, float]]] = {
        "one thread": lambda: ours(options.draws, threads=1),
        "threads": lambda: ours(options.draws),
        "threads, stored": lambda: stored(options.draws),
    }
    for name, measure in measures.items():
        wall, processor = measure()
        figures[f"Parley {name}"] = {"count": options.draws, "wall": wall, "processor": processor}
        print(line(f"Parley, 31 nodes solved and certified, {name}", options.draws, wall, processor, rate))
    if rate is not None:
        found = options.draws / figures["Parley threads"]["wall"] / rate
        print(f"wanted: {WANTED:.0f} x; found: {found:.1f} x")
        figures["ratio"] = found
    if options.flagship:
        figures["flagship"] = flagship(options.flagship)
        print(
            "flagship, {draws:,.0f} draws x 5 policies: {run:.0f} s, findings {assess:.0f} s, processor "
            "{processor:.0f} s; memory {game:.0f} MiB before, peak {peak:.0f} MiB; disk {disk:,.0f} MiB; "
            "{uncertified:.0f} draws without certificate".format(**figures["flagship"])
        )
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"Wrote {OUTPUT}.")


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
