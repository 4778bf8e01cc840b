"""Large runs at the command line: numbers, progress, executors, questions."""

from __future__ import annotations

import csv
import io
import json
import os
import shlex
import signal
import subprocess
import time
from pathlib import Path

import click
import pytest

from parley.cli import screen
from parley.cli.counts import Count
from parley.cli.screen import Bar
from tests.cli.test_commands import PARLEY, invoke
from tests.game.stories import HEAD, SIGNALS

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("16", 16),
        ("1e6", 1_000_000),
        ("1E+6", 1_000_000),
        ("2.5e3", 2500),
        ("2.50e3", 2500),
        ("1_000_000", 1_000_000),
        ("1,000,000", 1_000_000),
        (" 4096 ", 4096),
        (64, 64),
    ],
)
def test_whole_numbers_as_people_write_them(text: str | int, number: int) -> None:
    assert Count(16, 10_000_000).convert(text, None, None) == number


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "1.5", "1e-3", "2.55e1", "1,00", "1,0000", ",100", "1__000", "_16", "0x10", "1e6.5", "inf",
        "nan", "-64", "٤٠٩٦", "1 000", "1.000.000",
    ],
)  # fmt: skip
def test_what_is_no_whole_number(text: str) -> None:
    with pytest.raises(click.BadParameter, match=r"is not a whole number; write it as 1000000, 1_000_000"):
        Count(16, 10_000_000).convert(text, None, None)


@pytest.mark.parametrize("text", ["15", "1e8", "1e999", "0", "10,000,001", "9" * 90])
def test_numbers_out_of_bounds(text: str) -> None:
    with pytest.raises(click.BadParameter, match=r"is not in the range 16<=x<=10000000"):
        Count(16, 10_000_000).convert(text, None, None)


def test_a_pipe_gets_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 1000.0
    monkeypatch.setattr(screen.time, "monotonic", lambda: now)  # type: ignore[attr-defined]
    with Bar() as bar:
        for second in range(7200):
            now = 1000.0 + second
            bar.update(1000 + second, 8200)  # the first thousand were done by an earlier run
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "solving: 1,030 of 8,200 pieces (12 %), about 2 hours left"
    assert lines[1] == "solving: 1,060 of 8,200 pieces (12 %), about 2 hours left"
    assert lines[4] == "solving: 1,480 of 8,200 pieces (18 %), about 2 hours left"
    assert lines[-1] == "solving: 7,960 of 8,200 pieces (97 %), about 4 minutes left"
    assert len(lines) < 20
    with Bar(quiet=True) as bar:
        now += 1000
        bar.update(1, 2)
    assert capsys.readouterr().err == ""


def test_a_short_run_says_nothing_to_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with Bar() as bar:
        for done in range(5):
            bar.update(done, 5)
    assert capsys.readouterr().err == ""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scale") / "a run"
    done = invoke("run", "which-event-first", "--draws", "1,024", "--save", str(folder), "--quick", "--quiet")
    assert done.exit_code == 0
    return folder


def test_an_executor_that_there_is_not(kept: Path) -> None:
    """Also where nothing is left to do."""
    asked = ("run", "which-event-first", "--draws", "1024", "--quick", "--save", str(kept))
    done = invoke(*asked, "--executor", "proceses")
    assert done.exit_code == 2
    assert "there is no executor 'proceses'; there are: threads, processes" in done.stderr


def test_a_question_and_its_answer(kept: Path) -> None:
    sql = "select policy, count(*) n, avg(sweeps) from certificates group by policy order by policy"
    done = invoke("query", str(kept), sql)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "policy         n  avg(sweeps)",
        "----------  ----  -----------",
        "pause       1024            1",
        "short list  1024            1",
        "status quo  1024            1",
    ]


def test_long_answers_are_cut_and_say_so(kept: Path) -> None:
    done = invoke("query", str(kept), "select draw, repeat('x', 100) || chr(27) from readings order by draw")
    lines = done.stdout.splitlines()
    assert len(lines) == 2 + 40
    assert lines[2].endswith("xxx...")
    assert done.stderr == "(the first 40 rows; --csv FILE or --json FILE writes all)\n"
    escape = invoke("query", str(kept), "select chr(27) || '[31m' as a, null as b")
    assert "\x1b" not in escape.stdout


def test_answers_for_other_programs(kept: Path, tmp_path: Path) -> None:
    sql = (
        "select draw, B, policy, [1.5, null] as list, 'inf'::double as big "
        "from readings join measures m using (draw)"
    )
    done = invoke("query", str(kept), sql, "--csv", str(tmp_path / "a.csv"))
    assert (done.exit_code, done.stdout) == (0, "")
    rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8"))))
    assert rows[0] == ["draw", "B", "policy", "list", "big"]
    assert len(rows) == 1 + 3 * 1024
    done = invoke("query", str(kept), sql, "--json", "-")
    found = json.loads(done.stdout)
    assert len(found) == 3 * 1024
    assert found[0]["list"] == [1.5, None]
    assert found[0]["big"] == "inf"
    assert {repr(entry["B"]) for entry in found} == {row[1] for row in rows[1:]}
    assert json.loads(invoke("query", str(kept), "select 1 where false", "--json", "-").stdout) == []


def test_without_a_question_the_columns_are_told(kept: Path) -> None:
    done = invoke("query", str(kept))
    assert done.exit_code == 0
    for line in ("readings", "measures", "certificates"):
        assert line in done.stdout.splitlines()
    assert "loss to Washington" in done.stdout
    assert f"parley query {shlex.quote(str(kept))} " in done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["selec 1"], 'Parser Error: syntax error at or near "selec"'),
        (["drop view readings"], "a run can only be read: this is DROP"),
        (["select * from '/etc/passwd'"], "Catalog Error"),
        (["select 1", "--csv", "-", "--json", "-"], "ask twice"),
        (["select 1 a, 2 a", "--json", "-"], "tell them apart with AS"),
        (["select 1", "--csv", "/no/such/folder/a.csv"], "there is no folder '/no/such/folder'"),
    ],
)
def test_questions_that_are_refused(kept: Path, arguments: list[str], message: str) -> None:
    done = invoke("query", str(kept), *arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_a_run(tmp_path: Path) -> None:
    done = invoke("query", str(tmp_path), "select 1")
    assert done.exit_code == 2
    assert "holds no run of Parley" in done.stderr


@POSIX
@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_stopped_it_says_how_to_go_on(tmp_path: Path, executor: str) -> None:
    """Ctrl-C reaches the whole group of processes, as from a terminal; nobody else can write before."""
    (tmp_path / "story.yaml").write_text(HEAD + SIGNALS, encoding="utf-8")
    asked = [
        "run",
        "story.yaml",
        "--draws",
        "1e6",
        "--save",
        "a run",
        "--executor",
        executor,
        "--threads",
        "2",
    ]
    with subprocess.Popen(
        [*PARLEY, *asked],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("a run/chunks/*.parquet")):
            assert child.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        other = subprocess.run([*PARLEY, *asked], cwd=tmp_path, capture_output=True, text=True, check=False)
        os.killpg(child.pid, signal.SIGINT)
        out, err = child.communicate(timeout=60)
    assert other.returncode == 2
    assert f"is being written by another run (process {child.pid})" in other.stderr
    assert child.returncode == 130
    assert out == ""
    assert err.startswith("Stopped: kept ")
    assert "of 980 chunks in 'a run'; the same command resumes." in err
    assert len(err.splitlines()) == 1
