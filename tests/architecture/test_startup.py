"""What a command loads: asking for help and checking a scenario need no numerical library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from parley.catalog import template

HEAVY = {"numpy", "scipy", "pandas", "numba", "llvmlite", "duckdb", "matplotlib"}


def loaded_by(*arguments: str) -> set[str]:
    """Top-level modules in a fresh process after the command ran and succeeded."""
    code = (
        "import sys\n"
        "from parley.cli.main import main\n"
        "sys.argv = ['parley', *sys.argv[1:]]\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "print('\\nLOADED', *{name.partition('.')[0] for name in sys.modules})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return set(done.stdout.rpartition("LOADED")[2].split())


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], ["verify", "--help"]])
def test_help_loads_no_numerical_library(arguments: list[str]) -> None:
    assert loaded_by(*arguments) & HEAVY == set()


def test_check_loads_no_numerical_library(tmp_path: Path) -> None:
    scenario = tmp_path / "argument.md"
    scenario.write_text(template().read_text(encoding="utf-8"), encoding="utf-8")
    loaded = loaded_by("check", str(scenario))
    assert "parley" in loaded
    assert loaded & HEAVY == set()


def test_importing_the_face_loads_no_room() -> None:
    code = "import sys, parley; print(sorted(name for name in sys.modules if name.startswith('parley')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['parley']"
