"""Whatever goes wrong ends in a message and an exit code, never in a traceback."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from parley.cli.main import Program, program
from parley.errors import DrawsError, GameError, ParleyError, ScenarioError, SolveError, StudyError
from parley.scenario.model import Span


class Fault:
    span = Span("a.md", 1, 1)

    def render(self) -> str:
        return "a.md:1:1: error P101: bad\x1b[2J"


class SetFault(Fault):
    span = Span("--set p", 1, 1)


def raising(error: BaseException) -> Program:
    @click.group(cls=Program)
    def group() -> None: ...

    @group.command()
    def go() -> None:
        raise error

    return group


def invoke(error: BaseException) -> Result:
    return CliRunner().invoke(raising(error), ["go"])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ScenarioError([Fault()]), 1),
        (ScenarioError([SetFault()]), 2),
        (GameError("too large"), 1),
        (DrawsError("no such shape"), 1),
        (ParleyError("no scenario 'x'"), 2),
        (StudyError("another run is in there"), 2),
        (SolveError("cannot be solved"), 3),
        (PermissionError(13, "Permission denied", "/x"), 2),
        (KeyboardInterrupt(), 130),
        (click.UsageError("no"), 2),
        (BrokenPipeError(), 141),
        (RuntimeError("two\nlines"), 70),
        (RecursionError("deep"), 70),
    ],
)
def test_every_error_has_its_code_and_no_traceback(error: BaseException, code: int) -> None:
    result = invoke(error)
    assert result.exit_code == code
    assert "Traceback" not in result.output
    assert "\x1b" not in result.output


def test_an_unexpected_error_is_owned_up_to() -> None:
    result = invoke(RuntimeError("two\nlines"))
    first, second = result.stderr.splitlines()[:2]
    assert first.startswith("parley: RuntimeError: two lines (test_failures.py:")
    assert "This is a fault in Parley" in second
    assert "report" in second


def test_the_traceback_can_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_TRACEBACK", "1")
    assert "Traceback" in invoke(RuntimeError("x")).stderr


def test_a_broken_pipe_is_quiet() -> None:
    assert invoke(BrokenPipeError()).output == ""


@pytest.mark.parametrize("command", ["new", "check", "show", "run", "verify"])
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(program, [command, "--help"])
    assert result.exit_code == 0
    assert "Usage: parley " + command in result.output
    assert len(result.output.splitlines()) > 5


def test_unknown_commands_and_options_are_usage_errors() -> None:
    assert CliRunner().invoke(program, ["runn"]).exit_code == 2
    assert CliRunner().invoke(program, ["run", "x", "--drawz", "3"]).exit_code == 2
    assert CliRunner().invoke(program, ["run"]).exit_code == 2


def test_version() -> None:
    import parley

    result = CliRunner().invoke(program, ["--version"])
    assert result.output == f"Parley {parley.__version__}\n"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--draws", "15"], "15 is not in the range 16<=x<=10000000"),
        (["--set", "p"], "'p' is not of the form NAME=VALUE"),
        (["--set", "=3"], "is not of the form NAME=VALUE"),
        (["--set", "p=1", "--set", "p = 2"], "'p' is set twice"),
        (["--threads", "0"], "0 is not in the range x>=1"),
        (["--seed", "-1"], "-1 is not in the range 0<=x<="),
        (["--json", "no/such/folder/f.json"], "there is no folder 'no/such/folder'"),
        (["--json", "."], "is a folder"),
    ],
)
def test_bad_options_are_refused_before_anything_is_read(options: list[str], message: str) -> None:
    result = CliRunner().invoke(program, ["run", "no-such-scenario", *options])
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


def test_new_writes_and_never_overwrites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(program, ["new", "my-argument"])
    assert result.exit_code == 0
    assert "Wrote my-argument.md" in result.output
    assert "parley run my-argument.md" in result.output
    written = (tmp_path / "my-argument.md").read_text(encoding="utf-8")
    assert written.startswith("---\nparley: 1\n")
    again = CliRunner().invoke(program, ["new", "my-argument.md"])
    assert again.exit_code == 2
    assert "already there" in again.stderr
    assert (tmp_path / "my-argument.md").read_text(encoding="utf-8") == written


@pytest.mark.parametrize("name", ["a/b", "...", "a:b", "a\nb", ""])
def test_new_refuses_names_that_make_trouble(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(program, ["new", name])
    assert result.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_new_from_an_unknown_scenario_suggests() -> None:
    result = CliRunner().invoke(program, ["new", "x", "--from", "taliban-talk"])
    assert result.exit_code == 2
    assert "no scenario named 'taliban-talk'" in result.stderr
