"""``parley verify`` names what does not hold, and stays short about it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from parley import study
from parley.cli.main import program


def verified(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    *problems: tuple[str | None, int | None, str],
    done: bool = True,
) -> Result:
    """Run the command on findings made up for it."""

    def fake(path: str, *, progress: object) -> SimpleNamespace:
        listed = tuple(SimpleNamespace(policy=p, draw=d, message=m) for p, d, m in problems)
        return SimpleNamespace(problems=listed, draws=4096, complete=done)

    monkeypatch.setitem(vars(study), "verify", fake)
    return CliRunner().invoke(program, ["verify", str(folder)])


def test_policy_and_draw_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = verified(
        monkeypatch,
        tmp_path,
        ("short list", 17, "the residual is 0.3, not 1e-12"),
        (None, None, "the scenario's text was changed"),
    )
    assert result.exit_code == 3
    assert result.stdout.splitlines() == [
        "policy 'short list', draw 17: the residual is 0.3, not 1e-12",
        "the scenario's text was changed",
    ]
    assert "2 problems in 4,096 readings" in result.stderr


def test_thousands_of_problems_are_not_all_listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = verified(monkeypatch, tmp_path, *(("a", draw, "wrong") for draw in range(1000)))
    assert len(result.stdout.splitlines()) == 51
    assert result.stdout.splitlines()[-1] == "... and 950 more"
    assert "1,000 problems" in result.stderr


def test_an_unfinished_run_is_said_to_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = verified(monkeypatch, tmp_path, done=False)
    assert result.exit_code == 0
    assert "not finished" in result.output
