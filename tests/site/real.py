"""A real site: `parley serve` in a folder of its own, as an operator starts it; tests stand outside of it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.site.packages import a_folder

__all__ = ["PARLEY", "ROOT", "Answer", "RealSite", "children", "until"]

PARLEY = (sys.executable, "-c", "from parley.cli.main import main; main()")
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site answered."""

    status: int
    headers: Mapping[str, str]
    body: str


class RealSite:
    """A served site with one small article, ``/a/threat/``.

    Parameters
    ----------
    folder
        Where its folder is made, beside that of the article.
    rules
        Its ``rules.toml``.
    options
        Further options of `parley serve`.
    text
        Of the article, in place of the usual one.
    """

    def __init__(
        self, folder: Path, rules: str = "", options: Sequence[str] = (), text: str | None = None
    ) -> None:
        self.folder = folder / "site"
        self.folder.mkdir(mode=0o700, exist_ok=True)
        (self.folder / "rules.toml").write_text(rules)
        self.source = a_folder(folder / "threat", text)
        kept = {
            name: text for name, text in os.environ.items() if not name.startswith(("PARLEY_", "DJANGO_"))
        }
        kept.pop("DATABASE_URL", None)
        self.environment = kept | {
            "PARLEY_SITE": str(self.folder),
            "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
            "PYTHONUNBUFFERED": "1",
        }
        self.options = tuple(options)
        self.port = 0
        self.start_seconds = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Serve; returns when the first page is there."""
        began = time.monotonic()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        process = self.process = subprocess.Popen(
            [
                *(*PARLEY, "serve", str(self.source), "--site", str(self.folder)),
                *("--port", str(self.port), *self.options),
            ],
            env=self.environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
        )
        until(lambda: "http://localhost:" in self.said or process.poll() is not None, 120)
        found = re.search(r"http://localhost:(\d+)/", self.said)
        assert found, self.said
        self.port = int(found[1])
        self.environment["PARLEY_URL"] = self.url
        until(lambda: self.get("/a/threat/").status == 200)
        self.start_seconds = time.monotonic() - began

    @property
    def said(self) -> str:
        """What it has printed."""
        return os.pread(self._log.fileno(), 1 << 24, 0).decode()

    def stop(self) -> None:
        """End it in order."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
            self.process = None
            self._log.close()

    def pid(self, name: str) -> int:
        """Return the process called ``gunicorn`` (its master) or ``worker``."""
        assert self.process is not None
        for each in children(self.process.pid):
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{each}/cmdline").read_bytes().decode().split("\0")
                if name in words:
                    return each
        raise ProcessLookupError(f"no process {name}")

    def get(self, path: str, cookies: Mapping[str, str] | None = None, **headers: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, None, cookies, headers)

    def post(
        self, path: str, fields: Mapping[str, Any], cookies: Mapping[str, str] | None = None, **headers: str
    ) -> Answer:
        """Send a form, as a page of the site does."""
        own = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.url,
            "Sec-Fetch-Site": "same-origin",
        }
        return self._ask("POST", path, urlencode(fields, doseq=True), cookies, own | headers)

    def _ask(
        self,
        method: str,
        path: str,
        body: str | None,
        cookies: Mapping[str, str] | None,
        headers: Mapping[str, str],
    ) -> Answer:
        sent = {"Host": f"localhost:{self.port}", "Accept": "text/html", **headers}
        if cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            text = answer.read().decode()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask its database."""
        with closing(sqlite3.connect(self.folder / "site.sqlite3", timeout=20)) as connection, connection:
            return connection.execute(sql, values).fetchall()

    def command(self, *words: str) -> str:
        """Run a command of `parley` on the site."""
        done = subprocess.run(
            [*PARLEY, *words], env=self.environment, capture_output=True, text=True, timeout=120, cwd=ROOT
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def people(self, wanted: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
        """Make accounts (``name``, ``role``, ``points``), and return for each the cookies of a session."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.site.seed"],
            env=self.environment,
            input=json.dumps(list(wanted)),
            capture_output=True,
            text=True,
            timeout=120,
            cwd=ROOT,
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, dict[str, str]] = json.loads(done.stdout)
        return found

    def solved(self, seconds: float = 90.0) -> None:
        """Wait until nothing is left to solve."""
        sql = (
            "SELECT count(*) FROM web_job WHERE status IN ('queued', 'running') AND kind IN"
            " ('prepare', 'solve', 'challenge', 'rechallenge', 'resolve')"
        )
        until(lambda: self.ask(sql) == [(0,)], seconds)

    def mail(self, to: str) -> str:
        """Return the newest mail to an address, once it is there."""

        def found() -> list[str]:
            folder = self.folder / "mail"
            if not folder.is_dir():
                return []
            letters: list[str] = []
            for each in sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns):
                whole = each.read_text("utf-8")
                letters += [text for text in whole.split("-" * 79) if f"To: {to}" in text]
            return letters

        until(lambda: bool(found()), 30)
        return found()[-1]


def until(holds: Callable[[], object], seconds: float = 30.0) -> float:
    """Wait until something holds, whatever connections fail meanwhile; returns the seconds that it took."""
    began = time.monotonic()
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if holds():
                return time.monotonic() - began
        assert time.monotonic() - began < seconds, "waited in vain"
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(each) for each in task.read_text().split()]
    return found
