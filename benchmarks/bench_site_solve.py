"""Time a reader's question through a running site, and pages read while readers flood it with questions.

A site of its own in a temporary folder, the flagship published, gunicorn with two processes of four threads
and ``parley worker`` beside it, all as ``parley serve`` starts them. Each question has numbers that nobody
asked before and comes from another network. Times are by the clock, from sending the question to holding its
exact answer, asking again after as many milliseconds as the site says. Figures go to
``build/bench/site-solve.json``.

    python -m benchmarks.bench_site_solve [questions] [seconds of flood]
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["main"]

OUTPUT = Path("build/bench/site-solve.json")
SLUG = "taliban-talks"
TARGET = 0.400  # seconds, at the 95th percentile
READERS = 4  # connections that read pages
FLOODERS = 4  # connections that ask without pause
_PARLEY = [sys.executable, "-c", "from parley.cli.main import main; main()"]


@contextmanager
def site() -> Iterator[int]:
    """Run a site; yields its port."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        environment = {
            **os.environ,
            "PARLEY_SITE": folder,
            "PARLEY_TRUSTED_HOPS": "1",  # so that each question can come from another network
            "PARLEY_URL": f"http://127.0.0.1:{port}",
        }
        Path(folder, "rules.toml").write_text(
            "[limits]\nsolve = {burst = 100000, per_hour = 1000000}\n", "utf-8"
        )
        subprocess.run([*_PARLEY, "publish", SLUG], env=environment, check=True, stdout=subprocess.DEVNULL)
        web = [
            *(sys.executable, "-m", "gunicorn", "parley.site.web.wsgi:application", "--preload"),
            *("--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--log-level", "warning"),
            *("--keep-alive", "5"),
        ]
        server = subprocess.Popen(web, env=environment, stderr=subprocess.DEVNULL)  # a line for each request
        worker = subprocess.Popen([*_PARLEY, "worker"], env=environment, stderr=subprocess.PIPE, text=True)
        try:
            _ready(port, worker)
            yield port
        finally:
            for pid in (server.pid, worker.pid):
                os.kill(pid, signal.SIGTERM)
            server.wait(30)
            worker.wait(30)


def _ready(port: int, worker: subprocess.Popen[str]) -> None:
    """Wait until pages are served and the version is solved once."""
    assert worker.stderr is not None
    for line in worker.stderr:
        if "ready" in line:
            break
    threading.Thread(target=worker.stderr.read, daemon=True).start()
    end = time.monotonic() + 900
    while time.monotonic() < end:
        try:
            if Reader(port).ask("")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(1.0)
    raise RuntimeError("the site did not become ready")


