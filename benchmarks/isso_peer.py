"""Isso 0.14 as a peer of the site: installed apart, filled with the same comments, served by gunicorn.

Isso (MIT) is a comment server with a store in SQLite. It is installed in an environment of its own under
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

__all__ = ["HERE", "ISSO", "installed", "served"]

ISSO = "isso==0.14.0"
HERE = Path("build/bench/isso").absolute()
PORT = 18080
CONFIGURATION = """
[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1:{port}
[server]
listen = http://127.0.0.1:{port}
[guard]
enabled = false
[moderation]
enabled = false
"""


def installed() -> Path | None:
    """Return the folder of the peer's programs, installing it on first use; None when that can't be done."""
    programs = HERE / "venv" / "bin"
    if (programs / "isso").exists():
        return programs
    commands = (
        [sys.executable, "-m", "venv", str(programs.parent)],
        [str(programs / "python"), "-m", "pip", "install", "--quiet", ISSO, "gunicorn"],
    )
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            print(f"the peer can't be installed here: {done.stderr.strip()[-300:]}")
            return None
    return programs


@contextmanager
def served(programs: Path, comments: Sequence[tuple[str, str, int | None]], workers: int) -> Iterator[str]:
    """Serve a thread; yields the address of its JSON, and of posting.

    Parameters
    ----------
    programs
        From :func:`installed`.
    comments
        Author, Markdown, and the place of the comment that is answered (or None), in order.
    workers
        Processes of gunicorn.
    """
    configuration = HERE / "isso.cfg"
    (HERE / "comments.db").unlink(missing_ok=True)
    configuration.write_text(CONFIGURATION.format(folder=HERE, port=PORT))
    command = [programs / "gunicorn", "-w", str(workers), "-b", f"127.0.0.1:{PORT}", "--preload", "isso.run"]
    environment = {"ISSO_SETTINGS": str(configuration), "PATH": "/usr/bin:/bin"}
    with open(HERE / "log.txt", "w") as log:
        process = subprocess.Popen([str(each) for each in command], env=environment, stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{PORT}/js/embed.min.js", process)
        ids: list[int] = []
        for author, text, parent in comments:
            above = None if parent is None else ids[parent]
            ids.append(_post({"author": author, "text": text, "parent": above}))
        address = f"http://127.0.0.1:{PORT}/?uri=%2Fthread"
        with urllib.request.urlopen(address) as answer:
            found = json.load(answer)
        count = len(found["replies"]) + sum(len(each["replies"]) for each in found["replies"])
        assert count == len(comments), f"the peer serves {count} of {len(comments)} comments"
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _post(body: dict[str, object]) -> int:
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/new?uri=%2Fthread",
        json.dumps({**body, "title": "A thread"}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return int(json.load(answer)["id"])


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(address):
                return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError(f"the peer does not start: see {HERE / 'log.txt'}")
