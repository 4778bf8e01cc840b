"""What is solved: a reader's question, a challenge, a new version, all challenges against it.

What lives here: what is asked of the process that computes, and how its answers are written. What may not:
numbers.

Answers are the process's own, whole, with the digest of the model, the version of the engine, seed and number
of readings. What a challenge or a reader claims of its effect is nowhere looked at.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from parley.site.model.effect import DRAWS, Numbers
from parley.site.model.errors import SettingError
from parley.site.model.setting import AUTHOR, parse
from parley.site.web import blobs
from parley.site.web.editions import LARGE, edition_of
from parley.site.web.jobs.queue import enqueue
from parley.site.web.jobs.registry import Final, Work, Write, job
from parley.site.web.models import Challenge, ChallengeEffect, Job, Kind, Solve, State, Sweep, Version
from parley.site.web.questions import question
from parley.site.web.revisions import touch, touch_site
from parley.site.web.sayings import packed, saying

if TYPE_CHECKING:
    from parley.site.model import Edition, Effect, Setting

__all__ = ["advise", "challenge", "prepare", "resolve", "solve"]

RESOLVE_PRIORITY = -10
SEED = 0  # that of `prepare`: the same readings, the same numbers
_LARGE = tuple(f"version__{name}" for name in LARGE)
# What a reader's words may still bring back: a challenge that was removed is not solved again.
_SOLVED_STATES = (State.HELD, State.VISIBLE, State.HIDDEN)


def _no_answer(job: Job, error: str) -> None:
    Solve.objects.filter(pk=job.payload["solve"]).exclude(status=Solve.Status.SOLVED).update(
        status=Solve.Status.FAILED, failure=error[:300], finished=timezone.now()
    )


@job("solve", lane="quick", give_up=_no_answer)
def solve(work: Work) -> Write | None:
    """Answer a reader's question."""
    rows = Solve.objects.select_related("version").defer(*_LARGE)
    found = rows.filter(pk=work.payload["solve"]).first()
    if found is None or found.status == Solve.Status.SOLVED:
        return None
    setting = parse(found.setting, edition_of(found.version))
    effect = work.computes().solve(_path(found.version), setting, found.draws, found.seed)
    return lambda: _written(found, effect)


def _path(version: Version) -> str:
    return str(blobs.package_path(version))


def _written(found: Solve, effect: Effect) -> None:
    _fits(effect, found.version)
    Solve.objects.filter(pk=found.pk).update(
        effect=json.loads(effect.to_json()),
        status=Solve.Status.SOLVED,
        engine=effect.engine[:20],
        failure="",
        ms=effect.milliseconds,
        finished=timezone.now(),
    )


def _fits(effect: Effect, version: Version) -> None:
    """See that the answer is one to this version's model."""
    if effect.model != edition_of(version).model:
        raise Final("the solver answered for another model: the version's files were changed")


def _not_told(job: Job, error: str) -> None:
    """Say under the challenge that it could not be solved."""
    ChallengeEffect.objects.get_or_create(
        challenge_id=job.payload["challenge"],
        version_id=job.payload["version"],
        defaults={"inapplicable": packed(saying("unsolved", error=error[:300]))},
    )
    touch(Version.objects.get(pk=job.payload["version"]).article_id)


@job("challenge", lane="quick", give_up=_not_told)
def challenge(work: Work) -> Write | None:
    """Find the effect of a challenge on a version."""
    return _challenge(work)


@job("rechallenge", lane="heavy", give_up=_not_told)
def rechallenge(work: Work) -> Write | None:
    """Find the effect of an old challenge on a new version, when nothing else is to be done."""
    return _challenge(work)


def _challenge(work: Work) -> Write | None:
    found = Challenge.objects.select_related("comment").filter(pk=work.payload["challenge"]).first()
    version = Version.objects.defer(*LARGE).filter(pk=work.payload["version"]).first()
    if found is None or version is None or version.article_id != found.comment.article_id:
        return None
    if ChallengeEffect.objects.filter(challenge=found, version=version).exists():
        return None
    edition = edition_of(version)
    try:
        setting = _applicable(found, edition)
    except SettingError as fault:
        reason = packed({"field": fault.field, "template": fault.template, "values": fault.values})
        return lambda: _kept(found, version, None, inapplicable=reason)
    canonical = setting.canonical()
    draws, seed = settings.PARLEY_RULES.challenge_draws, version.seed
    digest = question(version, canonical, found.declared)
    known = Solve.objects.filter(digest=digest, draws=draws, status=Solve.Status.SOLVED).first()
    if known is not None:
        return lambda: _kept(found, version, known)
    if found.declared:
        effect = work.computes().challenge(_path(version), found.declared, draws, seed)
    else:
        effect = work.computes().solve(_path(version), setting, draws, seed)
    return lambda: _kept(found, version, _solved(version, canonical, found.declared, effect))


