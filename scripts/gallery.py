"""The catalog of the documentation: a gallery, and one page for each scenario that ships with Parley.

Everything is taken from the scenario itself: its front matter, its prose, its model, its published numbers,
its sweep. ``python -m scripts.gallery`` draws the pictures; with --check it only says whether they are up to
date.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

from parley import catalog
from parley.catalog import Entry
from parley.catalog.entries import FIDELITY
from parley.scenario.model import Expectation, Scenario

__all__ = ["CATALOG", "Shelf", "catalog_pages"]

ROOT = Path(__file__).resolve().parents[1]
CATALOG = ROOT / "docs" / "catalog"
NOTE = "% Written by scripts/gallery.py. Do not edit.\n\n"

_FENCE = re.compile(
    r"^(?P<ticks>`{3,}|~{3,})[ \t]*parley[^\n]*\n(?P<model>.*?)^(?P=ticks)[ \t]*$", re.M | re.S
)
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.S)


Shelf: TypeAlias = "list[tuple[Entry, Scenario]]"
"""What is on the shelf, by field and name."""


def catalog_pages(shelf: Shelf) -> dict[Path, str]:
    """Return every page of the catalog with its text."""
    pages = {CATALOG / "index.md": gallery(shelf)}
    for entry, scenario in shelf:
        pages[CATALOG / f"{entry.name}.md"] = page(entry, scenario)
    return pages


def gallery(shelf: Shelf) -> str:
    """Write the page with a card for each scenario, by field."""
    parts = [NOTE, HEAD]
    for field, group in groupby(shelf, key=lambda each: each[0].field):
        parts.append(f"\n## {field[:1].upper()}{field[1:]}\n\n::::{{grid}} 1 2 2 3\n:gutter: 3\n")
        for entry, scenario in group:
            parts.append(f"\n:::{{grid-item-card}} {entry.title}\n:link: {entry.name}\n:link-type: doc\n")
            if scenario.sweeps:
                parts.append(f":img-bottom: {picture(entry).relative_to(CATALOG).as_posix()}\n")
            parts.append(f"\n{inline(entry.teaches)}\n\n`{entry.name}`\n:::\n")
        parts.append("::::\n")
    parts.append("\n```{toctree}\n:hidden:\n\n")
    parts += [f"{entry.name}\n" for entry, _ in shelf]
    parts.append("```\n")
    return "".join(parts)


HEAD = """# Catalog

Models of the literature with their published numbers under test, the classic games, and arguments: all are
scenario files, to be run, read, changed and built upon. `parley catalog` lists them in the terminal, `parley
catalog search WORD` looks for a word, `parley new my-own --from NAME` writes a copy to change.
{doc}`/how-to/use-the-catalog` goes through it.
"""


def page(entry: Entry, scenario: Scenario) -> str:
    """Write the page of one scenario."""
    parts = [NOTE, f"# {entry.title}\n\n", f"*{inline(entry.question)}*\n\n" if entry.question else ""]
    parts.append("| | |\n|---|---|\n")
    parts += [f"| {name} | {cell(said)} |\n" for name, said in facts(entry)]
    if scenario.sweeps:
        parts.append(figure(entry, scenario))
    parts.append(f"\n{scenario.article.strip()}\n")
    if scenario.expected:
        parts.append(f"\n{NUMBERS}")
        parts += [f"{row}\n" for row in expected_rows(scenario)]
    if scenario.challenges:
        parts.append("\n## Objections\n\n")
        parts += [f"- **{name}**: {inline(each.text)}\n" for name, each in scenario.challenges.items()]
    parts.append(f"\n## The model\n\n{NOT_RUN}\n```yaml\n{model(scenario)}```\n")
    parts.append(f"\n## Run it\n\n```text\n{commands(entry)}```\n")
    return "".join(parts)


NOT_RUN = "<!-- test: not run: the tests run the file itself -->"

NUMBERS = """## Numbers that it must reproduce

`parley reproduce` solves for each of them, as the tests do.

