"""The benchmark family: Parley and, where it is installed, Gambit in the same run.

Every member runs in a process of its own, one after the other, so that peaks of memory do not mix. Prints,
beside the figures aimed at, processor seconds per solved draw, how many times as long Gambit takes,
nanoseconds per edge, draw and sweep, sweeps per draw, the share of draws certified, peak memory; writes it
all as JSON. Where a single draw is not certified no time is printed, but how many are not, and why.

    python benchmarks/bench_family.py            the family; some ten minutes
    python benchmarks/bench_family.py --quick    few draws of small members: does it run?
    python benchmarks/bench_family.py --huge     also 10^5 to 10^7 nodes
    python benchmarks/bench_family.py --member flagship --member first
    python benchmarks/bench_family.py --stable VENV/bin/python    Gambit's stable version too, from there
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.family import MEMBERS  # noqa: E402

__all__ = ["Run", "main", "targets"]

SAME = 1e-6  # by which Gambit's probabilities may differ from ours to count as the same answer
QUICK = ("negotiation-1", "negotiation-2", "m0")
OTHERS = ("first", "slider")
RECORDED = {"negotiation-4": 248.0}  # seconds a draw, pygambit 17.0.0b2, another machine
STABLE_MOST = 150  # nodes; the stable version is given no larger game
STABLE_DRAWS = 2


@dataclass(slots=True)
class Run:
    """What was asked, and what was found so far."""

    options: argparse.Namespace
    folder: Path
    results: dict[str, Any] = field(default_factory=dict)
    peers: dict[str, str] = field(default_factory=dict)  # name of a peer -> interpreter
    failed: list[str] = field(default_factory=list)

    def child(
        self, *command: str, environment: dict[str, str] | None = None
    ) -> tuple[list[dict[str, Any]], str]:
        """Run a process that prints lines of JSON; a text says why there are no more of them."""
        path = os.pathsep.join([str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)])
        surroundings = {**os.environ, "PYTHONPATH": path.rstrip(os.pathsep), **(environment or {})}
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                check=False,
                cwd=ROOT,
                env=surroundings,
                timeout=self.options.limit,
            )
        except subprocess.TimeoutExpired as late:
            printed = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
            return lines_of(printed), f"not finished within {self.options.limit:g} s"
        why = ""
        if done.returncode != 0:
            why = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            why = "out of memory, or killed" if done.returncode == -9 else why
        return lines_of(done.stdout), why

    def failure(self, name: str, why: str) -> None:
        """Say that something has no figures."""
        self.results.setdefault(name, {"name": name})["problem"] = why
        self.failed.append(name)
        print(f"{name:<28} no figures: {why}", flush=True)


def lines_of(printed: str) -> list[dict[str, Any]]:
    """Read whole lines of JSON."""
    whole = printed[: printed.rfind("\n") + 1]
    return [json.loads(line) for line in whole.splitlines() if line.startswith("{")]


# --- Gambit ------------------------------------------------------------------------------------------------


def ask_gambit(run: Run, peer: str, jobs: list[dict[str, Any]]) -> dict[str, Any]:
    """Let one version of Gambit solve some draws; says how long it takes and how often it agrees."""
    file = run.folder / "jobs.json"
    file.write_text(json.dumps([{k: v for k, v in job.items() if k != "ours"} for job in jobs]))
    lines, why = run.child(run.peers[peer], str(ROOT / "benchmarks" / "peer.py"), str(file))
    if why:
        return {"problem": why}
    head, found = lines[0], lines[1:]
    distance = [
        max((abs(a - b) for a, b in zip(each["strategy"], job["ours"], strict=True)), default=0.0)
        for each, job in zip(found, jobs, strict=True)
    ]
    return {
        "version": head["version"],
        "draws": len(found),
        "seconds": statistics.mean(each["seconds"] for each in found),
        "agree": sum(each <= SAME for each in distance),
        "distance": max(distance),
    }


def find_peers(options: argparse.Namespace) -> dict[str, str]:
    """Interpreters that have pygambit: this one unless told otherwise, and that of the stable version."""
    from importlib.util import find_spec

    peers = {}
    if options.gambit or (not options.no_gambit and find_spec("pygambit") is not None):
        peers["gambit"] = options.gambit or sys.executable
    if options.stable:
        peers["stable"] = options.stable
    return peers


# --- members -----------------------------------------------------------------------------------------------


def run_member(run: Run, name: str) -> None:
    """Measure one member, and Gambit on its first draws."""
    member = MEMBERS[name]
    draws = member.quick if run.options.quick else run.options.draws or member.full
    command = [sys.executable, "-m", "benchmarks.family", name, "--draws", str(draws)]
    command += ["--repeat", "1" if run.options.quick else "3"]
    if run.peers and member.gambit:
        command += ["--efg", str(run.folder), "--efg-draws", "1" if run.options.quick else str(member.gambit)]
    found, why = run.child(*command)
    for each in found:
        jobs = each.pop("efg", [])
        for peer in run.peers if jobs else ():
            if peer == "gambit" or each["nodes"] <= STABLE_MOST:
                each[peer] = ask_gambit(run, peer, jobs if peer == "gambit" else jobs[:STABLE_DRAWS])
        if name in RECORDED:
            each["recorded"] = RECORDED[name]
        run.results[each["name"]] = each
        print(line(each), flush=True)
    if why:
        run.failure(name, why)
    elif name == "flagship":
        sum_up(run, [each for each in found if "two" in each], len(found))


def sum_up(run: Run, measured: list[dict[str, Any]], count: int) -> None:
    """Add up the policies of the flagship."""
    if len(measured) < count:
        return
    total = {key: sum(each[key] for each in measured) for key in ("processor", "wall", "two")}
    run.results["flagship"] = {"draws": measured[0]["draws"], **total}
    draws = measured[0]["draws"]
    print(f"{'':28} {draws:,} draws x {count} policies: {total['two']:.2f} s by the wall on two threads")


def line(each: dict[str, Any]) -> str:
    """Put one result in words."""
    text = f"{each['name']:<28} {each['nodes']:>9,} nodes {each['draws']:>7,} draws "
    text += f"{each['certified'] / each['draws']:7.2%} certified  {each['sweeps']:7.1f} sweeps"
    if "processor" not in each:
        failures = each["draws"] - each["certified"]
        why = "; ".join(each["messages"][:3])
        return (
            text + f"\n{'':28} NOT TIMED: {failures:,} of {each['draws']:,} draws are not certified ({why})"
        )
    if each["certified"] < each["draws"]:
        text += f"  UNTRACED: {each['equilibria']} equilibria, maybe off the principal branch "
    seconds = each["processor"] / each["draws"]
    text += f" {duration(seconds):>9}/draw {1 / seconds:>10,.4g} draws/s"
    if each["per_edge"]:
        text += f" {each['per_edge'] * 1e9:6.2f} ns/edge/draw/sweep"
    text += f"  peak {each['memory']['peak']:,.0f} MiB"
    if each["two"]:
        text += f"  two threads {each['wall'] / each['two']:.2f} x"
    notes = [f"one draw {duration(each['one'])}, its layout once {duration(each['layout'])}"]
    for peer in ("gambit", "stable"):
        notes += beside(each.get(peer), seconds)
    if "recorded" in each:
        notes.append(
            f"pygambit 17.0.0b2 is recorded (another machine, not measured here) with {each['recorded']:g} s "
            f"a draw: {each['recorded'] / seconds:,.0f} times as long"
        )
    return "\n".join([text, *(f"{'':28} {note}" for note in notes)])


def beside(peer: dict[str, Any] | None, seconds: float) -> list[str]:
    """Put what Gambit did in words."""
    if peer is None:
        return []
    if "problem" in peer:
        return [f"Gambit: {peer['problem']}"]
    return [
        f"pygambit {peer['version']} takes {duration(peer['seconds'])}/draw ({peer['draws']} draws): "
        f"{peer['seconds'] / seconds:,.0f} times as long; same answer within {SAME:g} in {peer['agree']}"
        f" (largest difference {peer['distance']:.1e})"
    ]


def duration(seconds: float) -> str:
    """Write a number of seconds with a fitting unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def run_first(run: Run) -> None:
    """Time the first call of a fresh process, with an empty cache of machine code and with a full one."""
    cache = {"NUMBA_CACHE_DIR": str(run.folder / "cache")}
    rounds = [
        run.child(sys.executable, "-m", "benchmarks.felt", "first", environment=cache) for _ in range(4)
    ]
    for found, why in rounds:
        if why or not found[0]["certified"]:
            run.failure("first", why or "not certified: nothing is timed")
            return
    cold, *warm = [found[0] for found, _ in rounds]
    best = min(warm, key=lambda each: float(each["wall"]))
    run.results["first"] = {"cold": cold, "warm": best}
    print(
        f"{'first call':<28} cold cache {cold['wall']:.2f} s ({cold['processor']:.2f} s of processor time), "
        f"warm {best['wall']:.2f} s ({best['processor']:.2f} s)",
        flush=True,
    )


