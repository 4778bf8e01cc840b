"""Where things are on this site: paths, and whole addresses for what leaves it.

What lives here: addresses of articles, comments, people, the log. What may not: records.
"""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings

__all__ = ["article", "comment", "log_row", "profile", "version", "whole"]


def article(slug: str) -> str:
    """Return the path of an article.

    Examples
    --------
    >>> article("taliban-talks")
    '/a/taliban-talks/'
    """
    return f"/a/{slug}/"


def version(slug: str, n: int) -> str:
    """Return the path of a version of an article.

    Examples
    --------
    >>> version("taliban-talks", 2)
    '/a/taliban-talks/v/2'
    """
    return f"/a/{slug}/v/{n}"


def comment(key: int) -> str:
    """Return the path of a comment.

    Examples
    --------
    >>> comment(12)
    '/c/12/'
    """
    return f"/c/{key}/"


def profile(name: str) -> str:
    """Return the path of a reader's page.

    Examples
    --------
    >>> profile("Ann Lee")
    '/u/Ann%20Lee/'
    """
    return f"/u/{quote(name, safe='')}/"


def log_row(seq: int) -> str:
    """Return the path of a row of the moderation log.

    Examples
    --------
    >>> log_row(481)
    '/log/#481'
    """
    return f"/log/#{seq}"


def whole(path: str) -> str:
    """Return the whole address of a path, as readers reach it."""
    return f"{settings.PARLEY_URL}{path}"
