"""`parley report`: from a scenario, from a kept run, from findings; what cannot be reported is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from parley.cli.main import program

DRAWS = ["--draws", "32", "--threads", "1", "--quick", "--quiet"]


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(program, ["report", *arguments])


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    run = [
        "run",
        "which-event-first",
        *DRAWS,
        "--save",
        str(tmp_path / "run"),
        "--json",
        str(tmp_path / "f.json"),
    ]
    assert CliRunner().invoke(program, run).exit_code == 0
    return tmp_path


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_scenario_is_solved_and_told(tmp_path: Path) -> None:
    result = invoke("which-event-first", "-o", str(tmp_path / "out"), *DRAWS)
    assert (result.exit_code, result.output) == (0, f"Wrote {tmp_path / 'out' / 'report.html'}\n")
    assert files(tmp_path / "out") == {"report.html", "report.md", "findings.json", "pictures"}
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Which event comes first" in page
    assert "was not asked" in page  # --quick


def test_a_kept_run_and_its_findings_say_the_same(kept: Path) -> None:
    for source in ("run", "f.json"):
        assert invoke(str(kept / source), "-o", str(kept / f"from-{source}")).exit_code == 0
    pages = [(kept / f"from-{source}" / "report.html").read_bytes() for source in ("run", "f.json")]
    assert pages[0] == pages[1]


def test_objections_to_a_kept_run_are_granted_when_asked_for(kept: Path) -> None:
    assert invoke(str(kept / "run"), "-o", str(kept / "a"), "--quiet").exit_code == 0
    assert invoke(str(kept / "run"), "-o", str(kept / "b"), "--objections", "--quiet").exit_code == 0
    listed, granted = ((kept / name / "report.md").read_text(encoding="utf-8") for name in "ab")
    assert "none was granted" in listed
    assert "bite" in granted
    assert "none was granted" not in granted


def test_findings_of_a_scenario_that_is_gone_are_told_without_its_story(kept: Path) -> None:
    found = json.loads((kept / "f.json").read_text(encoding="utf-8"))
    found["provenance"]["path"] = "no-such-file.md"
    (kept / "g.json").write_text(json.dumps(found), encoding="utf-8")
    result = invoke(str(kept / "g.json"), "-o", str(kept / "out"))
    assert result.exit_code == 0
    assert "no passages of the article" in result.output
    assert "The story, step by step" not in (kept / "out" / "report.html").read_text(encoding="utf-8")


def test_what_cannot_be_reported_is_said(kept: Path) -> None:
    (kept / "bad.json").write_text("{", encoding="utf-8")
    assert "holds no JSON" in invoke(str(kept / "bad.json"), "-o", str(kept / "out")).output
    assert "is a file" in invoke(str(kept / "run"), "-o", str(kept / "f.json")).output
    assert (
        "--set is for a scenario" in invoke(str(kept / "run"), "-o", str(kept / "o"), "--set", "B=1").output
    )
    assert invoke("which-event-first").exit_code == 2  # -o is required
