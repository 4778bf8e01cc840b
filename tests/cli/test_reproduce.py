"""``parley reproduce`` prints published numbers beside what the model gives, and its exit code says which."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from parley.cli.main import program
from tests.study.published import PENNIES

GIVEN = "set: {prize: 9, precise: 0.5}"
GOOD = f"  - {{quantity: P(up is top), value: 0.8306705913, tolerance: 1e-9, {GIVEN}}}\n"
BAD = f'  - {{quantity: P(up is top), value: 0.9, tolerance: 1e-9, {GIVEN}, text: "as often as not"}}\n'


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("pennies.yaml")
    path.write_text(PENNIES + GOOD, encoding="utf-8")
    return path


def ran(*arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(program, ["reproduce", *arguments])
    return found.exit_code, found.stdout


def test_all_met(file: Path) -> None:
    code, out = ran(str(file))
    assert code == 0
    assert "PUBLISHED NUMBERS  1 of 1 met" in out
    assert "prize = 9, precise = 0.5" in out
    assert "0.8306705913" in out


def test_one_that_is_not_met_is_named_and_ends_in_1(file: Path) -> None:
    file.write_text(PENNIES + GOOD + BAD, encoding="utf-8")
    code, out = ran(str(file))
    assert code == 1
    assert "1 of 2 met" in out
    assert "NOT MET" in out
    assert "as often as not" in out


def test_json_holds_everything(file: Path) -> None:
    code, out = ran(str(file), "--json", "-")
    assert code == 0
    found = json.loads(out)
    assert (found["parley_reproduction"], found["met"]) == (1, True)
    (number,) = found["scenarios"][0]["numbers"]
    assert number["given"] == "prize = 9, precise = 0.5"
    assert abs(number["found"] - 0.8306705913) <= 1e-9
    assert number["how"] == "quantal"
    assert number["error"] is None
    assert number["residual"] <= 1e-9


def test_several_end_in_a_line_each(file: Path) -> None:
    code, out = ran(str(file), "taliban-talks", "--draws", "64")
    assert code == 0
    lines = out.splitlines()
    assert any("pennies.yaml" in line and "1 / 1" in line for line in lines)
    assert any(line.split()[:4] == ["taliban-talks", "0", "/", "0"] for line in lines)


def test_either_names_or_all() -> None:
    assert ran()[0] == 2
    assert ran("taliban-talks", "--all")[0] == 2


def test_a_run_in_which_nobody_errs_says_so_and_how_to_do_it_again(file: Path) -> None:
    file.write_text(
        PENNIES.removesuffix("expected:\n") + "quantities: {left: P(side is left)}\n", encoding="utf-8"
    )
    found = CliRunner().invoke(
        program, ["run", str(file), "--concept", "limit", "--draws", "16", "--show", "all"]
    )
    assert found.exit_code == 0
    words = " ".join(found.stdout.split())
    assert "nobody errs (limit of quantal response" in words
    assert "parley run pennies.yaml --draws 16 --seed 0 --concept limit" in words
    assert "0.100" in words


def test_what_goes_with_quantal_response_alone_is_refused(file: Path) -> None:
    for more in (["--save", "folder"], ["--starts", "8"], ["--executor", "processes"]):
        found = CliRunner().invoke(program, ["run", str(file), "--concept", "limit", *more])
        assert found.exit_code == 2
        assert more[0] in found.stderr
