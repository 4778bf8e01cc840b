"""Publishing an article: from a folder or an archive to a version that readers can read at once.

What lives here: the one act that makes versions, and what follows from it: figures, the objections that the
scenario itself declares, jobs, the log. What may not: solving (a job does that), forms, the command.

An article is read first and in full; only when nothing is wrong with it is anything written, and all of that
in one transaction. Files come before it, each under its digest: one that no row names does no harm.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils import timezone

from parley.errors import ParleyError, ScenarioError
from parley.site.text.markdown import render
from parley.site.web import blobs, journal
from parley.site.web.access import May, may
from parley.site.web.jobs.queue import enqueue
from parley.site.web.models import (
    Account,
    Article,
    Challenge,
    Comment,
    CommentEdit,
    Figure,
    Kind,
    State,
    Version,
)
from parley.site.web.packages import TEXT_NAME, Package, from_archive, from_folder
from parley.site.web.pictures import Encoded, encode
from parley.site.web.revisions import touch, touch_site

if TYPE_CHECKING:
    from parley.site.model.article import DeclaredChallenge, Edition

__all__ = ["SIGNED", "Draft", "PublishError", "publish", "publish_archive", "read_package", "set_state"]

SIGNED = "restated from readers' objections"
PREPARE_PRIORITY, ADVISE_PRIORITY = 5, 8
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class PublishError(ParleyError):
    """An article cannot be published as asked."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """How a version is to be published: the arguments of :func:`publish` by their names."""

    slug: str
    note: str
    correction: bool
    thanks: str
    owner: Account | None
    premoderate: bool | None
    draft: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A package that was read and found in order: what it says, and its files and pictures."""

    edition: Edition
    text: str
    files: Mapping[str, bytes]
    pictures: tuple[Encoded, ...]


def publish(
    source: Path | str,
    *,
    slug: str | None = None,
    note: str = "",
    correction: bool = False,
    thanks: str = "",
    owner: Account | None = None,
    premoderate: bool | None = None,
    draft: bool = False,
) -> Version:
    """Publish an article, or a new version of one.

    Parameters
    ----------
    source
        The folder of a scenario, its Markdown file, or the name of a scenario that ships.
    slug
        The article's address; by default the name of the folder.
    note
        What changed, for readers, at most 500 characters.
    correction
        The new version puts an error right.
    thanks
        The reader whose challenge was adopted.
    owner
        Whose article it is: may answer challenges to it. An article keeps its owner.
    premoderate
        Whether an editor reads every comment before it appears; None leaves it as it is.
    draft
        Readers do not see it yet.

    Returns
    -------
    Version
        The new version; the present one when text and files are what they were.

    Raises
    ------
    PublishError
        The address is taken by another owner's article, or is no address; note or title are too long.
    PackageError, PictureError
        The folder cannot be taken.
    ScenarioError
        The text is at fault; it carries every diagnostic with its place.
    EditionError
        It cannot be shown as an article.
    """
    place = _place(source)
    name = slug if slug is not None else (place if place.is_dir() else place.parent).resolve().name
    read = read_package(from_folder(place))
    address = _slug(name, given=slug is not None)
    return _published(read, _Wish(address, note, correction, thanks, owner, premoderate, draft))


def publish_archive(
    data: bytes,
    *,
    slug: str,
    note: str = "",
    correction: bool = False,
    thanks: str = "",
    owner: Account | None = None,
    premoderate: bool | None = None,
    draft: bool = False,
) -> Version:
    """Publish an article that was sent as a ZIP archive; everything else as :func:`publish`."""
    read = read_package(from_archive(data))
    address = _slug(slug, given=True)
    return _published(read, _Wish(address, note, correction, thanks, owner, premoderate, draft))