def _applicable(found: Challenge, edition: Edition) -> Setting:
    """Return the setting of a challenge in this version, the author's own for a declared objection.

    Raises
    ------
    SettingError
        It cannot be put to this version: says why.
    """
    if found.declared:
        if found.declared not in {each.name for each in edition.challenges}:
            raise SettingError("", "This version no longer states the objection.")
        return AUTHOR
    setting = parse(found.setting, edition)
    if setting.is_author:
        raise SettingError("", "The author now says the same: nothing is changed.")
    return setting


def _solved(version: Version, canonical: str, declared: str, effect: Effect) -> Solve:
    """Keep an answer; the same question has one row."""
    found, _ = Solve.objects.get_or_create(
        digest=question(version, canonical, declared),
        draws=effect.draws,
        defaults={"version": version, "setting": canonical, "declared": declared, "seed": effect.seed},
    )
    _written(found, effect)
    return found


def _kept(found: Challenge, version: Version, solved: Solve | None, inapplicable: str = "") -> None:
    """Write the effect of a challenge on a version, once."""
    chip = ""
    if solved is not None:
        solved.refresh_from_db()
        effect: dict[str, Any] = dict(solved.effect or {})
        chip = str(effect["chip"])
    ChallengeEffect.objects.get_or_create(
        challenge=found,
        version=version,
        defaults={"solve": solved, "chip": chip, "inapplicable": inapplicable},
    )
    touch(found.comment.article_id)


def _unsolved(job: Job, error: str) -> None:
    version = Version.objects.get(pk=job.payload["version"])
    Version.objects.filter(pk=version.pk).exclude(status=Version.Status.READY).update(
        status=Version.Status.FAILED, failure=error[:2000]
    )
    touch(version.article_id)
    touch_site()


@job("prepare", lane="heavy", give_up=_unsolved)
def prepare(work: Work) -> Write | None:
    """Solve what is solved once for a version: the author's case, sweeps, pictures, declared objections."""
    version = Version.objects.defer(*LARGE).filter(pk=work.payload["version"]).first()
    if version is None or version.status == Version.Status.READY:
        return None

    def progress(share: float) -> None:
        work.progress = share

    numbers = work.computes().prepare(_path(version), progress)
    return lambda: _prepared(version, numbers)


@job("advise", lane="quick")
def advise(work: Work) -> Write | None:
    """Solve a new version's advice, seconds after it was published; what carries it takes minutes."""
    version = Version.objects.defer(*LARGE).filter(pk=work.payload["version"]).first()
    if version is None or version.status != Version.Status.PREPARING:
        return None
    place, solver = _path(version), work.computes()
    solver.warm(place)  # on a new machine kernels are compiled first, which takes longer than an answer may
    effect = solver.solve(place, AUTHOR, DRAWS, SEED)
    return lambda: _advised(version, Numbers.of(effect))


def _advised(version: Version, numbers: Numbers) -> None:
    _fits(numbers.effect, version)
    waiting = Version.objects.filter(pk=version.pk, status=Version.Status.PREPARING)
    if waiting.update(status=Version.Status.ANSWERED, **_columns(numbers)):
        touch(version.article_id)
        touch_site()


def _columns(numbers: Numbers) -> dict[str, Any]:
    return {
        "numbers": json.loads(numbers.to_json()),
        "engine": numbers.engine[:20],
        "draws": numbers.effect.draws,
        "seed": numbers.effect.seed,
    }


def _prepared(version: Version, numbers: Numbers) -> None:
    _fits(numbers.effect, version)
    Version.objects.filter(pk=version.pk).update(status=Version.Status.READY, failure="", **_columns(numbers))
    version.sweeps.all().delete()
    Sweep.objects.bulk_create(
        Sweep(version=version, name=each.assumption, data=base64.b64decode(each.data))
        for each in numbers.sweeps
    )
    _declared(version, numbers)
    enqueue("resolve", {"version": version.pk}, key=f"resolve:{version.pk}", priority=RESOLVE_PRIORITY)
    touch(version.article_id)
    touch_site()


def _declared(version: Version, numbers: Numbers) -> None:
    """Keep the effects of the objections that the scenario states, which were solved with the rest."""
    seeds = Challenge.objects.select_related("comment").filter(
        comment__article=version.article_id, declared__in=list(numbers.challenges)
    )
    for each in seeds:
        effect = numbers.challenges[each.declared]
        _kept(each, version, _solved(version, "", each.declared, effect))


@job("resolve", lane="light")
def resolve(work: Work) -> Write | None:
    """Have every challenge solved against a new version, one job for each."""
    version = Version.objects.defer(*LARGE).filter(pk=work.payload["version"]).first()
    if version is None:
        return None
    known = ChallengeEffect.objects.filter(version=version).values("challenge")
    open_ones = Challenge.objects.filter(
        comment__article=version.article_id, comment__kind=Kind.CHALLENGE, comment__state__in=_SOLVED_STATES
    ).exclude(pk__in=known)
    keys = list(open_ones.order_by("pk").values_list("pk", flat=True))
    for key in keys:
        work.go_on()
        enqueue(
            "rechallenge",
            {"challenge": key, "version": version.pk},
            key=f"challenge:{key}:{version.pk}",
            priority=RESOLVE_PRIORITY,
        )
    return None
