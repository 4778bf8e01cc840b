"""Gambit's tracer on some files, under whatever interpreter has it: ``python peer.py JOBS``.

What lives here: the clock around ``logit_solve_lambda``. What may not: anything but pygambit and the standard
library; the interpreter need not have Parley.

JOBS is a JSON file, a list of ``{"path", "lambda", "actions"}``; for each job one line of JSON is printed:
the processor seconds of the tracer alone, and its probabilities by player, information set and action.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def solve(path: str, strength: float, actions: int) -> tuple[float, list[float]]:
    """Seconds of processor time and probabilities."""
    import pygambit

    game = pygambit.read_efg(path)
    begin = time.process_time()
    found = pygambit.qre.logit_solve_lambda(game, lam=[strength])[0]
    seconds = time.process_time() - begin
    return seconds, [float(found[k]) for k in range(actions)]


def main() -> None:
    """Solve every job."""
    from importlib.metadata import version

    jobs = json.loads(Path(sys.argv[1]).read_text())
    print(json.dumps({"version": version("pygambit"), "python": sys.version.split()[0]}), flush=True)
    for job in jobs:
        seconds, found = solve(job["path"], job["lambda"], job["actions"])
        print(json.dumps({"path": job["path"], "seconds": seconds, "strategy": found}), flush=True)


if __name__ == "__main__":
    main()