def set_state(article: Article, state: str, actor: Account | None = None) -> Article:
    """Publish a draft, close an article for comments, open it again, or withdraw it; logged.

    Raises
    ------
    PublishError
        There is nothing to be published yet, or no such state.
    """
    if state not in Article.State.values:
        raise PublishError(f"an article is never {state!r}; it is {', '.join(Article.State.values)}")
    with transaction.atomic():
        journal.begin()  # before the article's row, as decisions do
        found = Article.objects.select_for_update().get(pk=article.pk)
        if found.current_id is None:
            raise PublishError(f"{found.slug} has no version yet")
        before = found.state
        if before == state:
            return found
        found.state = state
        if state == Article.State.PUBLISHED and found.published_at is None:
            found.published_at = timezone.now()
        found.save(update_fields=("state", "published_at"))
        act = {"published": "open", "closed": "close", "withdrawn": "withdraw", "draft": "unpublish"}[state]
        _log(found, act, actor, before, {})
        touch(found)
        touch_site()
    return found


def read_package(package: Package) -> Draft:
    """Read a package in full, without writing anything of it to the site.

    Raises
    ------
    ParleyError
        As :func:`publish`.
    """
    from parley.site.model import edition

    with tempfile.TemporaryDirectory(prefix="parley-") as folder:
        blobs.lay_out(Path(folder), package.text, package.files)
        try:
            found = edition(Path(folder) / TEXT_NAME)
        except ParleyError as fault:
            raise _without(fault, folder) from None
    named = {each.name for each in found.files} | {each.file for each in found.pictures}
    files = {name: data for name, data in package.files.items() if name in named or name == "SOURCES.md"}
    pictures = tuple(encode(package.files[each.file], each.file) for each in found.pictures)
    if len(found.title) > 300:
        raise PublishError("the title has more than 300 characters")
    return Draft(found, package.text, files, pictures)


def _without(fault: ParleyError, folder: str) -> ParleyError:
    """Take the place where the package was read out of a message: it says nothing to the author."""
    if not isinstance(fault, ScenarioError):
        return type(fault)(*(_bare(each, folder) for each in fault.args)) if fault.args else fault
    items = [cast(Any, each) for each in fault.diagnostics]
    return ScenarioError(
        replace(each, span=replace(each.span, file=_bare(each.span.file, folder))) for each in items
    )


def _bare(text: object, folder: str) -> str:
    return str(text).replace(f"{folder}/", "")


def _place(source: Path | str) -> Path:
    place = Path(source)
    if isinstance(source, str) and not place.exists():
        from parley.catalog import locate

        return locate(source).parent
    return place


def _slug(text: str, *, given: bool) -> str:
    slug = text if given else re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if len(slug) > 80 or not _SLUG.fullmatch(slug):
        raise PublishError(
            f"{text[:80]!r} is no address for an article: "
            "use letters a to z, digits and single hyphens between them"
        )
    return slug


def _published(read: Draft, wish: _Wish) -> Version:
    if len(wish.note) > 500 or len(wish.thanks) > 200:
        raise PublishError("say what changed in at most 500 characters, and thank in at most 200")
    files = {name: blobs.keep(data) for name, data in read.files.items()}
    for each in read.pictures:
        blobs.keep_picture(each.name, each.data)
    with transaction.atomic():
        journal.begin()  # before the article's row, as decisions do
        article = _article(wish)
        if article.current is not None and article.current.digest == read.edition.digest:
            return _tried_again(article.current)
        version = _version(article, read, files, wish)
        article.current = version
        article.save(update_fields=("current",))
        _seed(article, version, read.edition.challenges)
        act = "correct" if wish.correction else "publish"
        _log(article, act, wish.owner, "", {"version": version.n, "digest": version.digest})
        _prepare(version)
        touch(article)
        touch_site()
    return version


def _tried_again(version: Version) -> Version:
    """Have a version that could not be solved tried once more; one that could stays as it is."""
    if version.status == Version.Status.FAILED:
        version.status, version.failure = Version.Status.PREPARING, ""
        version.save(update_fields=("status", "failure"))
        _prepare(version, again=True)
        touch(version.article_id)
    return version


def _prepare(version: Version, *, again: bool = False) -> None:
    payload = {"version": version.pk}
    enqueue("advise", payload, key=f"advise:{version.pk}", priority=ADVISE_PRIORITY, again=again)
    enqueue("prepare", payload, key=f"prepare:{version.pk}", priority=PREPARE_PRIORITY, again=again)


