"""The study of robustness in small: 500 random games of every kind, and what the study makes of faults."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import study_robustness
from benchmarks.random_games import LEAST, MOST, in_order, random_game
from benchmarks.reference import Response, follow
from benchmarks.study_robustness import Question, examine, summary
from parley.solve import Solution, solve_arrays
from parley.solve.schedule import schedule
from tests.solve.games import Spot, Table, build

QUESTION = Question(seed=2026, draws=4, strength=50.0, branch=5, gambit=4, cost=2000)


def test_five_hundred_random_games() -> None:
    """All have a true status, all are solved, no check contradicts, a sample is on the principal branch."""
    found = summary(examine(QUESTION, number) for number in range(125))
    assert found.games == 500
    assert found.offenders == []
    assert found.statuses == {"CONVERGED": 500}
    assert found.good
    assert found.branch["same"] >= 6
    for kind in ("merged", "tree", "sets cross", "forgetful", "zero chances"):
        assert found.kinds[kind] >= 10


@pytest.fixture(scope="module")
def games() -> list[Table]:
    return [random_game(3, number, 2)[1] for number in range(120)]


def test_the_games_are_what_they_are_said_to_be(games: list[Table]) -> None:
    sizes = np.array([table.game.nodes for table in games])
    assert sizes.min() >= LEAST
    assert sizes.max() <= MOST
    assert (sizes < 20).sum() > 10
    assert (sizes > 200).sum() > 10
    assert {len(table.game.players) for table in games} == {2, 3, 4}
    for table in games:
        first, chance = table.game.node_first_edge, table.game.edge_chance
        for node in np.flatnonzero(table.game.node_kind == 1):
            edges = slice(first[node], first[node + 1])
            assert (chance[edges] >= 0).all()
            np.testing.assert_allclose(table.chance[edges].sum(axis=0), 1.0, rtol=1e-12)


def test_some_sets_cross_and_some_games_cannot_be_put_in_order(games: list[Table]) -> None:
    assert sum(not in_order(table.game) for table in games) >= 10
    assert sum(not schedule(table.game).ordered for table in games) >= 3


def test_order_is_told_from_disorder() -> None:
    def game(crossing: bool) -> Table:
        root = Spot()
        for k in range(2):
            order = (0, 1) if k == 0 or not crossing else (1, 0)
            first = Spot(order[0], "hidden")
            root.edges.append((str(k), 0.5, None, first))
            for j in range(2):
                second = Spot(order[1], "hidden")
                first.edges.append((str(j), None, None, second))
                second.edges = [(str(i), None, None, Spot(payoff=(float(i), float(j)))) for i in range(2)]
        return build(root, 2)

    assert in_order(game(False).game)
    assert not in_order(game(True).game)


def test_the_same_number_gives_the_same_game() -> None:
    one, other = random_game(5, 17, 3), random_game(5, 17, 3)
    assert one[0] == other[0]
    assert np.array_equal(one[1].payoff, other[1].payoff)
    assert np.array_equal(one[2], other[2])
    assert not np.array_equal(random_game(6, 17, 3)[1].payoff.shape, one[1].payoff.shape)


def test_tiny_steps_find_closed_forms_and_folds() -> None:
    """Stag hunt: the branch leads to the risk-dominant equilibrium, p = logit(lambda (3 p - 2))."""
    root = Spot(0, "row")
    for a in range(2):
        reply = Spot(1, "column")
        root.edges.append((str(a), None, None, reply))
        paid = [((3.0 * (1 - b), 2.0)[a], (3.0 * (1 - a), 2.0)[b]) for b in range(2)]
        reply.edges = [(str(b), None, None, Spot(payoff=each)) for b, each in enumerate(paid)]
    table = build(root, 2)
    response = Response(table.game, table.chance[:, 0], table.payoff[:, :, 0], np.full(2, 8.0))
    walk = follow(response)
    assert walk.time == 1.0
    stag = response.strategy(walk.odds)[0]
    assert stag == pytest.approx(1 / (1 + np.exp(-8 * (3 * stag - 2))), rel=1e-9)
    assert stag < 0.01


# --- faults are found -------------------------------------------------------------------------------------


def forged(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> dict[str, Any]:
    def solve(*arguments: Any, **options: Any) -> Solution:
        honest = solve_arrays(*arguments, **options)
        parts = {name: change(honest) for name, change in changes.items()}
        certificate = dataclasses.replace(
            honest.certificate, **{k: v for k, v in parts.items() if k in ("status", "residual")}
        )
        strategy = parts.get("strategy", honest.strategy)
        return dataclasses.replace(honest, certificate=certificate, strategy=strategy)

    monkeypatch.setattr(study_robustness, "solve_arrays", solve)
    return examine(dataclasses.replace(QUESTION, branch=1), 2)


def test_a_status_that_is_none_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    found = summary([forged(monkeypatch, status=lambda each: np.full(4, 9, dtype=np.int8))])
    assert found.untrue == 4
    assert not found.good


def test_an_answer_off_the_branch_or_forged_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def other(honest: Solution) -> Any:
        strategy = honest.strategy.copy()
        strategy[:2] = np.array([[0.5], [0.5]])
        return strategy

    found = summary([forged(monkeypatch, strategy=other)])
    assert found.contradicted == 4
    assert found.branch == {"off the branch": 1}
    assert any("CONTRADICTED" in line for line in found.offenders)
    assert not found.good


def test_what_is_not_solved_is_listed_with_what_replays_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = summary([forged(monkeypatch, status=lambda each: np.array([0, 0, 2, 0], dtype=np.int8))])
    assert found.statuses == {"CONVERGED": 3, "LIMIT": 1}
    assert not found.good
    assert "structure 2 (" in found.offenders[0]
    assert "draw 2: limit at lambda" in found.offenders[0]


def test_a_study_that_was_stopped_goes_on(tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    command = [
        sys.executable,
        "-m",
        "benchmarks.study_robustness",
        "20",
        "4",
        "--jobs",
        "1",
        "--keep",
        str(kept),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = kept.read_text().splitlines(keepends=True)
    assert len(lines) == 6
    marked = json.loads(lines[1]) | {"seconds": 1e6}
    kept.write_text(lines[0] + json.dumps(marked) + "\n" + lines[2] + lines[3][:40])
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "20 games of 5 structures" in done.stdout
    assert "1,000,00" in done.stdout  # what was kept was not examined again
    numbers = [json.loads(line)["number"] for line in kept.read_text().splitlines()[1:]]
    assert sorted(numbers) == [0, 1, 2, 3, 4]
    other = subprocess.run([*command, "--lambda", "7"], capture_output=True, text=True, check=False)
    assert "of another study" in other.stderr
