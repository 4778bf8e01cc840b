"""The templates' environment under Django: addresses of static files, translations, who is asking.

What lives here: the bridge between Django and ``parley.site.render``. What may not: words of pages.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment

from parley.site.render.environment import make_environment

__all__ = ["environment", "page"]


def environment(**options: Any) -> Environment:
    """Return the environment for Django's Jinja2 backend (``OPTIONS["environment"]``)."""
    made = make_environment(
        static=staticfiles_storage.url, gettext=_translated, ngettext=ngettext, auto_reload=settings.DEBUG
    )
    made.globals["url"] = reverse
    return made


def _translated(text: str) -> str:
    """Translate a text of a template: each is looked up once in each language."""
    key = (get_language(), text)
    found = _TEXTS.get(key)
    if found is None:
        found = _TEXTS[key] = gettext(text)
    return found


_TEXTS: dict[tuple[str | None, str], str] = {}  # as many as the templates hold


def page(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Answer with a page, not to be kept by any cache; pages for everybody come from ``cache.shared``."""
    text = get_template(name, using="pages").render(context, request)
    answer = HttpResponse(text, status=status)
    answer["Cache-Control"] = "private, no-store"
    return answer
