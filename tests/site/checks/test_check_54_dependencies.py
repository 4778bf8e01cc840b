"""Check 54: libraries are pinned by hash and audited; an audit that could not ask is no pass."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
REGISTRY = "https://registry.npmjs.org/"
ELSEWHERE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//[^"']*|@import|url\(["']?(?:https?:)?//""")


@pytest.mark.parametrize("name", ["run.lock", "dev.lock"])
def test_check_54_every_library_is_pinned_with_a_hash(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", "--"))]
    assert lines
    for line in lines:
        assert re.match(r"[A-Za-z0-9._\[\]-]+==[^ ]+", line), line
        assert "--hash=sha256:" in line, line


def test_check_54_the_front_end_is_locked_with_integrity() -> None:
    lock = json.loads((ROOT / "frontend/package-lock.json").read_text(encoding="utf-8"))
    for name, package in lock["packages"].items():
        if name:
            assert package["integrity"].startswith("sha512-"), name
            assert package.get("resolved", REGISTRY).startswith(REGISTRY), name
            assert package.get("dev"), f"{name} would be shipped to readers"


def test_check_54_pages_load_nothing_from_elsewhere() -> None:
    for file in (ROOT / "src/parley/site").rglob("*"):
        if file.suffix in (".html", ".css", ".js") and file.is_file():
            text = file.read_text(encoding="utf-8")
            found = re.findall(
                r"""(?:src|href|action)=["'](?:https?:)?//[^"']*|@import|url\(["']?(?:https?:)?//""", text
            )
            assert not found, (file.name, found)


def test_check_54_without_a_network_the_audit_does_not_say_that_all_is_well(tmp_path: Path) -> None:
    for name in ("python3", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    own = {**os.environ, "PATH": path}
    done = subprocess.run([ROOT / "scripts/audit"], env=own, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "NOT CHECKED" in done.stderr
    demanded = {**own, "PARLEY_AUDIT": "demand"}
    done = subprocess.run([ROOT / "scripts/audit"], env=demanded, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
