"""The benchmark runs, and never prints a time for what is not proved."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import bench_family, family
from benchmarks.bench_family import line, percentile, targets
from benchmarks.family import MEMBERS, Case, certified, measure, order_of_appearance
from parley.solve import Concept, Solution, Status, solve_arrays
from tests.solve.games import Spot, build


def case(draws: int = 4) -> Case:
    return next(MEMBERS["negotiation-1"].cases(draws))


def test_what_is_proved_is_timed() -> None:
    result = measure(case(), 1)
    assert result["certified"] == result["draws"] == 4
    assert 0 < result["processor"] < 60
    assert result["per_edge"] == pytest.approx(result["processor"] / (30 * 4 * result["sweeps"]))
    assert result["memory"]["peak"] >= result["memory"]["before"] > 1
    assert "draws/s" in line(result)


def test_what_is_not_solved_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    def hasty(*arguments: Any, **options: Any) -> Solution:
        return solve_arrays(*arguments, **options, concept=Concept(limit=3))

    monkeypatch.setattr(family, "solve_arrays", hasty)
    result = measure(case(), 1)
    assert result["certified"] < 4
    assert not {"processor", "wall", "two", "one", "layout", "per_edge"} & set(result)
    text = line(result)
    assert "NOT TIMED" in text
    assert "residual" in text
    assert "draws/s" not in text
    assert [met for *_, met in targets({"negotiation-1": result})[:1]] == [None]


def test_a_certificate_that_does_not_hold_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also by the check for games that are too large for Parley's own."""
    mine = case()
    honest = family.solve(mine)
    strategy = honest.strategy.copy()
    strategy[:2, 1] = strategy[:2, 1] * 0.5 + 0.25
    forged = dataclasses.replace(honest, strategy=strategy)
    for most in (family.VERIFIABLE, 1):
        monkeypatch.setattr(family, "VERIFIABLE", most)
        assert certified(mine, honest)[0].all()
        good, messages = certified(mine, forged)
        assert good.tolist() == [True, False, True, True]
        assert all("draw 1" in message for message in messages)


def test_of_huge_games_alone_any_equilibrium_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    def untraced(*arguments: Any, **options: Any) -> Solution:
        honest = solve_arrays(*arguments, **options)
        status = np.full_like(honest.certificate.status, Status.UNTRACED)
        return dataclasses.replace(honest, certificate=dataclasses.replace(honest.certificate, status=status))

    monkeypatch.setattr(family, "solve_arrays", untraced)
    assert "processor" not in measure(case(), 1)
    result = measure(dataclasses.replace(case(), huge=True), 1)
    assert (result["certified"], result["equilibria"]) == (0, 4)
    assert result["processor"] > 0
    assert "UNTRACED: 4 equilibria" in line(result)


def test_gambits_order_of_actions() -> None:
    """By player, then as sets appear in the tree: here the second player's second set appears first."""
    root = Spot()
    for label, key in (("0", "late"), ("1", "early")):
        top = Spot(0, "top")
        root.edges.append((label, 0.5, None, top))
        for k in range(2):
            reply = Spot(1, key if k == 0 else "other")
            reply.edges = [(str(j), None, None, Spot(payoff=(0.0, 0.0))) for j in range(2)]
            top.edges.append((str(k), None, None, reply))
    game = build(root, 2).game
    order = order_of_appearance(game)
    assert sorted(order) == list(range(game.actions))
    names = [game.infoset_label[np.searchsorted(game.infoset_first_action, a, "right") - 1] for a in order]
    assert names[::2] == ["top", "late", "other", "early"]


def test_percentiles() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.95) == 3.0
    assert percentile([float(k) for k in range(100)], 0.95) == 94.0
    assert percentile([5.0], 0.95) == 5.0


def test_the_whole_run_in_small(tmp_path: Path) -> None:
    """As `make bench` calls it, with Gambit where it is installed."""
    (tmp_path / "zero_sum.json").write_text('{"kuhn": 1}')
    file = tmp_path / "family.json"
    command = [sys.executable, bench_family.__file__, "--quick", "--json", str(file)]
    command += ["--member", "negotiation-1", "--member", "m0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "100.00% certified" in done.stdout
    written = json.loads(file.read_text())
    assert written["zero_sum"] == {"kuhn": 1}
    assert written["machine"]["versions"]["numpy"]
    result = written["results"]["negotiation-1"]
    assert result["certified"] == result["draws"] > 0
    if "gambit" in result:
        assert result["gambit"]["agree"] == result["gambit"]["draws"] == 1
        assert f"pygambit {result['gambit']['version']} takes" in done.stdout
    assert {"which-event-first: pause", "which-event-first: short list"} <= set(written["results"])


def test_what_does_not_finish_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = [
        "--member",
        "negotiation-2",
        "--limit",
        "0.01",
        "--no-gambit",
        "--json",
        str(tmp_path / "f.json"),
    ]
    assert bench_family.main(options) == 1
    assert "not finished within 0.01 s" in capsys.readouterr().out
