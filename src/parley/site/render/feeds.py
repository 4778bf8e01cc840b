"""Feeds: the same entries as Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1.

What lives here: records of a feed and their three forms. What may not: which feeds there are, who may read
what.

Every value is escaped, HTML too (as `type="html"` and in `description`), so that no text can end an
element or a
section; characters that XML 1.0 does not know are left out, since one of them makes a whole feed unreadable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from types import MappingProxyType
from xml.sax.saxutils import escape, quoteattr

from parley.site.render.safe import NOTHING, Safe

__all__ = ["FORMS", "Entry", "Feed", "Form", "atom", "json_feed", "rss"]

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed.

    ``url`` is its whole address and its name for ever; ``html`` is sanitised, or empty where ``text`` says
    it; ``author`` may be empty.
    """

    url: str
    title: str
    published: datetime
    updated: datetime
    html: Safe = NOTHING
    text: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, newest entry first; ``page`` is the page it belongs to and ``url`` its own whole address."""

    title: str
    subtitle: str
    page: str
    url: str
    entries: tuple[Entry, ...]
    language: str = "en"

    @property
    def updated(self) -> datetime:
        """When an entry last changed; the beginning of 1970 where there is none."""
        return max((entry.updated for entry in self.entries), default=datetime(1970, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a feed: its media type and who writes it."""

    media: str
    title: str
    write: Callable[[Feed], str]


def atom(feed: Feed) -> str:
    """Write a feed as Atom.

    Examples
    --------
    >>> day = datetime(2026, 1, 2, tzinfo=UTC)
    >>> entry = Entry("https://e.org/c/1", "<b>]]>", day, day, text="x & y")
    >>> text = atom(Feed("T", "", "https://e.org/", "https://e.org/f.atom", (entry,)))
    >>> "<title>&lt;b&gt;]]&gt;</title>" in text, '<content type="text">x &amp; y</content>' in text
    (True, True)
    """
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={_quoted(feed.language)}>',
        f"<id>{_text(feed.url)}</id>",
        f"<title>{_text(feed.title)}</title>",
        f"<subtitle>{_text(feed.subtitle)}</subtitle>" if feed.subtitle else "",
        f"<updated>{_stamp(feed.updated)}</updated>",
        f'<link rel="self" type="application/atom+xml" href={_quoted(feed.url)}/>',
        f'<link rel="alternate" type="text/html" href={_quoted(feed.page)}/>',
        "<generator>Parley</generator>",
        *(_atom_entry(entry, feed.title) for entry in feed.entries),
        "</feed>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def rss(feed: Feed) -> str:
    """Write a feed as RSS 2.0, with the link to itself that validators ask for.

    Examples
    --------
    >>> day = datetime(2026, 1, 2, tzinfo=UTC)
    >>> entry = Entry("https://e.org/c/1", "First", day, day, html=Safe("<p>]]></p>"))
    >>> text = rss(Feed("T", "S", "https://e.org/", "https://e.org/f.rss", (entry,)))
    >>> "<pubDate>Fri, 02 Jan 2026 00:00:00 GMT</pubDate>" in text, "&lt;p&gt;]]&gt;&lt;/p&gt;" in text
    (True, True)
    """
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">',
        "<channel>",
        f"<title>{_text(feed.title)}</title>",
        f"<link>{_text(feed.page)}</link>",
        f"<description>{_text(feed.subtitle or feed.title)}</description>",
        f"<language>{_text(feed.language)}</language>",
        f"<lastBuildDate>{_mail_date(feed.updated)}</lastBuildDate>" if feed.entries else "",
        f'<atom:link rel="self" type="application/rss+xml" href={_quoted(feed.url)}/>',
        *(_rss_item(entry) for entry in feed.entries),
        "</channel>",
        "</rss>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def json_feed(feed: Feed) -> str:
    """Write a feed as JSON Feed 1.1.

    Examples
    --------
    >>> text = json_feed(Feed("T", "S", "https://e.org/", "https://e.org/f.json", ()))
    >>> json.loads(text)["version"], json.loads(text)["items"]
    ('https://jsonfeed.org/version/1.1', [])
    """
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "description": feed.subtitle,
            "home_page_url": feed.page,
            "feed_url": feed.url,
            "language": feed.language,
            "items": [_json_item(entry) for entry in feed.entries],
        },
        ensure_ascii=False,
        indent=1,
    )


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "atom": Form("application/atom+xml", "Atom", atom),
        "rss": Form("application/rss+xml", "RSS", rss),
        "json": Form("application/feed+json", "JSON Feed", json_feed),
    }
)


def _atom_entry(entry: Entry, feed_title: str) -> str:
    content = (
        f'<content type="html">{_text(entry.html)}</content>'
        if entry.html
        else f'<content type="text">{_text(entry.text)}</content>'
    )
    # Atom demands an author; where there is none, the feed speaks.
    return (
        f"<entry><id>{_text(entry.url)}</id><title>{_text(entry.title)}</title>"
        f'<link rel="alternate" type="text/html" href={_quoted(entry.url)}/>'
        f"<author><name>{_text(entry.author or feed_title)}</name></author>"
        f"<published>{_stamp(entry.published)}</published><updated>{_stamp(entry.updated)}</updated>"
        f"{content}</entry>"
    )


def _rss_item(entry: Entry) -> str:
    author = f"<dc:creator>{_text(entry.author)}</dc:creator>" if entry.author else ""
    return (
        f"<item><title>{_text(entry.title)}</title><link>{_text(entry.url)}</link>"
        f'<guid isPermaLink="true">{_text(entry.url)}</guid>'
        f"<pubDate>{_mail_date(entry.published)}</pubDate>{author}"
        f"<description>{_text(entry.html) if entry.html else _text(escape(entry.text))}</description></item>"
    )


def _json_item(entry: Entry) -> dict[str, object]:
    item: dict[str, object] = {
        "id": entry.url,
        "url": entry.url,
        "title": entry.title,
        "date_published": _stamp(entry.published),
        "date_modified": _stamp(entry.updated),
    }
    if entry.html:
        item["content_html"] = str(entry.html)
    else:
        item["content_text"] = entry.text
    if entry.author:
        item["authors"] = [{"name": entry.author}]
    return item


def _text(value: str) -> str:
    return escape(_NOT_XML.sub("", str(value)))


def _quoted(value: str) -> str:
    return quoteattr(_NOT_XML.sub("", str(value)))


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _mail_date(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC).replace(microsecond=0), usegmt=True)
