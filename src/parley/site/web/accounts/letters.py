"""The mails about accounts: plain text, in the reader's language, one link at most, and that one ours.

What lives here: their words, and putting them into the outbox. What may not: when they are sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from parley.site.text.mailsafe import subject
from parley.site.web.models import Outbox, Site

__all__ = ["NOTICES", "letter", "post"]

Words = tuple[str, str]


def _code(title: str, text: str) -> Callable[[Mapping[str, Any]], Words]:
    def words(values: Mapping[str, Any]) -> Words:
        return _(title), f"{_(text)}\n\n    {values['code']}\n\n" + _(
            "It holds for 15 minutes. If you did not ask for it, somebody else typed your address; "
            "you need do nothing."
        )

    return words


def _linked(title: str, text: str, after: str) -> Callable[[Mapping[str, Any]], Words]:
    def words(values: Mapping[str, Any]) -> Words:
        return _(title), f"{_(text)}\n\n    {values['link']}\n\n{_(after)}"

    return words


def _notice(title: str, text: str) -> Callable[[Mapping[str, Any]], Words]:
    def words(values: Mapping[str, Any]) -> Words:
        return _(title), f"{_(text)}\n\n" + _("If this was not you, set a new password at once:") + (
            f"\n\n    {values['link']}\n"
        )

    return words


_NOTHING_TO_DO = "If you did not ask for this, you need do nothing."
_LETTERS: dict[str, Callable[[Mapping[str, Any]], Words]] = {
    "account/email/email_confirmation_signup": _code(
        "Your code for signing up", "Type this code on the page where you signed up:"
    ),
    "account/email/email_confirmation": _code(
        "Your code for this address", "Type this code to confirm that this is your address:"
    ),
    "account/email/login_code": _code(
        "Your code for signing in", "Type this code on the page where you asked for it:"
    ),
    "account/email/account_already_exists": _linked(
        "You have an account already",
        "Somebody, probably you, tried to sign up with this address. There is an account with it. "
        "If you forgot the password, set a new one here:",
        _NOTHING_TO_DO,
    ),
    "account/email/unknown_account": _linked(
        "There is no account with this address",
        "Somebody, probably you, asked for a code or a new password. There is no account with this address. "
        "You can sign up here:",
        _NOTHING_TO_DO,
    ),
    "account/email/password_reset_key": _linked(
        "Set a new password",
        "Open this page to set a new password; it works once, for one hour:",
        _NOTHING_TO_DO,
    ),
    "account/email/password_changed": _notice(
        "Your password was changed", "The password of your account was changed."
    ),
    "account/email/password_set": _notice("A password was set", "Your account now has a password."),
    "account/email/password_reset": _notice(
        "Your password was set anew", "The password of your account was set anew."
    ),
    "account/email/email_changed": _notice(
        "Your address was changed",
        "Your account has another e-mail address from now on; this one is no longer used.",
    ),
    "account/email/email_confirm": _notice(
        "Your address is confirmed", "This address is now that of your account."
    ),
    "account/email/email_deleted": _notice(
        "Your address was taken away", "This address no longer belongs to your account."
    ),
    "mfa/email/totp_activated": _notice(
        "Second factor set up", "Signing in to your account now asks for a code of your authenticator too."
    ),
    "mfa/email/totp_deactivated": _notice(
        "Second factor taken away",
        "Signing in to your account no longer asks for a code of an authenticator.",
    ),
    "mfa/email/recovery_codes_generated": _notice(
        "New recovery codes", "Your account has new recovery codes; the former ones are void."
    ),
    "socialaccount/email/account_connected": _notice(
        "Another way to sign in", "You can now sign in to your account through another provider too."
    ),
    "socialaccount/email/account_disconnected": _notice(
        "A way to sign in was taken away", "A provider no longer opens your account."
    ),
    "parley/deletion_asked": _notice(
        "Your account will be deleted",
        "Your account will be deleted in 24 hours. Until then you can take this back on your account's page.",
    ),
    "parley/deletion_done": lambda values: (
        _("Your account was deleted"),
        _("Your account and the data that belonged to it were deleted. This is the last mail."),
    ),
}
NOTICES = frozenset(
    name
    for name in _LETTERS
    if name.startswith(("mfa/", "socialaccount/", "parley/"))
    or name.rpartition("/")[2]
    in {
        "password_changed",
        "password_set",
        "password_reset",
        "email_changed",
        "email_confirm",
        "email_deleted",
    }
)


def letter(name: str, values: Mapping[str, Any]) -> Words:
    """Return the subject and the body of a mail.

    Raises
    ------
    KeyError
        There is no mail of this name: a new way of allauth's that nobody wrote words for.
    """
    title, body = _LETTERS[name](values)
    return title, f"{body.rstrip()}\n"


def post(name: str, to: str, values: Mapping[str, Any]) -> None:
    """Put a mail into the outbox, from which the worker sends it at once."""
    site = Site.objects.filter(pk=1).values_list("name", flat=True).first() or "Parley"
    title, body = letter(name, values)
    Outbox.objects.create(key=f"account:{uuid4().hex}", to=to, subject=subject(f"{site}: {title}"), body=body)
