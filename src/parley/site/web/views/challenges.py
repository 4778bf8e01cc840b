"""The composer of challenges: claim, numbers, what they do, words; one form that works without scripts.

What lives here: views. What may not: rules (``debate.challenging``), solving.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import path
from django.utils.translation import gettext as _

from parley.errors import ParleyError, TextError
from parley.site.model.article import Assumption, Edition
from parley.site.model.errors import SettingError
from parley.site.model.setting import AUTHOR, Setting, parse
from parley.site.render.compose import answer as answer_view
from parley.site.render.compose import title_of
from parley.site.render.formats import in_form, number
from parley.site.render.safe import NOTHING, Safe, sanitised
from parley.site.render.wording import judged_in_runs
from parley.site.web import limits, sayings
from parley.site.web.access import May
from parley.site.web.answers import Answer, Asker, QueueFull, answer_for, ask
from parley.site.web.awaiting import awaited
from parley.site.web.debate import answering, challenging, writing
from parley.site.web.debate.challenging import Composed, Problems
from parley.site.web.debate.drafts import drafted, opened_at
from parley.site.web.editions import edition_of, numbers_of
from parley.site.web.effects import in_words
from parley.site.web.models import Article, Kind, State, Version
from parley.site.web.pages import page
from parley.site.web.views import faults
from parley.site.web.views.answers import (
    account_of,
    answered,
    article_or_404,
    comment_or_404,
    done,
    network_of,
    said,
    whole,
)
from parley.site.web.views.answers import (
    field as given_field,
)
from parley.site.web.views.asked import wants_json
from parley.site.web.views.guard import needs, open_to_shared_pages
from parley.site.web.views.writing import composer, crumbs, origin_of, place_of, previewed

__all__ = ["addresses"]

OTHER = "other"  # the group of the assumptions that hang on no passage


@dataclass(slots=True)
class Form:
    """What stands in the form now, and what is wrong with it."""

    claims: list[str]
    values: dict[str, list[str]]
    reasons: dict[str, str]
    sources: dict[str, str]
    text: str = ""
    faults: list[tuple[str, str]] = field(default_factory=list)
    preview: Safe = NOTHING


@open_to_shared_pages
@needs(May.WRITE, "GET", "HEAD", "POST")
@answered
def challenge(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a challenge together and post it."""
    article = article_or_404(request, slug)
    writing.refuse_closed(article)
    sent = request.POST if request.method == "POST" else request.GET
    if sent.get("kind") == "structural":
        return _structural(request, article)
    assert article.current is not None
    edition = edition_of(article.current)
    form = _form(sent, edition)
    wish = given_field(request, "do") if request.method == "POST" else ""
    if wish == "post":
        return _post(request, article, edition, form)
    known: Answer | None = None
    if wish in ("solve", "preview"):
        made = _numbers(edition, form, complete=wish == "preview")
        if wish == "preview":
            _preview(form)
        if made is not None:
            known = _asked(request, article.current, made.setting, form, enter=wish == "solve")
    return _page(request, article, edition, form, known)


def _form(sent: QueryDict, edition: Edition) -> Form:
    """Read the form that was sent, or the address by which it is opened (``claim``, ``s``)."""
    passages = {each.name for each in edition.passages} | {OTHER}
    claims = [
        each for each in dict.fromkeys([*sent.getlist("claim"), *sent.getlist("add")]) if each in passages
    ]
    values: dict[str, list[str]] = {
        name.removeprefix("v."): [str(each) for each in sent.getlist(name)]
        for name in sent
        if name.startswith("v.")
    }
    form = Form(
        claims,
        values,
        {name.removeprefix("why."): str(sent[name]) for name in sent if name.startswith("why.")},
        {name.removeprefix("source."): str(sent[name]) for name in sent if name.startswith("source.")},
        str(sent.get("text", "")),
    )
    try:
        for key, value in parse(str(sent.get("s", "")), edition).changes:
            form.values.setdefault(key, [value if isinstance(value, str) else number(value, 6)])
    except SettingError as fault:
        form.faults.append(("", _told(fault)))
    return form


def _numbers(edition: Edition, form: Form, *, complete: bool) -> Composed | None:
    """Read the numbers; what is wrong is written into the form."""
    try:
        return challenging.composed(edition, form.values, form.reasons, form.sources, complete=complete)
    except Problems as problems:
        form.faults += [(name, _told(fault)) for name, fault in problems.found]
        return None


def _told(fault: ParleyError) -> str:
    if isinstance(fault, TextError):
        return said(fault)
    if isinstance(fault, SettingError):
        words = _(fault.template).format(**fault.values)
        return words[:1].upper() + words[1:]
    return str(fault)