def _article(wish: _Wish) -> Article:
    """Return the article of this address, made or brought up to what was asked."""
    state = Article.State.DRAFT if wish.draft else Article.State.PUBLISHED
    made = {"state": state, "owner": wish.owner}
    article = Article.objects.get_or_create(slug=wish.slug, defaults=made)[0]
    article = Article.objects.select_for_update().get(pk=article.pk)
    owner = wish.owner
    if owner is not None and article.owner_id not in (None, owner.pk) and not may(owner, May.ADMINISTER):
        raise PublishError(f"the address {wish.slug} belongs to another author's article: choose another")
    before = (article.state, article.owner_id, article.premoderate, article.published_at)
    if article.owner_id is None:
        article.owner = owner
    if wish.premoderate is not None:
        article.premoderate = wish.premoderate
    if not wish.draft and article.state in (Article.State.DRAFT, Article.State.WITHDRAWN):
        article.state = Article.State.PUBLISHED
    if article.state == Article.State.PUBLISHED and article.published_at is None:
        article.published_at = timezone.now()
    if before != (article.state, article.owner_id, article.premoderate, article.published_at):
        article.save(update_fields=("state", "owner", "premoderate", "published_at"))
        touch(article)
        touch_site()
    return article


def _version(article: Article, read: Draft, files: Mapping[str, str], wish: _Wish) -> Version:
    last = article.versions.order_by("-n").first()
    version = Version.objects.create(
        article=article,
        n=last.n + 1 if last else 1,
        digest=read.edition.digest,
        title=read.edition.title,
        source=read.text,
        files=dict(files),
        edition=json.loads(read.edition.to_json()),
        note=wish.note,
        correction=wish.correction,
        thanks=wish.thanks,
    )
    Figure.objects.bulk_create(
        Figure(
            version=version,
            name=each.file,
            file=encoded.name,
            width=encoded.width,
            height=encoded.height,
            alt=each.alt[:500],
            caption=each.caption[:500],
            credit=each.credit[:200],
        )
        for each, encoded in zip(read.edition.pictures, read.pictures, strict=True)
    )
    return version


def _seed(article: Article, version: Version, declared: tuple[DeclaredChallenge, ...]) -> None:
    """Put the objections that the scenario declares into the debate: once, and the same over all versions.

    An objection whose words the author changed keeps its place, its replies and its marks; the earlier words
    stand in its history.
    """
    ours = Challenge.objects.filter(comment__article=article, comment__signed=SIGNED)
    known = {each.declared: each for each in ours.select_related("comment")}
    for each in declared:
        words = _words(each)
        if each.name in known:
            _reworded(known[each.name].comment, words)
            continue
        rendered = render(words)
        at = timezone.now()
        comment = Comment.objects.create(
            article=article,
            version=version,
            signed=SIGNED,
            kind=Kind.CHALLENGE,
            state=State.VISIBLE,
            approved=True,
            source=words,
            html=rendered.html,
            sanitiser=rendered.sanitiser,
            passage=each.passage or "",
            created=at,
            shown_at=at,
        )
        Challenge.objects.create(
            comment=comment, passage=each.passage or "", declared=each.name, restated=SIGNED, reasons={}
        )


def _reworded(comment: Comment, words: str) -> None:
    if comment.source == words or comment.state != State.VISIBLE:
        return
    rendered = render(words)
    CommentEdit.objects.create(comment=comment, source=comment.source, html=comment.html)
    comment.source, comment.html, comment.sanitiser = words, rendered.html, rendered.sanitiser
    comment.edited_at = timezone.now()
    comment.revision += 1
    comment.save(update_fields=("source", "html", "sanitiser", "edited_at", "revision"))


def _words(declared: DeclaredChallenge) -> str:
    """Return an objection's words: what it says, then why; both are the author's plain text."""
    parts = [declared.text.strip(), (declared.why or "").strip()]
    return _escaped("\n\n".join(part[:1].upper() + part[1:] for part in parts if part))


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#])", r"\\\1", text)


def _log(
    article: Article, act: str, actor: Account | None, before: str, public: Mapping[str, object]
) -> None:
    journal.append(
        journal.Entry(
            act=act,
            by="author" if actor is not None else "system",
            subject="article",
            subject_id=article.pk,
            article=article,
            before=before,
            after=article.state,
            public=dict(public),
            actor=actor,
        )
    )