def run_slider(run: Run) -> None:
    """Time slider moves on the flagship."""
    size = ("--draws", "32", "--moves", "2") if run.options.quick else ("--draws", "1000", "--moves", "40")
    found, why = run.child(sys.executable, "-m", "benchmarks.felt", "slider", *size)
    if why:
        run.failure("slider", why)
        return
    each = found[0]
    text = f"{'slider move':<28} {each['draws']:,} draws of '{each['policy']}', {each['moves']} moves: "
    if each["failed"]:
        each["move"] = each["solve"] = None
        text += f"NOT TIMED: {each['failed']} answers are not certified"
    else:
        for key in ("move", "solve"):
            each[f"{key}_p95"] = percentile(each[key], 0.95)
        text += f"p95 {duration(each['move_p95'])} by the wall, {duration(each['solve_p95'])} of it solving; "
        text += f"{each['elsewhere']} answers of the last moves are not those of the whole way"
    run.results["slider"] = each
    print(text, flush=True)


def percentile(values: list[float], share: float) -> float:
    """Return the smallest value that this share of the values does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


# --- targets -----------------------------------------------------------------------------------------------


def targets(results: dict[str, Any]) -> list[tuple[str, str, str, bool | None]]:
    """Compare with the figures aimed at: what, aim, figure, whether it is met (None: not measured)."""
    rows: list[tuple[str, str, str, bool | None]] = []

    def add(
        what: str, aim: str, value: float | None, unit: str, least: float = 0.0, most: float = 0.0
    ) -> None:
        if value is None:
            rows.append((what, aim, "not measured", None))
        else:
            figure = f"{value:,.0f}{unit}" if value >= 100 else f"{value:.3g}{unit}"
            rows.append((what, aim, figure, value >= least if least else value <= most))

    for member, least in (("negotiation-1", 120_000), ("negotiation-2", 12_000), ("negotiation-3", 2_000)):
        each = results.get(member, {})
        rate = each["draws"] / each["processor"] if "processor" in each else None
        what = f"{each.get('nodes', member)} nodes, one core"
        add(what, f">= {least:,} draws/s", rate, " draws/s", least=least)
    add("2,383 nodes, one draw", "<= 0.25 s", results.get("negotiation-4", {}).get("one"), " s", most=0.25)
    for member in ("negotiation-1", "negotiation-2", "negotiation-3"):
        each = results.get(member, {})
        gain = each["wall"] / each["two"] if each.get("two") else None
        add(f"{each.get('nodes', member)} nodes, two threads", ">= 1.8 x", gain, " x", least=1.8)
    whole = results.get("flagship", {})
    seconds = whole["two"] * 10_000 / whole["draws"] if "two" in whole else None
    add("flagship, 10,000 draws, all policies, two cores", "<= 10 s", seconds, " s", most=10)
    add("slider move, p95", "<= 0.1 s", results.get("slider", {}).get("move_p95"), " s", most=0.1)
    first = results.get("first", {})
    add("first call, cold cache", "<= 8 s", first.get("cold", {}).get("wall"), " s", most=8)
    add("first call, warm cache", "<= 0.5 s", first.get("warm", {}).get("wall"), " s", most=0.5)
    for member, what, most in (("negotiation-8", "611,662", 60), ("negotiation-10", "9,786,702", 900)):
        each = results.get(member, {})
        taken = each["one"] + each["layout"] if "one" in each else None
        add(f"{what} edges, one draw, layout included", f"<= {most} s", taken, " s", most=most)
    peaks = [each["memory"]["peak"] / 1024 for each in results.values() if "memory" in each]
    add("largest peak of memory", "<= 12 GiB", max(peaks, default=None), " GiB", most=12)
    large = [each for name, each in results.items() if name.startswith("negotiation") and "one" in each]
    large = [each for each in large if each["edges"] >= 500]
    for what, costs in (
        ("per edge and sweep", [each["per_edge"] for each in large]),
        ("per edge, all of one draw", [each["one"] / each["edges"] for each in large]),
    ):
        spread = max(costs) / min(costs) if len(costs) > 1 else None
        add(f"cost {what}, dearest to cheapest size", "<= 3 x", spread, " x", most=3)
    return rows


def print_targets(results: dict[str, Any]) -> None:
    """Print the aims beside the figures."""
    print("\nfigures aimed at")
    for what, aim, figure, met in targets(results):
        print(f"  {what:<52} {aim:>18} {figure:>18}   {'-' if met is None else 'met' if met else 'MISSED'}")


# --- the machine -------------------------------------------------------------------------------------------


def machine() -> dict[str, Any]:
    """Say where and with what this was measured."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [
            each.split(":")[1].strip() for each in cpuinfo.read_text().splitlines() if "model name" in each
        ]
        name = names[0] if names else name
    versions = {}
    for package in ("parley-workbench", "numpy", "numba", "llvmlite", "pygambit"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    return {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "processor": name,
        "cores": os.cpu_count(),
        "load": list(os.getloadavg()) if hasattr(os, "getloadavg") else None,
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": versions,
    }


def write(run: Run, about: dict[str, Any]) -> None:
    """Write everything as JSON, with what other benchmarks have written beside it."""
    file: Path = run.options.json
    file.parent.mkdir(parents=True, exist_ok=True)
    others = {
        each.stem: json.loads(each.read_text(encoding="utf-8"))
        for each in sorted(file.parent.glob("*.json"))
        if each.name != file.name
    }
    aims = [dict(zip(("what", "aim", "figure", "met"), row, strict=True)) for row in targets(run.results)]
    whole = {"machine": about, "quick": run.options.quick, "results": run.results, "targets": aims, **others}
    file.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a handful of draws of the small members")
    parser.add_argument("--huge", action="store_true", help="the members with 10^5 to 10^7 nodes too")
    parser.add_argument(
        "--member", action="append", choices=[*MEMBERS, *OTHERS], help="only this one; repeatable"
    )
    parser.add_argument("--draws", type=int, help="of every member")
    parser.add_argument("--gambit", metavar="PYTHON", help="interpreter with pygambit's newest version")
    parser.add_argument("--stable", metavar="PYTHON", help="interpreter with pygambit's stable version")
    parser.add_argument("--no-gambit", action="store_true")
    parser.add_argument("--limit", type=float, default=600.0, help="seconds that a process may take")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench" / "family.json")
    return parser.parse_args(arguments)


def wanted(options: argparse.Namespace) -> list[str]:
    """List what was asked for, in the order of the family."""
    if options.member:
        return [name for name in (*MEMBERS, *OTHERS) if name in options.member]
    if options.quick:
        return [*QUICK, *OTHERS]
    return [*(name for name, each in MEMBERS.items() if options.huge or not each.huge), *OTHERS]


def main(arguments: list[str] | None = None) -> int:
    """Run the family; returns the exit code, 1 when something could not be measured."""
    options = parsed(arguments)
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        run = Run(options, Path(folder), peers=find_peers(options))
        about = machine()
        print(f"{about['processor']}, {about['cores']} cores, {about['date']}, load {about['load']}")
        print("processor time on one thread unless it says otherwise; lambda 5 on payoffs as written\n")
        for name in wanted(options):
            if name in OTHERS:
                {"first": run_first, "slider": run_slider}[name](run)
            else:
                run_member(run, name)
    if options.quick:
        print("\ntoo few draws to compare with the figures aimed at: run it without --quick")
    else:
        print_targets(run.results)
    write(run, about)
    print(f"\n{time.perf_counter() - begin:.0f} s; written to {options.json}")
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main())
