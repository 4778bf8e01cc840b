"""What allauth asks of us.

What lives here: the adapter. What may not: views, words of mails (``letters``).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from parley.errors import TextError
from parley.site.text.names import checked_name, skeleton
from parley.site.text.paths import same_site
from parley.site.web.accounts import letters, sessions, throttle
from parley.site.web.accounts.find import free_address, network_of
from parley.site.web.models import Account, Role, Site

__all__ = ["Adapter"]


class Adapter(DefaultAccountAdapter):
    """Allauth with our names, limits and mail."""

    error_messages = DefaultAccountAdapter.error_messages | {
        # One sentence for whatever does not fit: it tells nothing of what there is.
        "username_password_mismatch": "",
        "email_password_mismatch": "",
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Return an error in our words."""
        if code in ("username_password_mismatch", "email_password_mismatch"):
            return ValidationError(_("The name or address and the password do not fit together."), code=code)
        known: ValidationError = super().validation_error(code, *args)
        return known

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Return the name in its normal form, or say why nobody can have it.

        Raises
        ------
        ValidationError
            The name breaks a rule of names, or looks like one that is taken.
        """
        offices = [*Account.objects.exclude(role=Role.READER).values_list("name", flat=True)]
        offices += Site.objects.values_list("name", flat=True)
        try:
            name = checked_name(username, reserved=offices)
        except TextError as fault:
            raise ValidationError(_(fault.template) % fault.values, code=fault.code) from None
        if not shallow and Account.objects.filter(skeleton=skeleton(name)).exists():
            raise ValidationError(_("This name, or one that looks like it, is taken."), code="taken")
        return name

    def save_user(self, request: HttpRequest, user: Account, form: Any, commit: bool = True) -> Account:
        """Save a new account; the password was hashed before the transaction began (``forms.SignUpForm``)."""
        data = form.cleaned_data
        user.name = data["username"]
        user.skeleton = skeleton(user.name)
        user.email = data["email"].lower()
        user.password = getattr(form, "hashed", None) or make_password(None)
        if commit:
            user.save()
        return user

    def set_password(self, user: Account, password: str) -> None:
        """Set a password and write nothing else: the account was read before the password was hashed.

        Whatever happened to it meanwhile (a ban, points) must stand.
        """
        user.set_password(password)
        user.save(update_fields=("password",))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """Compare a password; each attempt is counted before it is computed, one that fits is not."""
        asked = throttle.login(request, str(credentials.get("email") or credentials.get("username") or ""))
        account = authenticate(request, **credentials)
        if account is not None:
            throttle.returned(asked)
        return account

    def reauthenticate(self, user: Account, password: str) -> bool:
        """Compare the password of whoever is signed in."""
        found = self.authenticate(self.request, username=user.name, password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """Whether the person has to prove again who they are; a sign-in is a proof for ten minutes."""
        return not sessions.fresh(self.request)

    def is_safe_url(self, url: str | None) -> bool:
        """Whether a return address certainly stays on this site."""
        return same_site(url) is not None

    def is_ajax(self, request: HttpRequest) -> bool:
        """Never: these pages are pages."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the client's network: the address itself goes into no mail and no record."""
        return network_of(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's account."""
        return reverse("account")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Back to one's account, or to signing in."""
        return reverse("account") if self.request.user.is_authenticated else reverse("account_login")

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        """Answer a closed account that came by another provider, as if nothing were there."""
        return HttpResponseRedirect(reverse("account_login"))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put a mail into the outbox: text only, limited by address and network unless it tells of a change.

        Raises
        ------
        TooOften
            There were too many mails to this address or from this network.
        """
        request = self.request
        if template_prefix not in letters.NOTICES and getattr(request, "mail_taken", None) != email:
            throttle.mail(request, email)
        letters.post(template_prefix, email, context | {"link": self._link(context)})

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an address, after whoever took it without confirming has been sent away."""
        with transaction.atomic():
            free_address(email_address.email, keep=email_address.user_id)
            return bool(super().confirm_email(request, email_address))

    def _link(self, context: dict[str, Any]) -> str:
        """Return the link of a mail under the site's own address, whatever host the request named."""
        for name in ("password_reset_url", "signup_url"):
            if name in context:
                return f"{settings.PARLEY_URL}{urlsplit(str(context[name])).path}"
        return f"{settings.PARLEY_URL}{reverse('account')}"
