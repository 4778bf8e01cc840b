"""The benchmark of discovery times nothing that is not the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks import bench_discovery
from benchmarks.bench_discovery import ALPHA, PEERS, measure, peer, planted, same
from parley.findings.discovery import Inputs, peel


def test_what_is_right_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_discovery, "PEERS", ())
    result = measure(1000, 6, repeat=1)
    assert 0 < result["peel"] < 10
    assert 0 < result["search"] < 10


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", PEERS)
def test_other_peels_are_not_the_same(name: str) -> None:
    pytest.importorskip(name)
    values, failed = planted(400, 4)
    theirs = peer(name, values, failed)
    ours = peel(Inputs(values, (None,) * 4), failed, alpha=ALPHA, support=20)
    assert same(ours, theirs) > 10
    other = ours.density.copy()
    other[3] += 1e-6
    assert same(replace(ours, density=other), theirs) == 0


def test_a_wrong_box_is_not_timed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench_discovery, "PEERS", ())
    monkeypatch.setattr(bench_discovery, "search", lambda *arguments: None)
    monkeypatch.setattr("sys.argv", ["bench_discovery", "400", "4"])
    assert bench_discovery.main() == 1
    assert "WRONG" in capsys.readouterr().out
