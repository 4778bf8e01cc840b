"""Findings as JSON: complete, versioned, without NaN, read back equal; documented field by field."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.errors import FindingsError
from parley.findings import (
    Findings,
    Spread,
    assess,
    discovery_model,
    flip_model,
    history_model,
    importance,
    model,
    policy_model,
    reasoning_model,
)
from parley.study.results import Provenance
from tests.findings.synthetic import results

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "findings.md"
TYPES = [
    *(getattr(model, name) for name in model.__all__ if name not in ("FORMAT", "MARK")),
    *(getattr(discovery_model, name) for name in discovery_model.__all__),
    *(getattr(policy_model, name) for name in policy_model.__all__),
    *(getattr(importance, name) for name in importance.__all__ if name != "NEGLIGIBLE"),
    *(getattr(flip_model, name) for name in flip_model.__all__),
    *(getattr(reasoning_model, name) for name in reasoning_model.__all__),
    *(getattr(history_model, name) for name in history_model.__all__),
    Provenance,
]


@pytest.fixture(scope="module")
def text() -> str:
    return assess(results()).to_json()


def test_reads_back_equal(text: str) -> None:
    assert Findings.from_json(text) == assess(results())
    assert Findings.from_json(text).to_json() == text


def test_begins_with_its_version(text: str) -> None:
    content = json.loads(text)
    assert next(iter(content)) == "parley_findings"
    assert content["parley_findings"] == model.FORMAT == 1


def test_is_strict_json(text: str) -> None:
    def refuse(constant: str) -> Any:
        raise AssertionError(constant)

    json.loads(text, parse_constant=refuse)


@given(st.floats())
def test_no_number_is_written_that_json_does_not_have(value: float) -> None:
    findings = assess(results(16))
    measure = dataclasses.replace(
        findings.measures[0], spread={"x": Spread(value, None, None, None, None, 1, 0)}
    )
    changed = dataclasses.replace(findings, measures=(measure,))
    assert "NaN" not in changed.to_json()
    assert "Infinity" not in changed.to_json()
    Findings.from_json(changed.to_json())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.pop("title"), "findings: missing: title"),
        (lambda c: c.update(extra=1), "findings: unknown: extra"),
        (lambda c: c.update(title=3), "findings.title: expected str, found 3"),
        (lambda c: c.update(draws=True), "findings.draws: expected int, found True"),
        (lambda c: c["claims"][0].update(carriers=[1]), r"findings.claims\[0\].carriers\[0\]: expected str"),
        (lambda c: c.update(parley_findings=2), "version 2; this Parley reads version 1"),
        (lambda c: c.pop("parley_findings"), "not findings"),
    ],
)
def test_damage_is_named(text: str, change: Any, message: str) -> None:
    content = json.loads(text)
    change(content)
    with pytest.raises(FindingsError, match=message):
        Findings.from_json(json.dumps(content))


def test_what_is_not_json_is_refused() -> None:
    with pytest.raises(FindingsError, match="not JSON"):
        Findings.from_json("{")
    with pytest.raises(FindingsError, match="not findings"):
        Findings.from_json("[]")


def documented() -> dict[str, list[str]]:
    """Sections of the reference page that have a table of fields, with those fields in order."""
    sections = re.split(r"(?m)^## ", PAGE.read_text(encoding="utf-8"))[1:]
    found = {part.split("\n", 1)[0].strip(): re.findall(r"(?m)^\| `(\w+)` \|", part) for part in sections}
    return {name: fields for name, fields in found.items() if name != "The words"}


def test_the_page_lists_every_type() -> None:
    assert set(documented()) == {kind.__name__ for kind in TYPES}


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_the_page_lists_every_field_in_order(kind: Any) -> None:
    assert documented()[kind.__name__] == [field.name for field in dataclasses.fields(kind)]


def test_the_page_states_the_thresholds() -> None:
    from parley.findings import statistics

    page = PAGE.read_text(encoding="utf-8")
    for value in (statistics.ROBUST_FROM, statistics.LEANS_ABOVE, statistics.FAILS_BELOW):
        assert f"{value:.2f} |" in page
    assert f"more than {100 * statistics.UNCERTIFIED_LIMIT:.0f} %" in page
