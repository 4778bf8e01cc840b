"""Time the full findings of the flagship, once what they say has been checked.

Everything that `parley run taliban-talks --draws 16384` says: verdict, ledger, cruxes, flips, discovery,
robustness, information, dependence on the concept, history; in a fresh process with compiled kernels on disk,
by the wall clock, on all cores. Before a time is printed: all readings are certified, the two criteria say
what the reference ensemble says of them, the Shapley effects add up to one, and the flips that were found
reverse the answer when the game is solved again. Figures go to `build/bench/findings.json`.

    python -m benchmarks.bench_findings [readings]
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import numpy as np

import parley
from parley.findings import Findings
from parley.findings.comparison import contest
from parley.study import Evaluator

OUTPUT = Path("build/bench/findings.json")
READINGS, LIMIT = 16_384, 60.0  # seconds


def right(findings: Findings) -> None:
    """Assert what is known of the flagship from elsewhere."""
    assert findings.certification.sufficient
    assert findings.verdict is not None
    assert findings.verdict.word == "divided"
    assert findings.cruxes is not None
    for criterion in findings.cruxes.criteria:
        parts = [item.margin.shapley.value for item in criterion.cruxes if item.margin is not None]
        assert abs(sum(part for part in parts if part is not None) - 1.0) < 1e-9


def reverses(findings: Findings, probe: Evaluator) -> None:
    """Assert that the joint flips reverse the answer when the central reading is solved with them."""
    assert findings.flips is not None
    centre = np.full((probe.correlation().shape[0], 1), 0.5)
    for place, criterion in enumerate(findings.flips.criteria):
        if criterion.joint is None or not criterion.joint.moves:
            continue
        signs = []
        for part in (0.0, 0.99, 1.01):
            put = {each.name: each.start + part * (each.value - each.start) for each in criterion.joint.moves}
            signs.append(float(np.sign(contest(probe.results(centre, values=put), place)[0])))
        assert signs[0] == signs[1] == -signs[2] == (1.0 if criterion.joint.supports else -1.0)


def main() -> None:
    """Run, check, print."""
    readings = int(sys.argv[1]) if len(sys.argv) > 1 else READINGS
    begun = time.perf_counter()
    scenario = parley.load("taliban-talks")
    results = parley.run(scenario, draws=readings, seed=7)
    solved = time.perf_counter()
    probe = Evaluator(scenario, results.policies, seed=7)
    findings = parley.assess(results, probe)
    done = time.perf_counter()
    right(findings)
    reverses(findings, Evaluator(scenario, results.policies, seed=7))
    games = findings.certification.games + probe.games
    record = {
        "date": time.strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "readings": readings,
        "run": solved - begun,
        "findings": done - solved,
        "games": games,
    }
    print(f"{readings:,} readings x {len(results.policies)} policies solved in {solved - begun:.1f} s")
    print(f"findings in {done - solved:.1f} s, {probe.games:,} games solved for them")
    print(f"in all {done - begun:.1f} s (wanted: {LIMIT:.0f} s for 16,384 readings), {games:,} games")
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
