"""The JSON Schema of the language, for an editor's YAML plug-in.

What lives here: turning the tables of :mod:`parley.scenario.keys` into a schema. What may not: a second list
of keys. ``python -m parley.scenario.schema`` writes the file, ``--check`` says whether it is up to date.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parley.scenario.keys import FORMS, FRONT_MATTER, SECTIONS, SHAPES, STEPS, Key, Shape

__all__ = ["json_schema", "main"]

_SCALAR = ["string", "number", "boolean"]  # an editor may take `on` or `0.3` for a boolean or a number
_PLAIN: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": _SCALAR},
    "name": {"type": _SCALAR},
    "label": {"type": _SCALAR},
    "number": {
        "type": ["number", "string"],
        "pattern": r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*%?\s*$",
    },
    "integer": {"type": "integer"},
    "expression": {"type": _SCALAR},
    "condition": {"type": _SCALAR},
    "chance": {"type": _SCALAR},
    "new value": {
        "anyOf": [{"type": _SCALAR}, {"type": "object", "additionalProperties": {"type": _SCALAR}}]
    },
    "names": {"anyOf": [{"type": _SCALAR}, {"type": "array", "items": {"type": _SCALAR}}]},
    "seen by": {"anyOf": [{"type": _SCALAR}, {"type": "array", "items": {"type": _SCALAR}}]},
    "confidence": {"enum": ["A", "B", "C"]},
    "anything": {},
}
_FILE = Path("docs/reference/parley.schema.json")


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a model, with or without the keys of the front matter.

    Examples
    --------
    >>> schema = json_schema()
    >>> schema["properties"]["players"]["additionalProperties"]
    {'$ref': '#/$defs/player'}
    """
    properties = {key.name: _described(key) for key in (*FRONT_MATTER, *SECTIONS)}
    shapes = {_anchor(shape.name): _shape(shape) for shape in SHAPES.values()}
    shapes["step"] = {"anyOf": [_reference(shape.name) for shape in STEPS]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Parley scenario",
        "description": "The model of a scenario: a .yaml file, or blocks headed `parley` in Markdown.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "$defs": {
            **{_anchor(name): {"description": text, **_PLAIN[name]} for name, text in FORMS.items()},
            **shapes,
        },
    }


def _anchor(name: str) -> str:
    return name.replace(" ", "-")


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{_anchor(name)}"}


def _described(key: Key) -> dict[str, Any]:
    return {"description": key.text, **_form(key.form)}


def _form(form: str) -> dict[str, Any]:
    """Return the schema of a form: a name, `list of ...`, `map of ...`, or several joined with `or`."""
    choices = form.split(" or ")
    if len(choices) > 1:
        return {"anyOf": [_form(choice) for choice in choices]}
    if form.startswith("list of "):
        return {"type": "array", "items": _form(form.removeprefix("list of "))}
    if form.startswith("map of "):
        return {"type": "object", "additionalProperties": _form(form.removeprefix("map of "))}
    return _reference(form)


def _shape(shape: Shape) -> dict[str, Any]:
    """Return the schema of a map with fixed keys; keys of several words may be written with `_` or `-`."""
    properties: dict[str, Any] = {}
    for key in shape.keys:
        for name in dict.fromkeys((key.name, key.name.replace(" ", "_"), key.name.replace(" ", "-"))):
            properties[name] = _described(key)
    written: dict[str, Any] = {
        "description": shape.article,
        "type": "object",
        "properties": properties,
        "additionalProperties": False if shape.others is None else _form(shape.others),
    }
    required = [key.name for key in shape.keys if key.required]
    if required:
        written["required"] = required
    if shape.short is None:
        return written
    return {"anyOf": [_form(shape.short), written]}


def _text() -> str:
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the schema, or say with ``--check`` whether the file is up to date.

    Returns
    -------
    int
        0, or 1 when ``--check`` finds another text.
    """
    parser = argparse.ArgumentParser(
        prog="python -m parley.scenario.schema", description="The JSON Schema of the language."
    )
    parser.add_argument("file", nargs="?", type=Path, default=_FILE)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when the file is out of date"
    )
    chosen = parser.parse_args(arguments)
    if not chosen.check:
        chosen.file.write_text(_text(), encoding="utf-8")
        return 0
    if chosen.file.is_file() and chosen.file.read_text(encoding="utf-8") == _text():
        return 0
    sys.stderr.write(f"{chosen.file} is out of date; run python -m parley.scenario.schema\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
