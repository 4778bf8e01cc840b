"""Time patient rule induction beside EMA Workbench's and prim's, the same boxes first.

The same peeling on the same readings: every mass, coverage and density of the peer's trajectory must be ours
before a time is printed. Times are processor time of one thread, the least of several runs. EMA Workbench
and prim paste too, by one call that does both; ours is timed with all that is done to name a region
(:func:`parley.findings.discovery.search`: peeling again and again, pasting, significance, rounding).
Figures go to ``build/bench/discovery.json``.

    python -m benchmarks.bench_discovery [draws] [inputs]
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.findings.discovery import Inputs, Trajectory, peel, search

__all__ = ["main", "measure", "planted", "same"]

OUTPUT = Path("build/bench/discovery.json")
ALPHA = 1 / 16  # exact in binary: all three then cut the same number of readings
LEAST = 0.05  # of the readings in a box
TARGET = 0.25  # seconds for 10,000 readings of 40 inputs
PEERS = ("ema_workbench", "prim")


def timed(call: Callable[[], Any], repeat: int) -> tuple[float, Any]:
    """Return the least processor time of several calls, and what the last one returned."""
    least, result = np.inf, None
    for _ in range(repeat):
        begin = time.process_time()
        result = call()
        least = min(least, time.process_time() - begin)
    return float(least), result


def planted(draws: int, inputs: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return readings ``[input, draw]`` and failures: a box of two inputs, one in ten the other way."""
    generator = np.random.default_rng(20)
    values = generator.random((inputs, draws))
    inside = (values[1] > 0.4) & (values[2] < 0.5)
    return values, inside ^ (generator.random(draws) < 0.1)


def peer(name: str, values: NDArray[np.float64], failed: NDArray[np.bool_]) -> Any:
    """Return a peer's peeling trajectory, as a table."""
    import pandas as pd

    frame = pd.DataFrame(values.T, columns=[f"x{row}" for row in range(values.shape[0])])
    if name == "ema_workbench":
        from ema_workbench.analysis.prim import Prim

        found = Prim(frame, failed.astype(int), threshold=0.1, peel_alpha=ALPHA, mass_min=LEAST)
    else:
        from prim import Prim

        found = Prim(frame, failed.astype(float), 0.5, ">", peel_alpha=ALPHA, mass_min=LEAST)
    return found.find_box().peeling_trajectory


def same(ours: Trajectory, theirs: Any) -> int:
    """Return how many steps of a peer's peeling are ours; 0 when one is not."""
    mass = theirs["mass"].to_numpy()
    steps = int(np.argmax(np.append(np.diff(mass) >= 0, True))) + 1  # after that it pastes
    agree = all(
        np.allclose(getattr(ours, name)[:steps], theirs[name].to_numpy()[:steps], rtol=1e-12)
        for name in ("mass", "coverage", "density")
    )
    return steps if agree and steps <= len(ours.boxes) else 0


def measure(draws: int, inputs: int, repeat: int = 3) -> dict[str, Any]:
    """Time ourselves and every peer that is installed; no time for what is not right."""
    values, failed = planted(draws, inputs)
    table = Inputs(values, (None,) * inputs)
    peeling, ours = timed(lambda: peel(table, failed, alpha=ALPHA, support=int(LEAST * draws)), repeat)
    naming, found = timed(lambda: search(table, failed), repeat)
    right = found is not None and list(found.box.sides()) == [(1, 0), (2, 1)]
    result: dict[str, Any] = {
        "draws": draws,
        "inputs": inputs,
        "steps": len(ours.boxes),
        "peel": peeling,
        "search": naming if right else None,
        "peers": {},
    }
    for name in PEERS:
        if find_spec(name) is None:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            seconds, theirs = timed(lambda name=name: peer(name, values, failed), 1)  # type: ignore[misc]
        steps = same(ours, theirs)
        result["peers"][name] = {"steps": steps, "seconds": seconds if steps else None}
    return result


def main() -> int:
    """Print and store the figures; 1 when something is not right or too slow."""
    draws, inputs = (int(each) for each in (*sys.argv[1:], *("10000", "40")[len(sys.argv) - 1 :]))
    result = measure(draws, inputs)
    print(f"{draws:,} readings x {inputs} inputs, {result['steps']} peels, processor time of one thread")
    print(f"  peeling          {1e3 * result['peel']:8.1f} ms")
    if result["search"] is None:
        print("  naming a region  WRONG: not the planted box")
        return 1
    print(f"  naming a region  {1e3 * result['search']:8.1f} ms  (aimed at: {1e3 * TARGET:.0f} ms)")
    for name, found in result["peers"].items():
        if found["seconds"] is None:
            print(f"  {name:15s}  not the same peels")
            return 1
        ratio = found["seconds"] / result["search"]
        beside = f"{found['steps']} same peels; {ratio:.0f} x ours"
        print(f"  {name:15s}  {1e3 * found['seconds']:8.1f} ms  ({beside})")
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0 if result["search"] <= TARGET else 1


if __name__ == "__main__":
    raise SystemExit(main())
