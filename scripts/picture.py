"""Draws docs/images/taliban-talks.svg: what `parley run taliban-talks` prints, as a picture.

With --check it only compares the words of the picture's verdict with what the command prints now: solving for
the rest takes most of a minute, and its last digits may differ by machine.
"""

from __future__ import annotations

import html
import io
import re
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

import parley
from parley.report import render
from parley.study import Evaluator

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "images" / "taliban-talks.svg"
WIDTH = 100


def printed(*, quick: bool) -> list[Text]:
    """Return what the command prints, in colour: all of it, or with ``quick`` title and verdict alone."""
    results = parley.run(parley.load("taliban-talks"))
    probe = None if quick else Evaluator(results.scenario, results.policies)
    text = render(parley.assess(results, probe), width=WIDTH, colour=True)
    lines = [Text.from_ansi(line) for line in text.splitlines()]
    if quick:
        headings = [n for n, line in enumerate(lines) if re.match(r"[A-Z]{4}", line.plain)]
        lines = lines[: headings[1]]
    return [Text("$ parley run taliban-talks"), *lines]


def drawn(lines: list[Text]) -> str:
    """Return the picture of a terminal with these lines."""
    console = Console(
        record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="standard"
    )
    for line in lines:
        console.print(line, soft_wrap=True)
    svg = console.export_svg(title="Parley", unique_id="parley", font_aspect_ratio=0.61)
    # A picture must not fetch a font from somewhere: it takes the reader's own.
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.S).replace("Fira Code, monospace", "monospace")
    svg = svg.replace("font-size: 20px", "font-size: 19px")  # room for wider fonts
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def words(svg: str) -> list[str]:
    """Return the words of a picture, in order, without residuals (their last bits differ by machine)."""
    shown = html.unescape(" ".join(re.findall(r"<text[^>]*>(.*?)</text>", svg))).split()
    return [word for word in shown if not re.match(r"\d\.\de-\d\d$", word)]


def main(arguments: list[str]) -> int:
    """Draw the picture, or compare; return the exit code."""
    if arguments != ["--check"]:
        svg = drawn(printed(quick=False))
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        PICTURE.write_text(svg, encoding="utf-8")
        return 0
    now = words(drawn(printed(quick=True)))
    if words(PICTURE.read_text(encoding="utf-8"))[: len(now)] == now:
        return 0
    print(f"{PICTURE.name} is out of date: run scripts/picture.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
