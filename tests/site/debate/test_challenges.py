"""A challenge is put together and posted without scripts; what it does is the server's own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone

from parley.site.web import journal
from parley.site.web.models import (
    Account,
    Act,
    Article,
    Challenge,
    ChallengeEffect,
    Comment,
    Job,
    Kind,
    Role,
    Solve,
    State,
    Version,
    WordListEntry,
)
from parley.site.web.questions import question
from tests.site.debate.browser import Reader, text_of
from tests.site.operate.published import the_flagship
from tests.site.people import a_comment, an_account
from tests.site.render import samples

pytestmark = pytest.mark.django_db
WHY = "Polls of that year put it far lower."
WORDS = "The share that blames America is *overstated*."


@pytest.fixture
def article() -> Article:
    return the_flagship()


@pytest.fixture
def reader() -> Reader:
    return Reader(an_account(points=10, approved=10))


def path_of(article: Article) -> str:
    return f"/a/{article.slug}/challenge"


def numbers(**more: Any) -> dict[str, Any]:
    return {
        "claim": "doomed",
        "v.t_ttp": "15%",
        "why.t_ttp": WHY,
        "source.t_ttp": "https://example.org/poll",
        "text": WORDS,
        "do": "post",
        **more,
    }


def test_the_composer_offers_claims_then_numbers(article: Article, reader: Reader) -> None:
    first = text_of(reader.get(path_of(article)))
    assert "claim=doomed" in first
    assert 'name="v.t_ttp"' not in first
    second = text_of(reader.get(path_of(article), claim="doomed"))
    assert 'name="v.t_ttp"' in second
    assert 'name="why.t_ttp"' in second
    assert 'name="v.S_now"' not in second
    both = text_of(reader.get(path_of(article), claim=["doomed", "kind"]))
    assert 'name="v.t_ttp"' in both
    assert 'name="v.blow"' in both


def test_the_state_of_the_article_page_can_be_taken_along(article: Article, reader: Reader) -> None:
    page = text_of(reader.get(path_of(article), s="t_ttp=0.15"))
    assert 'name="v.t_ttp" type="text" value="0.15"' in page
    refused = reader.get(path_of(article), s="nothing=1")
    assert refused.status_code == 400


def test_posting_stores_words_numbers_and_a_job_together(article: Article, reader: Reader) -> None:
    answer = reader.post(path_of(article), **numbers())
    comment = Comment.objects.get()
    assert answer.headers["Location"] == f"/a/{article.slug}/#c-{comment.pk}"
    assert (comment.kind, comment.state, comment.passage) == (Kind.CHALLENGE, State.VISIBLE, "doomed")
    stored = Challenge.objects.get()
    assert (stored.comment, stored.setting) == (comment, "t_ttp=0.15")
    assert (stored.reasons, stored.sources) == ({"t_ttp": WHY}, {"t_ttp": "https://example.org/poll"})
    job = Job.objects.get(kind="challenge")
    assert job.payload == {"challenge": stored.pk, "version": article.current_id}


def test_a_newcomers_challenge_is_held_and_solved_all_the_same(article: Article) -> None:
    Reader(an_account()).post(path_of(article), **numbers())
    assert Comment.objects.get().state == State.HELD
    assert Job.objects.filter(kind="challenge").count() == 1


def test_sent_twice_it_is_posted_once_but_other_numbers_are_another_challenge(
    article: Article, reader: Reader
) -> None:
    for _ in range(3):
        assert reader.post(path_of(article), **numbers()).status_code == 303
    assert (Comment.objects.count(), Challenge.objects.count(), Job.objects.count()) == (1, 1, 1)
    reader.post(path_of(article), **numbers(**{"v.t_ttp": "0.2"}))
    assert sorted(Challenge.objects.values_list("setting", flat=True)) == ["t_ttp=0.15", "t_ttp=0.2"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"v.t_ttp": ""}, "v.t_ttp"),
        ({"why.t_ttp": "too short"}, "why.t_ttp"),
        ({"why.t_ttp": ""}, "why.t_ttp"),
        ({"why.t_ttp": "x" * 601}, "why.t_ttp"),
        ({"why.t_ttp": "a bell in the reason \a of it"}, "why.t_ttp"),
        ({"source.t_ttp": "javascript:alert(1)"}, "source.t_ttp"),
        ({"source.t_ttp": "//evil.example"}, "source.t_ttp"),
        ({"source.t_ttp": "mailto:a@b.example"}, "source.t_ttp"),
        ({"source.t_ttp": "https://bank@evil.example"}, "source.t_ttp"),
        ({"source.t_ttp": "https://e.example/" + "x" * 500}, "source.t_ttp"),
        ({"text": ""}, "text"),
        ({"text": "x" * 3001}, "text"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
    article: Article, reader: Reader, more: dict[str, str], field: str
) -> None:
    answer = reader.post(path_of(article), **numbers(**more))
    page = text_of(answer)
    assert answer.status_code == 400
    assert f'href="#f-{field}"' in page
    assert more.get("v.t_ttp", "15%") in page
    assert not Comment.objects.exists()
    assert not Job.objects.exists()


def test_all_faults_are_told_at_once(article: Article, reader: Reader) -> None:
    answer = reader.post(
        path_of(article),
        **numbers(**{"v.blow": "9", "v.discipline": "nan", "why.t_ttp": "", "source.t_ttp": "ftp://x"}),
    )
    page = text_of(answer)
    for field in ("v.blow", "v.discipline"):
        assert f'href="#f-{field}"' in page
    assert "2 things must be put right" in page


def test_words_of_the_list_are_found_in_reasons_too(article: Article, reader: Reader) -> None:
    WordListEntry.objects.create(kind="suspect", phrase="bogus")
    reader.post(path_of(article), **numbers(**{"why.t_ttp": "Those polls are bogus, all of them."}))
    assert [each["rule"] for each in Comment.objects.get().held_reasons] == ["words"]


def test_an_objection_without_numbers_asks_for_another_model(article: Article, reader: Reader) -> None:
    path = path_of(article)
    assert 'value="structural"' in text_of(reader.get(path, kind="structural"))
    reader.post(path, kind="structural", text="Nobody asked what Iran would do.", claim="doomed")
    comment = Comment.objects.get()
    assert (comment.kind, comment.challenge.setting) == (Kind.STRUCTURAL, "")
    assert not Job.objects.exists()


def test_similar_challenges_are_shown_before_posting(article: Article, reader: Reader) -> None:
    reader.post(path_of(article), **numbers())
    other = Reader(an_account(points=10))
    page = text_of(other.post(path_of(article), **numbers(do="preview", **{"v.t_ttp": "0.3"})))
    assert "Others have changed the same:" in page
    assert f"/c/{Comment.objects.get().pk}/reply" in page
    assert "<em>overstated</em>" in page
    assert Comment.objects.count() == 1


def test_nobody_challenges_signed_out_or_a_closed_article(article: Article, reader: Reader) -> None:
    assert Reader().post(path_of(article), **numbers()).headers["Location"].startswith("/accounts/login/")
    article.state = Article.State.CLOSED
    article.save()
    assert reader.post(path_of(article), **numbers()).status_code == 403
    assert reader.get(path_of(article)).status_code == 403


# --- what it does -------------------------------------------------------------------------------------


@pytest.fixture
def sample() -> Article:
    """An article whose answers are at hand."""
    stored = json.loads(samples.edition().to_json())
    article = Article.objects.create(slug="sample", state="published", published_at=timezone.now())
    version = Version.objects.create(
        article=article, n=1, digest=stored["digest"], title="Sample", source="", edition=stored
    )
    article.current = version
    article.save()
    return article


def test_the_effect_is_asked_of_the_worker_and_then_shown(sample: Article, reader: Reader) -> None:
    known = next(each for each in samples.ASSUMPTIONS if not each.options)
    assert sample.current is not None
    data = {"claim": known.passage, f"v.{known.key}": "0.9", "text": "", "do": "solve"}
    waiting = reader.post(f"/a/{sample.slug}/challenge", **data)
    assert waiting.status_code == 200
    assert "It is being solved." in text_of(waiting)
    solve = Solve.objects.get()
    assert (solve.setting, Job.objects.get().kind) == (f"{known.key}=0.9", "solve")
    effect = samples.effect(solve.setting, better=0.3, worse=0.6, chip="flips")
    solve.effect, solve.status = json.loads(effect.to_json()), Solve.Status.SOLVED
    solve.save()
    page = text_of(reader.post(f"/a/{sample.slug}/challenge", **data))
    assert "flips the advice" in page
    assert "in 30 of 100 runs" in page
    assert page.count("<svg") >= 2
    assert Job.objects.count() == 1


def test_check_38_an_effect_that_a_reader_sends_is_ignored(sample: Article, reader: Reader) -> None:
    known = next(each for each in samples.ASSUMPTIONS if not each.options)
    forged = {
        "effect": '{"chip": "flips"}',
        "chip": "flips",
        "solve": "1",
        "model": "x",
        "engine": "9",
        "seed": "9",
        "sentence": "The author is wrong in 100 of 100 runs",
        "version": "7",
        "setting": "x=1",
        "declared": "K1",
        "restated": "an editor",
        "answer": "adopted",
        "digest": "0" * 64,
        "status": "solved",
    }
    reader.post(
        f"/a/{sample.slug}/challenge",
        **{**forged, "claim": known.passage, f"v.{known.key}": "0.9", f"why.{known.key}": WHY},
        text=WORDS,
        do="post",
    )
    stored = Challenge.objects.get()
    assert (stored.setting, stored.declared, stored.restated, stored.answer) == (
        f"{known.key}=0.9",
        "",
        "",
        "",
    )
    assert stored.comment.version == sample.current
    assert not ChallengeEffect.objects.exists()
    assert not Solve.objects.exists()
    page = text_of(reader.get(f"/c/{stored.comment_id}/"))
    assert "being solved" in page
    assert "100 of 100" not in page


def test_only_so_many_questions_of_a_reader_wait(sample: Article, reader: Reader) -> None:
    known = next(each for each in samples.ASSUMPTIONS if not each.options)
    statuses = [
        reader.post(
            f"/a/{sample.slug}/challenge", claim=known.passage, do="solve", **{f"v.{known.key}": f"0.{n}"}
        ).status_code
        for n in range(1, 5)
    ]
    assert statuses == [200, 200, 400, 400]
    assert Job.objects.count() == 2


def test_a_solved_question_is_not_asked_again(sample: Article, reader: Reader) -> None:
    known = next(each for each in samples.ASSUMPTIONS if not each.options)
    assert sample.current is not None
    canonical = f"{known.key}=0.5"
    Solve.objects.create(
        version=sample.current,
        setting=canonical,
        digest=question(sample.current, canonical),
        draws=256,
        seed=0,
        status=Solve.Status.SOLVED,
        effect=json.loads(samples.effect(canonical).to_json()),
    )
    page = text_of(
        reader.post(
            f"/a/{sample.slug}/challenge", claim=known.passage, do="solve", **{f"v.{known.key}": ".50"}
        )
    )
    assert "no change" in page
    assert not Job.objects.exists()


def test_the_account_is_that_of_the_session(article: Article, reader: Reader) -> None:
    other = an_account()
    reader.post(path_of(article), **numbers(account=str(other.pk), author=str(other.pk)))
    assert Comment.objects.get().author == reader.account
    assert Account.objects.get(pk=other.pk).comments.count() == 0


# --- the author's answer ------------------------------------------------------------------------------


def test_the_author_adopts_or_declines_with_a_reason(article: Article, reader: Reader) -> None:
    owner = an_account(Role.AUTHOR)
    article.owner = owner
    article.save()
    reader.post(path_of(article), **numbers())
    comment, author = Comment.objects.get(), Reader(owner)
    path = f"/c/{comment.pk}/answer"
    assert path in text_of(author.get(f"/c/{comment.pk}/"))
    assert path not in text_of(reader.get(f"/c/{comment.pk}/"))
    assert author.get(path).status_code == 200
    short = author.post(path, answer="declined", text="No.")
    assert short.status_code == 400
    assert 'href="#f-text"' in text_of(short)
    assert author.post(path, answer="declined", text="The poll asked *another* question.").status_code == 303
    stored = Challenge.objects.get()
    assert (stored.answer, stored.answer_source) == ("declined", "The poll asked *another* question.")
    assert "<em>another</em>" in stored.answer_html
    assert author.post(path, answer="adopted", version="9").status_code == 403
    assert author.post(path, answer="adopted", version="two").status_code == 400
    assert author.post(path, answer="adopted", version="1").status_code == 303
    stored.refresh_from_db()
    assert (stored.answer, stored.adopted_in) == ("adopted", article.current)
    rows = Act.objects.filter(act="answer").order_by("seq")
    assert [(row.by, row.public) for row in rows] == [
        ("author", {"answer": "declined"}),
        ("author", {"answer": "adopted"}),
    ]
    assert journal.faults() == []


def test_nobody_else_answers_for_the_author(article: Article, reader: Reader) -> None:
    reader.post(path_of(article), **numbers())
    path = f"/c/{Comment.objects.get().pk}/answer"
    for role in (Role.AUTHOR, Role.EDITOR):  # of another article, or of none
        assert Reader(an_account(role)).post(path, answer="adopted").status_code == 404
    assert reader.post(path, answer="adopted").status_code == 403
    assert Challenge.objects.get().answer == ""


def test_what_is_no_shown_challenge_has_no_answer(article: Article) -> None:
    owner = an_account(Role.AUTHOR)
    article.owner = owner
    article.save()
    for kind, state in (("comment", State.VISIBLE), ("challenge", State.HELD), ("challenge", State.REMOVED)):
        comment = a_comment(article, an_account(), kind=kind, state=state)
        Challenge.objects.create(comment=comment)
        assert Reader(owner).post(f"/c/{comment.pk}/answer", answer="adopted").status_code == 404
