"""What templates take: plain frozen records, made by whoever serves or exports a page.

What lives here: the records of every page and of comments. What may not: the argument's numbers
(:mod:`parley.site.render.article`), how records are made, anything personal: a page that is cached for all
readers takes nothing that depends on who reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from parley.site.render.safe import NOTHING, Safe

__all__ = [
    "Author",
    "ChallengeView",
    "Change",
    "Clause",
    "CommentView",
    "Crumb",
    "FrontItem",
    "FrontPage",
    "Language",
    "Link",
    "Mark",
    "Quote",
    "Site",
]


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere on this site (``href`` is an address of ours, never a reader's).

    ``media`` is the media type of what lies there, where a program may want it: that of a feed.
    """

    title: str
    href: str
    media: str = ""


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way from the front page; the last one has no address."""

    title: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the site speaks: its code (BCP 47), its own name, where to choose it."""

    code: str
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says of the site.

    ``language`` is the page's; ``languages`` are to choose from (none: nothing is shown). ``export`` is
    true in a static copy, which has no accounts, search or feeds. ``home`` is the address of the front page.
    """

    name: str = "Parley"
    language: str = "en"
    languages: tuple[Language, ...] = ()
    home: str = "/"
    export: bool = False
    script: bool = True


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a comment.

    ``standing`` is the word that is shown behind the name: new, recognised, contributor, author, editor.
    """

    name: str
    href: str
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """The passage that a comment quotes: its words, and where it stands in the article."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark that readers may set on a comment: its kind, its words, how many have set it."""

    kind: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment, or what is left of it.

    Attributes
    ----------
    id
        Its number; the page's anchor is ``c-<id>``.
    author, html, posted, edited
        Who, what (stored and sanitised), when. A tombstone has no author and no words.
    href
        Its own page, below which ``reply``, ``report``, ``mark``, ``edit``, ``history`` stand.
    tombstone
        Instead of its words: "Removed by an editor: personal attack (policy 3). Log #481".
    log_href
        The entry of the public log that says so.
    pick
        Whether an editor picked it.
    replies
        Its answers, oldest first; an answer has none.
    quote
        The passage of the article that it quotes.
    marks
        In the order in which they are shown.
    closed
        Whether nothing may be added to it.
    """

    id: int
    href: str
    posted: datetime
    author: Author | None = None
    html: Safe = NOTHING
    edited: datetime | None = None
    tombstone: str = ""
    log_href: str = ""
    pick: bool = False
    replies: tuple[CommentView, ...] = ()
    quote: Quote | None = None
    marks: tuple[Mark, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One assumption that a challenge changes.

    ``before`` and ``after`` are formatted values; ``reason`` is the reader's plain text; ``source`` an
    ``http(s)`` address that the text room has passed, or empty.
    """

    claim: int | None
    claim_href: str
    question: str
    before: str
    after: str
    reason: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ChallengeView:
    """An objection that computes.

    Attributes
    ----------
    comment
        Its words, author, marks and replies.
    changes
        What it changes, in the order of the article.
    chip
        ``flips``, ``weakens``, ``strengthens``, ``no change``; ``waiting`` while it is being solved,
        ``asks`` where it asks for a change of the model instead of numbers, ``failed`` where it could not
        be solved.
    effect
        The effect in a sentence: "Advice flips: C → A. A ends better in 55 of 100 runs."
    dumbbell
        The author's share and the reader's, as a picture; empty while there is none.
    setting_href
        The article with the challenge's numbers in it.
    version
        The version it was solved for: "1.2".
    holds
        For a later version: "Still flips the advice in version 1.3", or empty.
    declared
        Whether the author wrote it down with the article (restated from the column's readers).
    answer
        What the author made of it: "Adopted in version 1.3", or empty.
    """

    comment: CommentView
    changes: tuple[Change, ...]
    chip: str
    effect: str = ""
    dumbbell: Safe = NOTHING
    setting_href: str = ""
    version: str = ""
    holds: str = ""
    declared: bool = False
    answer: str = ""


@dataclass(frozen=True, slots=True)
class FrontItem:
    """An article on the front page; ``advice`` and ``sure`` are empty until it is solved."""

    href: str
    title: str
    question: str
    published: date | None
    byline: str = ""
    advice: str = ""
    sure: str = ""
    challenges: int = 0
    comments: int = 0
    picture: str = ""
    picture_alt: str = ""


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The front page, newest article first."""

    items: tuple[FrontItem, ...]
    earlier_href: str = ""
    later_href: str = ""
    feeds: tuple[Link, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the comment policy; ``number`` is what a removal cites."""

    number: int
    title: str
    text: str
