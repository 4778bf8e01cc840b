"""The article with a reader's numbers in it: ``?s=q_other=0.5``, and the forms of the cards that lead there.

What lives here: reading what an address or a form asks for, the page for it. What may not: solving; a page
is read by GET, which asks nothing of the worker (``solves`` does, by POST).
"""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from parley.site.model.article import Edition
from parley.site.model.errors import SettingError
from parley.site.model.setting import AUTHOR, Setting, parse
from parley.site.render.article import ArticlePage
from parley.site.render.compose import Around, article_page
from parley.site.render.forms import asked
from parley.site.web.answers import answer_for
from parley.site.web.editions import numbers_of
from parley.site.web.models import Version

__all__ = ["case_address", "case_page", "read_case"]

_FIELDS = ("v.", "r.")


def read_case(request: HttpRequest, edition: Edition, href: str) -> tuple[Setting, str] | HttpResponse:
    """Read the reader's numbers of a request.

    Parameters
    ----------
    request
        With ``s`` in its query, or the fields of a card's form.
    edition
        The article.
    href
        Its address.

    Returns
    -------
    setting, problem
        The numbers, and why what was asked for was not taken (or an empty text); or the way to the one
        address that these numbers have.
    """
    fields = {
        name: values for name, values in request.GET.lists() if name.startswith(_FIELDS) or name == "step"
    }
    given = request.GET.getlist("s")
    try:
        if len(given) > 1 or any(len(values) > 1 for values in fields.values()):
            raise SettingError("s", "it is given twice; keep one of the two")
        setting = parse(given[0], edition) if given and given[0] else AUTHOR
    except SettingError as fault:
        return AUTHOR, _said(fault)
    if fields:
        try:
            wanted = asked({name: values[0] for name, values in fields.items()}, edition, setting)
            return _led(parse(wanted, edition) if wanted else AUTHOR, href)
        except SettingError as fault:
            return setting, _said(fault)
    if given and given[0] != setting.canonical():
        return _led(setting, href)
    return setting, ""


def _led(setting: Setting, href: str) -> HttpResponse:
    answer = HttpResponseRedirect(case_address(href, setting))
    answer["Cache-Control"] = "no-cache"
    return answer


def case_address(href: str, setting: Setting) -> str:
    """Return the one address of an article with these numbers."""
    return f"{href}?s={quote(setting.canonical(), safe='=;.-_~')}" if setting.changes else href


def _said(fault: SettingError) -> str:
    reason = _(fault.template).format(**fault.values)
    return f"{fault.field}: {reason}" if fault.field else reason


def case_page(
    edition: Edition, around: Around, version: Version, setting: Setting, problem: str
) -> tuple[ArticlePage, bool]:
    """Make the page of an article with a reader's numbers.

    Parameters
    ----------
    edition, around, version
        The article as it is shown.
    setting, problem
        From :func:`read_case`.

    Returns
    -------
    page, final
        The page without its debate; whether it stays what it is for this version.
    """
    numbers = numbers_of(version)
    if setting.is_author:
        return article_page(edition, around, numbers, problem=problem, gettext=_), True
    known = answer_for(version, setting)
    status = "queued" if known.waiting else known.status
    page = article_page(
        edition,
        around,
        numbers,
        setting=setting,
        effect=known.effect,
        estimate=known.estimate,
        status=status,
        problem=problem,
        gettext=_,
    )
    return page, known.settled
