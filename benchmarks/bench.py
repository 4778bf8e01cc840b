"""How long things take, as a user meets them: whole commands in fresh processes, proof first.

Each command runs several times; the first time is listed by itself, since it compiles the kernels unless they
are cached. A run that is not certified is not timed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PARLEY = str(Path(sys.executable).with_name("parley"))


def seconds(*arguments: str) -> float:
    """Run a command and return its wall time; stop if it fails."""
    start = time.perf_counter()
    done = subprocess.run([PARLEY, *arguments], capture_output=True, text=True, check=False)
    elapsed = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"parley {' '.join(arguments)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return elapsed


def certified(findings: Path) -> str:
    """Say how well a run was solved; stop if a single game was not."""
    proof = json.loads(findings.read_text(encoding="utf-8"))["certification"]
    if proof["solved"] != proof["games"]:
        sys.exit(f"only {proof['solved']} of {proof['games']} games are certified: nothing is timed")
    return f"{proof['games']:,} games certified, largest residual {proof['largest_residual']:.1e}"


def report(name: str, times: list[float], remark: str = "") -> None:
    """Print the first time, and minimum, median and maximum of the others."""
    later = times[1:]
    print(
        f"{name:<42} first {times[0]:7.2f} s   then {min(later):6.2f} / {statistics.median(later):6.2f} / "
        f"{max(later):6.2f} s   {remark}"
    )


def main() -> None:
    """Time start-up, checking and running."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3, help="runs after the first one")
    parser.add_argument("--draws", default="4096")
    options = parser.parse_args()
    if options.repeat < 1:
        parser.error("--repeat must be at least 1")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([PARLEY, "new", "bench"], cwd=folder, check=True, capture_output=True)
        starter = str(Path(folder) / "bench.md")
        findings = Path(folder) / "findings.json"
        rounds = range(options.repeat + 1)
        print("wall time of the whole command: first, then minimum / median / maximum")
        report("parley --help", [seconds("--help") for _ in rounds])
        report("parley check (60 lines)", [seconds("check", starter) for _ in rounds])
        for scenario in (starter, "which-event-first", "taliban-talks"):
            run = ("run", scenario, "--draws", options.draws, "--json", str(findings))
            times = [seconds(*run) for _ in rounds]
            report(f"parley run {Path(scenario).stem} ({options.draws})", times, certified(findings))


if __name__ == "__main__":
    main()
