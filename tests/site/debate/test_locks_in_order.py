"""Publishing, deleting accounts and deciding at the same moment: nobody waits in a circle.

On PostgreSQL each of them takes the log's lock before any row that the others lock; one that did not was
thrown out by the database as a deadlock. (SQLite has one writer at a time: there the outcome is tested.)
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from parley.site.web import journal, marks
from parley.site.web.accounts import erasure
from parley.site.web.models import Account, Article, Comment, Mark, Role
from parley.site.web.moderation.acts import Conflict, Refused
from parley.site.web.moderation.decide import decide
from parley.site.web.publishing import set_state
from tests.site.debate.at_once import at_once
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


def test_closing_deleting_marking_and_deciding_do_not_wait_for_each_other_in_a_circle() -> None:
    editor, article = an_account(Role.EDITOR), an_article()
    leaving = [an_account(points=10) for _ in range(ROUNDS)]
    comments = [a_comment(article, each) for each in leaving for _ in range(4)]
    readers = [an_account(joined=timezone.now() - timedelta(days=9)) for _ in range(4)]
    for each in leaving:
        erasure.ask(each, unsign=False)
    Account.objects.filter(pk__in=[each.pk for each in leaving]).update(deletion_due=timezone.now())

    def act(number: int) -> str:
        comment, kind = comments[number % len(comments)], number % 8
        try:
            if kind == 0:
                set_state(article, (Article.State.CLOSED, Article.State.PUBLISHED)[number // 8 % 2])
            elif kind == 1:
                erasure.carry_out(leaving[number // 8 % ROUNDS].pk)
            elif kind == 2:
                marks.mark(readers[number // 8 % 4], comment, Mark.Kind.ADVANCES, network=str(number))
            else:
                revision = Comment.objects.values_list("revision", flat=True).get(pk=comment.pk)
                decide(comment.pk, ("approve", "pick", "unpick")[number % 3], editor, revision)
        except (Conflict, Refused) as fault:
            return type(fault).__name__
        return "done"

    assert set(at_once(act, range(24 * ROUNDS))) <= {"done", "Conflict", "Refused"}
    assert journal.faults() == []
    assert Account.objects.filter(deleted_at=None, pk__in=[each.pk for each in leaving]).count() == 0
