"""A small run to be kept, and programs that write it: ``python -m tests.study.kept MODE FOLDER``."""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.scenario.model import Scenario
from parley.study.results import Provenance
from parley.study.store import Store
from tests.draws.judged import scenario

CHUNK = 64
DRAWS = 6400
POLICIES = ("status quo", "short list")
TEXT = "---\r\nparley: 1\ntitle: Gespräche\n---\n[Talks fail]{#fail}\n"
ASKED = Provenance(
    scenario="Gespräche",
    path="talks.md",
    digest="5e1f" * 16,
    overrides={"p": "0.3"},
    seed=7,
    draws=DRAWS,
    design="scrambled Sobol', 16 replicates",
    concept="agent logit quantal response equilibrium",
    version="0.1.0",
)


def source(path: str = "talks.md", text: str = TEXT) -> Scenario:
    return dataclasses.replace(scenario({}), path=path, text=text, digest=ASKED.digest)


def begin(folder: Path | str, **changes: Any) -> Store:
    return Store.begin(folder, source(), dataclasses.replace(ASKED, **changes), POLICIES, CHUNK)


def columns(policy: int, first: int, actions: int = 30) -> dict[str, NDArray[Any]]:
    rng = np.random.default_rng([policy, first])
    return {
        "draw": np.arange(first, first + CHUNK),
        "status": np.zeros(CHUNK, dtype=np.int8),
        "residual": rng.random(CHUNK) * 1e-10,
        "sweeps": rng.integers(1, 90, CHUNK, dtype=np.int32),
        "option of binds": np.array(["on", "off"] * (CHUNK // 2)),
        "P(war | talks)": np.where(rng.random(CHUNK) < 0.1, np.nan, rng.random(CHUNK)),
        "strategy": rng.dirichlet(np.ones(2), (actions, CHUNK))[:, :, 0],
    }


def write_until_killed(folder: str) -> None:
    """Write chunk after chunk, round and round."""
    with begin(folder) as store:
        print("writing", flush=True)  # noqa: T201 - tells the test that the lock is held
        for number in itertools.count():
            key = (number % 2, number // 2 % (DRAWS // CHUNK) * CHUNK)
            store.write_chunk(key, columns(*key, actions=400))


def hold(folder: str) -> None:
    """Hold the folder until the other side closes the pipe."""
    with begin(folder):
        print("holding", flush=True)  # noqa: T201
        sys.stdin.read()


def write_beyond_the_limit(folder: str) -> None:
    """Write a small chunk, then one that no file may be long enough for, as on a full disk."""
    import resource

    from parley.errors import StudyError

    with begin(folder) as store:
        store.write_chunk((0, 0), columns(0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
        attempts = (
            partial(store.write_chunk, (0, CHUNK), columns(0, CHUNK, actions=400)),
            partial(store.finish, '"' + "x" * 50_000 + '"'),
        )
        for attempt in attempts:
            try:
                attempt()
            except StudyError as error:
                print(error)  # noqa: T201 - the test reads it


def run_again_and_again(folder: str) -> None:
    """Run a command anew for every line that comes in, each time in a process of its own that may be killed.

    Solvers are loaded once: a life costs milliseconds. Says the process's number, and later how it ended.
    """
    import parley
    from parley.cli.main import program

    parley.run(parley.load(str(Path(folder, "story.yaml"))), draws=64)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            program.main(json.loads(line))
        print(child, flush=True)  # noqa: T201
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201


if __name__ == "__main__":
    {
        "write": write_until_killed,
        "hold": hold,
        "limit": write_beyond_the_limit,
        "again": run_again_and_again,
    }[sys.argv[1]](sys.argv[2])
