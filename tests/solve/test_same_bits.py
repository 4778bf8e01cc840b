"""A draw has the same bits whatever it is solved with, and jitted code those of plain Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.solve import Solution, solve_arrays, stakes
from parley.solve.kernels.layout import LANES
from tests.solve.games import Table, build, random_table, redraw, talks


def solved(table: Table, which: np.ndarray, precision: float = 12.0, threads: int = 1) -> Solution:
    chance, payoff = table.chance[:, which], table.payoff[:, :, which]
    stake = stakes(table.game, payoff)
    return solve_arrays(table.game, chance, payoff, precision / stake, stake=stake, threads=threads)


def assert_same(one: Solution, other: Solution, columns: np.ndarray) -> None:
    assert one.strategy.tobytes() == np.ascontiguousarray(other.strategy[:, columns]).tobytes()
    assert one.value.tobytes() == np.ascontiguousarray(other.value[:, columns]).tobytes()
    assert one.certificate.residual.tobytes() == other.certificate.residual[columns].tobytes()
    assert (
        one.certificate.regret.tobytes()
        == np.ascontiguousarray(other.certificate.regret[:, columns]).tobytes()
    )
    assert one.certificate.sweeps.tolist() == other.certificate.sweeps[columns].tolist()
    assert one.certificate.status.tolist() == other.certificate.status[columns].tolist()


@settings(max_examples=12)
@given(seed=st.integers(0, 10_000), size=st.integers(1, 3 * LANES + 1))
def test_any_part_of_a_batch_has_the_bits_of_the_whole(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    table = random_table(rng, draws=4 * LANES + 3, most=120, players=int(rng.integers(2, 5)), seen=0.3)
    whole = solved(table, np.arange(4 * LANES + 3))
    columns = rng.choice(4 * LANES + 3, size, replace=False)
    assert_same(solved(table, columns), whole, columns)


def test_chunks_and_threads_do_not_change_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(8)
    table = redraw(build(talks(rng, 1), 4), rng, 300)
    everything = np.arange(300)
    whole = solved(table, everything)
    for chunk, threads in ((7, 2), (64, 3), (299, 1)):
        monkeypatch.setattr("parley.solve.batch._chunk", lambda *_, size=chunk: size)
        assert_same(solved(table, everything, threads=threads), whole, everything)


def test_draws_that_need_arclength_have_the_same_bits_alone() -> None:
    # battle of the sexes behind hidden moves at high precision: many branches fold
    rng = np.random.default_rng(5)
    table = random_table(rng, draws=40, most=200, players=3, seen=0.2, luck=0.1)
    whole = solved(table, np.arange(40), precision=40.0)
    slow = int(np.argmax(whole.certificate.sweeps))
    assert_same(solved(table, np.array([slow]), precision=40.0), whole, np.array([slow]))


PLAIN = """
import json, sys
import numpy as np
from tests.solve.games import random_table
from parley.solve import solve_arrays, stakes
table = random_table(np.random.default_rng(4), draws=3, most=14, players=2, seen=0.2)
stake = stakes(table.game, table.payoff)
solution = solve_arrays(table.game, table.chance, table.payoff, 6 / stake, stake=stake, threads=1)
print(json.dumps([[each.hex() for each in row] for row in solution.strategy.tolist()]))
print(json.dumps([each.hex() for each in solution.certificate.regret.ravel().tolist()]))
"""


def test_compiled_code_has_the_bits_of_plain_python() -> None:
    found = []
    for plain in ("0", "1"):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": plain}
        done = subprocess.run(
            [sys.executable, "-c", PLAIN], capture_output=True, text=True, check=True, env=environment
        )
        found.append([json.loads(line) for line in done.stdout.splitlines()])
    assert found[0] == found[1]
    assert len(found[0][0]) > 4


def test_kept_machine_code_goes_stale_with_any_kernel_file() -> None:
    from parley.solve.kernels import _jit, answer, branch, proof

    entries: list[Any] = [branch.follow, answer.answer, proof.prove, proof.range_over_paths]
    for entry in entries:
        assert entry._cache._cache_file._source_stamp == _jit.SOURCES
