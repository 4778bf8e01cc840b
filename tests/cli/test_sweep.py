"""``parley sweep``."""

from __future__ import annotations

import csv
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from parley.cli.main import program

B = ("--vary", "B", "--from", "0", "--to", "40", "--draws", "32")


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(program, ["sweep", *arguments])


def test_without_options_it_is_the_scenarios_own_sweep() -> None:
    result = invoke("which-event-first", "--draws", "64")
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    assert lines[0] == "Which event comes first"
    assert lines[1] == "What must a tainted failure cost before the short list pays?"
    assert "B status quo short list pause" in lines
    assert len([line for line in lines if line[:1].isdigit()]) == 11
    assert any(line.startswith('"status quo" is the best where B is below 14.') for line in lines)
    assert any(set(line) <= set("▁▂▃▄▅▆▇█ ") for line in lines if line)
    second = invoke("which-event-first", "--draws", "16", "--number", "2", "--policy", "pause")
    assert "months of talks" in second.output
    assert "short list" not in second.output


def test_options_change_the_scenarios_own_sweep() -> None:
    result = invoke("which-event-first", "--draws", "16", "--to", "10", "--show", "tainted", "--steps", "3")
    assert result.exit_code == 0
    assert "from 0 to 10" in result.output
    assert "chance that a strike ends the talks" in result.output


def test_a_picture_a_table_and_a_document(tmp_path: Path) -> None:
    picture, table, document = (tmp_path / name for name in ("b.svg", "b.csv", "b.json"))
    result = invoke(
        "which-event-first",
        *B,
        "--show",
        "tainted",
        "-o",
        str(picture),
        "--csv",
        str(table),
        "--json",
        str(document),
    )
    assert result.exit_code == 0
    root = ET.fromstring(picture.read_text(encoding="utf-8"))
    assert root.attrib["role"] == "img"
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found = json.loads(document.read_text(encoding="utf-8"))
    assert len(rows) == len(found["x"]) * len(found["curves"])
    assert float(rows[0]["mean"]) == found["curves"][0]["mean"][0]
    assert found["curves"][0]["spread"].keys() == {"0.05", "0.25", "0.5", "0.75", "0.95"}
    assert found["readings"] == 32
    again = invoke("which-event-first", *B, "--show", "tainted", "-o", "-")
    assert again.output == picture.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.csv", "b.json", "b.svg"]


def test_a_theme_may_be_chosen(tmp_path: Path) -> None:
    dark = invoke("which-event-first", *B, "--show", "tainted", "-o", "-", "--theme", "dark").output
    assert "prefers-color-scheme" not in dark
    assert 'class="parley-picture dark"' in dark


def test_a_range_that_is_not_told_is_the_judgements_and_said() -> None:
    result = invoke("which-event-first", "--vary", "B", "--draws", "16")
    assert result.exit_code == 0
    assert "B: --from 3.22 --to 44.7, where 5 and 95 of 100 readings lie" in result.output


def test_something_else_may_be_put_in_place(tmp_path: Path) -> None:
    result = invoke("which-event-first", *B, "--show", "tainted", "--set", "q_senior=q_other", "--json", "-")
    found = json.loads(result.output)
    assert found["overrides"] == {"q_senior": "q_other"}


GAPS = """
parley: 1
title: A chance above one
players: {us: We}
parameters: {p: 0.5}
story:
  - nature: weather
    options: {rain: p, sun: rest}
  - {player: us, move: act, options: [wait, go]}
  - outcomes: [end]
payoffs: {us: 1 if act is go else 0}
"""


def test_what_is_not_solved_is_said_and_the_exit_code_tells(tmp_path: Path) -> None:
    file = tmp_path / "gaps.yaml"
    file.write_text(GAPS, encoding="utf-8")
    result = invoke(str(file), "--vary", "p", "--from", "0.5", "--to", "2", "--show", "P(act is go)")
    assert result.exit_code == 3
    said = " ".join(result.output.split())
    assert "Not solved with a certificate, so without a value: where p is 1" in said
    assert "n/a" in result.output


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("taliban-talks", "--vary", "Bee"), 2, "P750"),
        (("which-event-first", "--vary", "B", "--from", "4", "--to", "1"), 2, "goes nowhere"),
        (("which-event-first", "--vary", "B", "--from", "0", "--to", "1", "--scale", "log"), 2, "has no 0"),
        (("which-event-first", "--vary", "B", "--from", "nan", "--to", "1"), 2, "not a number"),
        (("which-event-first", "--vary", "B", "--steps", "1000000"), 2, "2 to 2,001 steps"),
        (("which-event-first", "--vary", "B", "--show", "cleen"), 2, "did you mean `clean`"),
        (("which-event-first", "--vary", "B", "--show", "P(clear failure)"), 2, "unknown name"),
        (("which-event-first", "--vary", "B", "--policy", "wait"), 2, "is no policy"),
        (("taliban-talks", "--vary", "non cooperation"), 2, "is a switch"),
        (("which-event-first", "--vary", "commit"), 2, "commit is certain"),
        (("which-event-first", "--number", "9"), 2, "of its own, not 9"),
        (("which-event-first", "--number", "1", "--vary", "B"), 2, "makes another"),
        (("which-event-first", "-o", "/no/such/folder/a.svg"), 2, "no folder"),
        (("which-event-first", "-o", "a.png"), 2, "written as SVG"),
        (("which-event-first", "-o", "-", "--csv", "-"), 2, "same place"),
        (("which-event-first", "--draws", "0"), 2, "--draws"),
    ],
)
def test_what_cannot_be_swept_is_said(arguments: tuple[str, ...], code: int, said: str) -> None:
    result = CliRunner().invoke(program, ["sweep", *arguments])
    assert result.exit_code == code
    assert said in " ".join(result.output.split())


def test_a_scenario_without_a_sweep_says_what_could_be_varied(tmp_path: Path) -> None:
    file = tmp_path / "none.yaml"
    file.write_text(GAPS, encoding="utf-8")
    result = invoke(str(file))
    assert result.exit_code == 2
    assert "--vary" in result.output
    assert "parameters: p" in " ".join(result.output.split())


def test_a_folder_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.svg"
    target.write_text("before", encoding="utf-8")

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fails)
    result = invoke("which-event-first", *B, "--show", "tainted", "-o", str(target))
    assert result.exit_code != 0
    assert target.read_text(encoding="utf-8") == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["a.svg"]
