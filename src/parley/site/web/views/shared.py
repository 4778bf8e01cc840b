"""Answers that are the same for everybody: an ETag of their content, a 304 where the reader has it already.

What lives here: headers of shared answers that are not pages, faults as JSON. What may not: what they say.
"""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

from parley.site.render.documents import Problem, to_json
from parley.site.render.openapi import PAGES
from parley.site.web.shared import shared_answer

__all__ = ["Faulty", "document", "page_number", "problem", "shared"]


class Faulty(Exception):
    """A parameter that can't be understood; the text says which and what it must be."""


def shared(
    request: HttpRequest, body: str | bytes, media: str, *, open_to_scripts: bool = False
) -> HttpResponse:
    """Answer with something that any cache may keep, if it asks again each time.

    The ETag is a digest of the content: it changes with every visible change, and with nothing else.
    """
    content = body.encode("utf-8") if isinstance(body, str) else body
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    answer: HttpResponse
    known = [each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))]
    if etag in known or "*" in known:
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(content, content_type=f"{media}; charset=utf-8")
    answer["ETag"] = etag
    shared_answer(answer)  # no-one's own: the cache keeps it as long as its token stands
    if open_to_scripts:
        answer["Access-Control-Allow-Origin"] = "*"  # without credentials: browsers send no cookies to a star
        answer["Access-Control-Expose-Headers"] = "ETag"
    return answer


def document(request: HttpRequest, found: object) -> HttpResponse:
    """Answer with a document as JSON."""
    return shared(request, to_json(found), "application/json", open_to_scripts=True)


def problem(status: int, title: str, detail: str) -> HttpResponse:
    """Answer with what was wrong, as JSON."""
    text = to_json(Problem(title, status, detail))
    answer = HttpResponse(text, status=status, content_type="application/problem+json")
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = "no-store"
    return answer


def page_number(request: HttpRequest, name: str = "page") -> int:
    """Return the number of the page that is asked for, 1 where none is.

    Raises
    ------
    Faulty
        It is given twice, or is no number from 1 to 100,000.
    """
    given = request.GET.getlist(name)
    if not given:
        return 1
    text = given[0]
    if len(given) != 1 or not (
        text.isascii() and text.isdecimal() and len(text) <= 6 and 1 <= int(text) <= PAGES
    ):
        raise Faulty(f"`{name}` must be given once, as a whole number from 1 to {PAGES}")
    return int(text)
