"""A report as a document: sections of paragraphs, tables and pictures, written as HTML or Markdown.

What lives here: the parts of a document and how they are written. What may not: what a report says
(:mod:`parley.report.sections`), how a picture is drawn.
"""

from __future__ import annotations

from parley.report.document.html import to_fragment, to_html
from parley.report.document.markdown import to_markdown
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
    Term,
    Terms,
    plain,
)

__all__ = [
    "Block",
    "Bullets",
    "Code",
    "Document",
    "Figure",
    "Inline",
    "Outline",
    "Paragraph",
    "Section",
    "Table",
    "Term",
    "Terms",
    "plain",
    "to_fragment",
    "to_html",
    "to_markdown",
]
