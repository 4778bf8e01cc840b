"""Answers to readers' questions: looked up, estimated, or asked of the worker.

What lives here: what a page shows of a setting, entering solves and challenges, bounds on a reader's solves.
What may not: solving, pages.

A question is a version of an article and a canonical setting; it is solved once for everybody. What a reader
sends is the question alone: the answer is always the server's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from parley.site.web.editions import edition_of, effect_of, numbers_of
from parley.site.web.jobs import queue
from parley.site.web.limits import TooOften
from parley.site.web.models import Account, Challenge, Job, Solve, Version
from parley.site.web.questions import question

if TYPE_CHECKING:
    from parley.site.model import Effect, Setting
    from parley.site.model.strip import Estimate

__all__ = [
    "Answer",
    "Asker",
    "QueueFull",
    "answer_for",
    "ask",
    "ask_again_after",
    "ask_challenge",
    "still_wanted",
]

SOLVE_PRIORITY = 20
CHALLENGE_PRIORITY = 10
WAITING = (Job.Status.QUEUED, Job.Status.RUNNING)
MOST_WAITING = 200  # questions of all readers together
FAILED_FOR = timedelta(minutes=10)
RECALL = timedelta(seconds=1.5)  # a poll is written down no more often than this


class QueueFull(TooOften):
    """As many questions wait as may, of this reader or of all: ``seconds`` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__("solve", seconds)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: an account, else a network; ``tab`` tells one slider of a reader from another."""

    account: Account | None = None
    network: str = ""
    tab: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a setting.

    ``status`` is ``author`` (the author's own case), ``solved``, ``estimate`` (from precomputed sweeps),
    ``waiting`` (asked, not yet known, nothing to estimate it from), ``failed`` or ``unknown`` (nobody asked).
    ``waiting`` may be true beside an estimate. A page whose answer can still change (:attr:`settled` is
    false) must not be kept by a cache.
    """

    status: str
    effect: Effect | None = None
    estimate: Estimate | None = None
    waiting: bool = False
    failure: str = ""

    @property
    def settled(self) -> bool:
        """Whether the answer stays what it is for this version."""
        return self.status in ("author", "solved", "failed") and not self.waiting


def answer_for(version: Version, setting: Setting) -> Answer:
    """Return what is known of a setting; asks nothing of the worker."""
    if setting.is_author:
        numbers = numbers_of(version)
        if numbers is not None:
            return Answer("author", numbers.effect)
        failed = version.status == Version.Status.FAILED
        return Answer("failed" if failed else "waiting", failure=version.failure, waiting=not failed)
    found = _solve(version, setting.canonical(), settings.PARLEY_RULES.solve_draws)
    if found is not None and found.status == Solve.Status.SOLVED:
        return Answer("solved", effect_of(found))
    if found is not None and _failed(found):
        return Answer("failed", failure=found.failure)
    waiting = found is not None and Job.objects.filter(key=_key(found), status__in=WAITING).exists()
    if found is not None and not waiting:
        found.refresh_from_db(
            fields=("status", "failure", "engine")
        )  # it may have ended between the two looks
        if found.status == Solve.Status.SOLVED:
            return Answer("solved", effect_of(found))
    estimate = _estimate(version, setting)
    if estimate is not None:
        return Answer("estimate", estimate=estimate, waiting=waiting)
    return Answer("waiting" if waiting else "unknown", waiting=waiting)


def ask(version: Version, setting: Setting, asker: Asker, *, polled: bool) -> Solve:
    """Ask for the effect of a setting; the same question is asked of the worker once.

    Parameters
    ----------
    polled
        Whether the reader will ask for the answer again and again until it is there: work that nobody asks
        for any more is dropped.

    Raises
    ------
    QueueFull
        The reader has :attr:`~parley.site.web.rules.Rules.queued_solves` questions waiting.
    ValueError
        The setting is the author's own: that is solved with the version.
    """
    if setting.is_author:
        raise ValueError("the author's case is solved with the version")
    canonical, draws = setting.canonical(), settings.PARLEY_RULES.solve_draws
    found = _solve(version, canonical, draws)
    if found is not None and (found.status == Solve.Status.SOLVED or _failed(found)):
        return found
    with transaction.atomic():
        solve, _ = Solve.objects.get_or_create(
            digest=question(version, canonical),
            draws=draws,
            defaults={"version": version, "setting": canonical, "seed": version.seed},
        )
        _enter(solve, version, asker, polled)
    return solve


