"""Whoever is muted or banned appeals once; another editor decides; everybody who must know is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parley.site.web import journal
from parley.site.web.accounts.export import collect
from parley.site.web.models import Account, Act, Notice, Outbox, Sanction, SanctionAppeal
from parley.site.web.moderation.acts import Refused
from parley.site.web.moderation.contesting import contest, contestable, settle
from parley.site.web.moderation.queue import counts, oldest_seconds
from parley.site.web.moderation.sanctions import ban, lift, mute, sanctions_seen
from tests.site.debate.browser import Reader, text_of
from tests.site.moderation.desk import an_editor, desk_of
from tests.site.people import an_account

pytestmark = pytest.mark.django_db
WORDS = "I was quoting the article."


def muted(writer: Account, editor: Account) -> Sanction:
    return mute(writer, editor, seen=sanctions_seen(writer), clause=1, text="Calm down.")


def banned(writer: Account, editor: Account) -> Sanction:
    return ban(writer, editor, seen=sanctions_seen(writer), clause=3, typed="ban")


def page_of(writer: Account, address: str) -> str:
    return text_of(Reader(writer).get(address))


@pytest.mark.parametrize("set_by", [muted, banned])
def test_from_ones_own_page_to_the_outcome(set_by: object) -> None:
    writer, editor = an_account(name="Zaneera"), an_editor(name="Kim")
    made = set_by(writer, editor)  # type: ignore[operator]
    address = f"/account/sanctions/{made.pk}/appeal"
    for place in ("/account/", "/account/notices/"):
        assert address in page_of(writer, place)
    assert address in Outbox.objects.get(account=writer).body
    assert "You can appeal within 14 days" in Outbox.objects.get(account=writer).body
    assert Reader(writer).post(address, text=WORDS).status_code == 302
    assert "Your appeal: open." in page_of(writer, address)
    assert counts()["appeal"] == counts()["all"] == 1
    assert oldest_seconds() is not None
    other = an_editor(name="Lee")
    queue = desk_of(other).get("/queue/?tab=appeal").content.decode()
    for piece in (WORDS, "Zaneera", "Kim", "It stands"):
        assert piece in queue
    assert WORDS not in desk_of(other).get("/queue/?tab=held").content.decode()
    appeal = SanctionAppeal.objects.get()
    answer = desk_of(other).post(f"/queue/appeals/{appeal.pk}", {"act": "lift", "text": "You are right."})
    assert answer.status_code == 302
    writer.refresh_from_db()
    assert not writer.silenced()
    assert counts()["all"] == 0
    told = Outbox.objects.filter(account=writer).order_by("pk").last()
    assert told is not None
    assert "You may write again" in told.subject
    assert "You are right." in told.body
    assert "lifted" in page_of(writer, address)


def test_where_it_stands_the_account_is_told_and_stays_silenced() -> None:
    writer, editor, other = an_account(), an_editor(), an_editor()
    appeal = contest(muted(writer, editor), writer, WORDS)
    settle(appeal, other, lifted=False, text="It was an insult.")
    writer.refresh_from_db()
    assert writer.silenced()
    notice = Notice.objects.get(kind="stands")
    assert (notice.account, notice.words, notice.clause) == (writer, "It was an insult.", 1)
    assert Outbox.objects.filter(account=writer, body__contains="It was an insult.").count() == 1
    with pytest.raises(Refused, match="decided already"):
        settle(appeal, other, lifted=True)


def test_each_mute_or_ban_has_one_appeal() -> None:
    writer, editor = an_account(), an_editor()
    first = muted(writer, editor)
    contest(first, writer, WORDS)
    with pytest.raises(Refused, match="already; each"):
        contest(first, writer, WORDS)
    second = muted(writer, editor)
    assert contestable(second, writer) == ""
    answer = Reader(writer).post(f"/account/sanctions/{first.pk}/appeal", text=WORDS)
    assert answer.status_code == 403
    assert SanctionAppeal.objects.count() == 1


def test_the_editor_who_set_it_does_not_decide_and_neither_does_a_reader() -> None:
    writer, editor = an_account(), an_editor()
    appeal = contest(muted(writer, editor), writer, WORDS)
    for nobody in (editor, writer, an_account()):
        with pytest.raises(Refused):
            settle(appeal, nobody, lifted=False)
    assert "another editor must decide" in desk_of(editor).get("/queue/").content.decode()
    assert desk_of(editor).post(f"/queue/appeals/{appeal.pk}", {"act": "stand"}).status_code == 400
    assert Reader(writer).post(f"/queue/appeals/{appeal.pk}", act="lift").status_code in (403, 404)
    assert SanctionAppeal.objects.get().outcome == "open"


def test_nobody_else_sees_or_makes_an_appeal() -> None:
    writer, editor = an_account(), an_editor()
    made = muted(writer, editor)
    address = f"/account/sanctions/{made.pk}/appeal"
    for stranger in (an_account(), editor):
        assert Reader(stranger).get(address).status_code == 404
        assert Reader(stranger).post(address, text=WORDS).status_code == 404
    assert Client().get(address).status_code == 302
    assert not SanctionAppeal.objects.exists()


def test_what_is_over_or_long_past_cannot_be_appealed() -> None:
    writer, editor = an_account(), an_editor()
    made = muted(writer, editor)
    made.until = timezone.now() - timedelta(seconds=1)
    assert "over" in contestable(made, writer)
    made.until, made.at = timezone.now() + timedelta(days=1), timezone.now() - timedelta(days=15)
    assert "14 days" in contestable(made, writer)
    lift(made, editor)
    assert "over" in contestable(Sanction.objects.get(), writer)
    assert f"/account/sanctions/{made.pk}/appeal" not in page_of(writer, "/account/")


def test_lifting_settles_an_open_appeal() -> None:
    writer, editor = an_account(), an_editor()
    made = banned(writer, editor)
    contest(made, writer, WORDS)
    lift(made, editor)
    found = SanctionAppeal.objects.get()
    assert (found.outcome, found.decided_by) == ("lifted", editor)
    assert counts()["all"] == 0


def test_the_log_names_nobody_and_its_chain_holds() -> None:
    writer, editor, other = an_account(name="Zaneera"), an_editor(name="Kim"), an_editor(name="Lee")
    made = muted(writer, editor)
    settle(contest(made, writer, WORDS), other, lifted=False, text="No.")
    rows = list(Act.objects.order_by("seq"))
    assert [(row.act, row.by, row.subject, row.subject_id) for row in rows] == [
        ("mute", "editor", "account", made.pk),
        ("appeal", "writer", "account", made.pk),
        ("stand", "editor", "account", made.pk),
    ]
    page = Client().get("/log/").content.decode()
    assert "mute or ban upheld on appeal" in page
    for piece in ("Zaneera", "Kim", "Lee", WORDS):
        assert piece not in page + str([journal.fields(row) for row in rows])
    assert journal.faults() == []


def test_a_text_that_cannot_be_taken_is_told_and_kept() -> None:
    writer, editor = an_account(), an_editor()
    made = muted(writer, editor)
    answer = Reader(writer).post(f"/account/sanctions/{made.pk}/appeal", text="x" * 1001)
    assert answer.status_code == 400
    assert "x" * 1001 in answer.content.decode()
    assert not SanctionAppeal.objects.exists()


def test_ones_own_copy_of_the_data_has_the_appeal() -> None:
    writer, editor = an_account(), an_editor()
    first, second = muted(writer, editor), muted(writer, editor)
    contest(first, writer, WORDS)
    rows = collect(writer)["sanctions"]
    assert rows[0]["appeal"]["text"] == WORDS
    assert "appeal" not in rows[1]
    assert contestable(second, writer) == ""
