"""``parley export`` and ``parley import``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from parley.cli.main import program

ENTRY = """EFG 2 R "Entry" { "rival" "firm" } p "" 1 1 "entry" { "enter" "out" } 0
p "" 2 1 "answer" { "fight" "share" } 0 t "" 1 "war" { -1 -1 } t "" 2 "peace" { 1 1 } t "" 3 "rest" { 0 2 }"""


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(program, list(arguments))


@pytest.mark.parametrize("name", ["entry.md", "entry.yaml"])
def test_what_is_imported_can_be_checked_and_exported(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("entry.efg").write_text(ENTRY, encoding="utf-8")
    assert invoke("import", "entry.efg", "-o", name).exit_code == 0
    assert invoke("check", name).exit_code == 0
    text = invoke("export", name, "--draw", "0").output
    assert [line for line in text.splitlines() if line.startswith("t")] == [
        't "" 1 "" { -1 -1 }',
        't "" 2 "" { 1 1 }',
        't "" 3 "" { 0 2 }',
    ]
    again = invoke("import", "entry.efg", "-o", name)
    assert again.exit_code == 2
    assert "already there" in again.stderr


def test_a_broken_file_is_named_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.efg").write_text('EFG 2 R "x" { "us" }\nq', encoding="utf-8")
    result = invoke("import", "bad.efg", "-o", "bad.md")
    assert (result.exit_code, "bad.efg:2:1:" in result.stderr, Path("bad.md").exists()) == (1, True, False)


def test_draws_differ_and_an_unknown_policy_is_named() -> None:
    first = invoke("export", "which-event-first", "--draw", "0", "--policy", "pause")
    second = invoke("export", "which-event-first", "--draw", "1", "--policy", "pause")
    assert first.output.splitlines()[1:] != second.output.splitlines()[1:]
    result = invoke("export", "which-event-first", "--draw", "0", "--policy", "nap")
    assert result.exit_code == 2
    assert "'nap'" in result.stderr
