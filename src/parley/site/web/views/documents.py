"""The JSON beside the pages, and its description.

What lives here: views. What may not: queries (``outlets.exchange``).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.urls import path

import parley
from parley.site.render.openapi import description
from parley.site.web.access import May
from parley.site.web.models import Comment
from parley.site.web.outlets import exchange
from parley.site.web.views.guard import needs
from parley.site.web.views.shared import Faulty, document, page_number, problem, shared

__all__ = ["addresses"]

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def _readable(view: View[P]) -> View[P]:
    """Answer faults of a view of JSON as JSON: nothing there, or a parameter that can't be understood."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            if "\x00" in request.path:
                raise ObjectDoesNotExist  # no name holds it, and PostgreSQL would not take it
            return view(request, *args, **kwargs)
        except ObjectDoesNotExist:
            return problem(404, "Not found", "There is nothing at this address.")
        except Faulty as fault:
            return problem(400, "Not understood", str(fault))

    return guarded


@needs(May.READ)
@_readable
def articles(request: HttpRequest) -> HttpResponse:
    """Answer with the published articles."""
    return document(request, exchange.article_list(page_number(request)))


@needs(May.READ)
@_readable
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with an article."""
    return document(request, exchange.article(slug))


@needs(May.READ)
@_readable
def comments(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the comments under an article."""
    return document(request, exchange.comment_list(slug, page_number(request)))


@needs(May.READ)
@_readable
def challenges(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the challenges to an article."""
    return document(request, exchange.challenge_list(slug, page_number(request)))


@needs(May.READ)
@_readable
def comment(request: HttpRequest, key: str) -> HttpResponse:
    """Answer with a comment."""
    if not (key.isascii() and key.isdecimal() and len(key) < 20 and int(key) < 2**63):
        raise Comment.DoesNotExist
    return document(request, exchange.comment(exchange.public_comments().get(pk=int(key))))


@needs(May.READ)
@_readable
def profile(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with what everybody may know of an account."""
    return document(request, exchange.profile(name, page_number(request)))


@needs(May.READ)
@_readable
def log(request: HttpRequest) -> HttpResponse:
    """Answer with rows of the moderation log."""
    return document(request, exchange.log_list(page_number(request)))


@needs(May.READ)
@_readable
def policy(request: HttpRequest) -> HttpResponse:
    """Answer with the house rules."""
    return document(request, exchange.policy())


@needs(May.READ)
def openapi(request: HttpRequest) -> HttpResponse:
    """Answer with the description of all of this."""
    text = json.dumps(description(settings.PARLEY_URL, parley.__version__), indent=1)
    return shared(request, text, "application/json", open_to_scripts=True)


# Any text is taken here, so that what is no name or number is answered as JSON too.
addresses = [
    path("openapi.json", openapi, name="openapi"),
    path("articles.json", articles, name="articles-json"),
    path("a/<str:slug>.json", article, name="article-json"),
    path("a/<str:slug>/comments.json", comments, name="comments-json"),
    path("a/<str:slug>/challenges.json", challenges, name="challenges-json"),
    path("c/<str:key>.json", comment, name="comment-json"),
    path("u/<str:name>.json", profile, name="profile-json"),
    path("log.json", log, name="log-json"),
    path("policy.json", policy, name="policy-json"),
]
