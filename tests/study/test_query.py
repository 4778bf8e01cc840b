"""A stored run answers questions in SQL, and can be read and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import parley
from parley.study import query, sql, views
from tests.game.stories import HEAD, SIGNALS

DRAWS = 512


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("query") / "run"
    parley.run(parley.load("which-event-first"), draws=DRAWS, seed=5, store=folder)
    return folder


@pytest.fixture(scope="module")
def results(kept: Path) -> parley.Results:
    return parley.study.read_run(kept)


def ask(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with query(folder, sql) as answer:
        return list(answer.rows)


def table(folder: Path, sql: str) -> dict[str, np.ndarray[Any, Any]]:
    with query(folder, sql) as answer:
        columns = zip(*answer.rows, strict=True)
        return {
            name: np.array([np.nan if value is None else value for value in column])
            for name, column in zip(answer.columns, columns, strict=True)
        }


def test_every_number_of_the_results_is_there(kept: Path, results: parley.Results) -> None:
    found = table(kept, "select * from readings order by draw")
    expected: dict[str, np.ndarray[Any, Any]] = dict(results.parameters)
    expected |= {f"precision_{name}": values for name, values in results.precision.items()}
    expected |= {f"criterion_{n + 1}_{policy}": values for (n, policy), values in results.criteria.items()}
    expected |= {f"{name}_{policy}": values for (name, policy), values in results.quantities.items()}
    expected |= dict(results.claims)
    expected |= {f"{name}_margin": values for name, values in results.margins.items()}
    expected |= {f"expected_{n}": values for n, values in enumerate(results.expected, start=1)}
    expected |= {"draw": results.draw, "replicate": results.draw % 16}
    expected = {re.sub("[ -]", "_", name): values for name, values in expected.items()}
    assert set(expected) == set(found)
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values, err_msg=name)
    for policy in results.policies:
        mine = table(kept, f"select * from measures where policy = '{policy}' order by draw")
        for name in set(mine) - {"draw", "policy"}:
            column = f"{name}_{policy}".replace(" ", "_")
            np.testing.assert_array_equal(mine[name], found[column], err_msg=column)


def test_certificates_are_there(kept: Path, results: parley.Results) -> None:
    rows = ask(kept, "select policy, draw, status, residual, regret_us from certificates order by all")
    assert len(rows) == DRAWS * len(results.policies)
    assert {row[2] for row in rows} == {"converged"}
    for policy, proof in results.proofs.items():
        mine = [row for row in rows if row[0] == policy]
        np.testing.assert_array_equal([row[3] for row in mine], proof.residual)
        np.testing.assert_array_equal([row[4] for row in mine], proof.regret[0])


def test_tables_can_be_joined(kept: Path, results: parley.Results) -> None:
    [(found,)] = ask(
        kept,
        "select avg(m.criterion_1) from measures m join readings r using (draw) "
        "where m.policy = 'pause' and r.B > (select median(B) from readings)",
    )
    dear = results.parameters["B"] > np.median(results.parameters["B"])
    assert found == pytest.approx(results.criteria[0, "pause"][dear].mean(), rel=1e-12)


def test_what_has_no_value_is_null(tmp_path: Path) -> None:
    scenario = parley.loads(HEAD + SIGNALS, "story.yaml")
    results = parley.run(scenario, draws=64, seed=5, store=tmp_path)
    columns = {column.name for column in views(tmp_path)["measures"]}
    for name, policy in results.quantities:
        column = name.replace(" ", "_")
        assert column in columns
        [(missing,)] = ask(
            tmp_path, f"select count(*) - count({column}) from measures where policy = '{policy}'"
        )
        assert missing == np.isnan(results.quantities[name, policy]).sum()


def test_every_column_is_described(kept: Path) -> None:
    found = views(kept)
    assert list(found) == ["readings", "measures", "certificates"]
    for view, columns in found.items():
        with query(kept, f"select * from {view} limit 1") as answer:
            assert answer.columns == tuple(column.name for column in columns)
        assert all(column.text for column in columns)
        assert len({column.name.lower() for column in columns}) == len(columns)
        assert all(column.name.isidentifier() for column in columns)
    assert "loss to Washington" in next(each.text for each in found["readings"] if each.name == "B")


def test_an_unfinished_run_is_asked_as_far_as_it_is(tmp_path: Path) -> None:
    scenario = parley.load("which-event-first")
    parley.run(scenario, draws=96, seed=5, store=tmp_path, chunk=32)
    (tmp_path / "chunks" / "1-32.parquet").unlink()
    (tmp_path / "readings" / "0.parquet").unlink()
    assert ask(tmp_path, "select count(*), max(draw) from readings") == [(64, 95)]
    assert not (tmp_path / "readings" / "0.parquet").exists()


ATTACKS = [
    "drop view readings",
    "create table t as select 1",
    "insert into readings values (1)",
    "update readings set draw = 0",
    "delete from readings",
    "copy readings to '{outside}/stolen.csv'",
    "copy (select 1) to '{inside}' (format parquet)",
    "copy (select 1) to '{outside}/new' (format parquet)",
    "attach '{outside}/new.db' as other",
    "export database '{outside}/new'",
    "install httpfs",
    "load httpfs",
    "load '{outside}/evil.duckdb_extension'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset allowed_paths",
    "pragma enable_external_access = true",
    "call pragma_version()",
    "prepare p as select 1",
    "vacuum",
    "select 1; drop view readings",
    "select * from read_text('{outside}/secret.txt')",
    "select * from read_csv('{outside}/secret.txt')",
    "select * from '{outside}/secret.txt'",
    "select * from read_parquet('{outside}/other.parquet')",
    "select * from read_parquet('{chunk}')",
    "select * from glob('{outside}/*')",
    "select * from parquet_metadata('{outside}/other.parquet')",
    "select * from sniff_csv('{outside}/secret.txt')",
    "select * from read_json('http://127.0.0.1:1/x.json')",
    "select * from 's3://bucket/x.parquet'",
    "select * from query('copy readings to ''{outside}/stolen.csv''')",
    "select getenv('HOME')",
    "select * from numbers",  # a variable of this program
    "explain analyze copy readings to '{outside}/stolen.csv'",
    "with t as (delete from readings) select * from t",
    "select nothing from readings",
    "select",
    "",
    ";",
    "-- nothing",
    "\0",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_run_can_only_be_read(kept: Path, tmp_path: Path, attack: str) -> None:
    numbers = {"a": np.arange(3)}
    assert numbers
    (tmp_path / "secret.txt").write_text("secret,1\n", encoding="utf-8")
    (tmp_path / "other.parquet").write_bytes((kept / "readings" / "0.parquet").read_bytes())
    before = {file: file.read_bytes() for file in [*kept.rglob("*.*"), *tmp_path.iterdir()] if file.is_file()}
    inside, chunk = kept / "readings" / "0.parquet", kept / "chunks" / "0-0.parquet"
    with pytest.raises(parley.StudyError) as refusal:
        ask(kept, attack.format(outside=tmp_path, inside=inside, chunk=chunk))
    assert "secret," not in str(refusal.value)
    after = {file: file.read_bytes() for file in [*kept.rglob("*.*"), *tmp_path.iterdir()] if file.is_file()}
    assert after == before


def test_a_question_takes_no_more_memory_than_it_may(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "MEMORY", "64MiB")
    with pytest.raises(parley.StudyError, match="Out of Memory"):
        ask(kept, "select list(range) from range(50000000)")


def test_names_that_sql_would_quote(tmp_path: Path) -> None:
    text = (HEAD + SIGNALS).replace("\r", "")
    scenario = parley.loads(text, "story.yaml")
    parley.run(scenario, draws=16, store=tmp_path / "it's [1]")
    assert ask(tmp_path / "it's [1]", "select count(*) from readings") == [(16,)]


def test_rows_come_as_they_are_asked_for(kept: Path) -> None:
    with query(kept, "select * from range(1000000000)") as answer:
        assert next(answer.rows) == (0,)