| what | published | within |
|---|---|---|
"""


def picture(entry: Entry) -> Path:
    """Return where the picture of a scenario stands."""
    return CATALOG / "pictures" / f"{entry.name.replace('/', '-')}.svg"


def figure(entry: Entry, scenario: Scenario) -> str:
    """Write the picture of a scenario's sweep into its page."""
    up = "../" * entry.name.count("/")
    text = scenario.sweeps[0].text or scenario.sweeps[0].vary
    address = f"{up}{picture(entry).relative_to(CATALOG).as_posix()}"
    return f"\n```{{image}} {address}\n:alt: {inline(text)}\n:width: 36rem\n```\n"


def facts(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield what is known about a scenario beside its prose."""
    yield "Name", f"`{entry.name}`"
    yield "Field", entry.field
    yield "Players", ", ".join(entry.players)
    yield "Teaches", entry.teaches
    yield "Source", entry.citation
    yield "Fidelity", f"**{entry.fidelity}**: {FIDELITY[entry.fidelity]}"


def expected_rows(scenario: Scenario) -> Iterator[str]:
    """Yield a row for each published number."""
    for item in scenario.expected:
        yield f"| {what(item)} | {item.value:.10g} | {item.tolerance:g} |"


def what(item: Expectation) -> str:
    """Say which number is meant, for which values, and by which concept."""
    said = f"`{cell(item.expression.source)}`"
    if item.text:
        said = f"{cell(item.text)}: {said}"
    if item.set:
        said += " at " + ", ".join(f"{cell(name)} {value}" for name, value in item.set.items())
    return f"{said} (limit)" if item.concept == "limit" else said


def model(scenario: Scenario) -> str:
    """Return the model of a scenario, its fences joined."""
    text = _FRONT.sub("", scenario.text)
    return "\n".join(found["model"].rstrip() + "\n" for found in _FENCE.finditer(text))


def commands(entry: Entry) -> str:
    """Return the commands that go with a scenario."""
    lines = [f"parley run {entry.name}", f"parley new my-own --from {entry.name}"]
    if entry.expected:
        lines.insert(1, f"parley reproduce {entry.name}")
    return "\n".join(lines) + "\n"


def inline(text: str) -> str:
    """Return text on one line."""
    return " ".join(text.split())


def cell(text: str) -> str:
    """Return text for a cell of a table."""
    return inline(text).replace("|", "\\|")


# --- pictures ---------------------------------------------------------------------------------------------


def drawn() -> Iterator[tuple[Path, str]]:
    """Yield the picture of each scenario that has a sweep."""
    from parley.catalog.entries import entries
    from parley.report.sweeps import sweep_picture
    from parley.study import sweep

    for entry in entries():
        scenario = catalog.load(entry.name)
        if scenario.sweeps:
            yield picture(entry), sweep_picture(sweep(scenario))


def same(one: str, other: str) -> bool:
    """Whether two pictures differ by no more than the last digit of a coordinate.

    Processors do not agree on the last bits of an exponential.
    """
    if _NUMBER.sub("", _NAME.sub("", one)) != _NUMBER.sub("", _NAME.sub("", other)):
        return False
    pairs = zip(_NUMBER.findall(_NAME.sub("", one)), _NUMBER.findall(_NAME.sub("", other)), strict=True)
    return all(abs(float(a) - float(b)) <= NEAR * max(1.0, abs(float(a))) for a, b in pairs)


NEAR = 0.15
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_NAME = re.compile(r"\bp[0-9a-f]{10}\b")  # of title and description: made from the picture's bytes


def main(arguments: list[str]) -> int:
    """Draw the pictures, or with ``--check`` compare them; returns the exit code."""
    stale, wanted = [], set()
    for path, svg in drawn():
        wanted.add(path)
        if arguments != ["--check"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(svg, encoding="utf-8")
        elif not path.is_file() or not same(path.read_text(encoding="utf-8"), svg):
            stale.append(path)
    unknown = set((CATALOG / "pictures").glob("*.svg")) - wanted
    if arguments == ["--check"]:
        for path in [*stale, *sorted(unknown)]:
            hint = "run .venv/bin/python -m scripts.gallery"
            print(f"out of date: {path.relative_to(ROOT)} ({hint})", file=sys.stderr)
        return 1 if stale or unknown else 0
    for path in unknown:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
