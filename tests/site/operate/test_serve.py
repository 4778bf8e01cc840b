"""`parley serve` as an operator runs it: one process, watched from outside."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from parley.site.web.serving.patient import Deadlined

PARLEY = (sys.executable, "-c", "from parley.cli.main import main; main()")
ROOT = Path(__file__).parents[3]


def environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PARLEY_", "DJANGO_"))}
    own.pop("DATABASE_URL", None)
    return own | {"PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}


@dataclass
class Running:
    """A server that was started."""

    process: subprocess.Popen[str]
    site: Path
    port: int
    seconds: float

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request("GET", path, headers={"Host": "localhost", **headers})
            answer = connection.getresponse()
            body = answer.read()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    site = tmp_path_factory.mktemp("serve") / "site"
    began = time.monotonic()
    process = subprocess.Popen(
        [
            *PARLEY,
            "serve",
            "--site",
            str(site),
            "--port",
            "0",
            "--workers",
            "1",
            "--threads",
            "2",
            "--no-worker",
        ],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    found = re.search(r"http://localhost:(\d+)/", first)
    assert found, first + process.stdout.read()
    running = Running(process, site, int(found[1]), time.monotonic() - began)
    wait_until(lambda: running.get("/healthz")[0] == 200)
    yield running
    process.send_signal(signal.SIGTERM)
    process.wait(30)
    process.stdout.close()


def wait_until(holds: object, seconds: float = 30.0) -> None:
    last = time.monotonic() + seconds
    while True:
        try:
            if holds():  # type: ignore[operator]
                return
        except OSError:
            pass
        assert time.monotonic() < last, "waited in vain"
        time.sleep(0.1)


def children(pid: int) -> list[int]:
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = each.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(each.parent.name))
    return found


def test_the_first_start_publishes_the_shipped_arguments(running: Running) -> None:
    status, _, body = running.get("/")
    assert status == 200
    for slug in ("taliban-talks", "which-event-first", "price-war", "prisoner-exchange", "fishing-quota"):
        assert f'href="/a/{slug}/"'.encode() in body
    assert running.get("/a/taliban-talks/")[0] == 200


def test_the_folder_and_its_key_are_for_their_owner_alone(running: Running) -> None:
    assert stat.S_IMODE(running.site.stat().st_mode) == 0o700
    assert stat.S_IMODE((running.site / "secret.key").stat().st_mode) == 0o600


def test_static_files_have_a_digest_in_their_name_and_are_kept_for_good(running: Running) -> None:
    page = running.get("/")[2].decode()
    found = re.search(r'href="(/static/parley\.[0-9a-f]{12}\.css)"', page)
    assert found
    status, headers, _ = running.get(found[1], **{"Accept-Encoding": "gzip"})
    assert status == 200
    assert "immutable" in headers["cache-control"]
    assert headers["content-encoding"] == "gzip"
    assert headers["x-content-type-options"] == "nosniff"


def test_a_second_server_of_the_same_folder_or_port_says_so(running: Running) -> None:
    def said(*options: str) -> tuple[int, str]:
        done = subprocess.run(
            [*PARLEY, "serve", "--no-worker", *options],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stderr

    code, text = said("--site", str(running.site), "--port", "0")
    assert code == 2
    assert (
        f"is being served already, by process {running.process.pid} at http://localhost:{running.port}"
        in text
    )
    code, text = said("--site", str(running.site.parent / "another"), "--port", str(running.port))
    assert code == 2
    assert f"cannot listen at 127.0.0.1, port {running.port}: Address already in use" in text


def parley(*words: str, site: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PARLEY, *words, "--site", str(site)], env=environment(), capture_output=True, text=True, timeout=120
    )


def test_a_running_site_is_backed_up_and_restored_into_a_new_folder(running: Running, tmp_path: Path) -> None:
    file, again = tmp_path / "site.tar.gz", tmp_path / "again"
    done = parley("backup", str(file), site=running.site)
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert parley("backup", str(file), site=running.site).returncode == 2, "it was overwritten"
    done = parley("restore", str(file), site=again)
    assert done.returncode == 0, done.stderr
    with contextlib.closing(sqlite3.connect(again / "site.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM web_article").fetchone() == (5,)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert (again / "secret.key").read_text() == (running.site / "secret.key").read_text()
    kept = sorted(each.name for each in (running.site / "media").iterdir())
    assert sorted(each.name for each in (again / "media").iterdir()) == kept
    assert "holds a site already" in parley("restore", str(file), site=again).stderr
    (tmp_path / "wrong.tar.gz").write_bytes(b"no archive")
    done = parley("restore", str(tmp_path / "wrong.tar.gz"), site=tmp_path / "third")
    assert (done.returncode, "is no back-up of a site" in done.stderr) == (2, True)


def test_an_article_is_exported_for_any_web_server(running: Running, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    done = parley("article", "export", "taliban-talks", "-o", str(target), site=running.site)
    assert done.returncode == 0, done.stderr
    page = (target / "index.html").read_text(encoding="utf-8")
    assert "Let the talks fail, but not by our hand" in page
    assert (target / "parley.css").exists()
    done = parley("article", "export", "none", "-o", str(tmp_path / "b"), site=running.site)
    assert (done.returncode, "there is no article 'none'" in done.stderr) == (2, True)


def test_a_slow_client_is_cut_off_however_steadily_it_sends() -> None:
    ours, theirs = socket.socketpair()
    slow = Deadlined(ours)
    slow.deadline = time.monotonic() + 0.3
    theirs.sendall(b"G")
    assert slow.recv(100) == b"G"

    def steadily() -> None:
        for _ in range(20):
            theirs.sendall(b"E")
            time.sleep(0.05)
            slow.recv(100)

    with pytest.raises(OSError, match="took too long"):
        steadily()
    ours.recv(100)
    slow.deadline = time.monotonic() + 0.1
    with pytest.raises(OSError, match="took too long"):
        slow.recv(100)
    ours.close()
    theirs.close()


def test_who_does_not_take_the_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.site.web.serving.patient.WRITE_SECONDS", 0.2)
    ours, theirs = socket.socketpair()
    with pytest.raises(OSError, match="not taken"):
        Deadlined(ours).sendall(b"x" * 50_000_000)
    ours.close()
    theirs.close()


def test_large_headers_and_bodies_are_refused(running: Running) -> None:
    assert running.get("/", **{"X-Large": "x" * 9000})[0] in (400, 431)
    assert running.get("/" + "x" * 5000)[0] in (400, 414)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_killed_web_server_is_started_again(running: Running) -> None:
    (before,) = children(running.process.pid)
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: (now := children(running.process.pid)) and now != [before])
    wait_until(lambda: running.get("/")[0] == 200)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_signal_ends_everything_in_order(running: Running) -> None:
    below = children(running.process.pid)
    assert below
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(30) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in below)
    assert (running.site / "serve.lock").read_text() == ""
