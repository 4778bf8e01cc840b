"""Giving and taking offices, and making accounts of editors and administrators.

What lives here: changes of a role, each with its row in the log. What may not: who may make them (``access``,
the command line).
"""

from __future__ import annotations

from collections.abc import Iterator

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parley.errors import ParleyError
from parley.site.text.names import checked_name, skeleton
from parley.site.web import journal
from parley.site.web.accounts import sessions
from parley.site.web.accounts.find import account_of, free_address
from parley.site.web.models import Account, Role
from parley.site.web.revisions import touch_site

__all__ = [
    "AccountError",
    "appoint",
    "check_new",
    "create",
    "listed",
    "named",
    "password_faults",
    "password_link",
    "reset_second_factor",
]


class AccountError(ParleyError):
    """There is no such account, or there can't be one."""


def create(name: str, email: str, role: str, password: str | None = None) -> Account:
    """Make an account with a confirmed address.

    Parameters
    ----------
    name, email, role
        As they stand in :class:`~parley.site.web.models.Account`.
    password
        None leaves it without: it is set through :func:`password_link`.

    Raises
    ------
    AccountError
        The name or the address is taken.
    TextError
        The name breaks a rule of names.
    """
    shown = checked_name(name)
    address = email.strip().lower()
    with transaction.atomic():
        if Account.objects.filter(skeleton=skeleton(shown)).exists():
            raise AccountError(f"the name {shown}, or one that looks like it, is taken")
        free_address(address, keep=None)
        if account_of(address) is not None:
            raise AccountError(f"there is an account with the address {address}")
        account = Account.objects.create_user(shown, address, password, role=role)
        EmailAddress.objects.create(user=account, email=address, verified=True, primary=True)
        _log(account, "", role, None)
    return account


def check_new(name: str, email: str) -> None:
    """Say why there can't be an account with this name or address, before a password is asked for.

    Raises
    ------
    AccountError
        The name or the address is taken, or is no address.
    TextError
        The name breaks a rule of names.
    """
    shown = checked_name(name)
    try:
        validate_email(email.strip())
    except ValidationError:
        raise AccountError(f"{email} is no e-mail address") from None
    if Account.objects.filter(skeleton=skeleton(shown)).exists():
        raise AccountError(f"the name {shown}, or one that looks like it, is taken")
    if account_of(email) is not None:
        raise AccountError(f"there is an account with the address {email}: give it a role instead")


def password_faults(password: str, name: str, email: str) -> list[str]:
    """Return what is wrong with a password, in words; nothing if it does."""
    try:
        validate_password(password, Account(name=name, email=email))
    except ValidationError as fault:
        return [str(each) for each in fault.messages]
    return []


def named(name: str) -> Account:
    """Return the account of a name or an address.

    Raises
    ------
    AccountError
        There is none.
    """
    found = account_of(name)
    if found is None or found.deleted_at is not None:
        raise AccountError(f"there is no account {name}; `parley admin list --all` lists them")
    return found


def listed(*, everybody: bool = False) -> Iterator[str]:
    """Describe the accounts with an office, or all of them, a line each: role, factor, last sign-in, name."""
    accounts = Account.objects.filter(deleted_at=None).order_by("role", "name")
    factors = set(
        Authenticator.objects.filter(type=Authenticator.Type.TOTP).values_list("user_id", flat=True)
    )
    for account in accounts if everybody else accounts.exclude(role=Role.READER):
        factor = "second factor" if account.pk in factors else "no second factor"
        last = f"{account.last_login:%Y-%m-%d}" if account.last_login else "never"
        yield f"{account.role:<7} {factor:<16} {last:<10} {account.name}"


def appoint(account: Account, role: str, by: Account | None) -> None:
    """Give an account another role; its sessions end, for they were those of another.

    Raises
    ------
    AccountError
        There is no such role, or nobody would be left to administer the site.
    """
    if role not in Role.values:
        raise AccountError(f"there is no role `{role}`; there are {', '.join(Role.values)}")
    with transaction.atomic():
        found = Account.objects.select_for_update().get(pk=account.pk)
        if found.deleted_at is not None:
            raise AccountError("this account was deleted")
        admins = Account.objects.filter(role=Role.ADMIN, is_active=True, deleted_at=None)
        if found.role == Role.ADMIN and role != Role.ADMIN and not admins.exclude(pk=found.pk).exists():
            raise AccountError(f"{found.name} is the only administrator: appoint another one first")
        before, found.role = found.role, role
        found.save(update_fields=("role",))
        sessions.end_all(found)
        _log(found, before, role, by)
        touch_site()
    account.role, account.sessions_end_before = found.role, found.sessions_end_before


def password_link(account: Account) -> str:
    """Return an address at which the account's password can be set, once, within an hour."""
    key = f"{user_pk_to_url_str(account)}-{default_token_generator.make_token(account)}"
    uid, token = key.split("-", 1)
    return settings.PARLEY_URL + reverse(
        "account_reset_password_from_key", kwargs={"uidb36": uid, "key": token}
    )


def reset_second_factor(account: Account) -> None:
    """Take an account's second factor away, for somebody who lost it; its sessions end."""
    with transaction.atomic():
        Authenticator.objects.filter(user_id=account.pk).delete()
        sessions.end_all(account)


def _log(account: Account, before: str, role: str, by: Account | None) -> None:
    journal.append(
        journal.Entry(
            "role",
            "system" if by is None else "editor",
            "account",
            subject_id=account.pk,
            before=before,
            after=role,
            public={"at": timezone.now().date().isoformat()},
            actor=by,
        )
    )
