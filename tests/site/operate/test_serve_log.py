"""Where the log goes: to a file where a person looks on, as lines of JSON to standard error elsewhere."""

from __future__ import annotations

import io
import json
import logging
import os
import pty
import re
import select
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from parley.site.web import logs
from tests.site.operate.test_serve import PARLEY, environment


@pytest.fixture
def restored() -> Any:
    """Put the handlers of the loggers back."""
    loggers = [logging.getLogger(name) for name in ("parley", "django", "allauth")]
    before = [(each, list(each.handlers), each.level) for each in loggers]
    yield
    for logger, handlers, level in before:
        for each in set(logger.handlers) - set(handlers):
            each.close()
        logger.handlers, logger.level = handlers, level


def read(terminal: int, until: str, seconds: float = 60.0) -> str:
    """Read from a terminal until a text stands there."""
    text, last = "", time.monotonic() + seconds
    while until not in text and time.monotonic() < last:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                text += os.read(terminal, 4096).decode()
            except OSError:  # the other end is closed
                break
    return text


def test_on_a_terminal_a_person_reads_a_few_lines_and_the_log_is_a_file(tmp_path: Path) -> None:
    site = tmp_path / "site"
    ours, theirs = pty.openpty()
    command = [*PARLEY, "serve", "--site", str(site), "--port", "0", "--workers", "1", "--threads", "2"]
    process = subprocess.Popen(
        [*command, "--no-worker"], env=environment(), stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    try:
        said = read(ours, "parley.log")
        port = re.search(r"http://localhost:(\d+)/", said)
        assert port, said
        for words in ("Ctrl-C stops", "parley admin create NAME", "Its log: "):
            assert words in said
        file = site / "parley.log"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        for _ in range(100):
            try:
                urlopen(f"http://localhost:{port[1]}/policy/").read()
                break
            except OSError:
                time.sleep(0.1)
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        assert [line["route"] for line in lines if line["message"] == "answered"] == ["policy"]
    finally:
        process.send_signal(signal.SIGTERM)
        rest = read(ours, "Stopped.")
        process.wait(30)
        os.close(ours)
    assert "{" not in said + rest
    assert "Stopped." in rest


def test_json_is_written_where_it_is_asked_for_even_on_a_terminal(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from parley.cli.serve import _log_file, serve

    assert "--log [file|json]" in CliRunner().invoke(serve, ["--help"]).output
    before = os.environ.pop(logs.FILE, None)
    try:
        assert _log_file(tmp_path, "file") == tmp_path / "parley.log"
        assert os.environ[logs.FILE] == str(tmp_path / "parley.log")
        assert _log_file(tmp_path, "json") is None
        assert logs.FILE not in os.environ
    finally:
        if before is not None:
            os.environ[logs.FILE] = before


def test_a_fault_is_one_short_line_on_the_terminal_and_whole_in_the_file(
    restored: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, terminal = tmp_path / "parley.log", io.StringIO()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv(logs.FILE, str(file))
    logs.prepare(file)
    logs.configure()
    logging.getLogger("parley.request").error("answered", extra={"status": 500})
    logging.getLogger("django.request").warning("Not Found: %s", "/x")
    try:
        raise ValueError("kim@example.org")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/a/secret")
    lines = terminal.getvalue().splitlines()
    assert len(lines) == 1
    assert re.fullmatch(r"parley: fault: ValueError at \S+:\d+ \S+ \(more in \S+parley\.log\)", lines[0])
    assert len(file.read_text().splitlines()) == 3
    assert "kim@" not in file.read_text() + terminal.getvalue()


def test_a_file_that_has_grown_large_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(logs.FILE, "")
    monkeypatch.setattr(logs, "LARGEST", 10)
    file = tmp_path / "parley.log"
    file.write_text("x" * 11)
    logs.prepare(file)
    assert (file.read_text(), (tmp_path / "parley.log.1").read_text()) == ("", "x" * 11)
    file.write_text("y")
    logs.prepare(file)
    assert file.read_text() == "y"
