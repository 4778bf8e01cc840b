"""The benchmark of whole runs never prints a time for what is not proved."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

import parley
from benchmarks import bench_scale


def test_what_is_proved_is_timed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bench_scale, "REPEAT", 1)
    bench_scale.prove(32)
    assert capsys.readouterr().out.startswith("32 certificates recomputed")
    for wall, processor in (bench_scale.ours(64, threads=1), bench_scale.stored(64)):
        assert 0 < wall < 60
        assert 0 < processor < 60
    assert bench_scale.line("a", 100, 2.0, 1.0, 5.0).split() == ["a", "50/s", "10000.0", "us", "10.0", "x"]


def test_what_is_not_solved_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = parley.run

    def hasty(*arguments: Any, **options: Any) -> parley.Results:
        results = honest(*arguments, **options)
        [(policy, proof)] = results.proofs.items()
        status = np.array(proof.status)
        status[5] = 1
        return dataclasses.replace(results, proofs={policy: dataclasses.replace(proof, status=status)})

    monkeypatch.setattr(bench_scale.parley, "run", hasty)  # type: ignore[attr-defined]
    with pytest.raises(AssertionError, match="nothing is timed"):
        bench_scale.ours(64)
