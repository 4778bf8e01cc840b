"""Check 22: who comes by an OpenID provider is checked in every part; an address alone opens no account."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from parley.site.web.environment import SettingsError, oidc_settings
from parley.site.web.models import Account, Role
from tests.site.accounts.provider import Provider
from tests.site.accounts.visits import code_in, get, last_mail, post, sign_in, signed_in
from tests.site.people import an_account

pytestmark = pytest.mark.django_db
BEGIN = "/accounts/oidc/example/login/"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    made = Provider()
    settings.SOCIALACCOUNT_PROVIDERS = made.settings()
    yield made
    made.close()


def depart(client: Client, **fields: str) -> str:
    """Press the button, and return where the page goes on to."""
    page = post(client, BEGIN, **fields)
    assert page.status_code == 200
    found = re.search(r'<a href="([^"]+)" rel="noreferrer">', page.content.decode())
    assert found is not None
    where = html.unescape(found[1])
    assert page["Refresh"] == f"0; url={where}"
    return where


def come_back(provider: Provider, client: Client, **fields: str) -> Any:
    return get(client, provider.authorise(depart(client, **fields)))


def refused(answer: Any, client: Client) -> bool:
    return (
        answer.status_code in (200, 401)
        and "Signing in did not work" in answer.content.decode()
        and signed_in(client) is None
        and not SocialAccount.objects.exists()
    )


def test_check_22_a_person_signs_up_through_a_provider_and_in_again(provider: Provider) -> None:
    client, again = Client(), Client()
    assert "Continue with Example" in get(client, "/accounts/login/").content.decode()
    assert come_back(provider, client)["Location"] == "/accounts/3rdparty/signup/"
    form = get(client, "/accounts/3rdparty/signup/").content.decode()
    assert 'value="person@example.org"' in form
    done = post(client, "/accounts/3rdparty/signup/", email="person@example.org", username="Pers On")
    assert done["Location"] == "/account/"
    assert signed_in(client) == "Pers On"
    assert not Account.objects.get().has_usable_password()
    assert come_back(provider, again, next="/a/x/")["Location"] == "/a/x/"
    assert signed_in(again) == "Pers On"
    assert not SocialToken.objects.exists()  # the provider's tokens are not kept


def test_check_22_state_nonce_and_pkce_go_along_and_are_new_each_time(provider: Provider) -> None:
    seen = []
    for _ in range(2):
        come_back(provider, Client())
        asked = provider.asked
        assert asked["code_challenge_method"] == "S256"
        assert set(asked["scope"].split()) == {"openid", "profile", "email"}
        assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 16
        seen.append({asked["state"], asked["nonce"], asked["code_challenge"]})
    assert not seen[0] & seen[1]
    assert all(form["code_verifier"] for form in provider.exchanges)


def test_check_22_a_link_begins_nothing_and_chooses_nothing(provider: Provider) -> None:
    client = Client()
    page = get(client, f"{BEGIN}?auth_params=nonce%3Dmine&scope=admin")
    assert page.status_code == 200
    assert "Refresh" not in page
    where = client.post(
        f"{BEGIN}?auth_params=nonce%3Dmine%26redirect_uri%3Dhttps://evil.example&scope=admin",
        headers={"Origin": "http://testserver"},
    )["Refresh"]
    assert "mine" not in where
    assert "evil" not in where
    assert "admin" not in where


def test_check_22_a_callback_of_another_session_or_used_twice_is_refused(provider: Provider) -> None:
    victim, thief = Client(), Client()
    back = provider.authorise(depart(thief))
    assert refused(get(victim, back), victim)  # state: a sign-in that this browser did not begin
    assert get(thief, back)["Location"] == "/accounts/3rdparty/signup/"
    assert "Signing in did not work" in get(thief, back).content.decode()


def test_check_22_a_code_from_another_sign_in_fails_at_the_verifier(provider: Provider) -> None:
    client = Client()
    first = provider.authorise(depart(client))
    depart_again = depart(client)
    provider.authorise(depart_again)  # the provider now expects the second one's verifier
    assert refused(get(client, first), client)


NOW = int(time.time())


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another client"},
        {"aud": None},
        {"aud": ["parley", "another client"]},
        {"aud": ["parley", "another client"], "azp": "another client"},
        {"azp": "another client"},
        {"exp": NOW - 3600},
        {"exp": None},
        {"iat": NOW + 7200},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": "another person"},
        {"sub": None},
    ],
    ids=lambda claims: ", ".join(
        f"{name}: {'its time' if isinstance(given, int) else given}" for name, given in claims.items()
    ),
)
def test_check_22_a_claim_that_does_not_fit_is_refused(provider: Provider, claims: dict[str, Any]) -> None:
    provider.claims, client = claims, Client()
    assert refused(come_back(provider, client), client)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS384"])
def test_check_22_another_algorithm_than_agreed_is_refused(provider: Provider, algorithm: str) -> None:
    provider.algorithm, client = algorithm, Client()
    assert refused(come_back(provider, client), client)


def test_check_22_another_key_or_no_identity_is_refused(provider: Provider) -> None:
    provider.wrong_key, client = True, Client()
    assert refused(come_back(provider, client), client)
    provider.wrong_key, provider.no_identity = False, True
    assert refused(come_back(provider, client), client)


@pytest.mark.parametrize(
    "config", [{"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/token"}], ids=str
)
def test_check_22_a_provider_that_describes_itself_as_another_is_refused(
    provider: Provider, config: dict[str, str]
) -> None:
    client = Client()
    back = provider.authorise(depart(client))
    provider.config = config
    provider.claims = {"iss": config.get("issuer", provider.issuer)}  # all that it says fits together
    assert refused(get(client, back), client)


def test_check_22_a_provider_that_is_down_leaves_a_page_that_says_so(provider: Provider) -> None:
    client = Client()
    provider.config = {"authorization_endpoint": None}
    assert refused(post(client, BEGIN), client)


@pytest.mark.parametrize("confirmed", [True, False])
def test_check_22_an_address_never_opens_an_account_that_is_there(
    provider: Provider, confirmed: bool
) -> None:
    victim = an_account(Role.EDITOR, name="Victoria", email="person@example.org")
    provider.person = {"email": "person@example.org", "email_verified": confirmed}
    client = Client()
    come_back(provider, client)
    answer = post(client, "/accounts/3rdparty/signup/", email="person@example.org", username="Mallory")
    assert answer["Location"] == "/accounts/confirm-email/"  # as for a new account
    assert signed_in(client) is None
    assert not SocialAccount.objects.filter(user=victim).exists()
    assert Account.objects.count() == 1
    assert "You have an account already" in last_mail("person@example.org").subject


def test_check_22_an_address_that_the_provider_has_not_confirmed_is_confirmed_by_a_code(
    provider: Provider,
) -> None:
    provider.person, client = {"email": "person@example.org", "email_verified": False}, Client()
    come_back(provider, client)
    answer = post(client, "/accounts/3rdparty/signup/", email="person@example.org", username="Pers On")
    assert answer["Location"] == "/accounts/confirm-email/"
    assert signed_in(client) is None
    assert not EmailAddress.objects.filter(verified=True).exists()
    post(client, "/accounts/confirm-email/", code=code_in(last_mail("person@example.org")))
    assert signed_in(client) == "Pers On"


def test_check_22_a_provider_does_not_stand_for_the_second_factor(provider: Provider) -> None:
    account, client = an_account(Role.EDITOR), Client()
    SocialAccount.objects.create(user=account, provider="example", uid="person-1")
    assert come_back(provider, client)["Location"] == "/accounts/2fa/authenticate/"
    assert signed_in(client) is None


def test_check_22_a_closed_account_stays_closed(provider: Provider) -> None:
    account, client = an_account(is_active=False), Client()
    SocialAccount.objects.create(user=account, provider="example", uid="person-1")
    come_back(provider, client)
    assert signed_in(client) is None


def test_check_22_adding_a_provider_to_an_account_asks_for_a_recent_proof(provider: Provider) -> None:
    account, client = an_account(), Client()
    sign_in(client, account)
    session = client.session
    session["proved"] = "2020-01-01T00:00:00+00:00"
    session.save()
    answer = client.post(
        f"{BEGIN}?process=connect", headers={"Origin": "http://testserver"}, REMOTE_ADDR="192.0.2.1"
    )
    if answer.status_code == 200:
        answer = get(client, provider.authorise(answer["Refresh"].removeprefix("0; url=")))
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not SocialAccount.objects.exists()


def test_check_22_a_provider_is_reached_by_https() -> None:
    with pytest.raises(SettingsError, match="https"):
        oidc_settings("Name;http://provider.example;client;secret")
