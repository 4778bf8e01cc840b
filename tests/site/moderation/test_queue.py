"""The queue page: what it shows, in which order, to whom; decisions by plain forms and as JSON."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parley.site.web.models import Account, Act, Comment, Note, Queue, Report, ReviewItem, Role, State
from parley.site.web.moderation.consequences import open_item
from parley.site.web.moderation.queue import counts, queue_page
from tests.site.moderation.desk import a_held_comment, a_report, an_appeal, an_editor, desk_of
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def ids(page: str) -> list[int]:
    return [int(each) for each in re.findall(r'id="q-(\d+)"', page)]


def test_the_order_is_illegal_appeals_weight_age_and_what_was_approved_comes_later() -> None:
    editor, article = an_editor(), an_article()
    old, new, heavy, approved, appealed, illegal = (a_comment(article, an_account()) for _ in range(6))
    for comment, score, hours in ((old, 1.0, 5), (new, 1.0, 1), (heavy, 4.0, 1), (approved, 9.0, 9)):
        item = open_item(comment, Queue.REPORTED, ["attack"], score)
        ReviewItem.objects.filter(pk=item.pk).update(created=timezone.now() - timedelta(hours=hours))
    Comment.objects.filter(pk=approved.pk).update(approved=True)
    open_item(appealed, Queue.APPEAL, ["appeal"])
    open_item(illegal, Queue.ILLEGAL, ["illegal"])
    expected = [illegal, appealed, heavy, old, new, approved]
    assert [item.id for item in queue_page(editor).items] == [each.pk for each in expected]
    assert counts() == {"all": 6, "held": 0, "reported": 4, "illegal": 1, "appeal": 1}


def test_a_comment_in_two_queues_stands_once_and_the_tabs_choose() -> None:
    comment = a_held_comment()
    open_item(comment, Queue.ILLEGAL, ["illegal"])
    client = desk_of(an_editor())
    assert ids(client.get("/queue/").content.decode()) == [comment.pk]
    assert ids(client.get("/queue/?tab=held").content.decode()) == [comment.pk]
    assert ids(client.get("/queue/?tab=appeal").content.decode()) == []


def test_an_item_shows_why_words_as_typed_writer_reports_with_names_and_history() -> None:
    writer = an_account(name="Zaneera", approved=1)
    comment = a_held_comment(writer, source="**Bold** <b>words</b>")
    a_report(comment, an_account(name="Quentin"), text="He attacks me.")
    Note.objects.create(comment=comment, by=an_editor(name="Kim"), text="Seen before.")
    text = desk_of(an_editor()).get("/queue/").content.decode()
    for piece in (
        "first posts (2 of 5)",
        "**Bold** &lt;b&gt;words&lt;/b&gt;",
        "Zaneera",
        "1 approved, 0 removed",
    ):
        assert piece in text
    for piece in ("Quentin", "He attacks me.", "Seen before.", "Kim"):
        assert piece in text


def test_a_challenge_shows_its_numbers_reasons_and_effect() -> None:
    from parley.site.web.models import Challenge, ChallengeEffect, Solve

    article = an_article()
    assert article.current is not None
    article.current.edition = {
        "assumptions": [{"key": "q", "name": "q", "question": "Chance of blame", "judgement": ".40"}]
    }
    article.current.save()
    comment = a_comment(article, an_account(), state=State.HELD, kind="challenge")
    open_item(comment, Queue.HELD, ["first posts"])
    challenge = Challenge.objects.create(comment=comment, setting="q=0.15", reasons={"q": "aid creates it"})
    text = desk_of(an_editor()).get("/queue/").content.decode()
    for piece in ("Chance of blame", ".40", "0.15", "aid creates it"):
        assert piece in text
    solve = Solve.objects.create(
        version=article.current,
        setting="q=0.15",
        digest="d" * 64,
        draws=1,
        seed=1,
        effect={"advice": "C, not A."},
    )
    ChallengeEffect.objects.create(challenge=challenge, version=article.current, solve=solve, chip="flips")
    assert "C, not A." in desk_of(an_editor()).get(f"/queue/{comment.pk}/").content.decode()


def test_a_challenge_of_the_author_shows_what_it_sets() -> None:
    from parley.site.web.models import Challenge, ChallengeEffect, Solve

    article = an_article()
    assert article.current is not None
    comment = a_comment(article, None, signed="restated", kind="challenge")
    open_item(comment, Queue.REPORTED, ["misstates"], 1.0)
    challenge = Challenge.objects.create(comment=comment, setting="", declared="K1")
    client = desk_of(an_editor())
    assert ">author</th>" not in client.get("/queue/").content.decode()  # no table without a row
    put = {"name": "q", "question": "Chance of blame", "author": "0.4", "reader": "from 0 to 0.2"}
    solve = Solve.objects.create(
        version=article.current,
        setting="",
        declared="K1",
        digest="d" * 64,
        draws=1,
        seed=1,
        effect={"advice": "C, not A.", "put": [put]},
    )
    ChallengeEffect.objects.create(challenge=challenge, version=article.current, solve=solve, chip="flips")
    text = client.get("/queue/").content.decode()
    for piece in ("Chance of blame", "from 0 to 0.2", "C, not A."):
        assert piece in text


def test_approving_by_a_plain_form_leads_back_with_a_button_to_undo() -> None:
    editor, comment = an_editor(), a_held_comment()
    client = desk_of(editor)
    answer = client.post(
        f"/queue/{comment.pk}/decide", {"act": "approve", "revision": 1, "tab": "held", "status": "removed"}
    )
    assert answer.headers["Location"] == f"/queue/?tab=held&done={comment.pk}"
    comment.refresh_from_db()
    assert comment.state == State.VISIBLE
    back = client.get(answer.headers["Location"]).content.decode()
    assert 'value="undo"' in back
    client.post(f"/queue/{comment.pk}/decide", {"act": "undo", "revision": comment.revision})
    comment.refresh_from_db()
    assert comment.state == State.HELD


def test_a_removal_without_a_clause_is_refused_in_words() -> None:
    comment = a_held_comment()
    answer = desk_of(an_editor()).post(f"/queue/{comment.pk}/decide", {"act": "remove", "revision": 1})
    assert answer.status_code == 400
    assert "clause" in answer.content.decode()


def test_json_tells_the_new_revision_the_counts_and_the_seconds_for_undoing() -> None:
    comment = a_held_comment()
    answer = desk_of(an_editor()).post(
        f"/queue/{comment.pk}/decide", {"act": "remove", "revision": 1, "clause": 3}, headers=JSON
    )
    found = answer.json()
    assert (found["revision"], found["undo"], found["counts"]["all"], found["state"]) == (2, 10, 0, "removed")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_who_is_late_is_told_who_was_quicker() -> None:
    comment = a_held_comment()
    desk_of(an_editor(name="Kim")).post(f"/queue/{comment.pk}/decide", {"act": "approve", "revision": 1})
    late = desk_of(an_editor())
    form = {"act": "remove", "revision": 1, "clause": 1}
    answer = late.post(f"/queue/{comment.pk}/decide", form, headers=JSON)
    assert (answer.status_code, answer.json()["by"]) == (409, "Kim")
    page = late.post(f"/queue/{comment.pk}/decide", form)
    assert (page.status_code, "Kim" in page.content.decode()) == (409, True)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"act": "approve"},
        {"act": "approve", "revision": ""},
        {"act": "approve", "revision": ["1", "1"]},
        {"act": ["approve", "remove"], "revision": "1"},
        {"act": "approve", "revision": "1.5"},
        {"act": "explode", "revision": "1"},
        {"act": "hide", "revision": "1"},
    ],
)
def test_a_form_that_does_not_say_what_is_refused(form: dict[str, Any]) -> None:
    comment = a_held_comment()
    assert desk_of(an_editor()).post(f"/queue/{comment.pk}/decide", form).status_code == 400
    comment.refresh_from_db()
    assert (comment.state, comment.revision) == (State.HELD, 1)


def test_a_selection_is_decided_one_by_one_and_what_changed_is_named() -> None:
    kept, moved = a_held_comment(), a_held_comment()
    Comment.objects.filter(pk=moved.pk).update(revision=2, edited_at=timezone.now())
    form = {"act": "remove", "clause": 3, "chosen": [f"{kept.pk}:1", f"{moved.pk}:1", "99999999:1"]}
    answer = desk_of(an_editor()).post("/queue/bulk", form, headers=JSON).json()
    assert (answer["done"], len(answer["left"])) == (1, 2)
    assert "its writer" in answer["left"][0]
    assert Comment.objects.get(pk=moved.pk).state == State.HELD


def test_another_editor_sees_a_claim_and_it_ends_by_itself() -> None:
    first, second, comment = an_editor(name="Kim"), an_editor(), a_held_comment()
    assert desk_of(first).post(f"/queue/{comment.pk}/claim", headers=JSON).json()["mine"] is True
    late = desk_of(second)
    assert late.post(f"/queue/{comment.pk}/claim", headers=JSON).json() == {
        "id": comment.pk,
        "mine": False,
        "by": "Kim",
        "counts": counts(),
    }
    assert "Kim is looking at it" in late.get("/queue/").content.decode()
    ReviewItem.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert late.post(f"/queue/{comment.pk}/claim", headers=JSON).json()["mine"] is True


def test_a_note_is_for_editors_alone() -> None:
    writer = an_account()
    comment = a_held_comment(writer)
    desk_of(an_editor()).post(f"/queue/{comment.pk}/note", {"text": "Watch this one."})
    assert Note.objects.get().text == "Watch this one."
    client = Client()
    client.force_login(writer)
    assert client.get(f"/queue/{comment.pk}/").status_code == 404


def test_an_appeal_offers_no_decision_to_the_editor_who_removed() -> None:
    from parley.site.web.moderation.decide import decide

    first, second = an_editor(), an_editor()
    comment = decide(a_comment(an_article(), an_account()), "remove", first, 1, clause=1).comment
    an_appeal(comment)
    assert "another editor must decide" in desk_of(first).get("/queue/?tab=appeal").content.decode()
    assert 'value="restore"' not in desk_of(first).get("/queue/?tab=appeal").content.decode()
    assert 'value="restore"' in desk_of(second).get("/queue/?tab=appeal").content.decode()


def test_the_queue_of_twenty_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    for _ in range(20):
        a_report(a_held_comment())
    editor = an_editor()
    with django_assert_max_num_queries(45):
        queue_page(editor)


def test_an_unknown_part_of_the_queue_is_refused() -> None:
    client = desk_of(an_editor())
    for asked in ("tab=nothing", "tab=held&tab=all", "page=0", "page=x"):
        assert client.get(f"/queue/?{asked}").status_code == 400, asked
    assert client.get("/queue/?article=nothing").status_code == 404


def test_the_illegal_queue_shows_country_and_ground() -> None:
    comment = a_comment(an_article(), an_account())
    Report.objects.create(
        comment=comment,
        reason=Report.Reason.ILLEGAL,
        receipt="x" * 20,
        country="Germany",
        ground="§ 130 StGB",
    )
    open_item(comment, Queue.ILLEGAL, ["illegal"])
    text = desk_of(an_editor()).get("/queue/?tab=illegal").content.decode()
    assert "Germany: § 130 StGB" in text
    assert "Decision in words" in text


def test_no_act_is_logged_when_nothing_was_decided() -> None:
    comment = a_held_comment()
    desk_of(an_editor()).get("/queue/")
    desk_of(an_editor()).get(f"/queue/{comment.pk}/")
    assert not Act.objects.filter(by="editor").exists()


def test_readers_and_authors_find_no_queue() -> None:
    for role in (Role.READER, Role.AUTHOR):
        client = Client()
        client.force_login(an_account(role))
        assert client.get("/queue/").status_code == 404


def test_a_banned_editor_decides_nothing() -> None:
    editor: Account = an_editor()
    client = desk_of(editor)
    Account.objects.filter(pk=editor.pk).update(banned_at=timezone.now())
    comment = a_held_comment()
    assert client.post(f"/queue/{comment.pk}/decide", {"act": "approve", "revision": 1}).status_code == 404
