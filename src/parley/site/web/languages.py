"""The languages of the pages: which one a request gets, and where the others are.

What lives here: choosing, and what each page says of it. What may not: the texts; they are in ``locale``.

A language is named in the address (``?hl=de``) or by what the browser prefers; no cookie keeps it: a page
that all readers share depends on nothing else.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from parley.site.render.views import Language, Site
from parley.site.web.shared import LANGUAGE

__all__ = ["chosen", "site"]


def chosen(asked: str | None, accepted: str) -> str:
    """Return the code of a page's language.

    Parameters
    ----------
    asked
        What the address names, or None; a language that there is not counts as the site's own.
    accepted
        What the browser prefers (``Accept-Language``).
    """
    codes = (
        [asked]
        if asked is not None
        else [code for code, _weight in parse_accept_lang_header(accepted.lower())]
    )
    for code in codes:
        if code == "*":
            break
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return str(settings.LANGUAGE_CODE)


def site(request: HttpRequest) -> dict[str, Site]:
    """Tell templates the page's language, and the addresses of the same page in the others."""
    languages = tuple(Language(code, name, _href(request, code)) for code, name in settings.LANGUAGES)
    return {"site": Site(language=get_language() or settings.LANGUAGE_CODE, languages=languages)}


def _href(request: HttpRequest, code: str) -> str:
    query = request.GET.copy()
    query[LANGUAGE] = code
    return f"{request.path}?{query.urlencode()}"
