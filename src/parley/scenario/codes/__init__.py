"""The catalogue of diagnostics: one entry per code, in twelve modules by topic.

Pages of the documentation are generated from it. What may not live here: finding faults.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from types import MappingProxyType

from parley.scenario.codes.code import Code

__all__ = ["CODES", "Code"]

_TOPICS = (
    "file",
    "structure",
    "expression",
    "judgement",
    "estimate",
    "story",
    "wishes",
    "argument",
    "sweep",
    "compiled",
    "notes",
)


def _joined(topics: Iterable[str]) -> Mapping[str, Code]:
    catalogue: dict[str, Code] = {}
    for topic in topics:
        for entry in import_module(f"parley.scenario.codes.{topic}").CODES:
            if entry.code in catalogue:
                raise ValueError(f"two diagnostics have the code {entry.code}")
            catalogue[entry.code] = entry
    return MappingProxyType(catalogue)


CODES: Mapping[str, Code] = _joined(_TOPICS)
