"""The site stands: it answers, decides, keeps its log, and limits."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from parley.site.web import journal
from parley.site.web.limits import TooOften, take
from parley.site.web.models import Act, Role, State
from parley.site.web.moderation.decide import Conflict, Refused, decide
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db


def test_healthz_answers_and_what_is_not_there_says_so_in_plain_words() -> None:
    client = Client()
    assert client.get("/healthz").json()["status"] == "ok"
    missing = client.get("/nothing/here/")
    assert missing.status_code == 404
    assert "There is nothing at this address." in missing.content.decode()


def test_a_removal_names_a_clause_costs_points_and_stands_in_the_log() -> None:
    article, writer, editor = an_article(), an_account(points=6), an_account(Role.EDITOR)
    comment = a_comment(article, writer)
    with pytest.raises(Refused, match="clause"):
        decide(comment, "remove", editor, comment.revision)
    done = decide(comment, "remove", editor, comment.revision, clause=3)
    writer.refresh_from_db()
    article.refresh_from_db()
    assert (done.comment.state, writer.points, article.revision) == (State.REMOVED, 3, 2)
    row = Act.objects.get()
    assert (row.act, row.clause, row.before, row.after) == ("remove", 3, State.VISIBLE, State.REMOVED)
    assert journal.faults() == []


def test_two_editors_cannot_decide_on_the_same_text() -> None:
    comment = a_comment(an_article(), an_account(), state=State.HELD)
    first, second = an_account(Role.EDITOR, name="Kim"), an_account(Role.EDITOR)
    decide(comment, "approve", first, comment.revision)
    with pytest.raises(Conflict, match="changed meanwhile") as caught:
        decide(comment, "remove", second, comment.revision, clause=1)
    assert caught.value.by == "Kim"


def test_an_undone_removal_leaves_everything_as_it_was() -> None:
    writer, editor = an_account(points=2), an_account(Role.EDITOR)
    comment = a_comment(an_article(), writer, state=State.HELD)
    removed = decide(comment, "remove", editor, comment.revision, clause=1).comment
    back = decide(removed, "undo", editor, removed.revision).comment
    writer.refresh_from_db()
    assert (back.state, writer.points, writer.removed) == (State.HELD, 2, 0)


def test_a_bucket_runs_dry_and_says_how_long_to_wait() -> None:
    account = an_account()
    for _ in range(3):
        take("appeal", network="192.0.2.0/24", account=account)
    with pytest.raises(TooOften) as caught:
        take("appeal", network="198.51.100.0/24", account=account)
    assert 0 < caught.value.seconds <= 600


def test_the_chain_shows_a_changed_row() -> None:
    with transaction.atomic():
        rows = [journal.append(journal.Entry("note", "system", "rules")) for _ in range(3)]
    Act.objects.filter(pk=rows[1].pk).update(by="editor")
    assert [fault.seq for fault in journal.faults()] == [2]
