"""A solved game as a tree: every history once, with its chance and what it pays."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import parley
from parley.errors import SolveError
from parley.report.figures.game import figure
from parley.solve.at import numbers_of
from parley.solve.unrolled import BRANCHES, tree_of

DEAL = """EFG 2 R "Two cards" { "us" "them" } ""
c "" 1 "card" { "high" 1/4 "low" 3/4 } 0
p "" 1 1 "bet" { "raise" "fold" } 0
p "" 2 1 "answer" { "call" "pass" } 1 "stake" { 1, 0 }
t "" 2 "won" { 3, -3 }
t "" 3 "taken" { 1, -1 }
t "" 4 "out" { 0, 0 }
p "" 1 2 "low bet" { "raise" "fold" } 0
p "" 2 1 "answer" { "call" "pass" } 1
t "" 5 "lost" { -3, 3 }
t "" 3
t "" 4
"""


def solved(text: str, lam: float = 1.0, most: int = 60) -> dict[str, Any]:
    game = parley.read_game("game.efg", text)
    numbers = numbers_of(game)
    return tree_of(game, numbers.chance, numbers.payoff, parley.solve_at(game, lam), most=most)


def test_every_history_is_there_once_with_its_chance() -> None:
    found = solved(DEAL)
    nodes = found["nodes"]
    assert found["whole"] == len(nodes) == 11
    assert found["shown"] == pytest.approx(1.0)
    for place, node in enumerate(nodes):
        below = [each for each in nodes if each["parent"] == place]
        if below:
            assert math.fsum(each["probability"] for each in below) == pytest.approx(1.0)
            assert math.fsum(each["reach"] for each in below) == pytest.approx(node["reach"])
        else:
            assert node["kind"] == "end"


def test_what_is_paid_on_the_way_is_part_of_what_an_end_pays() -> None:
    ends = {(node["name"]): node["payoffs"] for node in solved(DEAL)["nodes"] if node["kind"] == "end"}
    assert ends["won"] == [4.0, -3.0]  # 3 at the end, 1 on the way
    assert ends["lost"] == [-2.0, 3.0]
    assert ends["out"] == [0.0, 0.0]


def test_places_of_one_information_set_share_its_number() -> None:
    nodes = solved(DEAL)["nodes"]
    answers = [node["set"] for node in nodes if node["move"] == "answer"]
    bets = [node["set"] for node in nodes if node["move"].endswith("bet")]
    assert len(answers) == len(bets) == 2
    assert len(set(answers)) == 1
    assert len(set(bets)) == 2


def test_a_large_tree_is_opened_where_play_goes() -> None:
    found = solved(DEAL, lam=3.0, most=7)
    kinds = [node["kind"] for node in found["nodes"]]
    assert len(kinds) <= 7
    assert "more" in kinds
    left = math.fsum(node["reach"] for node in found["nodes"] if node["kind"] == "more")
    assert found["shown"] + left == pytest.approx(1.0)
    assert any("of the 11 nodes" in note for note in notes(found))
    opened = {node["parent"] for node in found["nodes"]}
    closed = [node["reach"] for node in found["nodes"] if node["kind"] == "more"]
    likely = [found["nodes"][place]["reach"] for place in opened if place]
    assert max(closed) <= min(likely)


def notes(found: dict[str, Any]) -> list[str]:
    from parley.report.figures.game import of_game

    return list(of_game(found, "t").notes)


def test_of_many_branches_the_likeliest_are_shown_and_the_others_counted() -> None:
    labels = " ".join(f'"{n}"' for n in range(30))
    ends = "\n".join(f't "" {n + 1} "" {{ {n} }}' for n in range(30))
    found = solved(f'EFG 2 R "" {{ "us" }} ""\np "" 1 1 "number" {{ {labels} }} 0\n{ends}\n')
    shown = [node["action"] for node in found["nodes"][1:]]
    assert shown == [*map(str, range(23, 30)), "23 others"]
    assert len(shown) == BRANCHES
    assert math.fsum(node["probability"] for node in found["nodes"][1:]) == pytest.approx(1.0)


def test_the_table_lists_the_ends() -> None:
    table = figure(solved(DEAL), "Two cards").table
    assert table is not None
    assert table.rows[0][:2] == ("high, raise, call", "won")
    assert len(table.rows) == 6


def test_a_story_without_a_last_round_has_no_tree() -> None:
    from parley.cli.reading import one_reading
    from parley.solve import solve_arrays

    game, tables, _ = one_reading(parley.load("rubinstein-1982/alternating-offers"), 0, 0, None)
    solution = solve_arrays(game, tables.chance, tables.payoff, tables.precision, stake=tables.stake)
    with pytest.raises(SolveError, match="without a last one"):
        tree_of(game, tables.chance, tables.payoff, solution)


def test_the_command_writes_the_picture(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from parley.cli.main import program

    file = tmp_path / "deal.efg"
    file.write_text(DEAL, encoding="utf-8")
    picture = tmp_path / "deal.svg"
    done = CliRunner().invoke(program, ["solve", str(file), "--lambda", "1", "--picture", str(picture)])
    assert done.exit_code == 0, done.output
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    several = CliRunner().invoke(program, ["solve", str(file), "--lambda", "1,2", "--picture", str(picture)])
    assert several.exit_code == 2
    assert "one number with --lambda" in several.output
