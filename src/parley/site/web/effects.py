"""What a challenge does to the advice, in words and a small picture.

What lives here: the record that a template takes, from rows. What may not: solving, queries.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parley.site.model.article import Edition, Put
from parley.site.model.effect import Effect
from parley.site.render.compose import letters, sentence
from parley.site.render.marks import dumbbell
from parley.site.render.safe import NOTHING, Safe
from parley.site.render.views import ChallengeView, Change, CommentView
from parley.site.render.wording import judged_in_runs
from parley.site.web import sayings
from parley.site.web.editions import Memo, effect_of
from parley.site.web.models import Article, Challenge, ChallengeEffect, Comment, Kind, Solve

__all__ = ["challenge_view", "in_words"]

_SAID = Memo(4000)


def challenge_view(
    comment: Comment,
    view: CommentView,
    edition: Edition,
    article: Article,
    effects: Iterable[ChallengeEffect],
) -> ChallengeView:
    """Return a challenge as everybody sees it: what it changes, what that does, whether it still holds.

    Parameters
    ----------
    view
        Its words; a tombstone shows no numbers either.
    effects
        On all versions that it was put to.
    """
    if view.tombstone or not hasattr(comment, "challenge"):
        return ChallengeView(comment=view, changes=(), chip="asks")
    challenge: Challenge = comment.challenge
    by_version = {each.version_id: each for each in effects}
    first = by_version.get(comment.version_id or 0)
    now = by_version.get(article.current_id or 0)
    shown = now or first
    effect = effect_of(shown.solve) if shown is not None and shown.solve is not None else None
    said, picture = _said(shown, effect, edition)
    structural = comment.kind == Kind.STRUCTURAL
    return ChallengeView(
        comment=view,
        changes=_changes(challenge, edition, effect),
        chip="asks" if structural else _chip(shown, effect),
        effect=said,
        dumbbell=picture,
        setting_href=_address(article, challenge),
        version=str(shown.version.n) if shown is not None and effect is not None else "",
        holds=_holds(first, now),
        declared=bool(challenge.declared),
        answer=_answer(challenge),
    )


def _chip(shown: ChallengeEffect | None, effect: Effect | None) -> str:
    if effect is not None:
        return effect.chip
    if shown is None or (shown.solve is None and not shown.inapplicable):
        return "waiting"
    if shown.inapplicable or (shown.solve is not None and shown.solve.status == Solve.Status.FAILED):
        return "failed"
    return "waiting"


def _said(shown: ChallengeEffect | None, effect: Effect | None, edition: Edition) -> tuple[str, Safe]:
    if shown is not None and shown.inapplicable:
        return sayings.said(shown.inapplicable), NOTHING
    if shown is None or shown.solve is None or effect is None:
        return "", NOTHING
    key = (shown.solve.pk, shown.solve.engine, edition.digest, get_language())
    return _SAID.get(key, lambda: in_words(effect, edition))


def in_words(effect: Effect, edition: Edition) -> tuple[str, Safe]:
    """Return what an effect does to the advice, in sentences, and the author's share beside the reader's."""
    first = effect.criteria[0]
    names = letters(edition)
    said = sentence(edition, effect, gettext=_)
    if effect.chip == "flips" and first.before_advice and first.before_advice != first.advice:
        turned = _("The advice flips: %(a)s to %(b)s.") % {
            "a": names.get(first.before_advice, "?"),
            "b": names.get(first.advice, "?"),
        }
        said = f"{turned} {said}"
    if first.before is None or first.share is None:
        return said, NOTHING
    rival = first.against[0] if len(first.against) == 1 else first.strongest
    title = _("How often the author's advice does better: %(a)s of 100 before, %(b)s after") % {
        "a": round(100 * first.before),
        "b": round(100 * first.share),
    }
    ends = names.get(rival, "?"), names.get(effect.recommended, "?")
    return said, dumbbell(first.before, first.share, *ends, title)


def _changes(challenge: Challenge, edition: Edition, effect: Effect | None) -> tuple[Change, ...]:
    puts: tuple[Put, ...] = effect.put if effect is not None else ()
    if not puts and challenge.declared:
        puts = next((each.set for each in edition.challenges if each.name == challenge.declared), ())
    if not puts:
        return tuple(_asked(challenge, edition))
    return tuple(
        _change(each.name, each.question, each.author, each.reader, challenge, edition) for each in puts
    )


def _asked(challenge: Challenge, edition: Edition) -> Iterable[Change]:
    """Yield what a challenge asks for, while nothing is solved that would say it better."""
    for part in challenge.setting.split(";") if challenge.setting else ():
        key, _equals, value = part.partition("=")
        try:
            each = edition.assumption(key)
        except KeyError:
            yield Change(None, "", key, "–", value)
            continue
        yield _change(each.name, each.question, each.judgement, value, challenge, edition)


def _change(
    name: str, question: str, before: str, after: str, challenge: Challenge, edition: Edition
) -> Change:
    try:
        each = edition.assumption(name)
    except KeyError:
        each = None
    passage = next((p for p in edition.passages if each is not None and p.name == each.passage), None)
    keys = (name, each.key if each is not None else name)
    return Change(
        claim=passage.number if passage else None,
        claim_href=f"#claim-{passage.name}" if passage else "#claim-other",
        question=question,
        before=judged_in_runs(before),
        after=after,
        reason=next((challenge.reasons[key] for key in keys if key in challenge.reasons), ""),
        source=next((challenge.sources[key] for key in keys if key in challenge.sources), ""),
    )


def _address(article: Article, challenge: Challenge) -> str:
    if not challenge.setting:
        return ""
    return f"/a/{article.slug}/?s={quote(challenge.setting, safe='=;')}"


def _holds(first: ChallengeEffect | None, now: ChallengeEffect | None) -> str:
    """Say whether a challenge does to the present version what it did to the one it was written for."""
    if first is None or now is None or first.pk == now.pk or not first.chip:
        return ""
    version = {"version": now.version.n}
    if now.inapplicable:
        return _("cannot be put to version %(version)s") % version
    if not now.chip:
        return _("being solved for version %(version)s") % version
    if first.chip == "flips":
        if now.chip == "flips":
            return _("still flips the advice in version %(version)s") % version
        return _("no longer flips the advice in version %(version)s") % version
    if now.chip == first.chip:
        return _("the same in version %(version)s") % version
    return _("changed in version %(version)s") % version


def _answer(challenge: Challenge) -> str:
    if challenge.answer == Challenge.Answer.ADOPTED:
        if challenge.adopted_in is not None:
            return _("Adopted by the author in version %(version)s.") % {"version": challenge.adopted_in.n}
        return _("Adopted by the author.")
    if challenge.answer == Challenge.Answer.DECLINED:
        words = challenge.answer_source.strip()
        return (
            _("Declined by the author: %(words)s") % {"words": words}
            if words
            else _("Declined by the author.")
        )
    return ""