def still_wanted(version: Version, setting: Setting) -> None:
    """Write down that somebody still waits for an answer; at most every :data:`RECALL` for all who do."""
    found = _solve(version, setting.canonical(), settings.PARLEY_RULES.solve_draws)
    if found is not None:
        now = timezone.now()
        rows = Job.objects.filter(key=_key(found), status__in=WAITING, wanted__lt=now - RECALL)
        rows.update(wanted=now)


def ask_again_after() -> int:
    """Return after how many milliseconds to look for an answer: longer while many wait."""
    waiting = Job.objects.filter(kind="solve", status=Job.Status.QUEUED).count()
    return min(50 + 60 * max(waiting - 1, 0), 2000)


def ask_challenge(challenge: Challenge, version: Version, *, again: bool = False) -> Job:
    """Have a challenge solved for the version that it was written for; called when it is posted.

    Parameters
    ----------
    again
        Solve it even though it failed before.
    """
    return queue.enqueue(
        "challenge",
        {"challenge": challenge.pk, "version": version.pk},
        key=f"challenge:{challenge.pk}:{version.pk}",
        priority=CHALLENGE_PRIORITY,
        again=again,
    )


def _enter(solve: Solve, version: Version, asker: Asker, polled: bool) -> None:
    """Enter the job of a solve, within the bounds on its reader."""
    known = Job.objects.filter(key=_key(solve), status__in=WAITING).first()
    if known is not None:
        _share(known, asker, polled)
        return
    mine = Job.objects.filter(kind="solve", status=Job.Status.QUEUED)
    who = {"account": asker.account} if asker.account else {"account": None, "network": asker.network}
    mine = mine.filter(**who)
    if asker.tab:
        slider = mine.filter(
            payload__tab=asker.tab, payload__article=version.article_id, payload__shared=False
        )
        queue.cancel(slider, "the reader asked something newer")
    if mine.count() >= settings.PARLEY_RULES.queued_solves:
        raise QueueFull(1)
    if Job.objects.filter(kind="solve", status=Job.Status.QUEUED).count() >= MOST_WAITING:
        raise QueueFull(10)
    payload: Mapping[str, Any] = {
        "solve": solve.pk,
        "article": version.article_id,
        "tab": asker.tab,
        "shared": False,
    }
    queue.enqueue(
        "solve",
        payload,
        key=_key(solve),
        account=asker.account,
        network=asker.network,
        priority=SOLVE_PRIORITY,
        wanted=polled,
        again=True,
    )


def _share(job: Job, asker: Asker, polled: bool) -> None:
    """Note that another reader waits for the same answer: neither may take it from the other."""
    same = job.account_id == (asker.account.pk if asker.account else None) and job.network == asker.network
    if not (same and job.payload.get("tab") == asker.tab):
        job.payload["shared"] = True
    wanted = timezone.now() if polled and job.wanted is not None else None
    Job.objects.filter(pk=job.pk).update(payload=job.payload, wanted=wanted)


def _failed(solve: Solve) -> bool:
    """Whether a question failed lately; after a while it may be asked again."""
    if solve.status != Solve.Status.FAILED or solve.finished is None:
        return False
    return solve.finished > timezone.now() - FAILED_FOR


def _key(solve: Solve) -> str:
    return f"solve:{solve.pk}"


def _solve(version: Version, canonical: str, draws: int) -> Solve | None:
    return Solve.objects.filter(digest=question(version, canonical), draws=draws).first()


def _estimate(version: Version, setting: Setting) -> Estimate | None:
    """Return what the sweeps say; they know of one change at a time."""
    if len(setting.changes) != 1:
        return None
    from parley.site.model.errors import ModelError
    from parley.site.model.strip import Strip, estimate

    key, value = setting.changes[0]
    known = edition_of(version).assumption(key)
    sweep = version.sweeps.filter(name=known.name).first()
    if sweep is None:
        return None
    place = float(known.options.index(value)) if isinstance(value, str) else value
    try:
        return estimate(Strip.unpack(bytes(sweep.data)), place)
    except ModelError:
        return None  # the sweep does not reach as far as a reader may go
