"""What jobs do: versions prepared, questions answered, challenges solved anew, old things forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone

from parley.site.model import Effect, Setting
from parley.site.model.errors import ChildError, LimitError
from parley.site.model.setting import parse
from parley.site.web.answers import Asker, answer_for, ask, ask_challenge
from parley.site.web.editions import edition_of, numbers_of
from parley.site.web.jobs.worker import Worker
from parley.site.web.models import (
    Bucket,
    Challenge,
    ChallengeEffect,
    Comment,
    Job,
    Solve,
    State,
    Version,
)
from parley.site.web.publishing import publish
from parley.site.web.sayings import said
from parley.site.web.work.tidying import forget
from tests.site.packages import a_folder, a_text
from tests.site.people import a_comment, an_account
from tests.site.solver import StandIn

pytestmark = pytest.mark.django_db


def work(solver: StandIn) -> int:
    return Worker(lambda lane: None if lane == "light" else solver).once()


@pytest.fixture
def solver() -> StandIn:
    return StandIn()


@pytest.fixture
def version(tmp_path: Path) -> Version:
    return publish(a_folder(tmp_path / "threat"))


def setting(version: Version, text: str = "gain=0.1") -> Setting:
    return parse(text, edition_of(version))


def a_challenge(version: Version, text: str = "gain=0.1", state: str = State.VISIBLE) -> Challenge:
    comment = a_comment(version.article, an_account(), state, kind="challenge")
    canonical = parse(text, edition_of(version)).canonical()
    return Challenge.objects.create(comment=comment, setting=canonical, reasons={})


def test_a_new_version_is_prepared(version: Version, solver: StandIn) -> None:
    before = version.article.revision
    assert answer_for(version, parse("", edition_of(version))).status == "waiting"
    work(solver)
    version.refresh_from_db()
    assert (version.status, version.engine, version.draws, version.seed) == ("ready", "0.0", 64, 7)
    version.article.refresh_from_db()
    assert version.article.revision > before
    answer = answer_for(version, parse("", edition_of(version)))
    assert answer.status == "author"
    assert answer.settled
    assert answer.effect is not None
    assert answer.effect.draws == 64


def test_the_advice_is_there_before_what_carries_it(version: Version, solver: StandIn) -> None:
    author = parse("", edition_of(version))
    before = version.article.revision
    Job.objects.filter(kind="prepare").update(run_after=timezone.now() + timedelta(hours=1))
    work(solver)
    version.refresh_from_db()
    version.article.refresh_from_db()
    assert (version.status, version.draws, version.seed) == ("answered", 1024, 0)
    assert version.article.revision > before  # pages that were kept are written anew
    answer = answer_for(version, author)
    assert answer.status == "author"
    assert answer.effect is not None
    assert answer.effect.draws == 1024
    numbers = numbers_of(version)
    assert numbers is not None
    assert not numbers.finished
    Job.objects.filter(kind="prepare").update(run_after=timezone.now())
    work(solver)
    version.refresh_from_db()
    assert version.status == "ready"
    numbers = numbers_of(version)
    assert numbers is not None
    assert numbers.finished


def test_late_advice_does_not_take_the_place_of_everything(version: Version, solver: StandIn) -> None:
    Job.objects.filter(kind="advise").update(run_after=timezone.now() + timedelta(hours=1))
    work(solver)
    Job.objects.filter(kind="advise").update(run_after=timezone.now())
    work(solver)
    version.refresh_from_db()
    assert (version.status, version.draws) == ("ready", 64)
    assert solver.kinds() == ["prepare"]


def test_declared_objections_are_solved_with_the_version(version: Version, solver: StandIn) -> None:
    work(solver)
    effects = ChallengeEffect.objects.select_related("solve", "challenge")
    assert {(each.challenge.declared, each.chip) for each in effects} == {
        ("K1", "weakens"),
        ("K2", "weakens"),
    }
    assert all(each.solve is not None and each.solve.draws == 64 for each in effects)
    assert solver.kinds() == [
        "advise",
        "prepare",
    ]  # not once more by the job that puts challenges to the new version
    assert not Job.objects.exclude(status="done").exclude(key__startswith="every:").exists()


def test_a_reader_is_answered(version: Version, solver: StandIn) -> None:
    work(solver)
    version.refresh_from_db()
    wanted = parse("gain=0.1", edition_of(version))
    assert answer_for(version, wanted).status == "unknown"
    solve = ask(version, wanted, Asker(network="n"), polled=False)
    assert answer_for(version, wanted).waiting
    work(solver)
    answer = answer_for(version, wanted)
    assert answer.status == "solved"
    assert answer.settled
    assert answer.effect is not None
    assert answer.effect.setting == "gain=0.1"
    solve.refresh_from_db()
    assert (solve.engine, solve.seed, solve.draws, solve.ms) == ("0.0", 7, 256, 3)
    assert solver.asked[-1][2:] == ("gain=0.1", "256", "7")
    work(solver)
    assert ask(version, wanted, Asker(network="other"), polled=True).status == "solved"
    assert solver.kinds().count("solve") == 1


def test_a_question_beyond_the_caps_fails_at_once_and_says_so(version: Version, solver: StandIn) -> None:
    work(solver)
    solver.fault = LimitError("it took more than 20 s")
    wanted = parse("gain=0.1", edition_of(version))
    ask(version, wanted, Asker(network="n"), polled=False)
    work(solver)
    assert solver.kinds().count("solve") == 1
    answer = answer_for(version, wanted)
    assert (answer.status, answer.failure) == ("failed", "it took more than 20 s")


def test_a_child_that_dies_is_asked_again(version: Version, solver: StandIn) -> None:
    work(solver)
    solver.fault = ChildError("the process ended")
    wanted = parse("gain=0.1", edition_of(version))
    ask(version, wanted, Asker(network="n"), polled=False)
    work(solver)
    job = Job.objects.get(kind="solve")
    assert (job.status, job.attempts, job.error) == ("queued", 1, "the process ended")
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    solver.fault = None
    work(solver)
    assert answer_for(version, wanted).status == "solved"


def test_an_answer_about_another_model_is_not_believed(version: Version, solver: StandIn) -> None:
    def other(effect: Effect) -> Effect:
        return replace(effect, model="0" * 64)

    work(solver)
    solver.tamper = other
    wanted = parse("gain=0.1", edition_of(version))
    ask(version, wanted, Asker(network="n"), polled=False)
    work(solver)
    assert answer_for(version, wanted).status == "failed"
    assert Solve.objects.get(declared="").effect is None


def test_a_version_that_cannot_be_solved_says_so(version: Version, solver: StandIn) -> None:
    solver.fault = LimitError("the game has more than 1,000,000 nodes")
    work(solver)
    version.refresh_from_db()
    assert (version.status, version.failure) == ("failed", "the game has more than 1,000,000 nodes")
    assert answer_for(version, parse("", edition_of(version))).status == "failed"


def test_a_challenge_gets_its_chip(version: Version, solver: StandIn) -> None:
    work(solver)
    version.refresh_from_db()
    challenge = a_challenge(version)
    before = version.article.revision
    ask_challenge(challenge, version)
    work(solver)
    effect = ChallengeEffect.objects.get(challenge=challenge)
    assert (effect.chip, effect.version, effect.inapplicable) == ("flips", version, "")
    assert effect.solve is not None
    assert effect.solve.draws == 1024
    version.article.refresh_from_db()
    assert version.article.revision > before
    ask_challenge(challenge, version, again=True)
    work(solver)
    assert solver.kinds() == ["advise", "prepare", "solve"]


def test_every_challenge_is_put_to_a_new_version(version: Version, solver: StandIn, tmp_path: Path) -> None:
    work(solver)
    version.refresh_from_db()
    kept, lost = a_challenge(version), a_challenge(version, "cost=0.3")
    removed = a_challenge(version, "gain=0.2", State.REMOVED)
    held = a_challenge(version, "gain=0.3", State.HELD)
    for each in (kept, lost, held):
        ask_challenge(each, version)
    work(solver)
    text = a_text().replace("cost: {range: [0.2, 0.6], from: talk", "price: {range: [0.2, 0.6], from: talk")
    text = text.replace("-cost", "-price").replace("{cost: 0.01}", "{price: 0.01}").replace("K2:", "K3:")
    second = publish(a_folder(tmp_path / "threat", text))
    solver.asked.clear()
    work(solver)
    found = {each.challenge_id: each for each in ChallengeEffect.objects.filter(version=second)}
    assert found[kept.pk].chip == "flips"
    assert "cost" in said(found[lost.pk].inapplicable)
    assert found[lost.pk].solve is None
    assert found[held.pk].chip == "flips"
    assert removed.pk not in found
    declared = {each.challenge.declared: each for each in found.values()}
    assert declared["K1"].chip == "weakens"
    assert declared["K3"].chip == "weakens"
    assert "no longer states" in said(declared["K2"].inapplicable)
    assert solver.kinds() == ["advise", "prepare", "solve", "solve"]
    assert (
        ChallengeEffect.objects.filter(version=version).count() == 5
    )  # what held for the first still stands


def test_a_challenge_that_the_author_adopted_changes_nothing(
    version: Version, solver: StandIn, tmp_path: Path
) -> None:
    work(solver)
    challenge = a_challenge(version)
    second = publish(
        a_folder(tmp_path / "threat", a_text().replace("gain: {range: [0.0, 0.5]", "gain: {value: 0.1"))
    )
    work(solver)
    assert (
        "now says the same" in ChallengeEffect.objects.get(challenge=challenge, version=second).inapplicable
    )


def test_a_flood_of_challenges_is_worked_off_once_each(
    version: Version, solver: StandIn, tmp_path: Path
) -> None:
    work(solver)
    version.refresh_from_db()
    author = an_account()
    comments = [
        Comment(
            article=version.article,
            author=author,
            kind="challenge",
            state="visible",
            source="x",
            html="x",
            sanitiser=1,
        )
        for _ in range(500)
    ]
    Comment.objects.bulk_create(comments)
    made = [
        Challenge(comment=comment, setting=f"gain={n / 1000}", reasons={})
        for n, comment in enumerate(Comment.objects.filter(author=author))
    ]
    Challenge.objects.bulk_create(made)
    second = publish(a_folder(tmp_path / "threat", a_text("summary: new\n")))
    solver.asked.clear()
    work(solver)
    assert ChallengeEffect.objects.filter(version=second).exclude(chip="").count() == 502
    assert solver.kinds().count("solve") == 500
    work(solver)
    assert len(solver.kinds()) == 502


def test_equal_numbers_are_solved_once(version: Version, solver: StandIn) -> None:
    work(solver)
    version.refresh_from_db()
    one, two = a_challenge(version, "gain=0.1"), a_challenge(version, "gain=.10")
    ask_challenge(one, version)
    ask_challenge(two, version)
    work(solver)
    assert solver.kinds().count("solve") == 1
    assert ChallengeEffect.objects.filter(challenge__in=(one, two), chip="flips").count() == 2


def test_old_things_are_forgotten(version: Version, solver: StandIn) -> None:
    work(solver)
    comment = a_comment(version.article, an_account(), network="192.0.2.0/24")
    wanted = parse("gain=0.1", edition_of(version))
    ask(version, wanted, Asker(network="192.0.2.0/24"), polled=False)
    work(solver)
    Bucket.objects.create(key="old", tokens=1, updated=timezone.now() - timedelta(days=3))
    now = timezone.now()
    forget(now + timedelta(days=29))
    assert Comment.objects.get(pk=comment.pk).network == "192.0.2.0/24"
    assert not Job.objects.filter(network="192.0.2.0/24").exists()
    found = forget(now + timedelta(days=31))
    assert found["comments"] == 1
    assert Comment.objects.get(pk=comment.pk).network == ""
    assert not Bucket.objects.exists()
    assert answer_for(version, wanted).status == "unknown"
    assert ChallengeEffect.objects.filter(solve__isnull=False).count() == 2  # what a challenge rests on stays


def test_tidying_comes_back(version: Version, solver: StandIn) -> None:
    work(solver)
    job = Job.objects.get(key="every:purge")
    assert (job.status, job.attempts) == ("queued", 0)
    assert timedelta(hours=5.9) < job.run_after - timezone.now() <= timedelta(hours=6)
    assert work(solver) == 0
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    assert work(solver) == 1


def test_an_answer_that_comes_between_two_looks_is_seen(
    version: Version, solver: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(solver)
    wanted = parse("gain=0.1", edition_of(version))
    ask(version, wanted, Asker(network="n"), polled=False)
    before = Solve.objects.get(declared="")
    work(solver)
    monkeypatch.setattr("parley.site.web.answers._solve", lambda *_: before)  # as it was read a moment ago
    answer = answer_for(version, wanted)
    assert (answer.status, answer.settled) == ("solved", True)


def test_work_lies_where_the_worker_looks_for_it() -> None:
    from parley.site.web.jobs.registry import HOME, kinds

    home = Path(__file__).parents[3] / "src" / Path(*HOME.split("."))
    assert not (home.parent / "jobs" / "kinds").exists()  # its former place: what lies there is never loaded
    told = {each.run.__module__ for each in kinds().values()}
    files = {f"{HOME}.{each.stem}" for each in home.glob("[a-z]*.py")}
    assert told >= files


def test_a_full_disk_costs_an_attempt_and_no_answer(
    version: Version, solver: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(solver)
    wanted = parse("gain=0.1", edition_of(version))
    ask(version, wanted, Asker(network="n"), polled=False)

    def full(*_: object, **__: object) -> bool:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("parley.site.web.jobs.queue.end", full)
    monkeypatch.setattr("parley.site.web.jobs.queue.fail", full)
    work(solver)
    job = Job.objects.get(kind="solve")
    assert (job.status, job.attempts) == ("running", 1)  # nothing could be written: the lease runs out
    monkeypatch.undo()
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    work(solver)
    assert answer_for(version, wanted).status == "solved"
