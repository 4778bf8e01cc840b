"""Draws the pictures of docs/explanation/pictures.md, when the documentation is built; none is kept.

They are the pictures of a report on a scenario that ships with Parley, and a sweep of it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from parley import assess, catalog, run
from parley.report.compose import compose
from parley.report.document import Figure, Section
from parley.study import Evaluator

__all__ = ["illustrate"]

SCENARIO = "which-event-first"
DRAWS = 256


def illustrate(folder: Path) -> list[str]:
    """Write the pictures of a report into a folder, and return their names."""
    scenario = catalog.load(SCENARIO)
    results = run(scenario, draws=DRAWS)
    document = compose(assess(results, Evaluator(scenario, results.policies)), scenario)
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {figure.name: figure.svg for section in document.sections for figure in figures(section)}
    for name, svg in drawn.items():
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    return sorted(drawn)


def figures(section: Section) -> list[Figure]:
    """Return the pictures of a section and of those in it."""
    own = [block for block in section.blocks if isinstance(block, Figure)]
    inner = [block for block in section.blocks if isinstance(block, Section)]
    return own + [figure for each in inner for figure in figures(each)]


if __name__ == "__main__":
    print("\n".join(illustrate(Path(sys.argv[1]))))
