"""Accounts in a real browser: signing up, second factor, provider, administration, under the policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from parley.site.web.models import Account, Role
from tests.site.accounts.provider import Provider
from tests.site.accounts.visits import code_in, last_mail, totp
from tests.site.people import PASSWORD, an_account

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
Opened = Callable[..., "Page"]


def faults(page: Page) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    return [each["id"] for each in Axe().run(page, options=options).response["violations"]]


@pytest.fixture
def stranger(signed_in: Opened) -> Page:
    page = signed_in(an_account(), "/account/")
    page.wait_for_load_state("networkidle")  # an answer still under way would bring a cookie back
    page.context.clear_cookies()
    return page


@pytest.mark.parametrize("width", [360, 1280])
def test_a_reader_signs_up_and_sees_the_account(stranger: Page, live_server: Any, width: int) -> None:
    page = stranger
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}/accounts/signup/?next=/account/")
    assert faults(page) == []
    page.get_by_label("E-mail address").fill("zaneera@example.org")
    page.get_by_label("Name", exact=True).fill("Editor")
    page.get_by_label("Password").fill("sieben zwerge im wald")
    page.get_by_role("button", name="Sign up").click()
    assert "too close to editor" in page.inner_text("main")
    assert faults(page) == []
    page.get_by_label("Name", exact=True).fill("Zaneera")
    page.get_by_label("Password").fill("sieben zwerge im wald")
    page.get_by_role("button", name="Sign up").click()
    page.wait_for_url("**/accounts/confirm-email/**")
    assert faults(page) == []
    page.get_by_label("Code").fill(code_in(last_mail("zaneera@example.org")))
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/")
    assert "Zaneera" in page.inner_text("main")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_editor_sets_the_second_factor_up_by_the_picture_or_the_key(signed_in: Opened) -> None:
    editor = an_account(Role.EDITOR, second_factor=False)
    page = signed_in(editor, "/queue/")
    page.wait_for_url("**/accounts/2fa/totp/activate/")
    box = page.locator(".qr svg").bounding_box()
    assert box is not None
    assert 100 < box["width"] < 600
    assert faults(page) == []
    secret = page.inner_text(".qr code")
    page.get_by_label("Authenticator code").fill(totp(secret))
    page.get_by_role("button", name="Set it up").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    assert page.locator(".codes code").count() == 10
    assert faults(page) == []


def test_a_reader_comes_through_a_provider(stranger: Page, live_server: Any, settings: Any) -> None:
    provider, page = Provider(), stranger
    settings.SOCIALACCOUNT_PROVIDERS = provider.settings()
    # The browser is sent on by a page of ours, and the provider sends it back.
    page.route(
        f"{provider.issuer}/authorise**",
        lambda route: route.fulfill(
            status=302, headers={"Location": live_server.url + provider.authorise(route.request.url)}
        ),
    )
    try:
        page.goto(f"{live_server.url}/accounts/login/")
        assert faults(page) == []
        page.get_by_role("button", name="Continue with Example").click()
        page.wait_for_url("**/accounts/3rdparty/signup/")
        assert faults(page) == []
        page.get_by_label("Name", exact=True).fill("Pers On")
        page.get_by_role("button", name="Sign up").click()
        page.wait_for_url("**/account/")
    finally:
        provider.close()
    assert Account.objects.filter(name="Pers On").exists()


def test_a_dangerous_act_asks_for_the_password_and_leads_back(signed_in: Opened) -> None:
    account = an_account()
    page = signed_in(account, "/account/")
    for session in Session.objects.all():
        store = SessionStore(session.session_key)
        store["proved"] = "2020-01-01T00:00:00+00:00"
        store.save()
    page.get_by_role("link", name="Delete the account").click()
    page.wait_for_url("**/accounts/reauthenticate/**")
    assert faults(page) == []
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/delete")
    assert faults(page) == []
    page.get_by_label("Remove them").check()
    page.get_by_role("button", name="Delete my account").click()
    page.wait_for_url("**/account/")
    page.get_by_role("button", name="Keep the account").click()
    page.wait_for_url("**/account/")
    account.refresh_from_db()
    assert account.deletion_due is None


def test_administration_works_without_scripts_under_the_policy(signed_in: Opened) -> None:
    account = an_account(name="Kim")
    page = signed_in(an_account(Role.ADMIN), "/administration/")
    page.get_by_role("link", name="Accounts", exact=True).click()
    page.get_by_role("link", name="Kim", exact=True).click()
    page.get_by_label("Role").select_option("editor")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/administration/web/account/")
    account.refresh_from_db()
    assert account.role == Role.EDITOR
