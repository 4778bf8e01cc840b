"""Check 51: a copy of the data needs a proof and is one's own; deletion takes what is the person's."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.utils import timezone

from parley.site.render.excerpt import read_query
from parley.site.web import journal
from parley.site.web.accounts import erasure, export
from parley.site.web.accounts.housekeeping import housekeep
from parley.site.web.models import (
    Account,
    Act,
    Appeal,
    Article,
    Challenge,
    Comment,
    CommentEdit,
    DataExport,
    Mark,
    Note,
    Outbox,
    Report,
    Role,
    Sanction,
    SignIn,
    State,
    Subscription,
)
from parley.site.web.moderation.decide import decide
from parley.site.web.search.find import _ranked
from parley.site.web.work.tidying import forget
from tests.site.accounts.visits import get, last_mail, post, sign_in, signed_in
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db

NAME, ADDRESS, WORDS = "Zaneera Qureshi", "zaneera@example.org", "Sovereignty is worth more than peace"


class Life:
    """An account that has left a trace in every table."""

    def __init__(self) -> None:
        self.account = an_account(name=NAME, email=ADDRESS, bio="A teacher in Lahore", second_factor=True)
        self.editor, self.other = an_account(Role.EDITOR, name="Edith"), an_account(name="Otto")
        self.article = an_article(owner=self.account)
        own = [
            a_comment(self.article, self.account, state, source=f"{WORDS}, {state}", network="192.0.2.0/24")
            for state in (State.VISIBLE, State.HELD, State.HIDDEN)
        ]
        self.visible, self.held, self.hidden = own
        self.removed = a_comment(self.article, self.account, source=f"{WORDS}, removed", fingerprint="f")
        self.removed = decide(self.removed, "remove", self.editor, 1, clause=1).comment
        self.answer = a_comment(self.article, self.other, parent=self.visible)
        CommentEdit.objects.create(comment=self.visible, source=f"{WORDS}, first", html="<p>first</p>")
        self.challenge = a_comment(self.article, self.account, kind="challenge", source=WORDS)
        Challenge.objects.create(
            comment=self.challenge,
            setting="a=.5",
            reasons={"a": WORDS},
            sources={"a": "https://example.org/z"},
        )
        assert self.removed.removal is not None
        Appeal.objects.create(comment=self.removed, against=self.removed.removal, text=f"{WORDS}, appeal")
        Mark.objects.create(account=self.account, comment=self.answer, kind="advances", counted=True)
        Mark.objects.create(account=self.editor, comment=self.answer, kind="advances", counted=True)
        Comment.objects.filter(pk=self.answer.pk).update(advances=2)
        Report.objects.create(
            comment=self.answer,
            reporter=self.account,
            reason="other",
            text=f"{WORDS}, report",
            contact_mail=ADDRESS,
        )
        Report.objects.create(
            comment=self.visible, reporter=self.other, reason="attack", text="Otto's reason"
        )
        Note.objects.create(account=self.account, by=self.editor, text=f"{NAME} again")
        Sanction.objects.create(account=self.account, kind="mute", clause=1, by=self.editor, text="Cool down")
        Subscription.objects.create(account=self.account, article=self.article)
        SignIn.objects.create(account=self.account, network="192.0.2.0/24", digest="d")
        SocialAccount.objects.create(user=self.account, provider="example", uid="person-1")
        Outbox.objects.create(key="k", account=self.account, to=ADDRESS, subject=NAME, body=WORDS)
        version = self.article.current
        assert version is not None
        version.thanks = NAME
        version.save()
        export.make(self.account)


@pytest.fixture
def life() -> Life:
    return Life()


# The copy -----------------------------------------------------------------------------------------


def fetched(client: Client) -> zipfile.ZipFile:
    page = post(client, "/account/copy").content.decode()
    link = re.search(r'href="(/account/copy/[\w-]+)"', page)
    assert link is not None
    answer = get(client, link[1])
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "private, no-store"
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_check_51_the_copy_holds_all_that_is_the_persons_and_nothing_of_others(life: Life) -> None:
    client = Client()
    client.force_login(life.account)
    copy = fetched(client)
    data = json.loads(copy.read("data.json"))
    assert data["account"]["name"] == NAME
    assert [each["text"] for each in data["comments"]].count(WORDS) == 1
    assert len(data["comments"]) == 5
    for part in (
        "addresses",
        "edits",
        "challenges",
        "decisions",
        "appeals",
        "notices",
        "marks",
        "reports",
        "follows",
        "sanctions",
        "sign_ins",
    ):
        assert data[part], part
        rows = list(csv.DictReader(io.StringIO(copy.read(f"{part}.csv").decode())))
        assert len(rows) == len(data[part])
    whole = copy.read("data.json").decode()
    for hidden in ("Edith", "Otto", "again", life.account.password, "JBSWY3DP"):
        assert hidden not in whole


def test_check_51_the_copy_asks_for_a_proof_at_making_and_at_fetching(life: Life) -> None:
    client = Client()
    client.force_login(life.account)
    token = export.make(life.account)
    session = client.session
    session["proved"] = (timezone.now() - timedelta(minutes=11)).isoformat()
    session.save()
    for answer in (post(client, "/account/copy"), get(client, f"/account/copy/{token}")):
        assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_check_51_the_link_holds_a_day_and_its_token_is_not_stored(life: Life) -> None:
    token = export.make(life.account)
    row = DataExport.objects.get()
    assert token not in row.token_hash
    assert timedelta(hours=23) < row.expires - timezone.now() <= timedelta(hours=24)
    assert export.fetch(life.account, token) is not None
    assert export.fetch(life.other, token) is None
    DataExport.objects.update(expires=timezone.now())
    assert export.fetch(life.account, token) is None
    assert forget(timezone.now())["exports"] == 1


def test_check_51_copies_are_made_once_an_hour(life: Life) -> None:
    client = Client()
    client.force_login(life.account)
    assert post(client, "/account/copy").status_code == 200
    again = post(client, "/account/copy")
    assert again.status_code == 429
    assert int(again["Retry-After"]) <= 3600


# Deletion -----------------------------------------------------------------------------------------


def erase(account: Account, *, unsign: bool) -> None:
    erasure.ask(account, unsign=unsign)
    Account.objects.filter(pk=account.pk).update(deletion_due=timezone.now())
    assert housekeep()["deletions"] == 1


def stored(text: str) -> list[str]:
    """Return the columns of the whole database in which a text stands."""
    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, (models.CharField, models.TextField, models.JSONField)):
                with connection.cursor() as cursor:
                    quote = connection.ops.quote_name
                    column, table = quote(field.column), quote(model._meta.db_table)
                    cursor.execute(
                        f"SELECT 1 FROM {table} WHERE CAST({column} AS TEXT) LIKE %s LIMIT 1", [f"%{text}%"]
                    )
                    if cursor.fetchone():
                        found.append(f"{model.__name__}.{field.name}")
    return found


@pytest.mark.parametrize("unsign", [False, True])
def test_check_51_after_deletion_nothing_in_the_database_is_the_persons(life: Life, unsign: bool) -> None:
    key = life.account.pk
    assert {"Account.name", "Comment.source", "Outbox.body"} <= set(stored(NAME) + stored(WORDS))
    last = last_mail(ADDRESS).pk
    erase(life.account, unsign=unsign)
    farewell = Outbox.objects.filter(to=ADDRESS)
    assert [each.pk > last for each in farewell] == [True]  # the one that says so
    farewell.delete()
    for text in (NAME, ADDRESS, "A teacher in Lahore", "person-1", "JBSWY3DP"):
        assert stored(text) == [], text
    kept = {"Comment.source", "Comment.html", "CommentEdit.source", "Challenge.reasons"}
    assert set(stored(WORDS)) == (kept if unsign else set())
    empty = Account.objects.get(pk=key)
    assert (empty.name, empty.email, empty.is_active, empty.bio) == (f"deleted {key}", None, False, "")
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is Account:
                assert not model._default_manager.filter(**{field.name: key}).exists(), (
                    f"{model}.{field.name}"
                )


def test_check_51_texts_are_removed_or_unsigned_as_the_person_chose(life: Life) -> None:
    answer = life.answer.pk
    erase(life.account, unsign=False)
    for each in Comment.objects.exclude(pk=answer):
        assert (each.state, each.source, each.author) == (State.WITHDRAWN, "", None)
    assert Comment.objects.get(pk=answer).state == State.VISIBLE  # the answers of others stay


def test_check_51_what_is_visible_stays_without_a_name(life: Life) -> None:
    erase(life.account, unsign=True)
    left = Comment.objects.filter(state=State.VISIBLE).exclude(pk=life.answer.pk)
    assert {each.pk for each in left} == {life.visible.pk, life.challenge.pk}
    for each in left:
        assert (each.author, each.network, each.fingerprint, each.key) == (None, "", "", None)
        assert WORDS in each.source
    assert Comment.objects.get(pk=life.held.pk).state == State.WITHDRAWN


def test_check_51_the_search_index_forgets_the_words(life: Life) -> None:
    query = read_query("Sovereignty")
    assert ("comment", life.visible.pk) in _ranked(query, ("comment",))
    erase(life.account, unsign=False)
    assert _ranked(query, ("comment",)) == []


def test_check_51_marks_go_and_are_no_longer_counted_and_caches_follow(life: Life) -> None:
    before = Article.objects.get(pk=life.article.pk).revision
    erase(life.account, unsign=True)
    assert Comment.objects.get(pk=life.answer.pk).advances == 1
    assert Article.objects.get(pk=life.article.pk).revision > before


def test_check_51_the_log_keeps_the_act_and_not_the_person(life: Life) -> None:
    rows = set(Act.objects.values_list("hash", flat=True))
    erase(life.account, unsign=False)
    assert rows < set(Act.objects.values_list("hash", flat=True))
    assert journal.faults() == []
    last = Act.objects.get(act="erase")
    assert (last.subject, last.subject_id, last.public) == ("account", None, {"texts": "removed"})
    assert not hasattr(last, "detail")


def test_check_51_deletion_waits_a_day_and_can_be_taken_back(life: Life) -> None:
    client = Client()
    sign_in(client, life.account)
    assert post(client, "/account/delete").status_code == 400  # without the choice
    assert post(client, "/account/delete", texts="unsign").status_code == 302
    life.account.refresh_from_db()
    due = life.account.deletion_due
    assert due is not None
    assert timedelta(hours=23) < due - timezone.now() <= timedelta(hours=24)
    assert life.account.deletion_unsigns
    assert "will be deleted" in get(client, "/account/").content.decode()
    assert "will be deleted" in last_mail(ADDRESS).body
    assert housekeep()["deletions"] == 0
    post(client, "/account/keep")
    Account.objects.filter(pk=life.account.pk, deletion_due__isnull=False).update(deletion_due=timezone.now())
    assert housekeep()["deletions"] == 0
    assert signed_in(client) == NAME


def test_check_51_a_deleted_account_is_signed_out_and_its_name_and_address_are_free(life: Life) -> None:
    client = Client()
    sign_in(client, life.account)
    erase(life.account, unsign=False)
    assert signed_in(client) is None
    assert not EmailAddress.objects.filter(email=ADDRESS).exists()
    assert not Authenticator.objects.filter(user=life.account).exists()
    assert sign_in(Client(), life.account).status_code == 200
    assert an_account(name=NAME, email=ADDRESS).pk != life.account.pk


def test_check_51_the_only_administrator_stays() -> None:
    root = an_account(Role.ADMIN)
    with pytest.raises(erasure.DeletionError, match="only administrator"):
        erasure.ask(root, unsign=False)
    second: Any = an_account(Role.ADMIN)
    erasure.ask(root, unsign=False)
    with pytest.raises(erasure.DeletionError, match="only administrator"):
        erasure.ask(second, unsign=False)  # nor may both ask at once


def test_check_51_whoever_keeps_an_index_is_told(life: Life) -> None:
    heard: list[dict[str, Any]] = []

    def hear(**values: Any) -> None:
        heard.append(values)

    erasure.erased.connect(hear)
    try:
        erase(life.account, unsign=True)
    finally:
        erasure.erased.disconnect(hear)
    assert [each["account"] for each in heard] == [life.account.pk]
    assert set(heard[0]["comments"]) >= {life.visible.pk, life.held.pk, life.removed.pk}
