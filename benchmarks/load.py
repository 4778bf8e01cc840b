"""Load from a second process: wrk, its figures read back.

wrk (Apache-2.0) is a package of Debian; it keeps so many connections busy from one thread, and says how many
requests were answered and how long they took.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Load", "have_wrk", "load"]

_REPORT = """
done = function(summary, latency, requests)
  local bad = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("figures %d %d %d %d %d %d\\n", summary.requests, summary.duration, bad,
    summary.errors.status, latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a load found: requests a second, median and 99th percentile in milliseconds, faults."""

    rate: float
    p50: float
    p99: float
    requests: int
    refused: int
    broken: int


def have_wrk() -> bool:
    """Whether the load generator is there."""
    return shutil.which("wrk") is not None


def load(
    address: str, *, connections: int, seconds: float, script: str = "", headers: tuple[str, ...] = ()
) -> Load:
    """Ask for an address for so long, from so many connections.

    Parameters
    ----------
    address
        Of the page.
    connections
        Kept open and busy.
    seconds
        For how long.
    script
        Lua in wrk's own manner, e.g. a function `request`.
    headers
        Of each request, e.g. `"Accept-Encoding: gzip"`.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "load.lua"
        file.write_text(script + _REPORT)
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "30s", "-s", str(file)]
        for header in headers:
            command += ["-H", header]
        done = subprocess.run([*command, address], capture_output=True, text=True, check=True)
    found = re.search(r"figures (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", done.stdout)
    if found is None:
        raise RuntimeError(f"wrk says: {done.stdout}{done.stderr}")
    requests, micros, broken, refused, p50, p99 = (int(each) for each in found.groups())
    return Load(requests / (micros / 1e6), p50 / 1e3, p99 / 1e3, requests, refused, broken)