class Reader:
    """A connection that is kept open."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.network = ".".join(str(random.randrange(1, 250)) for _ in range(4))

    def request(self, method: str, path: str, body: str | None = None) -> tuple[int, Any]:
        """Ask, and return the status and the JSON of the answer."""
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": self.network,
        }
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        data = answer.read()
        try:
            return answer.status, json.loads(data)
        except ValueError:
            return answer.status, {}

    def ask(self, setting: str) -> tuple[int, Any]:
        """Ask for the effect of a setting."""
        return self.request("POST", f"/a/{SLUG}/solve", json.dumps({"s": setting}))

    def answer(self, setting: str) -> tuple[float, float]:
        """Return the seconds until the exact answer is there, and those that the solver took."""
        begin = time.perf_counter()
        status, told = self.ask(setting)
        while status == 202:
            time.sleep(told["pause"] / 1000)
            status, told = self.request("GET", told["poll"])
        if status != 200:
            raise RuntimeError(f"{setting}: {status} {told}")
        return time.perf_counter() - begin, told["ms"] / 1000

    def read(self) -> float:
        """Read the page of the article; returns the seconds."""
        begin = time.perf_counter()
        self.connection.request("GET", f"/a/{SLUG}/", headers={"Accept-Encoding": "gzip"})
        answer = self.connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"the page answers {answer.status}")
        return time.perf_counter() - begin


def settings(count: int) -> list[str]:
    """Return so many settings of one to three changes that nobody asks twice."""
    chance = random.Random(7)
    names = ("q_other", "k_control", "t_ttp", "pi_peace")
    made = []
    for _ in range(count):
        some = sorted(chance.sample(names, chance.randint(1, 3)))
        made.append(";".join(f"{name}={chance.uniform(0.05, 0.6):.6f}" for name in some))
    return made


def reads(port: int, seconds: float) -> list[float]:
    """Read pages from several connections at once, for so long."""
    found: list[float] = []
    end = time.monotonic() + seconds

    def loop() -> None:
        reader = Reader(port)
        while time.monotonic() < end:
            found.append(reader.read())

    threads = [threading.Thread(target=loop) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@contextmanager
def solving(port: int) -> Iterator[list[float]]:
    """Let one reader ask one question after the other, each once the last is answered; yields the seconds."""
    ended = threading.Event()
    times: list[float] = []

    def loop() -> None:
        reader = Reader(port)
        for setting in settings(90_000)[80_000:]:
            if ended.is_set():
                return
            times.append(reader.answer(setting)[0])

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield times
    finally:
        ended.set()
        thread.join()


@contextmanager
def flood(port: int) -> Iterator[list[int]]:
    """Ask without pause, from ever other networks; yields the status of each answer."""
    ended = threading.Event()
    codes: list[int] = []

    def loop(number: int) -> None:
        questions = iter(settings(100_000)[number * 20_000 :])
        while not ended.is_set():
            reader = Reader(port)
            codes.append(reader.ask(next(questions))[0])
            reader.connection.close()
            time.sleep(0.02)

    threads = [threading.Thread(target=loop, args=(number,)) for number in range(FLOODERS)]
    for thread in threads:
        thread.start()
    try:
        yield codes
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def _at(values: list[float], share: float) -> float:
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def main(questions: int = 200, seconds: float = 10.0) -> dict[str, Any]:
    """Measure, print and keep the figures."""
    with site() as port:
        reader = Reader(port)
        for setting in settings(questions + 5)[-5:]:
            reader.answer(setting)
        times, engine = [], []
        for setting in settings(questions):
            reader.network = ".".join(str(random.randrange(1, 250)) for _ in range(4))
            taken, own = reader.answer(setting)
            times.append(taken)
            engine.append(own)
            time.sleep(0.05)
        reads(port, 1.0)
        idle = reads(port, seconds)
        with solving(port):
            beside = reads(port, seconds)
        with flood(port) as codes:
            time.sleep(2.0)
            flooded = reads(port, seconds)
    figures = {
        "questions": questions,
        "exact_ms": {name: round(1000 * _at(times, share), 1) for name, share in _SHARES.items()},
        "engine_cpu_ms_median": round(1000 * statistics.median(engine), 1),
        "overhead_ms_median": round(
            1000 * statistics.median(taken - own for taken, own in zip(times, engine, strict=True)), 1
        ),
        "page_idle_ms": {name: round(1000 * _at(idle, share), 2) for name, share in _SHARES.items()},
        "page_beside_a_solve_ms": {
            name: round(1000 * _at(beside, share), 2) for name, share in _SHARES.items()
        },
        "page_flood_ms": {name: round(1000 * _at(flooded, share), 2) for name, share in _SHARES.items()},
        "page_idle_per_second": round(len(idle) / seconds),
        "page_flood_per_second": round(len(flooded) / seconds),
        "flood_answers": {str(code): codes.count(code) for code in sorted(set(codes))},
    }
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    for name, value in figures.items():
        print(f"{name:>24}  {value}")
    slow = _at(times, 0.95)
    print(
        f"exact answer, p95: {1000 * slow:.0f} ms, {'over' if slow > TARGET else 'under'} {1000 * TARGET:.0f}"
    )
    return figures


_SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}

if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:2]), *(float(each) for each in sys.argv[2:3]))
