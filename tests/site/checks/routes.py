"""The URL table, walked: what the checks of every route have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

__all__ = ["address", "finished", "routes"]


def routes() -> Iterator[tuple[str, URLPattern]]:
    """Yield the whole pattern of each route, the packages' own included, with the route."""

    def walk(prefix: str, entries: list[URLPattern | URLResolver]) -> Iterator[tuple[str, URLPattern]]:
        for entry in entries:
            whole = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from walk(whole, entry.url_patterns)
            else:
                yield whole, entry

    yield from walk("", get_resolver().url_patterns)


def address(whole: str, **known: object) -> str:
    """Return an address of a route: names that are known are filled in, others lead nowhere."""

    def value(match: re.Match[str]) -> str:
        kind, name = match[1] or "str", match[2]
        return str(known.get(name, "987654321" if kind in ("int", "row") else "nothing"))

    path = re.sub(r"<(?:(\w+):)?(\w+)>", value, whole.replace("(?P<", "(?P["))
    for group in re.findall(r"\(\?P\[\w+>[^()]*\)", path):
        name, _, body = group[4:-1].partition(">")
        choice = str(known.get(name, body.split("|")[0]))
        path = path.replace(group, choice if re.fullmatch(r"[\w-]+", choice) else "nothing")
    return "/" + path.replace("\\.", ".").replace("\\Z", "").strip("^$")


def finished(answer: Any) -> Any:
    """Read a file that is sent in pieces to its end, which closes it."""
    if answer.streaming:
        b"".join(answer)
    answer.close()
    return answer
