"""Objects as data frames: their shapes, types and values, in either library."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import parley
from parley.errors import FindingsError, FrameError, SolveError
from parley.findings.tidy import TABLES
from parley.scenario import read_request
from parley.solve import frames
from parley.solve.frames import LIBRARIES, distinct, frame
from parley.study import sweep


@pytest.fixture(scope="module")
def results() -> parley.Results:
    return parley.run(parley.load("which-event-first"), draws=16)


@pytest.fixture(params=LIBRARIES)
def library(request: pytest.FixtureRequest) -> str:
    pytest.importorskip(request.param)
    return str(request.param)


def column(table: Any, name: str) -> list[Any]:
    """The values of a column, missing ones as None."""
    values = table[name]
    values = values.to_list() if hasattr(values, "to_list") else list(values)
    return [None if value is None or value != value else value for value in values]


def test_results_have_a_row_for_each_draw_and_policy(results: parley.Results, library: str) -> None:
    table = results.to_frame(library)
    draws, policies = len(results.draw), results.policies
    assert len(table) == draws * len(policies)
    assert column(table, "policy") == [policy for policy in policies for _ in range(draws)]
    assert column(table, "draw") == [*results.draw.tolist()] * len(policies)
    assert column(table, "replicate") == [*range(16)] * len(policies)
    assert set(column(table, "status")) == {"converged"}
    assert column(table, "B") == [*results.parameters["B"].tolist()] * len(policies)
    for (name, policy), values in results.quantities.items():
        place = policies.index(policy) * draws
        found = column(table, name)[place : place + draws]
        assert found == [None if np.isnan(value) else value for value in values.tolist()]
    kinds = {name: str(table[name].dtype).lower() for name in ("draw", "B", "residual")}
    assert kinds == {"draw": "int64", "B": "float64", "residual": "float64"}


def test_what_was_not_measured_is_missing(results: parley.Results, library: str) -> None:
    (name, policy), *_ = results.quantities
    fewer = replace(
        results, quantities={key: v for key, v in results.quantities.items() if key != (name, policy)}
    )
    found = column(fewer.to_frame(library), name)
    place = results.policies.index(policy) * 16
    assert found[place : place + 16] == [None] * 16
    assert None not in found[:place] + found[place + 16 :]


def test_a_frame_is_a_copy(results: parley.Results) -> None:
    pytest.importorskip("pandas")
    table = results.to_frame("pandas")
    table["B"] = 0.0
    table.loc[0, "residual"] = 7.0
    assert results.parameters["B"].min() > 0
    assert results.proofs[results.policies[0]].residual[0] != 7.0


def test_a_name_that_is_taken_gets_its_kind() -> None:
    named = [
        ("draw", "", [1]),
        ("draw", "switch", [2]),
        ("draw (switch)", "claim", [3]),
        ("draw", "switch", [4]),
    ]
    assert distinct(named) == {
        "draw": [1],
        "draw (switch)": [2],
        "draw (switch) (claim)": [3],
        "draw (switch) 2": [4],
    }


def test_findings_are_a_frame_for_each_table(results: parley.Results, library: str) -> None:
    found = parley.assess(results)
    tables = found.to_frame(library=library)
    assert set(tables) <= set(TABLES)
    assert len(tables["claims"]) == len(found.claims)
    assert len(tables["measures"]) == sum(len(item.spread) for item in found.measures)
    means = [spread.mean for item in found.measures for spread in item.spread.values()]
    assert column(tables["measures"], "mean") == means
    assert column(tables["claims"], "holds share") == [
        claim.holds.share if claim.holds is not None else None for claim in found.claims
    ]
    assert len(found.to_frame("cruxes", library)) == 0
    with pytest.raises(FindingsError, match="no table 'crux'; there are: verdict, measures"):
        found.to_frame("crux", library)


def test_no_number_of_a_record_is_left_out(results: parley.Results) -> None:
    pytest.importorskip("pandas")
    found = parley.assess(results)
    written = json.loads(found.to_json())
    table = found.to_frame("assumptions", "pandas")
    assert [each.replace("_", " ") for each in written["assumptions"][0]] == list(table.columns)
    first = written["claims"][0]["holds"]
    assert {f"holds {key}" for key in first} <= set(found.to_frame("claims", "pandas").columns)


def test_a_solution_has_a_row_for_each_action_and_draw(library: str) -> None:
    text = 'EFG 2 R "" { "us" } p "" 1 1 "act" { "go" "stay" } 0 t "" 1 "" { 1 } t "" 0'
    game = parley.read_game("war.efg", text)
    solution = parley.solve_at(game, [0.0, 1.0])
    table = solution.to_frame(game, library)
    assert len(table) == 4
    assert column(table, "draw") == [0, 0, 1, 1]
    assert column(table, "action") == ["go", "stay"] * 2
    odds = [0.5, 0.5, 1 / (1 + np.exp(-1.0)), 1 / (1 + np.exp(1.0))]
    assert column(table, "probability") == pytest.approx(odds, abs=1e-9)
    with pytest.raises(SolveError, match="it is another game's"):
        solution.to_frame(parley.compile(parley.load("which-event-first")), library)


def test_a_sweep_has_a_row_for_each_point_of_each_curve(library: str) -> None:
    scenario = parley.load("which-event-first")
    request = read_request(scenario, "{vary: B, from: 0, to: 40, steps: 3, show: payoff(us)}")
    found = sweep(scenario, request, draws=16)
    table = found.to_frame(library)
    assert len(table) == len(found.x) * len(found.curves)
    assert column(table, "B") == [*found.x.tolist()] * len(found.curves)
    spread = found.curves[0].spread
    assert spread is not None
    assert column(table, "95 %")[: len(found.x)] == spread[-1].tolist()


def test_without_a_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "find_spec", lambda name: None)
    with pytest.raises(FrameError, match=r"pandas or polars, which is not installed: .*workbench\[frames\]"):
        frame({"draw": [0]})
    with pytest.raises(FrameError, match="needs polars, which is not installed: pip install polars"):
        frame({"draw": [0]}, "polars")
    with pytest.raises(FrameError, match="there are no frames of 'duckdb'; there are: pandas, polars"):
        frame({"draw": [0]}, "duckdb")


def test_whichever_is_there_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    monkeypatch.setattr(frames, "find_spec", lambda name: name if name == "pandas" else None)
    assert type(frame({"draw": [0]})).__module__.startswith("pandas")
