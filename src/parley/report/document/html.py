"""A document as one HTML file: no network, no script needed to read it, fit for paper.

What lives here: writing. What may not: what is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

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
from parley.report.document.style import STYLE
from parley.report.pictures.theme import style_sheet

__all__ = ["to_fragment", "to_html"]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_OWN_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_TAGS = {"": "{}", "strong": "<strong>{}</strong>", "code": "<code>{}</code>"}
_KINDS = {"": "<p>{}</p>", "lead": '<p class="lead">{}</p>', "note": '<p class="note">{}</p>'}
_DEEPEST = 6


def to_html(document: Document) -> str:
    r"""Write a document as one self-contained HTML file.

    The style of pictures stands once in the head, not in each picture. A policy in the head keeps the page
    from loading anything from anywhere (Content-Security-Policy).

    Examples
    --------
    >>> from parley.report.document import Document, Paragraph, Section
    >>> part = Section("answer", "The <answer>", (Paragraph("It **leans**."),))
    >>> page = to_html(Document("Talks", None, (), (part,), "End."))
    >>> "<h2>The &lt;answer&gt;</h2><p>It <strong>leans</strong>.</p>" in page.replace("\n", "")
    True
    """
    question = f'<p class="question">{_inline(document.question)}</p>' if document.question else ""
    facts = "".join(f"<li>{_inline(fact)}</li>" for fact in document.facts)
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{escape(document.language)}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{_words(document.title)}</title>",
            f"<style>{STYLE}{style_sheet('auto')}</style>",
            "</head>",
            "<body>",
            '<a class="skip" href="#text">To the text</a>',
            f"<header><h1>{_inline(document.title)}</h1>{question}",
            f'<ul class="facts">{facts}</ul></header>' if facts else "</header>",
            _contents(document),
            '<main id="text">',
            *(_section(section, 2) for section in document.sections),
            "</main>",
            f"<footer><p>{_inline(document.foot)}</p></footer>",
            "</body>",
            "</html>",
            "",
        ]
    )


def to_fragment(blocks: Sequence[Block]) -> str:
    """Write blocks as HTML for a page that brings its own style, such as a cell of a notebook.

    Pictures come without their rules: the page needs :func:`parley.report.pictures.theme.style_sheet` once.

    Examples
    --------
    >>> to_fragment([Paragraph("It **leans**.")])
    '<p>It <strong>leans</strong>.</p>'
    """
    return "\n".join(part for block in blocks for part in _block(block, _DEEPEST - 1))


def _contents(document: Document) -> str:
    links = "".join(
        f'<li><a href="#{section.name}">{_inline(section.title)}</a></li>' for section in document.sections
    )
    return f'<nav aria-label="Contents"><ol>{links}</ol></nav>' if links else ""


def _section(section: Section, depth: int) -> str:
    depth = min(depth, _DEEPEST)
    body = "\n".join(part for block in section.blocks for part in _block(block, depth))
    heading = f"<h{depth}>{_inline(section.title)}</h{depth}>"
    if section.folded:
        inner = f"<details><summary>{heading}</summary>\n{body}</details>"
    else:
        inner = f"{heading}\n{body}"
    return f'<section id="{section.name}">{inner}</section>'


def _block(block: Block, depth: int) -> Iterator[str]:
    match block:
        case Section():
            yield _section(block, depth + 1)
        case Paragraph(text=text, kind="quote"):
            yield f"<blockquote><p>{_inline(text)}</p></blockquote>"
        case Paragraph(text=text, kind=kind):
            yield _KINDS[kind].format(_inline(text))
        case Bullets(items=items, numbered=numbered):
            tag = "ol" if numbered else "ul"
            yield f"<{tag}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{tag}>"
        case Outline(lines=lines):
            yield _outline(lines)
        case Terms(items=terms):
            pairs = (f"<dt>{_inline(each.term)}</dt><dd>{_inline(each.text)}</dd>" for each in terms)
            yield f"<dl>{''.join(pairs)}</dl>"
        case Table():
            yield _table(block)
        case Figure():
            yield _figure(block)
        case Code(text=text):
            yield f'<pre tabindex="0"><code>{escape(_safe(text.rstrip()), quote=False)}</code></pre>'


def _outline(lines: Sequence[tuple[int, Inline]]) -> str:
    parts: list[str] = []
    above = -1
    for depth, text in lines:
        parts.append("<ul>" if depth > above else "</li>" + "</ul></li>" * (above - depth))
        parts.append(f"<li>{_inline(text)}")
        above = depth
    return "".join(parts) + "</li></ul>" * (above + 1)


def _figure(figure: Figure) -> str:
    drawn = _OWN_STYLE.sub("", figure.svg).strip()  # the head has the rules of all pictures
    table = ""
    if figure.table is not None:
        table = f"<details><summary>The numbers behind it</summary>{_table(figure.table)}</details>"
    caption = f"<figcaption>{_inline(figure.caption)}</figcaption>"
    return f'<figure id="picture-{figure.name}">{drawn}{caption}{table}</figure>'


def _table(table: Table) -> str:
    def cell(tag: str, column: int, text: Inline) -> str:
        kind = ' class="number"' if column in table.numeric else ""
        return f"<{tag}{kind}>{_inline(text)}</{tag.split()[0]}>"

    head = "".join(cell('th scope="col"', column, text) for column, text in enumerate(table.head))
    rows = []
    for row in table.rows:
        first = cell('th scope="row"', 0, row[0])
        rest = "".join(cell("td", column, text) for column, text in enumerate(row[1:], start=1))
        rows.append(f"<tr>{first}{rest}</tr>")
    caption = f"<caption>{_inline(table.caption)}</caption>" if table.caption else ""
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
    region = f'class="wide" role="group" tabindex="0" aria-label="{_words(table.caption) or "Table"}"'
    return f"<div {region}><table>{caption}{body}</table></div>"


def _inline(text: Inline) -> str:
    return "".join(_TAGS[style].format(escape(_safe(run), quote=False)) for run, style in runs(text))


def _words(text: Inline) -> str:
    return escape("".join(_safe(run) for run, _ in runs(text)))


def _safe(text: str) -> str:
    """Leave out what no page may hold: control characters other than the ends of lines."""
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")
