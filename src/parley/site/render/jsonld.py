"""An article for machines: JSON-LD after schema.org.

What lives here: ``OpinionNewsArticle`` with its pictures, claims and comments. What may not:
``ClaimReview``: the site does not judge whether claims are true.

The text stands in a script element of a type that no browser runs. Signs that could end the element are
written as escapes, so that nothing in it can leave it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import urljoin

from parley.site.render.article import ArticlePage
from parley.site.render.formats import stamp
from parley.site.render.safe import Safe
from parley.site.render.views import CommentView

__all__ = ["COMMENTS", "described", "structured"]

COMMENTS = 20  # described at most; the number of all stands beside them
_TAG = re.compile(r"<[^>]*>")
_BLANKS = re.compile(r"\s+")
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_LIVE = re.compile("[<>&\u2028\u2029]")

Node = dict[str, object]


def structured(page: ArticlePage) -> Safe:
    r"""Write an article's description as a script element that is not run.

    Parameters
    ----------
    page
        With its whole address in ``canonical``; without one there is nothing to describe.

    Examples
    --------
    >>> page = ArticlePage("x", "/a/x/", "</script><b>", "", (), (), canonical="https://example.org/a/x/")
    >>> r"\u003c/script\u003e\u003cb\u003e" in structured(page), structured(page).count("<")
    (True, 2)
    """
    if not page.canonical:
        return Safe("")
    text = json.dumps(described(page), ensure_ascii=False, separators=(",", ":"))
    inside = _LIVE.sub(lambda found: _ESCAPES[found.group()], text)
    return Safe(f'<script type="application/ld+json">{inside}</script>')


def described(page: ArticlePage) -> Node:
    """Return the description as plain data.

    Examples
    --------
    >>> page = ArticlePage("x", "/a/x/", "Talks", "", (), (), canonical="https://example.org/")
    >>> described(page)["headline"]
    'Talks'
    """
    views = [*(each.comment for each in page.challenges), *page.comments]
    origin = "/".join(page.canonical.split("/", 3)[:3])
    newest = max((each.published for each in page.versions), default=page.published)
    return _known(
        {
            "@context": "https://schema.org",
            "@type": "OpinionNewsArticle",
            "headline": page.title,
            "description": page.summary,
            "url": page.canonical,
            "mainEntityOfPage": page.canonical,
            "datePublished": stamp(page.published) if page.published else None,
            "dateModified": stamp(newest) if newest else None,
            "version": page.version,
            "author": {"@type": "Person", "name": page.byline} if page.byline else None,
            "license": page.licence,
            "isBasedOn": page.source,
            "image": [
                {
                    "@type": "ImageObject",
                    "contentUrl": urljoin(page.canonical, each.src),
                    "caption": each.caption,
                    "creditText": each.credit,
                    "width": each.width,
                    "height": each.height,
                }
                for each in page.pictures
            ],
            "hasPart": [
                {
                    "@type": "Claim",
                    "@id": f"{page.canonical}#claim-{each.key}",
                    "text": each.text,
                    "appearance": {"@type": "CreativeWork", "url": f"{page.canonical}#p-{each.key}"},
                }
                for each in page.cards
                if each.number is not None
            ],
            "commentCount": page.comment_count + len(page.challenges),
            "comment": _comments(views[:COMMENTS], origin),
        }
    )


def _comments(views: Iterable[CommentView], origin: str) -> list[Node]:
    return [
        _known(
            {
                "@type": "Comment",
                "url": f"{origin}{each.href}",
                "text": _plain(each.html),
                "datePublished": stamp(each.posted),
                "author": _known(
                    {
                        "@type": "Person",
                        "name": each.author.name,
                        "url": f"{origin}{each.author.href}" if each.author.href else None,
                    }
                ),
                "comment": _comments(each.replies, origin),
            }
        )
        for each in views
        if each.author is not None and not each.tombstone
    ]


def _plain(html: str) -> str:
    return _BLANKS.sub(" ", unescape(_TAG.sub(" ", html))).strip()


def _known(node: Node) -> Node:
    """Leave out what is not known."""
    return {name: value for name, value in node.items() if value not in (None, "", [])}
