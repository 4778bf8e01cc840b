"""What a reader's numbers do: asked by POST, answered from what is known or by the worker.

What lives here: the address ``/a/<slug>/solve``, for the page's script and for forms without it. What may
not: solving; whatever a request says of an effect is not read.

``POST`` takes JSON ``{"s": "q_other=0.5"}`` or the fields of a form (``s``, ``v.q_other``) and answers 200
with the effect, 202 with the address to ask again at, 400 with the field at fault, or 429. ``GET`` looks
whether the answer is there and asks nothing of the worker. A form is answered by the page of the article
with these numbers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from parley.site.model import Edition, Effect, Setting
from parley.site.model.errors import SettingError
from parley.site.model.setting import parse
from parley.site.render.compose import brief, message, sentence
from parley.site.web import limits
from parley.site.web.access import May, readable_articles
from parley.site.web.answers import Answer, Asker, answer_for, ask, ask_again_after, still_wanted
from parley.site.web.editions import LARGE_OF_CURRENT, edition_of
from parley.site.web.models import Account, Version
from parley.site.web.views import faults
from parley.site.web.views.answers import answered, network_of
from parley.site.web.views.asked import once
from parley.site.web.views.guard import needs, open_to_shared_pages

__all__ = ["addresses", "solve"]

BODY_LIMIT = 8_000  # bytes: eight changes fit many times over
TAB_LIMIT = 40
_PRIVATE = {"Cache-Control": "private, no-store"}


@open_to_shared_pages
@needs(May.SOLVE, "GET", "HEAD", "POST")
@answered
def solve(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what a reader's numbers do to the conclusion."""
    version = _version(request, slug)
    edition = edition_of(version)
    try:
        if request.method == "POST":
            given, tab, script = _posted(request)
        else:
            given, tab, script = once(request, "s") or "", "", True
        setting = parse(given, edition)
    except SettingError as fault:
        return _refused(request, fault)
    if request.method != "POST":
        return _looked(version, edition, setting, slug)
    found = answer_for(version, setting)
    if not found.settled and not setting.is_author:
        account = request.user if isinstance(request.user, Account) else None
        with (
            transaction.atomic()
        ):  # a question that is refused costs no token, a token that lacks no question
            ask(version, setting, Asker(account, network_of(request), tab), polled=script)
            if not found.waiting:
                limits.take("solve", network=network_of(request), account=account)
        found = answer_for(version, setting)
    if script:
        return _told(found, edition, setting, slug)
    return _page(slug, setting)


def _version(request: HttpRequest, slug: str) -> Version:
    rows = readable_articles(request.user).filter(slug=slug, current__isnull=False)
    found = rows.select_related("current").defer(*LARGE_OF_CURRENT).first()
    if found is None or found.current is None:
        raise Http404
    return found.current


def _posted(request: HttpRequest) -> tuple[str | Mapping[str, object], str, bool]:
    """Return the changes, the slider's name and whether a script asks.

    Raises
    ------
    SettingError
        The body cannot be read.
    """
    if request.content_type == "application/json":
        content = _json(request.body)
        tab = content.get("tab", "")
        if not isinstance(tab, str) or len(tab) > TAB_LIMIT:
            raise SettingError("tab", "it is a text of at most {limit} characters", limit=TAB_LIMIT)
        given = content.get("s", "")
        if not isinstance(given, str | dict):
            raise SettingError("s", "write a text such as q_other=0.5")
        return given, tab, True
    changes: dict[str, object] = {}
    if len(request.POST.getlist("s")) > 1:
        raise SettingError("s", "it is given twice; keep one of the two")
    whole = request.POST.get("s", "")
    given = [(name[2:], values) for name, values in request.POST.lists() if name.startswith("v.")]
    own = {name: values for name, values in given if values != [""]}
    if not own:
        return whole, "", False
    for part in whole.split(";") if whole else ():
        name, _sign, value = part.partition("=")
        changes[name] = value
    return {**changes, **own}, "", False