def _preview(form: Form) -> None:
    try:
        form.preview = sanitised(drafted(form.text).rendered.html)
    except TextError as fault:
        form.faults.append(("text", said(fault)))


def _asked(
    request: HttpRequest, version: Version, setting: Setting, form: Form, *, enter: bool
) -> Answer | None:
    """Return what is known of the numbers; ``enter`` asks the worker where nothing is."""
    known = answer_for(version, setting)
    if not enter or known.settled:
        return known
    if known.waiting:
        return awaited(version, setting)
    account = account_of(request)
    limits.take("solve", network=network_of(request), account=account)
    try:
        ask(version, setting, Asker(account, network_of(request)), polled=False)
    except QueueFull:
        form.faults.append(("", _("Several questions of yours wait to be solved. Try again in a moment.")))
        return answer_for(version, setting)
    return awaited(version, setting)


def _post(request: HttpRequest, article: Article, edition: Edition, form: Form) -> HttpResponse:
    made = _numbers(edition, form, complete=True)
    if made is not None:
        passage = next((each for each in form.claims if each != OTHER), "")
        try:
            comment = challenging.challenge(
                account_of(request), article, form.text, made, origin_of(request), passage=passage
            )
        except TextError as fault:
            form.faults.append(("text", said(fault)))
        else:
            return done(
                request,
                place_of(comment),
                id=comment.pk,
                state=comment.state,
                reasons=[sayings.said(each) for each in comment.held_reasons],
            )
    if wants_json(request):
        return faults.refused(request, " ".join(words for _name, words in form.faults))
    known = answer_for(article.current, made.setting) if made is not None and article.current else None
    return _page(request, article, edition, form, known)


def _page(
    request: HttpRequest, article: Article, edition: Edition, form: Form, known: Answer | None
) -> HttpResponse:
    errors = dict(reversed(form.faults))
    setting = _setting(edition, form)
    return page(
        request,
        "debate/challenge.html",
        status=400 if form.faults else 200,
        crumbs=crumbs(article, _("Write a challenge")),
        action=f"/a/{article.slug}/challenge",
        article=article,
        claims=_claims(edition, form.claims),
        chosen=form.claims,
        rows=list(_rows(edition, form, errors)),
        most=settings.PARLEY_RULES.challenge_changes,
        least=settings.PARLEY_RULES.reason_characters,
        limit=settings.PARLEY_RULES.comment_characters,
        errors=form.faults,
        text=form.text,
        text_error=errors.get("text", ""),
        preview=form.preview,
        known=_known(article, edition, known),
        similar=[] if setting.is_author else _similar(article, setting),
        key=given_field(request, "key") or secrets.token_urlsafe(16),
        started=given_field(request, "started") or ("" if form.text else opened_at()),
    )


def _setting(edition: Edition, form: Form) -> Setting:
    try:
        return challenging.composed(edition, form.values, {}, {}, complete=False).setting
    except Problems:
        return AUTHOR


def _claims(edition: Edition, chosen: Sequence[str]) -> list[dict[str, Any]]:
    """Return the claims on which an assumption hangs, and whether each is chosen."""
    found: list[dict[str, Any]] = [
        {
            "name": each.name,
            "number": each.number,
            "words": title_of(edition, each),
            "chosen": each.name in chosen,
        }
        for each in edition.passages
        if _hanging(edition, each.name)
    ]
    if edition.other:
        found.append(
            {"name": OTHER, "number": None, "words": _("other assumptions"), "chosen": OTHER in chosen}
        )
    return found


def _hanging(edition: Edition, name: str) -> tuple[str, ...]:
    if name == OTHER:
        return edition.other
    card = next((each for each in edition.cards if each.passage == name), None)
    return (*card.assumptions, *card.also) if card is not None else ()


