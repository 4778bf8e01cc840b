"""The words of sanitised HTML, without their form.

What lives here: plain text for search, titles of feeds, mail. What may not: sanitising.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

__all__ = ["plain"]

_BREAKING = frozenset(
    {
        "p",
        "br",
        "li",
        "ul",
        "ol",
        "blockquote",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "td",
        "tr",
        "hr",
        "div",
    }
)
_SPACE = re.compile(r"\s+")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.raised = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.raised += tag == "sup"
        if tag in _BREAKING:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.raised -= tag == "sup"
        if tag in _BREAKING:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if self.raised <= 0:  # the numbers of claims belong to no word
            self.parts.append(data)


def plain(html: str) -> str:
    """Return the words of sanitised HTML on one line.

    Examples
    --------
    >>> plain("<p>It <em>leans</em>.</p><p>a &lt; b</p>")
    'It leans. a < b'
    >>> plain("<p>the Taliban<sup>1</sup>, too</p>")
    'the Taliban, too'
    """
    reader = _Words()
    reader.feed(html)
    reader.close()
    return _SPACE.sub(" ", "".join(reader.parts)).strip()