def _json(body: bytes) -> dict[str, Any]:
    if len(body) > BODY_LIMIT:
        raise SettingError("", "the request has more than {limit:,} bytes", limit=BODY_LIMIT)
    try:
        content = json.loads(body, object_pairs_hook=_unique, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise SettingError("", 'the request is not JSON; write {{"s": "q_other=0.5"}}') from None
    if not isinstance(content, dict):
        raise SettingError("", 'the request is not an object; write {{"s": "q_other=0.5"}}')
    return content


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for at, (name, _value) in enumerate(pairs) if name in dict(pairs[:at]))
        raise SettingError(twice, "it is given twice; keep one of the two")
    return found


def _no_number(text: str) -> float:
    raise SettingError("", "{given} is not finite", given=text)


def _looked(version: Version, edition: Edition, setting: Setting, slug: str) -> HttpResponse:
    """Answer a reader who asks whether the answer is there."""
    found = answer_for(version, setting)
    if found.status == "unknown" or (found.status == "estimate" and not found.waiting):
        told = {"status": "unknown", "error": _("Nobody has asked this yet: send it by POST.")}
        return JsonResponse(told, status=404, headers=_PRIVATE)
    if found.waiting and not setting.is_author:
        still_wanted(version, setting)
    return _told(found, edition, setting, slug)


def _told(found: Answer, edition: Edition, setting: Setting, slug: str) -> HttpResponse:
    if found.status == "failed":
        told = {"status": "failed", "error": _("These numbers could not be solved: %s") % found.failure}
        return JsonResponse(told, status=422, headers=_PRIVATE)
    if found.effect is not None:
        return JsonResponse(_effect(edition, setting, found.effect), headers=_PRIVATE)
    queued: dict[str, object] = {
        "status": "queued",
        "s": setting.canonical(),
        "poll": f"/a/{slug}/solve?{urlencode({'s': setting.canonical()})}",
        "pause": ask_again_after(),
    }
    return JsonResponse(queued, status=202, headers=_PRIVATE)


def _effect(edition: Edition, setting: Setting, effect: Effect) -> dict[str, Any]:
    """Return an effect as the page's script needs it, with what it takes to compute it again."""
    first = effect.criteria[0] if effect.criteria else None
    return {
        "status": "solved",
        "s": setting.canonical(),
        "message": message(edition, effect, gettext=_) if first else "",
        "sentence": sentence(edition, effect, gettext=_) if first else "",
        "brief": brief(edition, effect, gettext=_) if first else "",
        "effect": {
            "advice": effect.advice,
            "chip": effect.chip,
            "verdict": effect.verdict,
            "recommended": effect.recommended,
            "share": first.share if first else None,
            "error": first.error if first else None,
            "before": first.before if first else None,
        },
        "picture": {each.policy: list(each.dots) for each in first.policies} if first else {},
        "runs": {each.policy: list(each.runs) for each in first.policies} if first else {},
        "model": effect.model,
        "engine": effect.engine,
        "seed": effect.seed,
        "draws": effect.draws,
        "ms": effect.milliseconds,
    }


def _refused(request: HttpRequest, fault: SettingError) -> HttpResponse:
    reason = _(fault.template).format(**fault.values)
    text = f"{fault.field}: {reason}" if fault.field else reason
    if request.content_type == "application/json" or request.method != "POST":
        told = {"status": "refused", "field": fault.field, "error": text}
        return JsonResponse(told, status=400, headers=_PRIVATE)
    return faults.refused(request, text)


def _page(slug: str, setting: Setting) -> HttpResponse:
    query = f"?{urlencode({'s': setting.canonical()})}" if setting.changes else ""
    answer = HttpResponseRedirect(f"/a/{slug}/{query}#answer")
    answer.status_code = 303
    answer["Cache-Control"] = "private, no-store"
    return answer


addresses: list[URLPattern] = [path("a/<slug:slug>/solve", solve, name="solve")]
