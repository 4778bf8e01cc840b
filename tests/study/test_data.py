"""A run of a scenario that counts tables: the folder holds all that it needs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import parley
from parley.errors import StudyError

TEXT = """
parley: 1
title: A threat
players: {us: We}
parameters:
  p: {proportion: {data: tables/wars.csv, successes: won is yes}}
  r: {rate: {count: n, exposure: 1, per: year}, evidence: wars, unit: per year}
story: [{player: us, move: act, options: [attack, wait]}, {outcomes: [end]}]
payoffs: {us: p - r if act is attack else 0}
compare: {player: us, policies: {wait: {act: wait}, attack: {act: attack}}, recommend: attack}
evidence: {wars: {text: three wars, data: wars.csv}}
"""
TABLE = "battle,won,n\nA,yes,1\nB,no,0\nC,no,2\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tables").mkdir()
    for name in ("tables/wars.csv", "wars.csv"):
        (tmp_path / name).write_bytes(TABLE.encode())
    (tmp_path / "threat.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def _run(folder: Path, **settings: str) -> parley.Results:
    scenario = parley.load(folder / "threat.yaml", settings)
    return parley.run(scenario, draws=32, seed=3, chunk=16, store=folder / "run")


@pytest.mark.parametrize("change", [None, "A,yes,1\n", ""])
def test_a_run_is_verified_when_its_tables_are_changed_or_gone(folder: Path, change: str | None) -> None:
    done = _run(folder)
    for name in ("tables/wars.csv", "wars.csv"):
        (folder / name).unlink()
        if change is not None:
            (folder / name).write_text(change, encoding="utf-8")
    assert parley.verify(folder / "run").sound
    again = parley.study.read_run(folder / "run")
    assert again.provenance == done.provenance


def test_a_run_goes_on_after_it_was_interrupted(folder: Path) -> None:
    done = _run(folder)
    (folder / "run" / "findings.json").unlink(missing_ok=True)
    (folder / "run" / "chunks" / "0-16.parquet").unlink()
    assert _run(folder).provenance == done.provenance
    assert parley.verify(folder / "run").complete


def test_a_beginning_that_was_interrupted_is_begun_again(folder: Path) -> None:
    _run(folder)
    run = folder / "run"
    (run / "run.json").unlink()
    shutil.rmtree(run / "readings")
    for chunk in (run / "chunks").iterdir():
        chunk.unlink()
    (run / "data" / "wars.csv.partial").write_text("half", encoding="utf-8")
    _run(folder)
    assert parley.verify(run).sound
    assert not (run / "data" / "wars.csv.partial").exists()


def test_a_run_with_another_table_is_another_run(folder: Path) -> None:
    _run(folder)
    (folder / "wars.csv").write_text(TABLE.replace("C,no,2", "C,no,3"), encoding="utf-8")
    with pytest.raises(StudyError, match="the scenario's text, or a table that it counts"):
        _run(folder)


def test_a_table_that_was_changed_in_the_folder(folder: Path) -> None:
    _run(folder)
    (folder / "run" / "data" / "wars.csv").write_text(TABLE + "D,no,9\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"wars\.csv' is not the table that was counted"):
        parley.verify(folder / "run")


def test_a_run_names_no_file_outside_of_it(folder: Path) -> None:
    _run(folder)
    record = folder / "run" / "run.json"
    asked = json.loads(record.read_text(encoding="utf-8"))
    for data in ({"../../wars.csv": "0"}, {"/etc/passwd": "0"}, ["wars.csv"], {"wars.csv": 1}):
        record.write_text(json.dumps({**asked, "data": data}), encoding="utf-8")
        with pytest.raises(StudyError, match="is damaged"):
            parley.verify(folder / "run")


def test_a_setting_that_counts_is_kept_with_the_run(folder: Path) -> None:
    (folder / "other.csv").write_text("won\nyes\nyes\nno\n", encoding="utf-8")
    _run(folder, p="{proportion: {data: other.csv, successes: won is yes}}")
    (folder / "other.csv").unlink()
    assert parley.verify(folder / "run").sound
    said = next(
        each for each in parley.assess(parley.study.read_run(folder / "run")).assumptions if each.name == "p"
    )
    assert "2 of 3" in said.judgement
