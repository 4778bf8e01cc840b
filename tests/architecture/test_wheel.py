"""What is installed is complete: the scenarios and the template travel with the code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from parley import catalog
from tests.architecture.house import ROOT


def test_the_wheel_holds_scenarios_templates_and_types(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as archive:
        held = set(archive.namelist())
    package = ROOT / "src"
    data = [catalog.template(), package / "parley" / "py.typed"]
    for name in catalog.names():
        data += [path for path in catalog.locate(name).parent.iterdir() if path.is_file()]
    assert {path.relative_to(package).as_posix() for path in data} <= held
    assert not [name for name in held if name.startswith(("tests/", "docs/")) or "__pycache__" in name]
