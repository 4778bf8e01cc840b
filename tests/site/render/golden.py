"""The words of a page, as they are read without a script and without a style.

``python -m tests.site.render.golden`` writes them anew; look at the difference before it is committed.
"""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

__all__ = ["FILE", "PICTURES", "article", "pictures", "words"]

FILE = Path(__file__).parent / "article.txt"
PICTURES = Path(__file__).parent / "pictures"
_BLOCKS = {
    *(
        "p",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "summary",
        "legend",
        "figcaption",
        "tr",
        "dt",
        "dd",
        "option",
        "label",
    ),
    *("button", "title", "text", "desc"),
}
_UNREAD = {"script", "style", "template"}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in _UNREAD
        if tag in _BLOCKS:
            self.lines.append("")
        if tag == "img":
            self.lines += [f"[picture: {dict(attrs).get('alt')}]", ""]
        if tag == "input" and dict(attrs).get("type") not in ("hidden", "range"):
            self.lines[-1] += f" [{dict(attrs).get('value') or ''}] "

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in _UNREAD
        if tag in _BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.lines[-1] += data


def words(page: str) -> str:
    """Return the words of a page, a line for each paragraph, item or row."""
    reader = _Words()
    reader.feed(page)
    reader.close()
    lines = (" ".join(line.split()) for line in reader.lines)
    return "\n".join(line for line in lines if line) + "\n"


def article() -> str:
    """Return the words of the sample article."""
    from parley.site.render.compose import article_page
    from parley.site.render.environment import render
    from tests.site.render import samples

    page = article_page(samples.edition(), samples.around(3, 2), samples.numbers())
    return words(render("article.html", page=page))


def pictures() -> dict[str, str]:
    """Return the three readings of the lead picture of the sample article, a tag on each line."""
    from parley.site.render.compose import article_page
    from tests.site.render import samples

    answer = article_page(samples.edition(), samples.around(), samples.numbers()).answer
    assert answer is not None
    assert answer.runs is not None
    drawn = {"dots": answer.picture, "curve": answer.curve, "runs": answer.runs.picture}
    return {name: str(svg).replace("><", ">\n<") + "\n" for name, svg in drawn.items()}


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for name, svg in pictures().items():
        (PICTURES / f"{name}.svg").write_text(svg, encoding="utf-8")
    FILE.write_text(article(), encoding="utf-8")
