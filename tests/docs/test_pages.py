"""Generated pages are up to date, and links from the pages outside docs/ lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parley.cli.main import program
from parley.scenario.codes import CODES
from scripts.generate import pages
from tests.docs.blocks import ROOT

WRITTEN = pages()


@pytest.mark.parametrize(("path", "text"), WRITTEN.items(), ids=[path.stem for path in WRITTEN])
def test_a_generated_page_is_up_to_date(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text, "run .venv/bin/python -m scripts.generate"


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    folder = ROOT / "docs" / "reference" / "diagnostics"
    assert {path.stem for path in folder.glob("*.md")} == {"index", *CODES}


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "tests/docs/README.md"])
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    missing = [
        target for target in targets if "://" not in target and not (page.parent / target.strip()).exists()
    ]
    assert missing == []


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    said = ("make demo", "make test", *(f"parley {name}" for name in program.commands))
    for command in said:
        assert command in readme
