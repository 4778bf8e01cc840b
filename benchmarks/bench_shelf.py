"""Time the shelf: listing it, and checking, solving and verifying all of it.

Listing is the whole command in a fresh process, the best of seven. The rest is `parley check`, then every
published number solved for at its values, compared, and each solution verified without the solver; by the
wall clock, with compiled kernels on disk. Before a time is printed: no scenario has an error, every published
number is met. Figures go to `build/bench/shelf.json`.

    python -m benchmarks.bench_shelf
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from parley import catalog, game
from parley.scenario import read_file
from parley.study import reproduce

OUTPUT = Path("build/bench/shelf.json")
LISTING, ALL = 0.3, 180.0  # seconds
TIMES = 7
COMMAND = [sys.executable, "-c", "from parley.cli.main import main; main()", "catalog"]


def listing() -> float:
    """Return the seconds that `parley catalog` takes; it must name every scenario."""
    best = float("inf")
    for _ in range(TIMES):
        begun = time.perf_counter()
        done = subprocess.run(COMMAND, capture_output=True, text=True, check=True)
        best = min(best, time.perf_counter() - begun)
        assert all(name in done.stdout for name in catalog.names())
    return best


def checked() -> float:
    """Return the seconds that checking takes; no scenario may have an error."""
    begun = time.perf_counter()
    for name in catalog.names():
        scenario, found = read_file(catalog.locate(name))
        assert scenario is not None, name
        both = (*found, *game.inspect(scenario))
        assert not [item for item in both if item.severity == "error"], name
    return time.perf_counter() - begun


def reproduced() -> tuple[float, int, int]:
    """Return the seconds, the published numbers and the games; every number must be met and verified."""
    numbers = games = 0
    begun = time.perf_counter()
    for name in catalog.names():
        found = reproduce(catalog.load(name))
        assert found.met, name
        numbers += len(found.numbers)
        games += found.games
    return time.perf_counter() - begun, numbers, games


def main() -> None:
    """Check, solve, verify, print."""
    shown, looked = listing(), checked()
    solved, numbers, games = reproduced()
    total = looked + solved
    print(f"listing {len(catalog.names())} scenarios: {1000 * shown:.0f} ms (wanted: {1000 * LISTING:.0f})")
    print(
        f"checking: {looked:.1f} s; solving and verifying {numbers} numbers, {games:,} games: {solved:.1f} s"
    )
    print(f"in all {total:.1f} s (wanted: {ALL:.0f}), {os.cpu_count()} cores")
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    figures = {"listing_s": shown, "check_s": looked, "solve_s": solved, "numbers": numbers, "games": games}
    OUTPUT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    assert shown <= LISTING
    assert total <= ALL


if __name__ == "__main__":
    main()
