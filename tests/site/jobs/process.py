"""A worker in a process of its own, for tests that end it: ``python -m tests.site.jobs.process``.

It knows one more kind of work, ``count``: begins by a line in a file, takes a while, and writes one row,
which can be written once only.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path


def main() -> int:
    """Work until told to end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.site.web.settings")
    import django
    from django.conf import settings

    options = settings.DATABASES["default"]["OPTIONS"]
    options["timeout"] = 1  # seconds that a writer waits: tests have less time than sites
    options["init_command"] = options["init_command"].replace("busy_timeout=10000", "busy_timeout=1000")
    django.setup()
    from django.utils import timezone

    from parley.site.web.jobs import process, registry
    from parley.site.web.models import Bucket
    from tests.site.solver import StandIn

    begun = Path(os.environ["PARLEY_SITE"], "begun")

    @registry.job("count")
    def count(work: registry.Work) -> registry.Write:
        with begun.open("a") as file:
            file.write(f"{work.payload['n']}\n")
        end = time.monotonic() + work.payload["seconds"]
        while time.monotonic() < end:
            work.go_on()
            time.sleep(0.005)
        return lambda: Bucket.objects.create(
            key=f"count:{work.payload['n']}", tokens=1, updated=timezone.now()
        )

    if os.environ.get("PARLEY_TEST_CHILD") == "real":
        return process.run(ready=lambda: os.write(1, b"ready\n"))
    solver = StandIn()
    solver.hold_for = os.environ.get("PARLEY_TEST_HOLD", "")
    process.children = lambda lane: None if lane == "light" else solver
    return process.run(ready=lambda: os.write(1, b"ready\n"))


if __name__ == "__main__":
    sys.exit(main())
