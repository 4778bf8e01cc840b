"""Time a worker that has nothing to do, and how soon it takes work that comes.

A site of its own in a temporary folder with ``parley worker`` beside it. Work is entered by this program, one
row at a time, of the kind that sends waiting mail (there is none); all of it must be done in the end. Figures
go to ``build/bench/site-worker.json``.

    python -m benchmarks.bench_site_worker [jobs]
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

__all__ = ["main"]

OUTPUT = Path("build/bench/site-worker.json")
WAKE, IDLE = 0.030, 0.03  # seconds at the median; share of a core
_PARLEY = [sys.executable, "-c", "from parley.cli.main import main; main()"]
_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
_ENTER = (
    "INSERT INTO web_job (kind, payload, priority, status, network, run_after, leased_by, attempts,"
    f" max_attempts, error, created, touched, progress) VALUES ('mail', '{{}}', 0, 'queued', '', {_NOW}, '',"
    f" 0, 3, '', {_NOW}, {_NOW}, 0)"
)


@contextmanager
def worker() -> Iterator[tuple[int, sqlite3.Connection]]:
    """Run a worker; yields its process id and a connection to the site's database."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        environment = {**os.environ, "PARLEY_SITE": folder}
        subprocess.run([*_PARLEY, "worker", "--once"], env=environment, check=True, capture_output=True)
        process = subprocess.Popen([*_PARLEY, "worker"], env=environment, stderr=subprocess.DEVNULL)
        database = sqlite3.connect(Path(folder, "site.sqlite3"), timeout=20, isolation_level=None)
        try:
            with closing(database):
                yield process.pid, database
        finally:
            os.kill(process.pid, signal.SIGTERM)
            process.wait(30)


def wake(database: sqlite3.Connection) -> float:
    """Enter one job; returns the seconds until the worker has taken it."""
    number = database.execute(_ENTER).lastrowid
    entered = time.perf_counter()
    while database.execute("SELECT status FROM web_job WHERE id = ?", (number,)).fetchone() == ("queued",):
        time.sleep(0.001)
        if time.perf_counter() - entered > 60:
            raise RuntimeError("the worker takes no work")
    return time.perf_counter() - entered


def idle(pid: int, seconds: float = 4.0) -> float:
    """Return the share of a core that the process takes."""
    before, began = _ticks(pid), time.perf_counter()
    time.sleep(seconds)
    return (_ticks(pid) - before) / os.sysconf("SC_CLK_TCK") / (time.perf_counter() - began)


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def main(count: int = 100) -> int:
    """Run both, print, write the figures."""
    with worker() as (pid, database):
        wake(database)
        time.sleep(3.0)
        shares = [idle(pid) for _ in range(3)]
        waits = []
        for _ in range(count):
            waits.append(wake(database))
            time.sleep(0.05)
        time.sleep(1.0)
        done = database.execute(
            "SELECT count(*) FROM web_job WHERE kind = 'mail' AND status = 'done'"
        ).fetchone()
        assert done[0] >= count, done
    found = {
        "idle": min(shares),
        "wake": statistics.median(waits),
        "wake_p95": statistics.quantiles(waits, n=20)[-1],
    }
    print(f"an idle worker takes {found['idle']:.1%} of a core, wanted {IDLE:.0%}")
    took = f"{found['wake'] * 1000:.0f} ms at the median, {found['wake_p95'] * 1000:.0f} ms at the 95th"
    print(f"work waits {took} percentile, wanted {WAKE * 1000:.0f} ms")
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(found, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(*(int(each) for each in sys.argv[1:])))
