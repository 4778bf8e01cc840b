"""The lock files fit pyproject.toml, pin everything by hash, and name no place to download from."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.house import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def group(name: str) -> list[str]:
    found: list[str] = []
    for item in PROJECT["dependency-groups"][name]:
        found += group(item["include-group"]) if isinstance(item, dict) else [item]
    return found


def locked(name: str) -> list[tuple[Requirement, list[str]]]:
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    entries = re.sub(r"\\\n\s+", " ", re.sub(r"^#.*\n", "", text, flags=re.M)).splitlines()
    return [
        (Requirement(entry.partition(" --hash=")[0]), re.findall(r"--hash=sha256:([0-9a-f]{64})", entry))
        for entry in entries
    ]


@pytest.mark.parametrize(("name", "also"), [("run", "build"), ("dev", "dev")])
def test_what_the_project_asks_for_is_locked(name: str, also: str) -> None:
    pinned: dict[str, list[Requirement]] = {}
    for requirement, _ in locked(name):
        pinned.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    for text in [*PROJECT["project"]["dependencies"], *group(also)]:
        wanted = Requirement(text)
        assert canonicalize_name(wanted.name) in pinned, f"{wanted.name} is not in {name}.lock: make lock"
        for pin in pinned[canonicalize_name(wanted.name)]:
            (only,) = pin.specifier
            assert wanted.specifier.contains(only.version, prereleases=True), f"{pin} does not fit {wanted}"


@pytest.mark.parametrize("name", ["run", "dev"])
def test_every_entry_is_one_version_with_hashes(name: str) -> None:
    for requirement, hashes in locked(name):
        assert [only.operator for only in requirement.specifier] == ["=="], requirement
        assert hashes, f"{requirement} has no hash"


def test_the_smaller_lock_is_part_of_the_larger() -> None:
    # Not their conditions: more may ask for a package among the tools than among what a user needs.
    everything = {f"{requirement.name}{requirement.specifier}" for requirement, _ in locked("dev")}
    assert {f"{requirement.name}{requirement.specifier}" for requirement, _ in locked("run")} <= everything


@pytest.mark.parametrize("name", ["run", "dev"])
def test_locks_name_no_place(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|@ |--(extra-)?index|--find-links", text)
