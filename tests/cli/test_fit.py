"""``parley fit``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from parley.cli.main import program
from parley.findings.fit_exchange import fit_from_json

CENTIPEDE = "mckelvey-palfrey-1992/centipede-four"


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(program, ["fit", *arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_data_beside_the_scenario_are_found_and_data_here_come_first(folder: Path) -> None:
    result = invoke(CENTIPEDE, "plays.csv", "--estimate", "lambda")
    assert result.exit_code == 0
    assert "lambda  1.718 per dollar" in result.output
    (folder / "plays.csv").write_text("outcome,count\ntaken at 1,5\ntaken at 2,5\n", encoding="utf-8")
    assert "10 plays in 2 rows" in invoke(CENTIPEDE, "plays.csv", "--estimate", "lambda").output


def test_json_and_picture_are_written(folder: Path) -> None:
    options = ("--estimate", "lambda", "--profile", "p.svg", "--json", "-", "--confidence", "90")
    result = invoke(CENTIPEDE, "plays.csv", *options)
    found = fit_from_json(result.output)
    assert (found.confidence, len(found.estimates[0].curve)) == (0.9, 41)
    assert (folder / "p.svg").read_text(encoding="utf-8").startswith("<svg")
    picture = invoke(CENTIPEDE, "plays.csv", "--estimate", "lambda", "--profile", "-")
    assert picture.output.startswith("<svg")


def test_several_profiles_go_to_files_of_their_own(folder: Path) -> None:
    (folder / "choice.yaml").write_text(
        "parley: 1\ntitle: A choice\nplayers: {a: {text: Somebody, stake: 1}}\nprecision: care\n"
        "parameters: {care: 1, my bias: 0, x: 0}\n"
        "story: [{player: a, move: act, options: [good, bad]}, {outcomes: [end]}]\n"
        "payoffs: {a: x + my bias if act is good else 0}\n",
        encoding="utf-8",
    )
    rows = "act,x,count\ngood,0,55\nbad,0,45\ngood,1,80\nbad,1,20\ngood,2,93\nbad,2,7\n"
    (folder / "seen.csv").write_text(rows, encoding="utf-8")
    options = ("--estimate", "care", "--estimate", "my_bias", "--profile", "out.svg")
    result = invoke("choice.yaml", "seen.csv", *options)
    assert result.exit_code == 0, result.output
    assert {path.name for path in folder.glob("*.svg")} == {"out-care.svg", "out-my-bias.svg"}


def test_what_is_set_and_left_aside_is_recorded(folder: Path) -> None:
    rows = "outcome,count,remark\ntaken at 1,50,\ntaken at 2,50,late\n"
    (folder / "seen.csv").write_text(rows, encoding="utf-8")
    bare = (CENTIPEDE, "seen.csv", "--estimate", "lambda", "--json", "-")
    found = fit_from_json(invoke(*bare, "--ignore", "remark", "--set", "lambda=range 0.5 1").output)
    assert (found.ignored, dict(found.overrides)) == (("remark",), {"lambda": "range 0.5 1"})
    assert 0.5 <= found.estimates[0].value <= 1
    refused = invoke(*bare)
    assert refused.exit_code == 2
    assert "the column 'remark' of 'seen.csv' is named after nothing in the scenario" in refused.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((CENTIPEDE, "play.csv"), "neither here nor beside the scenario; did you mean 'plays.csv'?"),
        ((CENTIPEDE, "plays.csv", "--estimate", "lambda", "--profile", "p.png"), "ends in .svg, not 'p.png'"),
        (
            (CENTIPEDE, "plays.csv", "--estimate", "lambda", "--profile", "-", "--json", "-"),
            "takes one picture",
        ),
        ((CENTIPEDE, "plays.csv", "--estimate", "lambda", "--confidence", "100"), "--confidence"),
        (
            (CENTIPEDE, "plays.csv", "--estimate", "lambda", "--json", "no/such.json"),
            "there is no folder 'no'",
        ),
        ((CENTIPEDE, "."), "'.' is a folder"),
    ],
)
def test_slips_of_the_command_are_named(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_without_names_it_says_what_can_be_estimated(folder: Path) -> None:
    result = invoke(CENTIPEDE, "plays.csv")
    assert (result.exit_code, result.output) == (
        2,
        "parley: say what to estimate (--estimate NAME); there is: lambda\n",
    )
