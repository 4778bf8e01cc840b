"""Time robustness metrics and the value of information, once both are known to be right.

10,000 readings, three policies, 35 inputs. The truth is known: the difference of the policies is a sum of
weighted standard normals and an interaction, so that the value of knowing each input is the unit normal loss.
Nothing is timed before every value lies within twice its interval, every irrelevant input reads less than
0.5 % of the value of perfect information, and the metrics equal a plain transcription of their definitions.
The value of information by binning, on the same readings, stands beside: what it says of irrelevant inputs,
and how long it takes. (EMA Workbench has no robustness metrics to compare with.) Times are processor time,
the least of several runs. Figures go to ``build/bench/robustness.json``.

    python -m benchmarks.bench_robustness [readings]
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, qmc

from parley.findings.information import information
from parley.findings.pareto import pareto
from parley.findings.policy_model import Information
from parley.findings.robustness import metric_scores, robustness
from parley.study.results import Results
from tests.findings.synthetic import judgement, parameter, results

Values = NDArray[np.float64]

OUTPUT = Path("build/bench/robustness.json")
READINGS, INPUTS, BINS = 10_000, 35, 50
WEIGHTS = {"x0": 1.0, "x1": 0.5, "x2": 0.25}
MEAN = -0.1
LIMIT = 0.25  # seconds for everything
IRRELEVANT = 0.005  # of the value of perfect information


def tables(readings: int) -> tuple[Results, Values]:
    """Return results of three policies, and the standard normals ``[input, draw]`` behind them."""
    each = 1 << max(0, int(readings - 1).bit_length() - 4)
    copies = [qmc.Sobol(INPUTS, rng=np.random.default_rng([7, r])).random(each) for r in range(16)]
    z = norm.ppf(np.clip(np.stack(copies, axis=1).reshape(-1, INPUTS).T[:, :readings], 1e-12, 1 - 1e-12))
    difference = MEAN + sum(weight * z[int(name[1:])] for name, weight in WEIGHTS.items()) + 0.5 * z[3] * z[4]
    policies = {"status quo": np.zeros(readings), "short list": difference, "pause": np.full(readings, -20.0)}
    base = results(readings)
    comparison = base.scenario.comparison
    assert comparison is not None
    names = [f"x{i}" for i in range(INPUTS)]
    scenario = replace(
        base.scenario,
        comparison=replace(comparison, by=comparison.by[:1]),
        parameters={name: parameter(name, judgement("normal", 0.0, 1.0)) for name in names},
    )
    parameters = dict(zip(names, z, strict=True))
    criteria = {(0, name): values for name, values in policies.items()}
    return replace(
        base, scenario=scenario, parameters=parameters, policies=tuple(policies), criteria=criteria
    ), z


def unit_loss(weight: float) -> float:
    """Return E[max(0, N(MEAN, weight))]; MEAN is negative."""
    u = MEAN / weight
    return float(weight * (norm.pdf(u) + u * norm.cdf(u)))


def right(found: Information) -> float:
    """Assert the values; return the largest of an irrelevant input, as a share of all there is to gain."""
    assert found.perfect is not None
    worst = 0.0
    for item in found.inputs:
        assert item.value is not None
        assert item.error is not None
        if item.name in WEIGHTS:
            true = unit_loss(WEIGHTS[item.name])
            assert abs(item.value - true) <= 2 * item.error, (item, true)
        else:
            worst = max(worst, abs(item.value) / found.perfect)
    assert worst < IRRELEVANT, worst
    return worst


def transcribed(values: Values, threshold: float) -> dict[str, list[float]]:
    """Return the scores of more-is-better values by the definitions, one policy at a time."""
    best = values.max(axis=0)
    scores: dict[str, list[float]] = {}
    for row in values:
        q10, q25, q50, q75, q90 = np.quantile(row, (0.1, 0.25, 0.5, 0.75, 0.9), method="nearest")
        deviation = np.sort(row - np.median(row))[: (row.size + 1) // 2]
        told = {
            "maximin": row.min(),
            "maximax": row.max(),
            "hurwicz": 0.5 * row.min() + 0.5 * row.max(),
            "laplace": row.mean(),
            "minimax regret": -(best - row).max(),
            "90th percentile regret": np.quantile(row - best, 0.1, method="nearest"),
            "mean-variance": (row.mean() + 1) / (row.std(ddof=1) + 1),
            "undesirable deviations": deviation.mean(),
            "percentile skewness": (q50 - (q10 + q90) / 2) / ((q90 - q10) / 2),
            "percentile peakedness": (q90 - q10) / (q75 - q25),
            "starr": (row >= threshold).mean(),
        }
        for name, value in told.items():
            scores.setdefault(name, []).append(float(value))
    return scores


def binned(found: Results, z: Values) -> Values:
    """Return the value of knowing each input by the mean of the largest of bin means, ``[input]``."""
    values = np.stack(list(found.criteria.values()))
    told = []
    for x in z:
        bins = np.argsort(np.argsort(x)) * BINS // x.size
        size = np.bincount(bins)
        means = np.stack([np.bincount(bins, weights=row) / size for row in values])
        told.append(float((means.max(axis=0) * size).sum() / x.size - values.mean(axis=1).max()))
    return np.array(told)


def timed(call: Callable[[], Any], repeat: int = 7) -> float:
    """Return the least processor time of several calls."""
    least = np.inf
    for _ in range(repeat):
        begin = time.process_time()
        call()
        least = min(least, time.process_time() - begin)
    return float(least)


def main(readings: int) -> int:
    """Check, time, print and write; 1 when it took longer than it may."""
    found, z = tables(readings)
    told = information(found)
    assert told is not None
    noise = right(told[0])
    random = np.random.default_rng(0).normal(size=(3, readings))
    expected = transcribed(random, 0.1)
    for name, scores in metric_scores(random, 0.1).items():
        assert np.allclose(scores, expected[name], rtol=1e-12, atol=1e-12), name
    plain = binned(found, z)
    made_up = float(plain[5:].max() / (told[0].perfect or 1.0))
    seconds = {
        "robustness": timed(lambda: robustness(found)),
        "pareto": timed(lambda: pareto(found)),
        "information": timed(lambda: information(found)),
    }
    total, bins = sum(seconds.values()), timed(lambda: binned(found, z))
    print(
        f"{readings:,} readings x 3 policies x {INPUTS} inputs, one criterion; processor time of one thread"
    )
    for name, value in seconds.items():
        print(f"  {name:<12} {1e3 * value:7.1f} ms")
    print(f"  {'all':<12} {1e3 * total:7.1f} ms  (limit {1e3 * LIMIT:.0f} ms at {READINGS:,} readings)")
    print(f"  irrelevant inputs read at most {100 * noise:.2f} % of the value of perfect information;")
    print(f"  {BINS} bins: up to {100 * made_up:.1f} %, {1e3 * bins:.1f} ms for the values alone")
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    record = {"readings": readings, "seconds": seconds, "all": total, "irrelevant": noise}
    record |= {"binned": {"irrelevant": made_up, "seconds": bins}}
    OUTPUT.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return int(total > LIMIT * readings / READINGS)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else READINGS))
