"""Check 24, editors' matters: what one may not see is not there, by whatever number it is asked for."""

from __future__ import annotations

import pytest
from django.test import Client

from parley.site.web.models import Account, Note, Role
from parley.site.web.moderation.decide import decide
from parley.site.web.moderation.sanctions import mute
from tests.site.moderation.desk import a_held_comment, an_appeal, an_editor, desk_of
from tests.site.people import a_comment, an_account, an_article
from tests.site.timing import ratio_of_times

pytestmark = pytest.mark.django_db


def reader(account: Account | None) -> Client:
    client = Client(headers={"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"})
    if account is not None:
        client.force_login(account)
    return client


def plain(page: bytes, number: int) -> bytes:
    """Return a page without the address that was asked for, to which its choice of languages leads."""
    return page.replace(f"/queue/{number}/".encode(), b"/queue/N/")


@pytest.mark.parametrize("role", [Role.READER, Role.AUTHOR])
def test_check_24_held_comments_appeals_notes_and_people_are_not_there_for_others(role: Role) -> None:
    writer = an_account(role, name="Zaneera", points=50)
    held = a_held_comment(writer)
    gone = decide(a_comment(an_article(), writer), "remove", an_editor(), 1, clause=1).comment
    an_appeal(gone)
    Note.objects.create(comment=held, by=an_editor(), text="between editors")
    client, nothing = reader(writer), 987654321
    for path in (
        f"/queue/{held.pk}/",
        f"/queue/{gone.pk}/",
        "/queue/people/Zaneera/",
        "/queue/",
        "/queue/words/",
    ):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert "between editors" not in answer.content.decode()
    absent = client.get(f"/queue/{nothing}/")
    present = client.get(f"/queue/{held.pk}/")
    assert absent.status_code == present.status_code
    assert plain(absent.content, nothing) == plain(present.content, held.pk)


def test_check_24_every_post_to_a_stranger_is_the_same_404_whether_it_exists_or_not() -> None:
    held, client = a_held_comment(), reader(an_account())
    for act in ("decide", "claim", "note"):
        there = client.post(f"/queue/{held.pk}/{act}", {"act": "approve", "revision": 1, "text": "x"})
        absent = client.post(f"/queue/987654321/{act}", {"act": "approve", "revision": 1, "text": "x"})
        assert (there.status_code, absent.status_code) == (404, 404)
        assert plain(there.content, held.pk) == plain(absent.content, 987654321)
    held.refresh_from_db()
    assert held.revision == 1


def test_check_24_a_sanction_is_looked_up_within_its_account() -> None:
    one, other = an_account(name="One"), an_account(name="Other")
    made = mute(one, an_editor(), seen=0, clause=1)
    client = desk_of(an_editor())
    assert client.post(f"/queue/people/Other/lift/{made.pk}").status_code == 404
    made.refresh_from_db()
    assert made.lifted_at is None
    assert other.sanctions.count() == 0
    assert client.post(f"/queue/people/One/lift/{made.pk}").status_code == 302


def test_check_24_notices_are_ones_own() -> None:
    writer, other = an_account(), an_account()
    decide(a_comment(an_article(), writer), "remove", an_editor(), 1, clause=4, words="For you alone.")
    assert "For you alone." in reader(writer).get("/account/notices/").content.decode()
    assert "For you alone." not in reader(other).get("/account/notices/").content.decode()
    reader(other).post("/account/notices/read")
    assert writer.notices.filter(read_at=None).count() == 1


def test_check_24_a_look_up_takes_as_long_whether_the_comment_exists_or_not() -> None:
    held, client = a_held_comment(), reader(an_account())
    client.get(f"/queue/{held.pk}/")

    ratio = ratio_of_times(
        lambda: lambda: client.get(f"/queue/{held.pk}/"),
        lambda: lambda: client.get("/queue/987654321/"),
        same=0.4,
    )
    assert 0.6 < ratio < 1.67
