"""The schema is made of the reader's own tables, and takes what the reader takes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from parley.scenario.keys import FORMS, SECTIONS, SHAPES
from parley.scenario.schema import json_schema, main

ROOT = Path(__file__).parents[2]
SCHEMA = json_schema()
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value meets a schema, for the few words of JSON Schema that ours uses."""
    if "$ref" in schema:
        return fits(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema and not any(fits(value, each) for each in schema["anyOf"]):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if not isinstance(value, tuple(kind for name in names for kind in TYPES[name])):
            return False
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        return False
    if isinstance(value, list):
        return all(fits(item, schema.get("items", {})) for item in value)
    if isinstance(value, dict):
        if not set(schema.get("required", ())) <= set(value):
            return False
        for name, item in value.items():
            inner = schema.get("properties", {}).get(str(name), schema.get("additionalProperties", {}))
            if inner is False or not fits(item, inner):
                return False
    return True


def model(path: Path) -> Any:
    blocks = re.findall(r"^```parley\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return YAML(typ="safe", pure=True).load("\n".join(blocks).replace("2006-10-30", "'2006-10-30'"))


def test_the_written_schema_is_up_to_date() -> None:
    assert main([str(ROOT / "docs" / "reference" / "parley.schema.json"), "--check"]) == 0


def test_it_is_written_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    assert main([str(path), "--check"]) == 1
    assert main([str(path)]) == 0
    assert main([str(path), "--check"]) == 0
    assert json.loads(path.read_text(encoding="utf-8")) == SCHEMA


def test_every_form_is_known() -> None:
    known = {*FORMS, *SHAPES, "step"}
    keys = [*SECTIONS, *(key for shape in SHAPES.values() for key in shape.keys)]
    forms = [key.form for key in keys]
    forms += [form for shape in SHAPES.values() for form in (shape.short, shape.others) if form]
    words = {re.sub(r"^(?:(?:list|map) of )+", "", part) for form in forms for part in form.split(" or ")}
    assert words <= known


def test_every_reference_leads_somewhere() -> None:
    names = re.findall(r"#/\$defs/([\w -]+)", json.dumps(SCHEMA))
    assert set(names) <= set(SCHEMA["$defs"])


def test_a_valid_scenario_meets_the_schema() -> None:
    assert fits(model(Path(__file__).with_name("whole.md")), SCHEMA)


@pytest.mark.parametrize(
    "number",
    [
        "060-unknown-key",
        "065-unknown-section",
        "061-missing-key",
        "068-wrong-kind-players-list",
        "078-confidence-in-words",
    ],
)
def test_a_broken_scenario_does_not(number: str) -> None:
    assert not fits(model(ROOT / "tests" / "corpus" / "broken" / f"{number}.md"), SCHEMA)
