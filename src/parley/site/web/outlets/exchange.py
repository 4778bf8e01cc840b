"""The documents beside the pages, gathered from the database.

What lives here: queries for what everybody may see, in the form of ``parley.site.render.documents``. What
may not: who asks: the answers are the same for all, so that any cache may keep them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from parley.site.render import documents as d
from parley.site.web.access import readable_articles, readable_comments
from parley.site.web.models import (
    Account,
    Act,
    Article,
    Challenge,
    ChallengeEffect,
    Comment,
    Kind,
    Role,
    State,
    Version,
)
from parley.site.web.outlets import places
from parley.site.web.rules import CLAUSES
from parley.site.web.sayings import plainly

__all__ = [
    "PAGE",
    "PUBLIC",
    "article",
    "article_list",
    "author",
    "challenge_list",
    "comment",
    "comment_list",
    "excerpt_of",
    "log_list",
    "policy",
    "profile",
    "public_articles",
    "public_comments",
]

PAGE = 50
PUBLIC = AnonymousUser()


@dataclass(frozen=True, slots=True)
class _Page:
    """The head that all lists share."""

    page: int
    pages: int
    total: int
    next: str | None


def public_articles() -> QuerySet[Article]:
    """Return what a signed-out reader may read, newest first, with titles and without the heavy parts."""
    return (
        readable_articles(PUBLIC)
        .filter(current__isnull=False)
        .select_related("current")
        .defer("current__edition", "current__numbers", "current__source")
        .annotate(question=KeyTextTransform("question", "current__edition"))
        .annotate(byline=KeyTextTransform("byline", "current__edition"))
        .order_by("-published_at", "-pk")
    )


def public_comments() -> QuerySet[Comment]:
    """Return the comments whose words a signed-out reader may read, with who wrote them and where."""
    return readable_comments(PUBLIC).select_related("author", "article", "version").defer(*_HEAVY)


def article_list(page: int) -> d.ArticleList:
    """Return published articles, newest first."""
    found = public_articles().annotate(**_counts())
    rows, head = _cut(found, page, "/articles.json")
    return d.ArticleList(items=tuple(_brief(each) for each in rows), **_head(head))


def article(slug: str) -> d.ArticleDocument:
    """Return one article.

    Raises
    ------
    Article.DoesNotExist
        There is none that everybody may read.
    """
    found = (
        public_articles()
        .annotate(effect=KeyTransform("effect", "current__numbers"), **_counts())
        .get(slug=slug)
    )
    now = _current(found)
    edition = Version.objects.values_list("edition", flat=True).get(pk=now.pk)
    versions = found.versions.defer("edition", "numbers", "source").order_by("-n")
    path = places.article(found.slug)
    return d.ArticleDocument(
        slug=found.slug,
        url=places.whole(path),
        title=now.title,
        question=edition.get("question"),
        summary=edition.get("summary"),
        byline=edition.get("byline"),
        date=_day(edition.get("date")),
        language=edition.get("language") or "en",
        citation=edition.get("citation"),
        source=edition.get("source"),
        licence=edition.get("licence"),
        open=found.state == Article.State.PUBLISHED,
        published=found.published_at or found.created,
        updated=now.at,
        claims=tuple(_picked(d.ClaimDocument, each) for each in edition.get("claims", ())),
        assumptions=tuple(_picked(d.AssumptionDocument, each) for each in edition.get("assumptions", ())),
        policies=tuple(each["name"] for each in edition.get("policies", ())),
        advice=_advice(getattr(found, "effect", None)),
        versions=tuple(_version(found.slug, each) for each in versions),
        comments=_count(found, "shown"),
        challenges=_count(found, "challenging"),
        links=(
            d.Reference("comments", places.whole(f"/a/{found.slug}/comments.json")),
            d.Reference("challenges", places.whole(f"/a/{found.slug}/challenges.json")),
        ),
    )


def comment_list(slug: str, page: int) -> d.CommentList:
    """Return the comments under an article, with the places of those that are gone.

    Raises
    ------
    Article.DoesNotExist
        There is no such article that everybody may read.
    """
    found = readable_articles(PUBLIC).get(slug=slug)
    seen = Q(state=State.VISIBLE) | (Q(shown_at__isnull=False) & ~Q(state=State.HELD))
    rows, head = _cut(
        Comment.objects.filter(seen, article=found)
        .select_related("author", "article", "version", "removal")
        .defer(*_HEAVY)
        .order_by("created", "pk"),
        page,
        f"/a/{slug}/comments.json",
    )
    return d.CommentList(items=tuple(comment(each) for each in rows), **_head(head))


def challenge_list(slug: str, page: int) -> d.ChallengeList:
    """Return the challenges to an article, oldest first.

    Raises
    ------
    Article.DoesNotExist
        There is no such article that everybody may read.
    """
    found = readable_articles(PUBLIC).get(slug=slug)
    effects = Prefetch(
        "challenge__effects",
        ChallengeEffect.objects.select_related("version", "solve")
        .defer("version__edition", "version__numbers", "version__source")
        .order_by("version__n"),
    )
    rows, head = _cut(
        public_comments()
        .filter(article=found, challenge__isnull=False)
        .select_related("challenge__adopted_in")
        .defer(*_HEAVY, *(f"challenge__adopted_in__{name}" for name in ("edition", "numbers", "source")))
        .prefetch_related(effects)
        .order_by("created", "pk"),
        page,
        f"/a/{slug}/challenges.json",
    )
    return d.ChallengeList(items=tuple(_challenge(each) for each in rows), **_head(head))


def comment(found: Comment) -> d.CommentDocument:
    """Return one comment; of one that is not visible the place alone."""
    shown = found.state == State.VISIBLE
    gone = found.removal if found.state == State.REMOVED else None
    return d.CommentDocument(
        id=found.pk,
        url=places.whole(places.comment(found.pk)),
        article=found.article.slug,
        version=found.version.n if found.version else None,
        kind=found.kind,  # type: ignore[arg-type]
        state=found.state,  # type: ignore[arg-type]
        parent=found.parent_id,
        author=author(found) if shown else None,
        html=found.html if shown else None,
        quote=(found.quote or None) if shown else None,
        passage=(found.passage or None) if shown else None,
        created=found.created,
        edited=found.changed_at if shown else None,
        pick=found.pick and shown,
        advances=found.advances if shown else 0,
        convinced=found.convinced if shown else 0,
        clause=found.clause if gone else None,
        log=gone.seq if gone else None,
    )


def author(found: Comment) -> d.AuthorDocument | None:
    """Return who wrote a comment; None where the writer asked to be unsigned."""
    if found.author is not None:
        who = found.author
        return d.AuthorDocument(who.name, places.whole(places.profile(who.name)), _standing(who))
    return d.AuthorDocument(found.signed, None, None) if found.signed else None


def profile(name: str, page: int) -> d.ProfileDocument:
    """Return what everybody may know of an account.

    Raises
    ------
    Account.DoesNotExist
        There is no such account, or it was deleted.
    """
    who = Account.objects.get(name__iexact=name, deleted_at__isnull=True, is_active=True)
    path = places.profile(who.name)
    rows, head = _cut(
        public_comments().filter(author=who).order_by("-created", "-pk"), page, f"{path.rstrip('/')}.json"
    )
    return d.ProfileDocument(
        name=who.name,
        url=places.whole(path),
        standing=_standing(who),
        joined=who.joined.date(),
        bio=who.bio,
        approved=who.approved,
        removed=who.removed,
        comments=d.CommentList(items=tuple(comment(each) for each in rows), **_head(head)),
    )


def log_list(page: int) -> d.LogList:
    """Return rows of the moderation log, newest first, without names of articles that readers may not see."""
    public = readable_articles(PUBLIC).filter(pk=OuterRef("article_id")).values("slug")
    rows, head = _cut(Act.objects.annotate(slug=Subquery(public)).order_by("-seq"), page, "/log.json")
    return d.LogList(items=tuple(_log_entry(each) for each in rows), **_head(head))


def policy() -> d.PolicyDocument:
    """Return the policy's clauses and the numbers of the house rules."""
    rules = settings.PARLEY_RULES
    named = {each.name: getattr(rules, each.name) for each in fields(rules)}
    return d.PolicyDocument(
        url=places.whole("/policy/"),
        clauses=tuple(d.ClauseDocument(number, title) for number, title in CLAUSES.items()),
        rules={name: value for name, value in named.items() if isinstance(value, int | float)},
        mute_hours=rules.mute_hours,
        limits=tuple(
            d.LimitDocument(name, each.burst, each.per_hour, each.network_factor)
            for name, each in rules.limits.items()
        ),
    )


