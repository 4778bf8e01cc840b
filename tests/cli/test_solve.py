"""``parley solve``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from parley.cli.main import program
from tests.game.files import HEAD, KUHN_DEAL, POKER


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(program, ["solve", *arguments])


@pytest.fixture
def poker(tmp_path: Path) -> str:
    file = tmp_path / "poker.efg"
    file.write_text(POKER, encoding="utf-8")
    return str(file)


def test_a_file_is_solved_and_shown_set_by_set(poker: str) -> None:
    result = invoke(poker, "--lambda", "1")
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    assert lines[:2] == ["poker", "2 players, 3 information sets, 11 nodes"]
    for wanted in (
        "lambda 1 per unit of payoff",
        "player expected payoff best reply adds of its stake",
        "Bob: answer",
        "after belief",
        "action probability value",
    ):
        assert wanted in lines
    assert any(line.startswith("solved; residual") for line in lines)


def test_json_holds_everything_for_every_lambda(poker: str, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    assert invoke(poker, "--lambda", "0,5", "--json", str(target), "--sets", "0").exit_code == 0
    found = json.loads(target.read_text(encoding="utf-8"))
    assert found["size"] == {"players": 2, "sets": 3, "actions": 6, "nodes": 11}
    even, sharp = found["solutions"]
    assert [entry["lambda"] for entry in sharp["players"]] == [5, 5]
    assert all(action["probability"] == 0.5 for entry in even["sets"] for action in entry["actions"])
    answer = next(entry for entry in even["sets"] if entry["move"] == "answer")
    beliefs = {tuple(node["history"]): node["belief"] for node in answer["nodes"]}
    assert beliefs == {("King", "bet"): pytest.approx(1 / 3), ("Queen", "bet"): pytest.approx(2 / 3)}
    assert invoke(poker, "--lambda", "0", "--json", "-").output.startswith("{")


def test_a_scenario_is_solved_in_one_reading() -> None:
    result = invoke("which-event-first", "--draw", "3", "--policy", "pause", "--seed", "1")
    assert result.exit_code == 0
    assert result.output.startswith("Which event comes first, draw 3 of seed 1, pause\n")
    free, committed = (
        json.loads(invoke("which-event-first", "--draw", "3", "--json", "-", *more).output)["solutions"][0]
        for more in ([], ["--policy", "pause"])
    )
    assert [entry["stake"] for entry in free["players"]] == [entry["stake"] for entry in committed["players"]]
    assert committed["sets"] == []


def test_long_games_are_cut_and_all_shows_everything(poker: str) -> None:
    cut, whole = invoke(poker, "--sets", "1").output, invoke(poker, "--all").output
    assert "and 2 sets that are reached less often; --all shows everything" in cut
    assert cut.count("action") == 1
    assert whole.count("action") == 3


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--lambda", "x"), 2, "'x' is no list of numbers"),
        (("--lambda", ""), 2, "'' is no list of numbers"),
        (("--lambda", "1,-2"), 2, "0 or more, not -2.0"),
        (("--lambda", "nan"), 2, "not nan"),
        (("--draw", "1"), 2, "--draw is for scenarios"),
        (("--policy", "p"), 2, "--policy is for scenarios"),
        (("--json", "no/such/folder.json"), 2, "there is no folder"),
    ],
)
def test_options_that_make_no_sense_are_named(
    poker: str, options: tuple[str, ...], code: int, words: str
) -> None:
    result = invoke(poker, *options)
    assert (result.exit_code, words in result.stderr) == (code, True)


def test_a_scenario_needs_a_draw_and_a_file_must_be_there() -> None:
    result = invoke("which-event-first")
    assert (result.exit_code, "say with --draw" in result.stderr) == (2, True)
    assert invoke("no-such.efg").exit_code == 2


def test_faults_of_a_file_have_their_place(tmp_path: Path) -> None:
    file = tmp_path / "kuhn.efg"
    file.write_text(KUHN_DEAL, encoding="utf-8")
    result = invoke(str(file))
    assert result.exit_code == 1
    assert "kuhn.efg:2:22: the probabilities sum to 1 - 1e-16" in result.stderr


def test_a_game_that_is_not_solved_says_so_and_exits_with_3(tmp_path: Path) -> None:
    file = tmp_path / "huge.efg"
    text = HEAD + 'p "" 1 1 "" { "a" "b" } 0 t "" 1 "" { 1e200 } t "" 2 "" { -1e200 }'
    file.write_text(text, encoding="utf-8")
    result = invoke(str(file), "--lambda", "1")
    assert result.exit_code == 3
    assert "NO GAME" in result.output


BATTLE = """EFG 2 R "Battle" { "Ann" "Bea" }
p "" 1 1 "a" { "ball" "film" } 0
p "" 2 1 "b" { "ball" "film" } 0
t "" 1 "" { 3 2.1 } t "" 2 "" { 0 0 }
p "" 2 1 "b" { "ball" "film" } 0
t "" 3 "" { 0 0 } t "" 4 "" { 2 3 }
"""


def test_a_search_from_many_starts_shows_all_equilibria_of_a_coordination_game(tmp_path: Path) -> None:
    file = tmp_path / "battle.efg"
    file.write_text(BATTLE, encoding="utf-8")
    written = tmp_path / "found.json"
    result = invoke(str(file), "--lambda", "0.5,3", "--starts", "16", "--json", str(written))
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    assert "1 equilibrium found at this lambda from 16 starts" in lines
    assert "3 different equilibria found at this lambda from 16 starts" in lines
    assert any(line.startswith("1, the one shown below") for line in lines)
    weak, strong = json.loads(written.read_text(encoding="utf-8"))["solutions"]
    assert len(weak["search"]["equilibria"]) == 1
    found = strong["search"]["equilibria"]
    assert [each["principal"] for each in found] == [True, False, False]
    assert sorted(each["sign"] for each in found) == [-1, 1, 1]
    assert strong["search"]["index"] == 1
    assert found[0]["payoffs"]["Ann"] == strong["players"][0]["value"]


def test_without_starts_nothing_is_said_of_other_equilibria(poker: str) -> None:
    assert "equilibri" not in invoke(poker, "--lambda", "1").output


def test_pure_equilibria_are_listed_with_what_would_happen(tmp_path: Path) -> None:
    file = tmp_path / "threat.efg"
    file.write_text(
        'EFG 2 R "threat" { "rival" "firm" } p "" 1 1 "come" { "enter" "stay out" } 0 '
        'p "" 2 1 "reply" { "fight" "share" } 0 t "" 1 "" { -3 -1 } t "" 2 "" { 1 1 } t "" 3 "" { 0 2 }',
        encoding="utf-8",
    )
    result = invoke(str(file), "--pure", "--sets", "0")
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    assert "PURE STRATEGIES 2 equilibria among 4 profiles" in lines
    assert lines.index("rival: come enter") < lines.index("rival: come stay out")
    assert "firm: reply would fight" in lines
    document = json.loads(invoke(str(file), "--pure", "--json", "-").output)["pure"]
    assert [each["payoffs"] for each in document["equilibria"]] == [
        {"rival": 1.0, "firm": 1.0},
        {"rival": 0.0, "firm": 2.0},
    ]
    assert [each["sets"][1]["reached"] for each in document["equilibria"]] == [True, False]


def test_where_all_mix_no_pure_equilibrium_is_listed(poker: str) -> None:
    result = invoke(poker, "--pure", "--sets", "0")
    assert "0 equilibria among 8 profiles" in result.output