def _rows(edition: Edition, form: Form, errors: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    """Yield the assumptions of the chosen claims, and whatever else has a value already."""
    wanted = {name for claim in form.claims for name in _hanging(edition, claim)}
    for each in edition.assumptions:
        value = next((one for one in form.values.get(each.key, ()) if one.strip()), "")
        if each.name in wanted or value or f"v.{each.key}" in errors:
            yield {
                "key": each.key,
                "question": each.question,
                "author": _author(each),
                "options": each.options,
                "range": _range(each),
                "value": value,
                "why": form.reasons.get(each.key, ""),
                "source": form.sources.get(each.key, ""),
                "error": errors.get(f"v.{each.key}", ""),
                "why_error": errors.get(f"why.{each.key}", ""),
                "source_error": errors.get(f"source.{each.key}", ""),
            }


def _author(each: Assumption) -> str:
    if each.middle is None or each.point:
        return judged_in_runs(each.judgement)
    return f"{in_form(each.middle, each.form, 6)} ({judged_in_runs(each.judgement)})"


def _range(each: Assumption) -> str:
    if each.least is None or each.most is None:
        return ""
    least, most = (in_form(value, each.form, 6) for value in (each.least, each.most))
    words = _("%(least)s to %(most)s") % {"least": least, "most": most}
    return f"{words} {each.unit}" if each.unit else words


def _known(article: Article, edition: Edition, known: Answer | None) -> dict[str, Any] | None:
    """Return what the numbers do, for the page."""
    if known is None or article.current is None:
        return None
    numbers = numbers_of(article.current)
    shown: dict[str, Any] = {"status": known.status, "failure": known.failure, "chip": "", "sentence": ""}
    shown |= {"dumbbell": NOTHING, "mine": None, "author": None}
    if numbers is not None:
        shown["author"] = answer_view(edition, numbers.effect, status="author", gettext=_)
    if known.effect is not None:
        shown["chip"] = known.effect.chip
        shown["sentence"], shown["dumbbell"] = in_words(known.effect, edition)
        before = numbers.effect if numbers is not None else None
        shown["mine"] = answer_view(edition, known.effect, status="solved", before=before, gettext=_)
    return shown


def _similar(article: Article, setting: Setting) -> list[dict[str, Any]]:
    return [
        {
            "id": each.pk,
            "href": f"/c/{each.pk}/",
            "reply": f"/c/{each.pk}/reply",
            "author": each.author.name if each.author is not None else each.signed,
            "setting": each.challenge.setting.replace(";", ", ").replace("=", " = "),
        }
        for each in challenging.similar(article, setting)
    ]


def _structural(request: HttpRequest, article: Article) -> HttpResponse:
    """Take an objection that no number can express."""
    sent = request.POST if request.method == "POST" else request.GET
    passage = str(sent.get("passage", "") or sent.get("claim", ""))[:80]
    context: dict[str, Any] = {
        "title": _("Ask for a change of the model"),
        "crumbs": crumbs(article, _("Ask for a change of the model")),
        "action": f"/a/{article.slug}/challenge",
        "passage": passage,
        "draft": f"/a/{article.slug}/objection",
        "verb": _("Post it"),
        "kind": "structural",
        "note": _(
            "For what no number can express: a policy, a player or a way the story can end is missing."
        ),
    }
    if request.method != "POST":
        return composer(request, **context)
    if given_field(request, "do") == "preview":
        return previewed(request, **context)
    try:
        comment = challenging.object_to_structure(
            account_of(request), article, given_field(request, "text"), origin_of(request), passage=passage
        )
    except TextError as fault:
        return composer(request, status=400, errors=[("text", said(fault))], **context)
    return done(request, place_of(comment), id=comment.pk, state=comment.state)


@open_to_shared_pages
@needs(May.ANSWER, "GET", "HEAD", "POST")
@answered
def answer(request: HttpRequest, key: int) -> HttpResponse:
    """Adopt or decline a challenge to one's own article."""
    found = comment_or_404(request, key)
    shown = found.kind != Kind.COMMENT and found.state == State.VISIBLE and hasattr(found, "challenge")
    if not shown or not answering.may_answer(account_of(request), found):
        raise Http404
    given = found.challenge
    text, kind, errors = given.answer_source, given.answer, []
    if request.method == "POST":
        text, kind = given_field(request, "text"), given_field(request, "answer")
        number = given_field(request, "version")
        taken = whole(number) if number else None
        try:
            if number and taken is None:
                raise TextError("version", "The number of a version is a whole number, such as 2.")
            answering.answer(found, account_of(request), kind, text, version=taken)
        except TextError as fault:
            errors = [("version" if fault.code == "version" else "text", said(fault))]
        else:
            return done(request, place_of(found), id=found.pk, answer=kind)
    return page(
        request,
        "debate/answer.html",
        status=400 if errors else 200,
        crumbs=crumbs(found.article, _("Answer challenge #%(id)s") % {"id": found.pk}),
        comment=found,
        html=sanitised(found.html),
        text=text,
        kind=kind,
        limit=answering.LONGEST,
        errors=errors,
    )


addresses = [
    path("a/<slug:slug>/challenge", challenge, name="challenge"),
    path("c/<row:key>/answer", answer, name="challenge-answer"),
]
