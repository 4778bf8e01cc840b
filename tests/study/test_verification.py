"""A stored run with one number changed: the check says which draw of which policy."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import numpy as np
import pytest

import parley
from parley.study import Problem, Store
from parley.study.parquet import ParquetFiles
from tests.game.stories import SIGNALS, scenario

DRAWS, CHUNK = 48, 16


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "run"
    parley.run(scenario(SIGNALS), draws=DRAWS, seed=4, chunk=CHUNK, store=folder)
    return folder


@pytest.fixture
def run(kept: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "copy"
    for file in kept.rglob("*"):
        if file.is_file():
            target = copy / file.relative_to(kept)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    return copy


def _change(run: Path, column: str, row: int | None, draw: int, factor: float) -> None:
    """Multiply one stored number, as somebody might who wants another result."""
    file = run / "chunks" / "1-16.parquet"
    name = f'"{column}"'
    if row is None:
        changed = f"case when draw = {draw} then {name} * {factor} else {name} end"
    else:
        changed = (
            f"case when draw = {draw} then list_transform({name}, lambda x, i: "
            f"case when i = {row + 1} then x * {factor} else x end) else {name} end"
        )
    new = run / "new.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select * replace ({changed} as {name}) from '{file}') to '{new}' (format parquet)"
        )
    new.replace(file)


def test_a_run_as_it_was_written_is_sound(run: Path) -> None:
    found = parley.verify(run)
    assert found.sound
    assert (found.draws, found.pieces, found.complete) == (DRAWS, 12, True)


@pytest.mark.parametrize(
    ("column", "row", "factor"),
    [
        ("strategy", 0, 1.001),
        ("residual", None, 1e6),
        ("regret", 1, 1.01),
        ("value", 0, 1.0001),
        ("quantity: P(deal)", None, 1.0001),
        ("quantity: belief(b, type is soft | at answer)", None, 0.999),
        ("parameter: p", None, 1.0001),
    ],
)
def test_one_changed_number_is_named(run: Path, column: str, row: int | None, factor: float) -> None:
    _change(run, column, row, 21, factor)
    problems = parley.verify(run).problems
    assert problems
    assert {(each.policy, each.draw) for each in problems} == {("shut", 21)}


def test_a_changed_status_is_named(run: Path) -> None:
    _change(run, "status", None, 21, 0)
    assert parley.verify(run).sound  # converged is 0 already
    file = run / "chunks" / "1-16.parquet"
    new = run / "new.parquet"
    with duckdb.connect() as connection:
        status = "(case when draw = 21 then 1 else status end)::tinyint"
        connection.execute(
            f"copy (select * replace ({status} as status) from '{file}') to '{new}' (format parquet)"
        )
    new.replace(file)
    assert {each.draw for each in parley.verify(run).problems} == {21}


def test_draws_out_of_order_are_reported(run: Path) -> None:
    file = run / "chunks" / "1-16.parquet"
    new = run / "new.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"copy (from '{file}' order by draw desc) to '{new}' (format parquet)")
    new.replace(file)
    (problem,) = parley.verify(run).problems
    assert problem == Problem("shut", None, problem.message)
    assert "in order" in problem.message


def test_another_text_is_refused(run: Path) -> None:
    file = run / Store.open(run).scenario_file
    file.write_text(file.read_text().replace("15%", "16%"))
    with pytest.raises(parley.StudyError, match="not the text that was run"):
        parley.verify(run)


def test_an_unfinished_run_is_checked_as_far_as_it_is(run: Path) -> None:
    (run / "chunks" / "2-16.parquet").unlink()
    assert Store.open(run).findings() is None
    found = parley.verify(run)
    assert found.sound
    assert not found.complete
    assert found.pieces == 11


def test_a_run_in_which_the_solver_failed_somewhere_is_sound_if_it_says_so(tmp_path: Path) -> None:
    text = SIGNALS.replace("  e: 15%\n", "  e: {uniform: [-0.2, 0.5]}\n")
    results = parley.run(scenario(text), draws=32, seed=1, store=tmp_path / "run")
    assert (results.proofs["open"].status == 3).any()
    assert np.isnan(results.proofs["open"].residual).any()
    assert parley.verify(tmp_path / "run").sound


def test_run_json_cannot_promise_more_than_there_is(run: Path) -> None:
    (run / "findings.json").write_text("{}")
    file = run / "run.json"
    file.write_text(file.read_text().replace('"draws": 48', '"draws": 4096'))
    (problem,) = parley.verify(run).problems
    assert "12 of 1024 chunks" in problem.message


def test_another_title_is_reported(run: Path) -> None:
    file = run / "run.json"
    file.write_text(file.read_text().replace("A test", "Another"))
    (problem,) = parley.verify(run).problems
    assert "its title is 'A test'" in problem.message


def test_a_number_changed_in_the_table_of_readings(run: Path) -> None:
    block = run / "readings" / "0.parquet"
    files = ParquetFiles()
    columns = files.read(block, {})
    name = next(each for each in columns if each.startswith("1: quantity"))
    columns[name] = np.array(columns[name])
    columns[name][17] += 1e-3
    note = duckdb.execute("select value from parquet_kv_metadata(?)", [str(block)]).fetchall()[0][0]
    files.write(block, columns, json.loads(note)["belongs"])
    files.close()
    found = parley.verify(run)
    assert [problem.draw for problem in found.problems] == [17]
    assert name in found.problems[0].message
