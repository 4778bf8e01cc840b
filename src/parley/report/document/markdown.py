"""A document as Markdown (CommonMark with tables): pictures are files beside it.

What lives here: writing. What may not: what is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from parley.report.document.model import (
    Block,
    Bullets,
    Code,
    Document,
    Figure,
    Inline,
    Outline,
    Paragraph,
    Section,
    Table,
    Terms,
    runs,
)

__all__ = ["to_markdown"]

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
_ORDERED = re.compile(r"^(\d+)([.)])(?=\s|$)")


def to_markdown(document: Document, pictures: Mapping[str, str] | None = None) -> str:
    r"""Write a document as Markdown.

    Parameters
    ----------
    document
        What to write.
    pictures
        Name of a figure -> address of its file. A figure without one is told by its caption and its table.

    Examples
    --------
    >>> from parley.report.document import Document, Paragraph, Section
    >>> part = Section("answer", "The answer", (Paragraph("It **leans**."),))
    >>> print(to_markdown(Document("Talks", None, (), (part,), "End.")))
    # Talks
    <BLANKLINE>
    ## The answer
    <BLANKLINE>
    It **leans**.
    <BLANKLINE>
    ---
    <BLANKLINE>
    End.
    <BLANKLINE>
    """
    parts = [f"# {_inline(document.title)}"]
    if document.question:
        parts.append(f"*{_inline(document.question)}*")
    if document.facts:
        parts.append("  \n".join(_inline(fact) for fact in document.facts))
    for section in document.sections:
        parts += _section(section, 2, pictures or {})
    parts += ["---", _inline(document.foot)]
    return "\n\n".join(parts) + "\n"


def _section(section: Section, depth: int, pictures: Mapping[str, str]) -> Iterator[str]:
    yield f"{'#' * depth} {_inline(section.title)}"
    for block in section.blocks:
        yield from _block(block, depth, pictures)


def _block(block: Block, depth: int, pictures: Mapping[str, str]) -> Iterator[str]:
    match block:
        case Section():
            yield from _section(block, depth + 1, pictures)
        case Paragraph(text=text, kind=kind):
            yield f"> {_inline(text)}" if kind == "quote" else _line(text)
        case Bullets(items=items, numbered=numbered):
            marks = (f"{number}." if numbered else "-" for number in range(1, len(items) + 1))
            yield "\n".join(f"{mark} {_inline(item)}" for mark, item in zip(marks, items, strict=True))
        case Outline(lines=lines):
            yield "\n".join(f"{'  ' * deep}- {_inline(text)}" for deep, text in lines)
        case Terms(items=terms):
            yield "\n".join(f"- **{_inline(each.term)}**: {_inline(each.text)}" for each in terms)
        case Table():
            yield from _table(block)
        case Figure():
            address = pictures.get(block.name)
            if address is not None:
                yield f"![{_inline(block.caption)}]({address})"
            yield f"*{_inline(block.caption)}*"
            if block.table is not None:
                yield from _table(block.table)
        case Code(text=text):
            ticks = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
            yield f"{ticks}text\n{text.rstrip()}\n{ticks}"


def _table(table: Table) -> Iterator[str]:
    if table.caption:
        yield f"{_inline(table.caption)}:"
    rule = ["---:" if column in table.numeric else "---" for column in range(len(table.head))]
    rows = [[_inline(cell) for cell in row] for row in (table.head, *table.rows)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    yield "\n".join([lines[0], f"|{'|'.join(rule)}|", *lines[1:]])


def _line(text: Inline) -> str:
    """Write a paragraph, which must not begin like a list."""
    return _ORDERED.sub(r"\1\\\2", _inline(text))


def _inline(text: Inline) -> str:
    parts = []
    for run, style in runs(text):
        if style == "code":
            ticks = "`" * (max((len(found) for found in re.findall("`+", run)), default=0) + 1)
            parts.append(f"{ticks}{run}{ticks}".replace("|", "\\|"))
        else:
            escaped = _SPECIAL.sub(r"\\\1", run)
            escaped = re.sub(r"^([-+])(?=-*(?:\s|$))", r"\\\1", escaped)
            parts.append(f"**{escaped}**" if style == "strong" else escaped)
    return "".join(parts)
