"""Every key of the language is shown in an example that is checked, compiled and solved."""

from __future__ import annotations

from pathlib import Path

import pytest

import parley
from parley.scenario import keys
from scripts.generate import examples_of

EXAMPLES = sorted((Path(__file__).parents[2] / "docs" / "examples").glob("*.md"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_solved(path: Path) -> None:
    results = parley.run(parley.load(path), draws=16, seed=1)
    findings = parley.assess(results)
    assert findings.certification.solved == findings.certification.games
    assert all(item.met for item in findings.expected)


@pytest.mark.parametrize("shape", keys.SHAPES.values(), ids=lambda shape: shape.name)
def test_every_shape_has_an_example_with_all_its_keys(shape: keys.Shape) -> None:
    excerpts = "\n".join(examples_of(shape.name))
    assert excerpts, f"no example of {shape.name}"
    everything = "\n".join(path.read_text(encoding="utf-8") for path in EXAMPLES)
    missing = [
        key.name
        for key in shape.keys
        if f"{key.name}:" not in everything and f"- {key.name}" not in everything
    ]
    assert missing == []


@pytest.mark.parametrize("key", [*keys.SECTIONS, *keys.FRONT_MATTER], ids=lambda key: key.name)
def test_every_section_is_used_in_an_example(key: keys.Key) -> None:
    assert any(f"\n{key.name}:" in path.read_text(encoding="utf-8") for path in EXAMPLES)
