"""What other sites show of a page: a card with title, sentence and picture (Open Graph), a frame (oEmbed).

What lives here: tags and the oEmbed answer, as data and as XML. What may not: which articles there are.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from markupsafe import Markup

from parley.site.render.article import ArticlePage

__all__ = ["HEIGHT", "LEAST", "WIDTH", "OEmbed", "embedded", "oembed_href", "tags", "to_xml"]

WIDTH, HEIGHT = 600, 560  # pixels
LEAST = 240


@dataclass(frozen=True, slots=True)
class OEmbed:
    """An answer in the form of oEmbed 1.0, type `rich`."""

    title: str
    html: str
    width: int
    height: int
    author_name: str
    provider_name: str
    provider_url: str
    version: str = "1.0"
    type: str = "rich"
    cache_age: int = 3600


def tags(page: ArticlePage) -> tuple[tuple[str, str], ...]:
    """Return the Open Graph properties of an article and their contents, to be escaped by the template.

    Examples
    --------
    >>> page = ArticlePage("talks", "/a/talks/", "Talks", "Should they?", (), (), canonical="https://e.org/a/talks/")
    >>> tags(page)[:3]
    (('og:type', 'article'), ('og:title', 'Talks'), ('og:description', 'Should they?'))
    """
    found = [("og:type", "article"), ("og:title", page.title)]
    said = page.summary or page.question
    if said:
        found.append(("og:description", said))
    if page.published is not None:
        found.append(("article:published_time", page.published.isoformat()))
    if page.canonical:
        found.append(("og:url", page.canonical))
        origin = _origin(page.canonical)
        for picture in page.pictures[:1]:
            found.append(("og:image", picture.src if "://" in picture.src else f"{origin}{picture.src}"))
            found += [("og:image:width", str(picture.width)), ("og:image:height", str(picture.height))]
            found.append(("og:image:alt", picture.alt))
    return tuple(found)


def oembed_href(page: ArticlePage) -> str:
    """Return the address of an article's oEmbed answer; empty where the site does not know its own.

    Examples
    --------
    >>> page = ArticlePage("talks", "/a/talks/", "Talks", "", (), (), canonical="https://e.org/a/talks/")
    >>> oembed_href(page)
    '/oembed?url=https%3A%2F%2Fe.org%2Fa%2Ftalks%2F'
    """
    return f"/oembed?url={quote(page.canonical, safe='')}" if page.canonical else ""


def embedded(
    src: str, title: str, author: str, provider: str, url: str, *, maxwidth: int = 0, maxheight: int = 0
) -> OEmbed:
    """Return the oEmbed answer for a frame, no larger than asked for (0: as large as it likes).

    Examples
    --------
    >>> embedded("https://e.org/e", '"A"', "", "Parley", "https://e.org", maxwidth=300).html
    '<iframe src="https://e.org/e" title="&#34;A&#34;" width="300" height="560" loading="lazy"></iframe>'
    """
    width = min(WIDTH, maxwidth) if maxwidth else WIDTH
    height = min(HEIGHT, maxheight) if maxheight else HEIGHT
    html = Markup('<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"></iframe>').format(
        src, title, width, height
    )
    return OEmbed(title, str(html), width, height, author, provider, url)


def to_xml(found: OEmbed) -> str:
    """Write an oEmbed answer as XML.

    Examples
    --------
    >>> "<title>&lt;b&gt;</title>" in to_xml(embedded("https://e.org/", "<b>", "", "P", "https://e.org"))
    True
    """
    lines = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in asdict(found).items())
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{lines}</oembed>\n'


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
