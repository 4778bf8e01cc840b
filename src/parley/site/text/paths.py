r"""Addresses inside the site: where a reader may be sent back to.

What lives here: the rule for return addresses. What may not: the table of pages.

A browser reads `//host`, `/\host`, `\host` and a path with a tab or line end inside as an address of another
site; servers and proxies decode `%2F` and `%5C` once more. All of these are refused rather than repaired.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

__all__ = ["same_site"]

LONGEST = 2_000
_ODD = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\\]")


def same_site(path: str | None) -> str | None:
    r"""Return the path if it certainly stays on this site, else None.

    Examples
    --------
    >>> same_site("/a/taliban-talks/?s=x#c12")
    '/a/taliban-talks/?s=x#c12'
    >>> [same_site(bad) for bad in ("//evil.example", r"/\evil.example", "/%2Fevil.example")]
    [None, None, None]
    """
    if not path or len(path) > LONGEST:
        return None
    seen = path
    for _ in range(4):  # each layer of percent signs, until nothing changes
        if not _stays(seen):
            return None
        opened = unquote(seen)
        if opened == seen:
            return path
        seen = opened
    return None


def _stays(path: str) -> bool:
    shape = path.split("?")[0].split("#")[0]
    # A space may come from decoding a search (?q=peace%20talks), and cannot lead away.
    return path.startswith("/") and "//" not in shape and not _ODD.search(path.replace(" ", "+"))
