"""One real site for all faults: two web processes, a worker, on a disk of its own where that is possible."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.faults.crowd import Crowd
from tests.site.real import RealSite

# Nobody is refused for frequency alone: what is refused here is refused for the fault.
RULES = """
typing_seconds = 0.0
queued_solves = 50
[limits]
post = {burst = 5000, per_hour = 5000}
challenge = {burst = 5000, per_hour = 5000}
solve = {burst = 5000, per_hour = 5000}
"""
DISK = 96  # MiB


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """Fifty signed-in readers of a served site."""
    if sys.platform != "linux":
        pytest.skip("looks at processes by /proc")
    folder = tmp_path_factory.mktemp("faults")
    mounted = _mounted(folder)
    try:
        site = RealSite(folder, RULES, ("--workers", "2", "--threads", "4"))
        site.start()
        try:
            people = site.people([{"name": f"Reader{n}", "points": 30} for n in range(50)])
            site.solved()
            yield Crowd(site, list(people.values()), own_disk=mounted)
        finally:
            site.stop()
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)


def _mounted(folder: Path) -> bool:
    """Put the folder on a small disk in memory, where this user may."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=700", "tmpfs", str(folder)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
