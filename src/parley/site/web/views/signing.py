"""The addresses of signing in and up: those of allauth that are open, each behind our own door.

What lives here: the table; what is not in it answers 404. What may not: views of one's own account
(``views.account``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as others
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, re_path
from django.utils.translation import gettext as _
from django.views.generic import RedirectView

from parley.site.text.paths import same_site
from parley.site.web.access import May
from parley.site.web.accounts import social
from parley.site.web.limits import TooOften
from parley.site.web.views import faults
from parley.site.web.views.guard import needs

__all__ = ["urlpatterns"]

View = Callable[..., Any]
READ = ("GET", "HEAD")
FORM = ("GET", "HEAD", "POST")


def door(view: View, act: May, *methods: str) -> View:
    """Put a view of allauth behind the table of permissions; its page is ours, and no cache keeps it."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = view(request, *args, **kwargs)
        except TooOften as fault:
            return faults.too_often(request, fault)
        if isinstance(answer, TemplateResponse) and answer.context_data is not None:
            answer.context_data.pop("site", None)  # pages have a site of their own
            answer.context_data.setdefault("notices", [str(each) for each in get_messages(request)])
            answer.context_data.setdefault("providers", social.providers())
            answer.context_data.setdefault("next_field", _next(request))
        answer["Cache-Control"] = "private, no-store"
        return answer

    return needs(act, *methods)(opened)


def _next(request: HttpRequest) -> str:
    return same_site(request.POST.get("next") or request.GET.get("next")) or ""


def address(request: HttpRequest) -> HttpResponse:
    """Take another address; an account has one, so that there is none to remove or to prefer."""
    if request.method == "POST" and "action_add" not in request.POST:
        return faults.refused(request, _("The form is not complete."))
    answer: HttpResponse = account.email(request)
    return answer


def _free(address: str, view: View, name: str, *methods: str) -> Any:
    return path(address, door(view, May.SIGN_IN, *(methods or FORM)), name=name)


def _own(address: str, view: View, name: str, *methods: str) -> Any:
    return path(address, door(view, May.ACCOUNT, *(methods or FORM)), name=name)


urlpatterns = [
    _free("login/", account.login, "account_login"),
    _free("login/code/", account.request_login_code, "account_request_login_code"),
    _free("login/code/confirm/", account.confirm_login_code, "account_confirm_login_code"),
    _free("signup/", account.signup, "account_signup"),
    _free("confirm-email/", account.email_verification_sent, "account_email_verification_sent"),
    _free("password/reset/", account.password_reset, "account_reset_password"),
    _free("password/reset/done/", account.password_reset_done, "account_reset_password_done", *READ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[0-9A-Za-z-]{1,120})/$",
        door(account.password_reset_from_key, May.SIGN_IN, *FORM),
        name="account_reset_password_from_key",
    ),
    _free(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        "account_reset_password_from_key_done",
        *READ,
    ),
    _free("logout/", account.logout, "account_logout"),
    path(
        "inactive/", door(RedirectView.as_view(url="/accounts/login/"), May.SIGN_IN), name="account_inactive"
    ),
    _own("reauthenticate/", account.reauthenticate, "account_reauthenticate"),
    _own(
        "reauthenticate/code/", account.request_reauthentication_code, "account_request_reauthentication_code"
    ),
    _own(
        "reauthenticate/code/confirm/",
        account.confirm_reauthentication_code,
        "account_confirm_reauthentication_code",
    ),
    _own("email/", address, "account_email"),
    _own("password/change/", account.password_change, "account_change_password"),
    _own("password/set/", account.password_set, "account_set_password"),
    _own("2fa/", mfa.index, "mfa_index", *READ),
    _free("2fa/authenticate/", mfa.authenticate, "mfa_authenticate"),
    _own("2fa/reauthenticate/", mfa.reauthenticate, "mfa_reauthenticate"),
    _own("2fa/totp/activate/", totp.activate_totp, "mfa_activate_totp"),
    _own("2fa/totp/deactivate/", totp.deactivate_totp, "mfa_deactivate_totp"),
    _own("2fa/recovery-codes/", recovery.view_recovery_codes, "mfa_view_recovery_codes", *READ),
    _own("2fa/recovery-codes/generate/", recovery.generate_recovery_codes, "mfa_generate_recovery_codes"),
    _own(
        "2fa/recovery-codes/download/", recovery.download_recovery_codes, "mfa_download_recovery_codes", *READ
    ),
    _free("3rdparty/login/cancelled/", others.login_cancelled, "socialaccount_login_cancelled", *READ),
    _free("3rdparty/login/error/", others.login_error, "socialaccount_login_error", *READ),
    _free("3rdparty/signup/", others.signup, "socialaccount_signup"),
    _own("3rdparty/", others.connections, "socialaccount_connections"),
    _free("oidc/<slug:provider_id>/login/", social.begin, "openid_connect_login"),
    _free("oidc/<slug:provider_id>/login/callback/", social.callback, "openid_connect_callback", *READ),
]
