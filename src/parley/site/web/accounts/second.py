"""The second factor: codes of an authenticator, and recovery codes, each once.

What lives here: what allauth's second factor asks of us. What may not: pages.
"""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from parley.site.render.safe import picture
from parley.site.web.accounts import throttle
from parley.site.web.environment import SettingsError
from parley.site.web.models import Account, Bucket

__all__ = ["AgainForm", "CodeForm", "SecondFactor", "SetUpForm"]


class SecondFactor(DefaultMFAAdapter):
    """Keeps secrets encrypted under a key made from the site's own; editors cannot switch the factor off."""

    def encrypt(self, text: str) -> str:
        """Encrypt a secret for the database."""
        return _ciphers().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret from the database.

        Raises
        ------
        SettingsError
            The site's key is another than the one it was encrypted under.
        """
        try:
            return _ciphers().decrypt(encrypted_text.encode("ascii")).decode()
        except InvalidToken:
            raise SettingsError(
                "a second factor was stored under another secret key: name the former key in "
                "PARLEY_SECRET_KEY_FALLBACKS, or let the account set its second factor up anew "
                "(`parley admin reset NAME`)"
            ) from None

    def build_totp_svg(self, url: str) -> str:
        """Draw the picture for the authenticator; it is set into the page itself."""
        drawn = super().build_totp_svg(url)
        drawn = drawn[drawn.index("<svg") :].strip()
        ground = '<rect width="100%" height="100%" fill="#fff"/>'  # black on white on a dark page too
        return picture(drawn.replace(">", f">{ground}", 1))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Editors and administrators keep theirs."""
        return not authenticator.user.is_editor

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """Return what the authenticator shows: the name, not the address."""
        return str(user)


def _ciphers() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(sha256(b"second factor:" + key.encode()).digest())) for key in keys]
    )


def _once(account: Account, code: str) -> bool:
    """Claim a code for the account; False when it has been used (in any process)."""
    mark = sha256(f"{settings.SECRET_KEY}:{account.pk}:{code}".encode()).hexdigest()[:40]
    with transaction.atomic():
        now = timezone.now()
        bucket, made = Bucket.objects.get_or_create(
            key=f"code:{mark}", defaults={"tokens": 0.0, "updated": now}
        )
        if not made and (now - bucket.updated).total_seconds() < 300:
            return False
        if not made:
            bucket.updated = now
            bucket.save(update_fields=("updated",))
    return True


class _Limited(base.BaseAuthenticateForm):
    def clean_code(self) -> str:
        account: Account = self.user
        asked = throttle.code(context.request, account)
        code: str = super().clean_code()
        if not _once(account, "".join(code.split()).lower()):
            from allauth.mfa.adapter import get_adapter

            raise get_adapter().validation_error("incorrect_code")
        throttle.returned(asked)
        return code


class CodeForm(_Limited, base.AuthenticateForm):
    """A code at sign-in."""


class AgainForm(_Limited, base.ReauthenticateForm):
    """A code as a proof within a session."""


class SetUpForm(totp.ActivateTOTPForm):
    """The first code of a new authenticator."""

    def clean_code(self) -> Any:
        """Limit the attempts like those at sign-in."""
        asked = throttle.code(context.request, self.user)
        code = super().clean_code()
        throttle.returned(asked)
        return code