def excerpt_of(html: str, longest: int = 200) -> str:
    """Return the beginning of a comment's words without their form."""
    from parley.site.render.words import plain

    words = plain(html)
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


_HEAVY = tuple(f"version__{name}" for name in ("edition", "numbers", "source"))


def _counts() -> dict[str, Count]:
    visible = Q(comments__state=State.VISIBLE)
    return {
        "shown": Count("comments", filter=visible),
        "challenging": Count("comments", filter=visible & Q(comments__kind=Kind.CHALLENGE)),
    }


def _count(found: Article, name: str) -> int:
    return int(getattr(found, name))


def _current(found: Article) -> Version:
    assert found.current is not None, "public_articles() asks for a version"
    return found.current


def _cut(found: QuerySet[Any], page: int, path: str) -> tuple[Sequence[Any], _Page]:
    total = found.count()
    pages = max(1, -(-total // PAGE))
    rows = list(found[(page - 1) * PAGE : page * PAGE]) if page <= pages else []
    more = places.whole(f"{path}?page={page + 1}") if page < pages else None
    return rows, _Page(page, pages, total, more)


def _head(page: _Page) -> dict[str, Any]:
    return {each.name: getattr(page, each.name) for each in fields(page)}


def _brief(found: Article) -> d.ArticleBrief:
    now = _current(found)
    return d.ArticleBrief(
        slug=found.slug,
        url=places.whole(places.article(found.slug)),
        json=places.whole(f"/a/{found.slug}.json"),
        title=now.title,
        question=getattr(found, "question", None),
        open=found.state == Article.State.PUBLISHED,
        version=now.n,
        published=found.published_at or found.created,
        updated=now.at,
        comments=_count(found, "shown"),
        challenges=_count(found, "challenging"),
    )


def _picked(kind: type[Any], given: dict[str, Any]) -> Any:
    """Take from an edition's JSON the fields that a document shows."""
    names = [each.name for each in fields(kind)]
    return kind(
        **{name: tuple(given[name]) if isinstance(given[name], list) else given[name] for name in names}
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None  # a date in words stands in the article itself


def _version(slug: str, each: Version) -> d.VersionDocument:
    return d.VersionDocument(
        n=each.n,
        url=places.whole(places.version(slug, each.n)),
        at=each.at,
        note=each.note,
        correction=each.correction,
        thanks=each.thanks,
        digest=each.digest,
        status=each.status,  # type: ignore[arg-type]
        engine=each.engine,
        draws=each.draws,
        seed=each.seed,
    )


def _leading(effect: dict[str, Any]) -> dict[str, Any]:
    criteria: Iterable[dict[str, Any]] = effect.get("criteria") or ()
    listed = list(criteria)
    at = int(effect.get("leading") or 0)
    return listed[at] if 0 <= at < len(listed) else {}


def _advice(effect: dict[str, Any] | None) -> d.Advice | None:
    if not effect or not effect.get("advice"):
        return None
    by = _leading(effect)
    return d.Advice(
        policy=effect["advice"],
        recommended=effect.get("recommended") or effect["advice"],
        verdict=effect.get("verdict") or "",
        criterion=by.get("criterion") or "",
        share=by.get("share"),
        error=by.get("error"),
    )


def _challenge(found: Comment) -> d.ChallengeDocument:
    numbers: Challenge = found.challenge
    return d.ChallengeDocument(
        comment=comment(found),
        setting=numbers.setting,
        declared=numbers.declared or None,
        restated=numbers.restated or None,
        reasons={str(name): str(text) for name, text in numbers.reasons.items()},
        sources={str(name): str(text) for name, text in numbers.sources.items()},
        effects=tuple(_effect(each) for each in numbers.effects.all()),
        answer=numbers.answer or None,  # type: ignore[arg-type]
        answer_html=numbers.answer_html or None,
        adopted_in=numbers.adopted_in.n if numbers.adopted_in else None,
    )


def _effect(each: ChallengeEffect) -> d.EffectDocument:
    solve = each.solve
    found = (solve.effect if solve is not None else None) or {}
    by = _leading(found)
    return d.EffectDocument(
        version=each.version.n,
        chip=each.chip or None,
        inapplicable=plainly(each.inapplicable) or None,
        advice=found.get("advice"),
        verdict=found.get("verdict"),
        share=by.get("share"),
        before=by.get("before"),
        digest=solve.digest if solve is not None else None,
        engine=solve.engine if solve is not None else None,
        draws=solve.draws if solve is not None else None,
        seed=solve.seed if solve is not None else None,
    )


def _standing(who: Account) -> str:
    return who.role if who.role != Role.READER else str(who.standing().value)


def _log_entry(row: Act) -> d.LogEntry:
    return d.LogEntry(
        seq=row.seq,
        at=row.at,
        act=row.act,
        by=row.by,
        subject=row.subject,
        subject_id=row.subject_id,
        article=row.article_id,
        slug=getattr(row, "slug", None),
        clause=row.clause,
        before=row.before,
        after=row.after,
        public=row.public,
        previous=row.previous,
        hash=row.hash,
    )
