"""What may stand in a mail: subjects of one line, bodies of plain text without links that a reader made.

What lives here: cleaning. What may not: when mail is sent, and to whom.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["LONGEST_SUBJECT", "quoted", "subject"]

LONGEST_SUBJECT = 120  # characters
_BREAKS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:(?://)?|//|www\.)[^\s<>]+", re.IGNORECASE)
_HOST = re.compile(r"\b(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}\b(?:[/?#][^\s<>]*)?")


def subject(text: str) -> str:
    r"""Make a text the subject of a mail: one line, without controls, at most 120 characters.

    Examples
    --------
    >>> subject("New answer\r\nBcc: all@example.org")
    'New answer Bcc: all@example.org'
    """
    seen = "".join(
        character for character in text if unicodedata.category(character) not in ("Cf", "Cs", "Co", "Cn")
    )
    line = _BREAKS.sub(" ", seen).strip()
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def quoted(plain: str, *, longest: int = 500) -> str:
    r"""Quote a reader's words in a mail: each line behind `> `, addresses named but not usable as links.

    Mail programs turn anything like an address into a link, so an address becomes `[link: its host]` with the
    dots apart; the mail itself says where on the site the words stand.

    Examples
    --------
    >>> quoted("look at https://evil.example/a\nnow")
    '> look at [link: evil . example]\n> now'
    """
    words = _ADDRESS.sub(_named, plain)
    words = _HOST.sub(_named, words)
    if len(words) > longest:
        words = words[: longest - 1].rstrip() + "…"
    lines = [_BREAKS.sub(" ", line).strip() for line in words.splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _named(found: re.Match[str]) -> str:
    address = re.sub(r"^[a-z][a-z0-9+.-]*:(//)?|^//", "", found.group(), flags=re.IGNORECASE)
    host = re.split(r"[/?#]", address.rsplit("@", 1)[-1])[0]
    return f"[link: {host.replace('.', ' . ')}]"
