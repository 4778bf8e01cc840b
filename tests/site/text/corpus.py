"""The vectors of the corpus, and what a page must never hold.

`live` is the judge: it reads HTML as a browser would and says what in it could run, fetch or lead astray.
"""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

__all__ = ["HOST", "Reading", "live", "read", "vectors"]

HOST = "evil.example"
_TAGS = {"p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a", "bdi", "hr"}
_ATTRIBUTES = {"href", "rel", "dir", "start"}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "\\": "\\"}


@cache
def vectors() -> tuple[str, ...]:
    """All texts of the corpus, with their escapes read."""
    lines = (Path(__file__).parent / "vectors" / "markup.txt").read_text("utf-8").splitlines()
    return tuple(_opened(line) for line in lines if line and not line.startswith("## "))


def _opened(line: str) -> str:
    def character(found: re.Match[str]) -> str:
        code = found[1]
        return chr(int(code[1:], 16)) if code[0] in "xu" and len(code) > 1 else _ESCAPES.get(code, found[0])

    return re.sub(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|.)", character, line).replace("{host}", HOST)


class Reading(HTMLParser):
    """What a piece of HTML holds."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.other: list[str] = []
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.other.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.other.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.other.append(f"declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.other.append(f"instruction {data}")

    def unknown_decl(self, data: str) -> None:
        self.other.append(f"declaration {data}")


def read(html: str) -> Reading:
    """Read HTML to its end."""
    reading = Reading()
    reading.feed(html)
    reading.close()
    return reading


def live(html: str, *, rel: str = "nofollow ugc noopener") -> list[str]:
    """Whatever in a piece of a reader's HTML may not be there."""
    reading = read(html)
    faults = [*reading.other, *(f"<{tag}> stays open" for tag in reading.open)]
    for tag, attributes in reading.tags:
        if tag not in _TAGS:
            faults.append(f"<{tag}>")
        faults += [f"{tag} {name}" for name in attributes if name not in _ATTRIBUTES]
        if tag == "a":
            faults += _astray(attributes.get("href") or "", attributes.get("rel"), rel)
    return faults


def _astray(href: str, given: str | None, rel: str) -> list[str]:
    parts = urlsplit(href)
    faults = [] if given == rel else [f"rel {given}"]
    if parts.scheme not in ("http", "https", "mailto"):
        faults.append(f"scheme of {href}")
    elif parts.scheme != "mailto" and (not parts.hostname or parts.username is not None):
        faults.append(f"host of {href}")
    if re.search(r"[\s\x00-\x20\\]", href):
        faults.append(f"characters of {href}")
    return faults
