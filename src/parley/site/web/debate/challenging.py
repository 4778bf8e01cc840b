"""A challenge is put together: numbers in place of the author's, a reason for each, words.

What lives here: reading the numbers of the form, posting all in one transaction, similar challenges. What may
not: solving. Nothing that a reader says of the effect is looked at: it is the server's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from parley.errors import ParleyError, TextError
from parley.site.model.article import Edition
from parley.site.model.errors import SettingError
from parley.site.model.setting import AUTHOR, Setting, parse
from parley.site.text.markdown import checked_link, normalised
from parley.site.web.answers import ask_challenge
from parley.site.web.debate import writing
from parley.site.web.debate.drafts import Origin
from parley.site.web.models import Account, Article, Challenge, Comment, Kind, State

__all__ = [
    "LONGEST_REASON",
    "Composed",
    "Problems",
    "challenge",
    "composed",
    "object_to_structure",
    "similar",
]

LONGEST_REASON = 600  # characters
LONGEST_SOURCE = 500
MOST_SIMILAR = 5


class Problems(ParleyError):
    """What must be put right in a form, all at once: pairs of a field (empty for the whole) and a fault."""

    def __init__(self, found: Iterable[tuple[str, ParleyError]]) -> None:
        self.found = tuple(found)
        super().__init__("; ".join(f"{name}: {fault}" if name else str(fault) for name, fault in self.found))


@dataclass(frozen=True, slots=True)
class Composed:
    """The numbers of a challenge as they may be stored: the setting, and by key its reasons and sources."""

    setting: Setting = AUTHOR
    reasons: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)


def composed(
    edition: Edition,
    values: Mapping[str, Sequence[str]],
    reasons: Mapping[str, str],
    sources: Mapping[str, str],
    *,
    complete: bool = True,
) -> Composed:
    """Read the numbers of a challenge.

    Parameters
    ----------
    edition
        What may be changed, and within what.
    values
        By the key of the assumption, what was given for it: once. Empty is unchanged.
    reasons, sources
        By key, why, and where that can be looked up.
    complete
        False reads the numbers alone, to show what they do: reasons may still be missing.

    Raises
    ------
    Problems
        With every field that must be put right: ``v.<key>``, ``why.<key>``, ``source.<key>``.
    """
    given = {key: list(each) for key, each in values.items() if any(one.strip() for one in each)}
    found: list[tuple[str, ParleyError]] = []
    setting = AUTHOR
    try:
        setting = parse(given, edition)
    except SettingError as fault:
        # One at a time, so that each field gets its own message.
        found += _each(edition, given) or [(_field("v", fault.field), fault)]
    kept_reasons: dict[str, str] = {}
    kept_sources: dict[str, str] = {}
    keys = dict(setting.changes)
    for name in (*keys, *(key for key in (*reasons, *sources) if key not in keys)):
        why, source = reasons.get(name, "").strip(), sources.get(name, "").strip()
        if name not in keys:
            if (why or source) and name not in given:
                text = "A reason is given and no number. Give a number, or empty the reason."
                found.append((_field("v", name), TextError("needed", text)))
            continue
        try:
            kept_reasons[name] = _reason(why, complete)
        except TextError as fault:
            found.append((_field("why", name), fault))
        try:
            kept_sources[name] = _source(source)
        except TextError as fault:
            found.append((_field("source", name), fault))
    if not found and setting.is_author:
        text = "Nothing is changed. Give at least one number of your own."
        found.append(("", TextError("unchanged", text)))
    if found:
        raise Problems(found)
    return Composed(
        setting,
        {key: text for key, text in kept_reasons.items() if text},
        {key: text for key, text in kept_sources.items() if text},
    )


def _field(part: str, key: str) -> str:
    return f"{part}.{key}" if key else ""


def _each(edition: Edition, given: Mapping[str, list[str]]) -> list[tuple[str, ParleyError]]:
    faults: list[tuple[str, ParleyError]] = []
    for key, each in list(given.items())[:100]:
        try:
            parse({key: each}, edition)
        except SettingError as fault:
            faults.append((_field("v", fault.field or key), fault))
    return faults


def _reason(text: str, complete: bool) -> str:
    least = settings.PARLEY_RULES.reason_characters
    if len(text) < least:
        if not complete:
            return ""
        raise TextError(
            "short",
            "Say why, in at least %(least)d characters; it has %(length)d.",
            least=least,
            length=len(text),
        )
    return normalised(text, limit=LONGEST_REASON).strip()


def _source(text: str) -> str:
    if not text:
        return ""
    if len(text) > LONGEST_SOURCE or not text.lower().startswith(("http://", "https://")):
        raise TextError(
            "source", "A source is a whole address of the web, such as https://example.org/report."
        )
    if checked_link(text) is None:
        raise TextError("source", "This address cannot be linked to. Give the plain address of the page.")
    return text


def challenge(
    writer: Account, article: Article, source: str, made: Composed, origin: Origin, *, passage: str = ""
) -> Comment:
    """Post a challenge: its words, its numbers, and the job that solves it, or nothing of them.

    Sent twice it is posted once.

    Parameters
    ----------
    writer, article, source, origin
        As for a comment (:func:`parley.site.web.debate.writing.post`).
    made
        Its numbers, read against the article's present version.
    passage
        The claim that it disputes.

    Raises
    ------
    TextError, TooOften, Refused
        As for a comment.
    """
    with transaction.atomic():
        comment = writing.post(
            writer,
            article,
            source,
            origin,
            passage=passage,
            kind=Kind.CHALLENGE,
            action="challenge",
            setting=made.setting.canonical(),
            beside=tuple(made.reasons.values()),
        )
        stored, new = Challenge.objects.get_or_create(
            comment=comment,
            defaults={
                "passage": passage,
                "setting": made.setting.canonical(),
                "reasons": dict(made.reasons),
                "sources": dict(made.sources),
            },
        )
        if new and comment.version is not None:
            ask_challenge(stored, comment.version)
    return comment


def object_to_structure(
    writer: Account, article: Article, source: str, origin: Origin, *, passage: str = ""
) -> Comment:
    """Post an objection that no number can express, such as that a policy is missing.

    Raises
    ------
    TextError, TooOften, Refused
        As for a comment.
    """
    with transaction.atomic():
        comment = writing.post(
            writer, article, source, origin, passage=passage, kind=Kind.STRUCTURAL, action="challenge"
        )
        Challenge.objects.get_or_create(comment=comment, defaults={"passage": passage})
    return comment


def similar(article: Article, setting: Setting) -> list[Comment]:
    """Return shown challenges that change some of the same assumptions, those with most in common first."""
    keys = {key for key, _value in setting.changes}
    rows = Comment.objects.filter(article=article, state=State.VISIBLE, kind=Kind.CHALLENGE)
    found: list[tuple[int, int, Comment]] = []
    for each in rows.select_related("challenge", "author").order_by("-pk")[:500]:
        if not hasattr(each, "challenge"):
            continue
        theirs = {part.partition("=")[0] for part in each.challenge.setting.split(";") if part}
        if keys & theirs:
            found.append((-len(keys & theirs), len(theirs - keys), each))
    found.sort(key=lambda entry: entry[:2])
    return [each for _common, _more, each in found[:MOST_SIMILAR]]
