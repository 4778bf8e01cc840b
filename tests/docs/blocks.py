"""The fenced blocks of a Markdown page, with their marks. See README.md beside this file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["EXAMPLES", "KNOWN", "PAGES", "ROOT", "Block", "read_blocks"]

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
PAGES = (
    ROOT / "README.md",
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if EXAMPLES not in page.parents),
)
KNOWN = {"console", "python", "markdown", "yaml", "text", "json", "sh", "bibtex"}

_FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,}|~{3,})(?P<info>[^`]*)$")
_MARK = re.compile(r"^<!-- test: (.+?) -->$")
_KINDS = ("save as ", "part of ", "exit ", "not run: ")


@dataclass(frozen=True)
class Block:
    """One fence: its language, its text, where it stands, and what its marks say."""

    page: Path
    line: int
    language: str
    text: str
    marks: tuple[str, ...]

    def mark(self, kind: str) -> str | None:
        for mark in self.marks:
            if mark.startswith(kind):
                return mark.removeprefix(kind).strip(": ")
        return None

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def read_blocks(page: Path) -> list[Block]:
    """Every fence of the page in order; a MyST directive ({...}) is the page's own business, not a block."""
    blocks: list[Block] = []
    marks: list[str] = []
    lines = page.read_text(encoding="utf-8").splitlines()
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if found := _MARK.match(line.strip()):
            if not found[1].startswith(_KINDS):
                raise ValueError(f"{page}:{number}: unknown mark {found[1]!r}")
            marks.append(found[1])
        elif fence := _FENCE.match(line):
            start, indent = number, len(fence["indent"])
            while lines[number].strip() != fence["ticks"]:
                number += 1
            text = "\n".join(part[indent:] for part in lines[start:number]) + "\n"
            number += 1
            if not fence["info"].strip().startswith("{"):
                blocks.append(Block(page, start, fence["info"].strip(), text, tuple(marks)))
                marks = []
        elif marks and line.strip():
            raise ValueError(f"{page}:{number}: a mark with no fence below it")
    return blocks
