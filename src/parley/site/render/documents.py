"""What stands beside the pages as JSON: one record for each document.

What lives here: the documents' fields; the OpenAPI description is generated from them. What may not: where
they come from. Nothing in them is anybody's own: they hold what a signed-out reader may see.

Times are UTC. Every field is always there; what does not exist is null. Lists come in pages of 50.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

__all__ = [
    "Advice",
    "ArticleBrief",
    "ArticleDocument",
    "ArticleList",
    "AssumptionDocument",
    "AuthorDocument",
    "ChallengeDocument",
    "ChallengeList",
    "ClaimDocument",
    "ClauseDocument",
    "CommentDocument",
    "CommentList",
    "EffectDocument",
    "LimitDocument",
    "LogEntry",
    "LogList",
    "PolicyDocument",
    "Problem",
    "ProfileDocument",
    "Reference",
    "VersionDocument",
    "to_json",
]

Kind = Literal["comment", "challenge", "structural"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What was wrong with a request (RFC 9457)."""

    title: str
    status: int
    detail: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that has an address."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class ArticleBrief:
    """An article in a list; ``comments`` and ``challenges`` count what readers see."""

    slug: str
    url: str
    json: str
    title: str
    question: str | None
    open: bool
    version: int
    published: datetime
    updated: datetime
    comments: int
    challenges: int


@dataclass(frozen=True, slots=True)
class ArticleList:
    """Articles, newest first."""

    items: tuple[ArticleBrief, ...]
    page: int
    pages: int
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class ClaimDocument:
    """A claim of the article: assumed, derived from the model, or left unmodelled."""

    name: str
    text: str
    kind: str
    passage: str | None


@dataclass(frozen=True, slots=True)
class AssumptionDocument:
    """A judgement on which the argument rests, in the author's words and numbers."""

    name: str
    question: str
    unit: str | None
    judgement: str
    low: float | None
    middle: float | None
    high: float | None
    options: tuple[str, ...]
    default: str | None
    confidence: str | None
    passage: str | None


@dataclass(frozen=True, slots=True)
class Advice:
    """What the author's own numbers speak for.

    ``share`` is the share of the runs (complete sets of values for everything uncertain) in which the
    recommended policy does better, ``error`` the half-width of its 95 % interval.
    """

    policy: str
    recommended: str
    verdict: str
    criterion: str
    share: float | None
    error: float | None


@dataclass(frozen=True, slots=True)
class VersionDocument:
    """A version of an article; ``digest`` is that of its model."""

    n: int
    url: str
    at: datetime
    note: str
    correction: bool
    thanks: str
    digest: str
    status: Literal["preparing", "answered", "ready", "failed"]
    engine: str
    draws: int
    seed: int


@dataclass(frozen=True, slots=True)
class ArticleDocument:
    """An article: its head, its claims and assumptions, its advice, its versions."""

    slug: str
    url: str
    title: str
    question: str | None
    summary: str | None
    byline: str | None
    date: date | None
    language: str
    citation: str | None
    source: str | None
    licence: str | None
    open: bool
    published: datetime
    updated: datetime
    claims: tuple[ClaimDocument, ...]
    assumptions: tuple[AssumptionDocument, ...]
    policies: tuple[str, ...]
    advice: Advice | None
    versions: tuple[VersionDocument, ...]
    comments: int
    challenges: int
    links: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class AuthorDocument:
    """Who wrote something; a name without an account has no address and no standing."""

    name: str
    url: str | None
    standing: str | None


@dataclass(frozen=True, slots=True)
class CommentDocument:
    """A comment.

    ``state`` is ``visible``; in the list of an article's comments also ``hidden``, ``removed`` and
    ``withdrawn``, for
    comments that readers have seen before: then only the place, the clause and the row of the moderation
    log are left.
    """

    id: int
    url: str
    article: str
    version: int | None
    kind: Kind
    state: Literal["visible", "hidden", "removed", "withdrawn"]
    parent: int | None
    author: AuthorDocument | None
    html: str | None
    quote: str | None
    passage: str | None
    created: datetime
    edited: datetime | None
    pick: bool
    advances: int
    convinced: int
    clause: int | None
    log: int | None


@dataclass(frozen=True, slots=True)
class CommentList:
    """Comments under an article, oldest first, answers after what they answer to by their ``parent``."""

    items: tuple[CommentDocument, ...]
    page: int
    pages: int
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class EffectDocument:
    """What a challenge does to the advice of one version, as the server solved it.

    ``chip`` is null while it is being solved; ``inapplicable`` says why it cannot be put to this version.
    """

    version: int
    chip: str | None
    inapplicable: str | None
    advice: str | None
    verdict: str | None
    share: float | None
    before: float | None
    digest: str | None
    engine: str | None
    draws: int | None
    seed: int | None


@dataclass(frozen=True, slots=True)
class ChallengeDocument:
    """An objection with numbers: what it changes and why, what that does, what the author answered."""

    comment: CommentDocument
    setting: str
    declared: str | None
    restated: str | None
    reasons: Mapping[str, str]
    sources: Mapping[str, str]
    effects: tuple[EffectDocument, ...]
    answer: Literal["adopted", "declined"] | None
    answer_html: str | None
    adopted_in: int | None


@dataclass(frozen=True, slots=True)
class ChallengeList:
    """Challenges to an article, oldest first."""

    items: tuple[ChallengeDocument, ...]
    page: int
    pages: int
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class ProfileDocument:
    """What everybody may know of an account: what became of its comments, and those that are shown."""

    name: str
    url: str
    standing: str
    joined: date
    bio: str
    approved: int
    removed: int
    comments: CommentList


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A row of the moderation log: no names, no removed words.

    ``hash`` is the SHA-256 of the other fields as canonical JSON; ``previous`` is the hash of the row
    before. ``article`` is the number of the article that the hash was made over.
    """

    seq: int
    at: datetime
    act: str
    by: str
    subject: str
    subject_id: int | None
    article: int | None
    slug: str | None
    clause: int | None
    before: str
    after: str
    public: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class LogList:
    """Rows of the moderation log, newest first."""

    items: tuple[LogEntry, ...]
    page: int
    pages: int
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class ClauseDocument:
    """A clause of the comment policy, by the number that a removal cites."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class LimitDocument:
    """How often one may act: so many at once, refilled at so many an hour; more for a whole network."""

    act: str
    burst: int
    per_hour: float
    network_factor: float


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """The comment policy and the numbers of the house rules."""

    url: str
    clauses: tuple[ClauseDocument, ...]
    rules: Mapping[str, float]
    mute_hours: tuple[int, ...]
    limits: tuple[LimitDocument, ...]


def to_json(document: object) -> str:
    """Write a document as JSON, times as RFC 3339 in UTC.

    Examples
    --------
    >>> to_json(Problem("Not found", 404, "There is nothing at this address."))
    '{"title": "Not found", "status": 404, "detail": "There is nothing at this address."}'
    """
    return json.dumps(_plain(document), ensure_ascii=False, allow_nan=False)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return value
