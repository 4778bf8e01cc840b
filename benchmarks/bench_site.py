"""Time the site under load: a page of 100 comments, and posting; Isso beside it.

Each figure is of a real site: gunicorn as `parley serve` starts it behind a proxy, two processes of one
thread, SQLite, the flagship as the article. wrk asks from a second process on the same machine. The peer is
Isso 0.14 with the same 100 comments (80 and 20 replies, 560 characters of Markdown each), served by gunicorn
with two processes as well; what it answers is JSON alone.
Before a time is printed: the page shows all comments, no request failed, each post that was answered is in
the database. Readers' questions, and reading beside them, are in `bench_site_solve`.

*Uncached* is the site without the page cache in front of it: every request reads the debate and writes the
page. What a process keeps by the digest of a version, or by a comment's own row, it keeps there too.

    python -m benchmarks.bench_site [--seconds 8] [--large]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import isso_peer
from benchmarks.load import Load, have_wrk, load
from benchmarks.site_fill import FIRST as COMMENTS
from benchmarks.site_fill import thread

OUTPUT = Path("build/bench/site.json")
SITE = Path("build/bench/site").absolute()
ZIPPED = ("Accept-Encoding: gzip",)  # as every browser asks
PORT, PROCESSES = 18081, 2
HOME = f"http://127.0.0.1:{PORT}"
WANTED = {"uncached": 25.0, "cached": 300.0}  # times the peer's requests a second
POSTS, POST_P99, PAGE_P99 = 200.0, 250.0, 150.0  # a second, ms, ms
# Each request posts other words, as one reader after the other.
POST = """
local cookies = {{ {cookies} }}
local count = 0
function request()
  count = count + 1
  local body = "text=Words+of+comment+" .. count .. "+{salt}+about+the+talks.&key={salt}-" .. count
  local headers = {{ ["Cookie"] = cookies[count % #cookies + 1],
    ["Content-Type"] = "application/x-www-form-urlencoded", ["Origin"] = "{home}",
    ["Sec-Fetch-Site"] = "same-origin", ["Accept"] = "application/json" }}
  return wrk.format("POST", "/a/taliban-talks/comment", headers, body)
end
"""


def environment() -> dict[str, str]:
    """Return the environment in which the site is filled and served."""
    return {**os.environ, "PARLEY_SITE": str(SITE), "PYTHONPATH": "src:.", "PARLEY_URL": HOME}


def filled(comments: int, articles: int) -> dict[str, Any]:
    """Make a site with comments under articles; returns slugs and cookies of signed-in readers."""
    shutil.rmtree(SITE, ignore_errors=True)
    command = [sys.executable, "-m", "benchmarks.site_fill", str(comments), str(articles), "50"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextmanager
def served(application: str) -> Iterator[None]:
    """Serve the site until the block ends."""
    worker = ("-k", "parley.site.web.serving.patient.PatientWorker", "--threads", "1", "--keep-alive", "5")
    command = [sys.executable, "-m", "gunicorn", "-w", str(PROCESSES), *worker, "-b", f"127.0.0.1:{PORT}"]
    command.append(application)
    with open(SITE / "gunicorn.log", "w") as log:
        process = subprocess.Popen(command, env=environment(), stdout=log, stderr=log)
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{HOME}/healthz", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(20)


def page(seconds: float, slug: str = "taliban-talks", connections: int = 16) -> Load:
    """Ask for an article; all its comments must stand on it."""
    address = f"{HOME}/a/{slug}/"
    with urllib.request.urlopen(address) as answer:
        text = answer.read().decode()
    assert text.count('class="comment"') >= COMMENTS, "comments are missing"
    load(address, connections=4, seconds=2)
    found = load(address, connections=connections, seconds=seconds, headers=ZIPPED)
    assert (found.refused, found.broken) == (0, 0), found
    return found


def posts(seconds: float, cookies: list[str]) -> Load:
    """Post comments, each with all checks; every one that was answered must be there."""
    quoted = ", ".join(f'"{each}"' for each in cookies)

    def script(name: str) -> str:
        return POST.format(cookies=quoted, salt=f"{name}{int(time.time())}", home=HOME)

    load(
        HOME, connections=4, seconds=2, script=script("warm")
    )  # a process loads what it needs with its first
    before = _count()
    found = load(HOME, connections=16, seconds=seconds, script=script("s"))
    assert (found.refused, found.broken) == (0, 0), found
    added = _count() - before
    assert found.requests <= added <= found.requests + 16, (found.requests, added)
    return found


def _count() -> int:
    with sqlite3.connect(SITE / "site.sqlite3") as database:
        return int(database.execute("SELECT count(*) FROM web_comment").fetchone()[0])


def peer(seconds: float) -> Load | None:
    """Ask Isso for the same thread."""
    programs = isso_peer.installed()
    if programs is None:
        return None
    with isso_peer.served(programs, thread(COMMENTS), PROCESSES) as address:
        load(address, connections=4, seconds=2)
        return load(address, connections=16, seconds=seconds, headers=ZIPPED)


def said(name: str, found: Load, wanted: str) -> None:
    """Print one line of figures."""
    figures = f"{found.rate:8.0f} a second  p50 {found.p50:7.1f} ms  p99 {found.p99:7.1f} ms"
    print(f"{name:40} {figures}   {wanted}")


def large(seconds: float) -> dict[str, Load]:
    """Time the same beside 99 articles with 1,000 comments each, and the page of one of those."""
    made, found = filled(1000, 100), {}
    for name, application in (("uncached", "benchmarks.uncached"), ("cached", "parley.site.web.wsgi")):
        with served(application):
            found[f"large, {name}"] = page(seconds)
            found[f"long, {name}"] = page(seconds, made["slugs"][50])
        said(
            f"the page of {COMMENTS} among 100,000, {name}",
            found[f"large, {name}"],
            "within 1.5 x of the above",
        )
        said(f"one of 1,000, {name}", found[f"long, {name}"], "200 comments a page, and their replies")
    with served("parley.site.web.wsgi"):
        found["large, post"] = posts(seconds, made["cookies"])
    said("posts among 100,000", found["large, post"], "within 1.5 x of the above")
    return found


def main() -> int:
    """Run all, print, write the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument(
        "--large", action="store_true", help="beside 99 articles with 1,000 comments each as well"
    )
    asked = parser.parse_args()
    if not have_wrk():
        print("bench_site: wrk is missing (apt-get install wrk): nothing is timed")
        return 0
    seconds, found = asked.seconds, {}
    beside = peer(seconds)
    if beside is not None:
        found["isso"] = beside
        said("Isso 0.14, JSON of the thread", beside, "")
    cookies = filled(COMMENTS, 1)["cookies"]
    for name, application in (("uncached", "benchmarks.uncached"), ("cached", "parley.site.web.wsgi")):
        with served(application):
            found[name] = page(seconds)
        times = f"{found[name].rate / beside.rate:.0f} x Isso, wanted {WANTED[name]:.0f}" if beside else ""
        said(f"page of {COMMENTS} comments, {name}", found[name], times)
    with served("parley.site.web.wsgi"):
        found["post"] = posts(seconds, cookies)
        said("posts with all checks", found["post"], f"wanted {POSTS:.0f} a second, p99 {POST_P99:.0f} ms")
    if asked.large:
        found |= large(seconds)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps({name: asdict(each) for name, each in found.items()}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
