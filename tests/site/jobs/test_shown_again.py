"""A challenge that comes back after an appeal is put to the version that was published meanwhile."""

from __future__ import annotations

import pytest

from parley.site.web.models import Challenge, ChallengeEffect, Job, Kind, Role, State, Version
from parley.site.web.moderation import sanctions
from parley.site.web.moderation.decide import decide
from tests.site.moderation.desk import an_appeal
from tests.site.people import EDITION, a_comment, an_account, an_article

pytestmark = pytest.mark.django_db


def test_a_restored_challenge_is_solved_for_the_present_version() -> None:
    article, editor = an_article(), an_account(Role.EDITOR)
    assert article.current is not None
    comment = a_comment(article, an_account(points=9), kind=Kind.CHALLENGE)
    challenge = Challenge.objects.create(comment=comment, setting="a=.5")
    ChallengeEffect.objects.create(challenge=challenge, version=article.current, chip="flips")
    comment = decide(comment.pk, "remove", editor, comment.revision, clause=1).comment
    newer = Version.objects.create(
        article=article, n=2, digest="f" * 64, title="Again", source="", edition=EDITION
    )
    article.current = newer
    article.save()
    an_appeal(comment)
    assert not Job.objects.filter(kind="challenge").exists()
    comment = decide(comment.pk, "restore", an_account(Role.EDITOR), comment.revision).comment
    assert comment.state == State.VISIBLE
    job = Job.objects.get(kind="challenge")
    assert (job.kind, job.payload) == ("challenge", {"challenge": challenge.pk, "version": newer.pk})


def test_a_challenge_that_a_lifted_ban_brings_back_is_solved_too_and_one_that_is_solved_is_not() -> None:
    article, editor = an_article(), an_account(Role.EDITOR)
    assert article.current is not None
    writer = an_account(points=9)
    solved, open_one = (a_comment(article, writer, kind=Kind.CHALLENGE) for _ in range(2))
    for each in (solved, open_one):
        challenge = Challenge.objects.create(comment=each, setting="a=.5")
        if each == solved:
            ChallengeEffect.objects.create(challenge=challenge, version=article.current, chip="flips")
    made = sanctions.ban(writer, editor, seen=0, clause=3, typed="spam", everything=True)
    assert not Job.objects.filter(kind="challenge").exists()
    sanctions.lift(made, editor)
    assert [each.payload["challenge"] for each in Job.objects.filter(kind="challenge")] == [
        open_one.challenge.pk
    ]
