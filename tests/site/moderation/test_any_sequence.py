"""Whatever people do in whatever order: states stay legal, counts right, the log unbroken, nothing leaks.

Readers post, change, withdraw, report, mark and appeal through the same functions as the pages; editors
decide, undo, come late, mute, ban and lift. After every step the records are compared with what they must
add up to; at the end everything that the public can load is searched for words that it must not hold.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from parley.errors import TextError
from parley.site.web import journal, marks
from parley.site.web.access import readable_comments
from parley.site.web.debate import appealing, reporting, writing
from parley.site.web.debate.drafts import Origin
from parley.site.web.models import (
    Account,
    Act,
    Appeal,
    Comment,
    Mark,
    Notice,
    Outbox,
    Queue,
    Report,
    ReviewItem,
    Role,
    Sanction,
    State,
)
from parley.site.web.moderation import claims, sanctions
from parley.site.web.moderation.acts import Conflict, Refused
from parley.site.web.moderation.decide import decide
from parley.site.web.moderation.queue import counts
from parley.site.web.rules import CLAUSES, Limit, Rules
from tests.site.people import an_account, an_article

WRITERS, EDITORS = 3, 2
EXAMPLES = int(os.environ.get("PARLEY_EXAMPLES", "12"))  # more of them for a long look
PLENTY = MappingProxyType(dict.fromkeys(Rules().limits, Limit(10**6, 10**6)))
RULES = replace(
    Rules(),
    newcomer_until=2,
    hide_weight=2.0,
    hide_accounts=2,
    reports_a_day=10**6,
    limits=PLENTY,
    typing_seconds=0.0,
)
WORDS = (
    "zephyr",
    "quagga",
    "obelisk",
    "marzipan",
    "tundra",
    "lacquer",
    "pergola",
    "sextant",
    "bramble",
    "cobalt",
)
PLACES = (
    "/",
    "/a/arguable/",
    "/a/arguable.json",
    "/a/arguable/comments.json",
    "/log/",
    "/log.json",
    "/log.csv",
)
who = st.integers(0, WRITERS - 1)
editor = st.integers(0, EDITORS - 1)
which = st.integers(0, 10**6)


class AnySequence(RuleBasedStateMachine):
    """A site with one article, three readers, two editors and an administrator."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.article = an_article(slug="arguable")
        old = timezone.now() - timedelta(days=30)
        self.writers = [an_account(name=f"Writer{n}", joined=old, points=n * 2) for n in range(WRITERS)]
        self.start = {each.pk: each.points for each in self.writers}
        self.editors = [an_account(Role.EDITOR, name=f"Desk{n}", second_factor=False) for n in range(EDITORS)]
        self.admin = an_account(Role.ADMIN, name="Chief", second_factor=False)
        self.texts: dict[int, list[str]] = {}
        self.unseen: list[str] = []  # changed while only an editor could read them
        self.said = 0

    def teardown(self) -> None:
        try:
            self.nothing_leaks()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # --- helpers ---

    def text(self) -> str:
        """Return words that stand nowhere else."""
        self.said += 1
        others = " ".join(WORDS[self.said * step % len(WORDS)] for step in (3, 7, 9, 11, 13))
        return f"The {WORDS[self.said % len(WORDS)]}{self.said}x {others} speaks {self.said} for itself."

    def comment(self, number: int) -> Comment:
        keys = sorted(self.texts)
        return Comment.objects.get(pk=keys[number % len(keys)])

    def attempt(self, act: Callable[[], Any]) -> Any:
        """Do something that may be refused; then nothing at all may have changed."""
        before = self.picture()
        try:
            with transaction.atomic():
                return act()
        except (Refused, Conflict, TextError):
            assert self.picture() == before, "refused, and yet something changed"
            return None

    def picture(self) -> tuple[Any, ...]:
        return (
            list(Comment.objects.order_by("pk").values_list("pk", "state", "revision", "source", "approved")),
            list(
                Account.objects.order_by("pk").values_list(
                    "pk", "points", "judged", "banned_at", "muted_until"
                )
            ),
            list(ReviewItem.objects.order_by("pk").values_list("pk", "open")),
            (Act.objects.count(), Report.objects.count(), Appeal.objects.count(), Notice.objects.count()),
            (Outbox.objects.count(), Sanction.objects.count(), Mark.objects.count()),
        )

    # --- readers ---

    @initialize(shown=st.integers(0, WRITERS))
    def some_have_written(self, shown: int) -> None:
        for number in range(WRITERS):
            self.posts(number, answering=False, number=0)
            if number < shown:
                comment = self.comment(number)
                decide(comment, "approve", self.editors[0], comment.revision)

    @rule(who=who, answering=st.booleans(), number=which)
    def posts(self, who: int, answering: bool, number: int) -> None:
        answered = self.comment(number) if answering and self.texts else None
        words = self.text()
        writer, origin = Account.objects.get(pk=self.writers[who].pk), Origin("192.0.2.0/24", 60.0)
        if answered is not None and answered.state == State.VISIBLE:  # a deeper answer quotes it
            made = self.attempt(lambda: writing.reply(writer, answered, words, origin))
        else:
            made = self.attempt(lambda: writing.post(writer, self.article, words, origin))
        if made is not None:
            self.texts[made.pk] = [words]

    @precondition(lambda self: self.texts)
    @rule(who=who, own=st.booleans(), number=which, late=st.booleans())
    def changes(self, who: int, own: bool, number: int, late: bool) -> None:
        comment, words = self.comment(number), self.text()
        writer = comment.author if own and comment.author is not None else self.writers[who]
        revision = comment.revision - late
        made = self.attempt(
            lambda: writing.change(comment, writer, words, revision, Origin("192.0.2.0/24", 60.0))
        )
        if made is not None:
            assert comment.author == writer
            assert not late
            if comment.state == State.HELD:
                self.unseen.append(self.texts[comment.pk][-1])
            self.texts[comment.pk].append(words)

    @precondition(lambda self: self.texts)
    @rule(who=who, own=st.integers(0, 3), number=which)
    def withdraws(self, who: int, own: int, number: int) -> None:
        comment = self.comment(number)
        writer = comment.author if own == 0 and comment.author is not None else self.writers[who]
        made = self.attempt(lambda: writing.take_back(comment, writer))
        assert made is None or comment.author == writer

    @precondition(lambda self: self.texts)
    @rule(who=st.integers(-1, WRITERS - 1), number=which, illegal=st.booleans())
    def reports(self, who: int, number: int, illegal: bool) -> None:
        comment = self.comment(number)
        reporter = Account.objects.get(pk=self.writers[who].pk) if who >= 0 else None
        reason = Report.Reason.ILLEGAL if illegal else Report.Reason.ATTACK
        complaint = reporting.Complaint(reason, ground="a law", tell_me=True)
        self.attempt(lambda: reporting.report(comment, complaint, reporter, "192.0.2.0/24"))

    @precondition(lambda self: self.texts)
    @rule(who=who, number=which, on=st.booleans())
    def marks(self, who: int, number: int, on: bool) -> None:
        comment = self.comment(number)
        if comment.state == State.VISIBLE:
            self.attempt(lambda: marks.mark(self.writers[who], comment, Mark.Kind.ADVANCES, on=on))

    @precondition(lambda self: self.texts)
    @rule(number=which, own=st.booleans(), who=who)
    def appeals(self, number: int, own: bool, who: int) -> None:
        gone = list(Comment.objects.filter(state=State.REMOVED).order_by("pk"))
        comment = gone[number % len(gone)] if gone else self.comment(number)
        writer = comment.author if own and comment.author is not None else self.writers[who]
        made = self.attempt(lambda: appealing.appeal(comment, writer, "I disagree."))
        assert made is None or (comment.author == writer and comment in gone)

    # --- editors ---

    @precondition(lambda self: self.texts)
    @rule(
        editor=editor,
        number=which,
        act=st.sampled_from(
            ["approve", "remove", "ask", "pick", "unpick", "restore", "uphold", "undo", "hide"]
        ),
        clause=st.sampled_from([None, 1, 3, 10, 11]),
        words=st.sampled_from(["", "A word to you."]),
        late=st.sampled_from([0, 0, 0, 1]),
    )
    def decides(self, editor: int, number: int, act: str, clause: int | None, words: str, late: int) -> None:
        comment = self.comment(number)
        revision = comment.revision - late
        made = self.attempt(
            lambda: decide(comment, act, self.editors[editor], revision, clause=clause, words=words)
        )
        if made is None:
            return
        assert not late, "a stale revision was decided on"
        assert act != "hide", "an editor did what is for rules"
        assert act != "remove" or clause in CLAUSES
        if act in {"restore", "uphold"}:
            assert made.act.detail.actor_id != Appeal.objects.get(comment=comment).against.detail.actor_id

    @precondition(lambda self: self.texts)
    @rule(editor=editor, number=which, undone=st.booleans())
    def approves(self, editor: int, number: int, undone: bool) -> None:
        comment, by = self.comment(number), self.editors[editor]
        made = self.attempt(lambda: decide(comment, "approve", by, comment.revision, words="It stays."))
        assert (made is None) == (comment.state in {State.REMOVED, State.WITHDRAWN})
        if made is not None and undone:
            back = decide(comment, "undo", by, made.comment.revision).comment
            assert (back.state, back.approved, back.credited) == (
                comment.state,
                comment.approved,
                comment.credited,
            )

    @precondition(lambda self: self.texts)
    @rule(editor=editor, number=which, clause=st.sampled_from(sorted(CLAUSES)))
    def removes(self, editor: int, number: int, clause: int) -> None:
        comment, by = self.comment(number), self.editors[editor]
        made = self.attempt(
            lambda: decide(comment, "remove", by, comment.revision, clause=clause, words="So it goes.")
        )
        assert (made is None) == (comment.state in {State.REMOVED, State.WITHDRAWN})

    @rule(editor=editor, number=which, restore=st.booleans())
    def judges(self, editor: int, number: int, restore: bool) -> None:
        open_now = list(Appeal.objects.filter(outcome="open").select_related("comment").order_by("pk"))
        if not open_now:
            return
        appeal = open_now[number % len(open_now)]
        by, comment = self.editors[editor], appeal.comment
        act = "restore" if restore else "uphold"
        made = self.attempt(lambda: decide(comment, act, by, comment.revision, words="Looked at again."))
        removed_by = appeal.against.detail.actor_id
        assert (made is None) == (removed_by == by.pk)

    @precondition(lambda self: self.texts)
    @rule(editor=editor, number=which)
    def undoes_too_late(self, editor: int, number: int) -> None:
        comment = self.comment(number)
        with override_settings(PARLEY_RULES=replace(RULES, undo_seconds=-1)):
            made = self.attempt(lambda: decide(comment, "undo", self.editors[editor], comment.revision))
        assert made is None

    @precondition(lambda self: self.texts)
    @rule(editor=editor, number=which)
    def claims(self, editor: int, number: int) -> None:
        claims.claim(self.comment(number).pk, self.editors[editor])

    @precondition(lambda self: len(self.texts) > 2)
    @rule(
        editor=editor,
        who=who,
        number=which,
        kind=st.sampled_from(["mute", "ban", "ban", "lift", "lift", "lift"]),
        everything=st.booleans(),
        late=st.booleans(),
    )
    def sanctions(self, editor: int, who: int, number: int, kind: str, everything: bool, late: bool) -> None:
        if kind == "lift":
            self.lift(editor, number)
        elif kind == "mute":
            self.mute(editor, who)
        else:
            self.ban(editor, who, everything=everything, late=late)

    def ban(self, editor: int, who: int, *, everything: bool, late: bool) -> None:
        account = self.writers[who]
        seen = sanctions.sanctions_seen(account) - late
        made = self.attempt(
            lambda: sanctions.ban(
                account,
                self.editors[editor],
                seen=seen,
                clause=3,
                typed="spam" if everything else "ban",
                everything=everything,
            )
        )
        if made is not None:
            assert not late
            left = Comment.objects.filter(author=account, state__in=(State.HELD, State.VISIBLE, State.HIDDEN))
            assert not (everything and left.exists())

    def mute(self, editor: int, who: int) -> None:
        account = self.writers[who]
        seen = sanctions.sanctions_seen(account)
        self.attempt(lambda: sanctions.mute(account, self.editors[editor], seen=seen, clause=1))

    def lift(self, editor: int, number: int) -> None:
        found = list(Sanction.objects.order_by("pk"))
        if found:
            self.attempt(lambda: sanctions.lift(found[number % len(found)], self.editors[editor]))

    # --- what must hold ---

    @invariant()
    def states_are_legal(self) -> None:
        for comment in Comment.objects.select_related("removal"):
            assert comment.state in State.values
            if comment.state == State.REMOVED:
                assert comment.clause in CLAUSES
                assert comment.removal is not None
                assert (comment.removal.act, comment.removal.subject_id) == ("remove", comment.pk)
            elif comment.state == State.WITHDRAWN:
                assert (comment.source, comment.html, comment.quote, comment.edits.count()) == ("", "", "", 0)
            else:
                assert (comment.clause, comment.removal) == (None, None)
            assert not comment.pick or comment.state == State.VISIBLE
            assert comment.state != State.VISIBLE or comment.shown_at is not None

    @invariant()
    def the_queue_holds_what_waits_and_nothing_else(self) -> None:
        items = Counter(ReviewItem.objects.filter(open=True).values_list("comment_id", "queue"))
        assert not items or max(items.values()) == 1
        reported = Counter(
            (key, reason == Report.Reason.ILLEGAL)
            for key, reason in Report.objects.filter(outcome="open").values_list("comment_id", "reason")
        )
        appealed = set(Appeal.objects.filter(outcome="open").values_list("comment_id", flat=True))
        for comment in Comment.objects.all():
            waits = {queue for key, queue in items if key == comment.pk}
            assert (Queue.HELD in waits) == (comment.state == State.HELD)
            assert (Queue.APPEAL in waits) == (comment.pk in appealed)
            assert (Queue.ILLEGAL in waits) == bool(reported[comment.pk, True])
            if reported[comment.pk, False] or comment.state == State.HIDDEN:
                assert Queue.REPORTED in waits
            if comment.pk in appealed:
                assert comment.state == State.REMOVED
            if comment.state in {State.REMOVED, State.WITHDRAWN}:
                assert waits <= {Queue.APPEAL}
                assert not reported[comment.pk, True] + reported[comment.pk, False]
        assert counts()["all"] == len({key for key, _ in items})

    @invariant()
    def counts_add_up(self) -> None:
        for account in Account.objects.filter(pk__in=self.start):
            own = Comment.objects.filter(author=account)
            assert account.approved == own.filter(credited=True).count()
            assert account.removed == own.filter(removal__isnull=False).count()
            assert account.points == self.start[account.pk] + account.approved - 3 * account.removed
            judged = Counter(account.reports.values_list("outcome", flat=True))
            assert account.judged == judged["upheld"] + judged["rejected"]
            assert account.upheld == judged["upheld"]
            assert (account.banned_at is not None) == account.sanctions.filter(
                kind="ban", lifted_at=None
            ).exists()
        for comment in Comment.objects.all():
            assert comment.advances == comment.marks.filter(kind="advances", counted=True).count()

    @invariant()
    def the_log_is_unbroken_and_tells_every_state(self) -> None:
        assert journal.faults() == []
        now: dict[int, str] = {}
        for row in Act.objects.filter(subject__in=("comment", "challenge")).order_by("seq"):
            assert row.subject_id is not None
            expected = now.get(row.subject_id, row.before)
            assert row.before == expected, f"entry {row.seq} begins at {row.before}, not {expected}"
            now[row.subject_id] = row.after
        for comment in Comment.objects.all():
            assert comment.state == now.get(comment.pk, State.VISIBLE)

    @invariant()
    def only_the_visible_is_readable(self) -> None:
        assert not readable_comments(AnonymousUser()).exclude(state=State.VISIBLE).exists()
        for writer in self.writers:
            others = readable_comments(writer).exclude(author=writer)
            assert not others.exclude(state=State.VISIBLE).exists()

    @invariant()
    def people_are_told_of_their_own_matters_and_no_names(self) -> None:
        for notice in Notice.objects.select_related("comment"):
            if notice.comment is not None and notice.kind == Notice.Kind.REPORT:
                assert notice.comment.reports.filter(reporter=notice.account).exists()
            elif notice.comment is not None:
                assert notice.comment.author_id == notice.account_id
        names = [each.name for each in (*self.writers, *self.editors, self.admin)]
        for mail in Outbox.objects.all():
            assert not any(name in mail.body or name in mail.subject for name in names)

    def nothing_leaks(self) -> None:
        hidden = [
            words
            for comment in Comment.objects.exclude(state=State.VISIBLE)
            for words in self.texts.get(comment.pk, [])
        ] + self.unseen
        shown = Comment.objects.filter(state=State.VISIBLE).values_list("pk", flat=True)
        names = [each.name for each in (*self.editors, self.admin)]
        client = Client()
        for place in (*PLACES, *(f"/c/{key}/{page}" for key in shown for page in ("", "history"))):
            answer = client.get(place)
            body = b"".join(answer) if answer.streaming else answer.content
            text = body.decode()
            for words in hidden:
                assert words.split()[1] not in text, f"{words} in {place}"
            if place.startswith("/log"):
                assert not [name for name in (*names, *(each.name for each in self.writers)) if name in text]


@pytest.mark.django_db
@override_settings(PARLEY_RULES=RULES)
def test_any_sequence_of_acts_leaves_the_site_in_order() -> None:
    run_state_machine_as_test(
        AnySequence,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
