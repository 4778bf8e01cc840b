"""Every answer in the reader's language.

What lives here: switching it on for a request and off behind it. What may not: choosing (``languages``).
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import override

from parley.site.web.languages import chosen
from parley.site.web.shared import LANGUAGE

__all__ = ["ReadersLanguage"]


class ReadersLanguage:
    """Speaks the language that the address names, or else the one that the browser prefers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        asked = request.GET.get(LANGUAGE)
        code = chosen(asked, request.headers.get("Accept-Language", ""))
        request.LANGUAGE_CODE = code
        with override(code):
            answer = self.get_response(request)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            answer.headers.setdefault("Content-Language", code)
            if asked is None:
                patch_vary_headers(answer, ("Accept-Language",))
        return answer
