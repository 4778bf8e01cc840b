"""A document becomes HTML and Markdown: complete, escaped, with nothing fetched from anywhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from parley.errors import FindingsError
from parley.report.document import (
    Bullets,
    Code,
    Document,
    Figure,
    Paragraph,
    Section,
    Table,
    Term,
    Terms,
    plain,
    to_html,
    to_markdown,
)
from parley.report.pictures import Line, LineChart, Panel, line_chart

HOSTILE = "</style></title><script>alert(1)</script> **x** `y` | [a](javascript:b) \x1b[31m"
CHART = line_chart(LineChart("War", "cost", (0.0, 1.0), (Panel("share", (Line("", (0.1, 0.4)),)),)))
TABLE = Table("Numbers", ("policy", "share"), (("wait", "63 of 100"), ("act", "37 of 100")), (1,))


def document(text: str = "It **leans**, says `parley run`.") -> Document:
    blocks = (
        Paragraph(text, "lead"),
        Bullets((text, "two")),
        Bullets(("one", text), numbered=True),
        Terms((Term(text, text),)),
        TABLE,
        Figure("curve", CHART, text, TABLE),
        Code(text),
        Paragraph(text, "quote"),
        Section("inner", text, (Paragraph("deep"),), folded=True),
    )
    return Document(text, text, (text,), (Section("answer", text, blocks),), text)


class Elements(HTMLParser):
    """Counts tags, gathers addresses and ids, and checks that every element is closed in order."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.text: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.addresses += [str(given[name]) for name in ("href", "src", "action", "srcset") if name in given]
        self.ids += [str(given["id"])] if "id" in given else []
        assert not any(name.startswith("on") for name in given)
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def parsed(page: str) -> Elements:
    elements = Elements()
    elements.feed(page)
    elements.close()
    assert not elements._open
    return elements


def test_a_page_is_whole_and_fetches_nothing() -> None:
    found = parsed(to_html(document()))
    assert all(address.startswith("#") for address in found.addresses)
    assert {address[1:] for address in found.addresses} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    assert {"script", "iframe", "link", "object", "embed", "form"} & set(found.tags) == set()
    assert found.tags.count("h1") == found.tags.count("main") == 1
    assert found.tags.count("style") == 1  # the pictures' own have gone into the head
    assert "url(" not in to_html(document())


@pytest.mark.parametrize("text", [HOSTILE, plain(HOSTILE)])
def test_no_text_can_open_an_element(text: str) -> None:
    page = to_html(document(text))
    found = parsed(page)
    assert "script" not in found.tags
    assert "\x1b" not in page
    assert "alert(1)" in "".join(found.text)


def test_plain_text_has_no_marks() -> None:
    found = parsed(to_html(Document(plain("2 **x** `y`"), None, (), (), "")))
    assert "strong" not in found.tags
    assert "code" not in found.tags
    assert "2 **x** `y`" in "".join(found.text)


def test_markdown_says_what_html_says() -> None:
    text = to_markdown(document(), {"curve": "pictures/curve.svg"})
    page = MarkdownIt("commonmark").enable("table").render(text)
    assert '<img src="pictures/curve.svg"' in page
    assert page.count("<table>") == 2
    assert "<strong>leans</strong>" in page
    assert "<code>parley run</code>" in page
    assert "curve.svg" not in to_markdown(document())


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_of_a_scenario_stays_text_in_markdown(text: str) -> None:
    said = plain(text)
    page = (
        MarkdownIt("commonmark")
        .enable("table")
        .render(to_markdown(Document("Talks", None, (), (Section("a", "A", (Paragraph(said),)),), "End")))
    )
    inside = re.search(r"<h2>A</h2>\n(.*)<hr />", page, re.DOTALL)
    assert inside is not None
    assert set(re.findall(r"<(\w+)", inside[1])) <= {"p"}


def test_tables_and_names_are_checked() -> None:
    with pytest.raises(FindingsError, match="1 cells under 2 heads"):
        Table("x", ("a", "b"), (("1",),))
    with pytest.raises(FindingsError, match="no name of a section"):
        Section("Not a name", "x", ())
    with pytest.raises(FindingsError, match="no name of a picture"):
        Figure("../up", CHART, "x")
