"""The forms of accounts: allauth's, with our words, limits, and the same work whatever there is.

What lives here: forms. What may not: pages, mail.
"""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.core import context
from allauth.socialaccount import forms as social
from django import forms
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from parley.site.web.accounts import throttle
from parley.site.web.accounts.find import free_address
from parley.site.web.models import Account

__all__ = [
    "AddressForm",
    "CodeForm",
    "ConfirmForm",
    "FirstPasswordForm",
    "NewPasswordForm",
    "PasswordForm",
    "ResetForm",
    "SignInForm",
    "SignUpForm",
    "SocialSignUpForm",
]


class SignInForm(allauth.LoginForm):
    """Sign in by name or address, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Name or e-mail address")
        self.fields["login"].max_length = 254
        self.fields["password"].max_length = 200
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Stay signed in on this device")


class _Limited:
    """Counts a sign-up and its mail before anything is written or hashed."""

    def _take(self, request: HttpRequest, address: str) -> None:
        throttle.signup(request)
        throttle.mail(request, address)
        request.mail_taken = address  # type: ignore[attr-defined]


class SignUpForm(_Limited, allauth.SignupForm):
    """Sign up by address, name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].help_text = _("Never shown. A code is sent to it.")
        self.fields["username"].label = _("Name")
        self.fields["username"].help_text = _("Shown beside your comments. It cannot be changed later.")
        self.fields["password1"].help_text = _("At least 10 characters.")
        self.fields["password1"].max_length = 200

    def try_save(self, request: HttpRequest) -> tuple[Account | None, HttpResponse | None]:
        """Make the account, or only send a mail where there is one; both take the same work."""
        address = self.cleaned_data["email"]
        self._take(request, address)
        self.hashed = make_password(self.cleaned_data["password1"])
        if self.account_already_exists:
            self._rehearse(request)
            return None, prevent_enumeration(request, email=address)
        try:
            with transaction.atomic():
                return self.save(request), None
        except IntegrityError:  # somebody took the name, or the address, a moment ago
            messages.error(
                request, gettext("Somebody was quicker. Please choose another name and try again.")
            )
            return None, HttpResponseRedirect(request.get_full_path())

    def _rehearse(self, request: HttpRequest) -> None:
        """Do what making an account takes, and undo it: the time does not tell that there is one."""
        real = self.cleaned_data["email"]
        self.cleaned_data["email"] = f"{secrets.token_hex(16)}@invalid"
        self.account_already_exists = False
        try:
            with transaction.atomic():
                self.save(request)
                transaction.set_rollback(True)
        except IntegrityError:  # the name went a moment ago: it would have been said on the next try
            pass
        finally:
            self.cleaned_data["email"] = real
            self.account_already_exists = True


class SocialSignUpForm(_Limited, social.SignupForm):
    """Sign up through a provider: the name is chosen here, the address confirmed unless it was there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].help_text = _("Never shown.")
        self.fields["username"].label = _("Name")
        self.fields["username"].help_text = _("Shown beside your comments. It cannot be changed later.")

    def try_save(self, request: HttpRequest) -> tuple[Account | None, HttpResponse | None]:
        """Make the account; an address that has one gets a mail instead, and is not linked."""
        address = self.cleaned_data["email"]
        self._take(request, address)
        if self.account_already_exists:
            return None, prevent_enumeration(request, email=address)
        try:
            with transaction.atomic():
                return self.save(request), None
        except IntegrityError:
            messages.error(
                request, gettext("Somebody was quicker. Please choose another name and try again.")
            )
            return None, HttpResponseRedirect(request.get_full_path())


class ResetForm(allauth.ResetPasswordForm):
    """Ask for a link that sets a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send a mail, whether there is an account or not."""
        _same_work()
        return str(super().save(request, **kwargs))


class CodeForm(allauth.RequestLoginCodeForm):
    """Ask for a code to sign in with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")

    def clean_email(self) -> str:
        """Look the account up, behind the same work whether there is one."""
        _same_work()
        return str(super().clean_email())


class AddressForm(allauth.AddEmailForm):
    """Ask for another address: a code is sent to it, and it replaces the present one once that is typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")

    def clean_email(self) -> str:
        """Look up whether the address is another's, behind the same work whether it is."""
        _same_work()
        return str(super().clean_email())


class ConfirmForm(allauth.ConfirmEmailVerificationCodeForm):
    """Type the code that a mail brought; who named the address and never confirmed it gives way."""

    def clean_code(self) -> str:
        """Compare the code, then see that the address is free."""
        code = super(allauth.ConfirmEmailVerificationCodeForm, self).clean_code()
        free_address(self.email, keep=self.user.pk if self.user else None)
        super().clean_code()
        return str(code)


class PasswordForm(allauth.ChangePasswordForm):
    """Change the password; attempts at the present one are limited like sign-ins."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label_passwords(self)

    def clean_oldpassword(self) -> str:
        """Compare the present password."""
        given = str(self.cleaned_data["oldpassword"])
        if not get_adapter(context.request).reauthenticate(self.user, given):
            raise get_adapter().validation_error("enter_current_password")
        return given


class FirstPasswordForm(allauth.SetPasswordForm):
    """Set a password where there is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label_passwords(self)


class NewPasswordForm(allauth.ResetPasswordKeyForm):
    """Set a password by a link that was mailed or printed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label_passwords(self)


def _label_passwords(form: forms.Form) -> None:
    for name, label in (
        ("oldpassword", _("Present password")),
        ("password1", _("New password")),
        ("password2", _("New password, again")),
    ):
        if name in form.fields:
            form.fields[name].label = label
            form.fields[name].help_text = _("At least 10 characters.") if name == "password1" else ""


def _same_work() -> None:
    """Compute a password's hash: beside it, what an account's presence costs cannot be measured."""
    make_password("beside this nothing is measured")
