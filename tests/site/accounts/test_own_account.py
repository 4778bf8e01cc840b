"""One's own account, and ``/me``."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parley.site.web.models import Account, Article, Mark, Role, Sanction, State, Subscription
from parley.site.web.moderation.decide import decide
from tests.site.accounts.visits import ORIGIN, get, post
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db


def signed(account: Account) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(account)
    return client


def test_me_says_nothing_of_a_reader_who_is_signed_out() -> None:
    a_comment(an_article("one"), an_account(), State.HELD)
    answer = get(Client(), "/me?a=one")
    assert answer.json() == {
        "name": None,
        "role": None,
        "standing": None,
        "token": None,
        "unread": 0,
        "marks": {},
        "own": [],
        "unseen": [],
    }
    assert answer["Cache-Control"] == "private, no-store"


def test_me_shows_a_writer_the_own_comments_that_others_do_not_see() -> None:
    writer, other, article = an_account(), an_account(), an_article("one")
    seen = a_comment(article, writer)
    held = a_comment(article, writer, State.HELD, held_reasons=[{"rule": "new", "text": "First posts"}])
    removed = decide(a_comment(article, writer), "remove", an_account(Role.EDITOR), 1, clause=3).comment
    a_comment(article, other, State.HELD)
    a_comment(an_article("two"), writer, State.HELD)
    Mark.objects.create(account=writer, comment=seen, kind="advances")
    Mark.objects.create(account=other, comment=seen, kind="convinced")
    said = get(signed(writer), "/me?a=one").json()
    assert (said["name"], said["role"], said["standing"]) == (writer.name, "reader", "new")
    assert said["marks"] == {str(seen.pk): ["advances"]}
    assert said["own"] == [seen.pk, held.pk, removed.pk]
    assert [(each["id"], each["reasons"], each["clause"]) for each in said["unseen"]] == [
        (held.pk, ["First posts"], ""),
        (removed.pk, [], "spam or advertising"),
    ]
    assert get(signed(other), "/me?a=one").json()["own"] != said["own"]


@pytest.mark.parametrize("query", ["a=nothing", "a=", "a=one&a=one", "a[]=one&a=", "a=draft"])
def test_me_refuses_an_article_that_is_not_there_or_not_ones_own(query: str) -> None:
    an_article("one")
    an_article("draft", state=Article.State.DRAFT, owner=an_account())
    assert get(signed(an_account()), f"/me?{query}").status_code == 404


def test_the_token_of_me_opens_forms() -> None:
    account = an_account()
    client = signed(account)
    without = client.post("/account/profile", {"bio": "x"})
    assert without.status_code == 403
    token = get(client, "/me").json()["token"]
    done = client.post("/account/profile", {"bio": "x", "csrfmiddlewaretoken": token}, headers=ORIGIN)
    assert done.status_code == 302
    account.refresh_from_db()
    assert account.bio == "x"


def test_the_account_shows_standing_comments_decisions_sanctions_and_follows() -> None:
    writer, article = an_account(points=2), an_article("one")
    a_comment(article, writer, State.HELD, source="Words <b>held</b>", held_reasons=[{"text": "First posts"}])
    decide(a_comment(article, writer, source="Words removed"), "remove", an_account(Role.EDITOR), 1, clause=1)
    Sanction.objects.create(account=writer, kind="mute", clause=2, text="Cool down", until=timezone.now())
    Subscription.objects.create(account=writer, article=article)
    page = get(signed(writer), "/account/").content.decode()
    for words in (
        "before they appear, until you have 5 points. Approved comments earn them.",
        "You have -1 point",
        "Words &lt;b&gt;held&lt;/b&gt;",
        "First posts",
        "removed by an editor",
        "Clause 1: personal attack",
        "Cool down",
        "not confirmed yet",
    ):
        assert words in page, words


def test_long_lists_are_read_in_pages() -> None:
    writer, article = an_account(), an_article()
    for n in range(51):
        a_comment(article, writer, source=f"Number {n:02} of them")
    client = signed(writer)
    first, second = (get(client, f"/account/?page={n}").content.decode() for n in (1, 2))
    assert "Number 50" in first
    assert "Number 00" not in first
    assert "?page=2" in first
    assert "Number 00" in second
    assert get(client, "/account/?page=99999999999").status_code == 200


@pytest.mark.parametrize("bio", ["x" * 301, "a\u202eb", "a\u200bb", "a\x00b"])
def test_a_text_about_oneself_is_short_and_visible(bio: str) -> None:
    account = an_account(bio="as it was")
    client = Client()
    client.force_login(account)
    assert post(client, "/account/profile", bio=bio).status_code == 400
    account.refresh_from_db()
    assert account.bio == "as it was"


def test_a_banned_reader_sees_why_and_may_not_write() -> None:
    account = an_account(banned_at=timezone.now())
    Sanction.objects.create(account=account, kind="ban", clause=2, text="Enough of this")
    page = get(signed(account), "/account/").content.decode()
    assert "You may read, and you may not write" in page
    assert "Enough of this" in page


def test_a_deletion_under_way_is_shown_with_its_time() -> None:
    account = an_account(deletion_due=timezone.now() + timedelta(hours=3))
    page = get(signed(account), "/account/").content.decode()
    assert f"{account.deletion_due:%H:%M} UTC" in page
    assert "Keep the account" in page


def test_every_page_of_accounts_is_ours_and_kept_by_nobody() -> None:
    account = an_account(second_factor=True)
    reader, stranger = signed(account), Client()
    own = (
        "/account/",
        "/account/copy",
        "/account/delete",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/logout/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/reauthenticate/",
        "/accounts/reauthenticate/code/",
        "/accounts/2fa/reauthenticate/",
        "/accounts/3rdparty/",
    )
    free = (
        "/accounts/login/",
        "/accounts/login/code/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/1-wrong/",
        "/accounts/password/reset/key/done/",
        "/accounts/3rdparty/login/cancelled/",
        "/accounts/3rdparty/login/error/",
    )
    for client, addresses in ((reader, own), (stranger, free)):
        for where in addresses:
            answer = get(client, where)
            assert answer.status_code == (401 if where.endswith("/error/") else 200), where
            body = answer.content.decode()
            assert '<main id="main"' in body, where
            assert "<script>" not in body, where
            assert " style=" not in body, where
            assert "no-store" in answer["Cache-Control"], where
