"""The files of an article: pictures, sweeps for the page's script, data that readers may take.

What lives here: bytes under addresses that never change their content. What may not: pages.

An address holds the version and its digest, so a browser may keep what it got for good; a withdrawn
article's files are gone from the site at once.
"""

from __future__ import annotations

import base64
import re

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from parley.site.web import blobs
from parley.site.web.access import May
from parley.site.web.editions import LARGE, edition_of, numbers_of
from parley.site.web.models import Article, Figure, Version
from parley.site.web.views.guard import needs

__all__ = ["addresses", "data", "figure", "sweep"]

FOR_GOOD = "public, max-age=31536000, immutable"
ALONE = "default-src 'none'; frame-ancestors 'none'; sandbox"
_KINDS = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
_KEY = re.compile(r"([1-9][0-9]{0,5})-([0-9a-f]{12})(?:-[0-9A-Za-z.+]{1,20})?")


@needs(May.READ)
def figure(request: HttpRequest, slug: str, key: str, name: str) -> HttpResponse:
    """Show a picture of the article, as it was encoded here."""
    found = Figure.objects.filter(version=_version(slug, key), name=name).first()
    if found is None:
        raise Http404
    try:
        content = blobs.picture_path(found.file).read_bytes()
    except (OSError, blobs.BlobError):
        raise Http404 from None
    return _bytes(content, _KINDS[found.file.rpartition(".")[2]])


@needs(May.READ)
def sweep(request: HttpRequest, slug: str, key: str, name: str) -> HttpResponse:
    """Answer with the packed sweep of one assumption (layout: :mod:`parley.site.model.strip`)."""
    version = _version(slug, key)
    numbers = numbers_of(version)
    try:
        wanted = edition_of(version).assumption(name).name
    except KeyError:
        raise Http404 from None
    for each in numbers.sweeps if numbers is not None else ():
        if each.assumption == wanted:
            return _bytes(base64.b64decode(each.data), "application/octet-stream")
    raise Http404


@needs(May.READ)
def data(request: HttpRequest, slug: str, key: str, name: str) -> HttpResponse:
    """Hand out a file of the article's evidence, or its text with the model (``argument.md``)."""
    version = _version(slug, key)
    row = Version.objects.values("source", "files").get(pk=version.pk)
    if name == "argument.md":
        content = str(row["source"]).encode()
    elif name in row["files"]:
        try:
            content = blobs.read(row["files"][name])
        except (OSError, blobs.BlobError):
            raise Http404 from None
    else:
        raise Http404
    answer = _bytes(content, "application/octet-stream")
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    answer["Content-Disposition"] = f'attachment; filename="{safe}"'
    return answer


def _version(slug: str, key: str) -> Version:
    match = _KEY.fullmatch(key)
    if match is None:
        raise Http404
    found = (
        Version.objects.filter(
            article__slug=slug,
            article__state__in=(Article.State.PUBLISHED, Article.State.CLOSED),
            n=int(match[1]),
            digest__startswith=match[2],
        )
        .defer(*LARGE)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _bytes(content: bytes, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Cache-Control"] = FOR_GOOD
    answer["Content-Security-Policy"] = ALONE
    return answer


addresses: list[URLPattern] = [
    path("a/<slug:slug>/pictures/<str:key>/<str:name>", figure, name="figure"),
    path("a/<slug:slug>/sweeps/<str:key>/<str:name>", sweep, name="sweep"),
    path("a/<slug:slug>/files/<str:key>/<str:name>", data, name="article-file"),
]
