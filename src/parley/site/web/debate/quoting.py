"""Quotes of the article: a reader's selection, found in the text or refused.

What lives here: the search for a quote in an edition's blocks. What may not: marking it on the page.
"""

from __future__ import annotations

import html
import re
from typing import Any

from parley.errors import TextError

__all__ = ["LONGEST", "found", "passage_of", "words_of"]

LONGEST = 600  # characters of a quote
_TAGS = re.compile(r"<sup\b[^>]*>.*?</sup>|<[^>]*>", re.DOTALL)
_SPACE = re.compile(r"\s+")
_QUOTES = str.maketrans("“”„‟«»‘’‚‛′″\u00a0", '""""""\'\'\'\'\'" ')


def words_of(edition: dict[str, Any]) -> list[str]:
    """Return the plain words of each block of an edition (its JSON), without the numbers of the claims.

    Examples
    --------
    >>> words_of({"blocks": [{"html": "<p>It <a>will fail<sup>1</sup></a>.</p>"}]})
    ['It will fail.']
    """
    blocks = edition.get("blocks") or ()
    return [_plain(html.unescape(_TAGS.sub("", str(block.get("html") or "")))) for block in blocks]


def found(quote: str, edition: dict[str, Any]) -> str:
    """Return the quote as the article has it.

    Spaces and kinds of quotation marks do not count; whatever else was changed is no quote.

    Raises
    ------
    TextError
        It is too long, or these words do not stand in the article.

    Examples
    --------
    >>> found("will  fail", {"blocks": [{"html": "<p>It will fail.</p>"}]})
    'will fail'
    """
    wanted = _plain(quote)
    if not wanted:
        return ""
    if len(wanted) > LONGEST:
        raise TextError(
            "quote_long",
            "The quote has %(length)d characters; at most %(limit)d are taken.",
            length=len(wanted),
            limit=LONGEST,
        )
    for words in words_of(edition):
        at = words.translate(_QUOTES).find(wanted.translate(_QUOTES))
        if at >= 0:
            return words[at : at + len(wanted)]
    raise TextError(
        "quote_absent", "These words do not stand in the article. Quote it exactly, or do not quote."
    )


def passage_of(name: str, edition: dict[str, Any]) -> str:
    """Return the name of a passage if the edition has it.

    Raises
    ------
    TextError
        It has none of this name.

    Examples
    --------
    >>> passage_of("blame", {"passages": [{"name": "blame"}]})
    'blame'
    """
    if not name or any(name == passage.get("name") for passage in edition.get("passages") or ()):
        return name
    raise TextError("passage", "The article has no passage called %(name)s.", name=name[:80])


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text.replace("\u00a0", " ")).strip()
